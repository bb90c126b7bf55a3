import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { sentenceOf } from "../../model/index.ts";
import { casesOf } from "./flink-vectors/case.ts";
import { runCase } from "./flink-vectors/run-cases.ts";

/**
 * `npm run -s check:flink-vectors -- FILE.json`: runs numeric cases of the Apache Flink autoscaler against policy
 * `flink`. Prints each case that differs, then the counts. Exit code 1 when any differs, 2 when the file cannot be read.
 */
const MOST_BYTES = 50_000_000;

function main(args: readonly string[]): number {
  const [given] = args;
  if (given === undefined || args.length !== 1) {
    process.stderr.write(`check:flink-vectors: got ${args.length} arguments; expected one file of cases\n`);
    return 2;
  }
  // npm runs scripts in the project's folder; a relative path is meant from where it was called.
  const file = resolve(process.env["INIT_CWD"] ?? ".", given);
  let document: unknown;
  try {
    const bytes = statSync(file).size;
    if (bytes > MOST_BYTES) throw new Error(`got ${bytes} bytes; expected at most ${MOST_BYTES}`);
    document = JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    process.stderr.write(`check:flink-vectors: ${file} cannot be read: ${sentenceOf(error)}\n`);
    return 2;
  }
  const cases = casesOf(document);
  if (typeof cases === "string") {
    process.stderr.write(`check:flink-vectors: ${file}: ${cases}\n`);
    return 2;
  }
  return report(cases);
}

function report(cases: Exclude<ReturnType<typeof casesOf>, string>): number {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const skipped = new Map<string, { why: string; count: number }>();
  const out: string[] = [];
  for (const c of cases) {
    const result = runCase(c);
    counts[result.kind]++;
    if (result.kind === "failed") out.push(...result.problems.map((p) => `${c.suite} | ${c.name} | ${p}`));
    if (result.kind === "skipped") {
      skipped.set(c.suite, { why: result.why, count: (skipped.get(c.suite)?.count ?? 0) + 1 });
    }
  }
  for (const [suite, { why, count }] of skipped) out.push(`skipped ${count} of ${suite}: ${why}`);
  out.push(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.stdout.write(`${out.join("\n")}\n`);
  return counts.failed > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sentenceOf } from "../../model/index.ts";
import { askedIn } from "./autoscaler/ask.ts";
import { cheaperThanOracle } from "./autoscaler/goals.ts";
import { runAll } from "./autoscaler/pool.ts";
import { renderReport, renderText, sorted } from "./autoscaler/report.ts";
import type { Told } from "./autoscaler/run-contest.ts";
import { tasksOf } from "./autoscaler/tasks.ts";

/**
 * `npm run -s bench:autoscaler`: policies on the simulated Flink in virtual time, scored by the definitions of
 * docs/benchmarks.md. The document or table goes to stdout, progress to stderr. `--write` also writes
 * docs/benchmarks/autoscaler.{json,md}. Ends with 1 where a policy keeps the objective for less than the oracle, with
 * 2 where the arguments are wrong. Goals are printed as met or not.
 */
const DOCS = join(import.meta.dirname, "../../docs/benchmarks");

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const asked = askedIn(process.argv.slice(2));
  const tasks = tasksOf(asked, say);
  const total = tasks.reduce((sum, t) => sum + t.policies.length * t.seeds.length, 0);
  say(`${tasks.length} contests, ${total} runs on ${Math.min(asked.threads, tasks.length)} threads`);
  const began = performance.now();
  let done = 0;
  const told: Told = (run, moves) => {
    done += 1;
    const seconds = ((performance.now() - began) / 1_000).toFixed(0);
    say(`${seconds} s, ${done}/${total}: ${run.world}, ${run.load}, ${run.policy}, seed ${run.seed}`);
    if (asked.moves) for (const move of moves) say(`  ${move}`);
  };
  const results = await runAll(tasks, asked.threads, told);
  const rows = sorted(results.flatMap((r) => r.rows));
  const minutes = (performance.now() - began) / 60_000;
  if (asked.write) {
    const curves = results.flatMap((r) => r.curves);
    mkdirSync(DOCS, { recursive: true });
    writeFileSync(join(DOCS, "autoscaler.json"), `${JSON.stringify({ rows })}\n`);
    const { page, plots } = renderReport({ rows, curves, minutes, command: process.argv.slice(2).join(" ") });
    writeFileSync(join(DOCS, "autoscaler.md"), page);
    for (const { file, svg } of plots) writeFileSync(join(DOCS, file), svg);
  }
  process.stdout.write(asked.json ? `${JSON.stringify({ rows }, null, 1)}\n` : renderText(rows));
  for (const r of cheaperThanOracle(rows)) {
    say(
      `cheaper than the oracle: ${r.world}, ${r.load}, ${r.policy}, seed ${r.seed}: ${r.slotHours.toFixed(2)} of ${r.oracleSlotHours?.toFixed(2)} slot-hours`,
    );
    process.exitCode = 1;
  }
}

main().catch((error: unknown) => {
  say(sentenceOf(error));
  process.exitCode = 2;
});

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sentenceOf } from "../../model/index.ts";
import type { ContestRow } from "./autoscaler/contest-row.ts";
import { renderText } from "./autoscaler/report.ts";
import { askedIn } from "./peer/ask.ts";
import { contestsOf } from "./peer/contests.ts";
import { policiesNamed } from "./peer/policies.ts";
import { type PeerReport, renderPeerPage } from "./peer/report.ts";
import { type Agreement, runPeerContest } from "./peer/run-contest.ts";

/**
 * `npm run -s bench:peer`: Outrider and the published Java autoscaler on the same simulated Flink, in virtual time,
 * scored as in `bench:autoscaler`. The document or table goes to stdout; progress, the library's options in force and
 * what policy `flink` would have done beside it to stderr. `--write` also writes docs/benchmarks/peer.{json,md}. Needs a
 * JDK and Maven. Ends with 2 where it could not be run.
 */
const DOCS = join(import.meta.dirname, "../../docs/benchmarks");

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const asked = askedIn(process.argv.slice(2));
  const policies = policiesNamed(asked.policies);
  const contests = contestsOf(asked, say);
  say(`${contests.length} contests, ${contests.length * policies.length} runs`);
  const began = performance.now();
  const rows: ContestRow[] = [];
  const agreements: Agreement[] = [];
  const options: Record<string, readonly string[]> = {};
  for (const contest of contests) {
    const result = await runPeerContest(contest, policies, { port: asked.port, moves: asked.moves, say });
    for (const [policy, inForce] of Object.entries(result.options)) {
      if (options[policy] === undefined) say(`${policy}, in force:\n  ${inForce.join("\n  ")}`);
      options[policy] ??= inForce;
    }
    rows.push(...result.rows);
    agreements.push(...result.agreements);
    // After every contest: an hour of them is not lost with the last one.
    if (asked.write) {
      const minutes = (performance.now() - began) / 60_000;
      write({ rows, agreements, options, minutes, command: process.argv.slice(2).join(" ") });
    }
  }
  process.stdout.write(asked.json ? `${JSON.stringify({ rows }, null, 1)}\n` : renderText(rows));
}

function write(report: PeerReport): void {
  const { rows, agreements } = report;
  mkdirSync(DOCS, { recursive: true });
  writeFileSync(join(DOCS, "peer.json"), `${JSON.stringify({ rows, agreements })}\n`);
  writeFileSync(join(DOCS, "peer.md"), renderPeerPage(report));
}

main().catch((error: unknown) => {
  say(sentenceOf(error));
  process.exitCode = 2;
});

import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { formatInstant, type RestoreDecision } from "../../model/index.ts";
import type { DecisionHistory } from "../store/port.ts";
import type { Attach } from "./commands.ts";
import { decisionText } from "./decision-text.ts";
import { CliError, EXIT } from "./exit.ts";
import { jobPath } from "./job-name.ts";
import { plain, type Session } from "./output.ts";
import { guardLines, restoreLines } from "./restore-text.ts";

interface RecoverOptions {
  readonly plan?: boolean;
  readonly from?: string;
  readonly yes?: boolean;
}

const LOOK_EVERY_MS = 500;

export function addRecoverCommand(program: Command, attach: Attach): void {
  const recover = program
    .command("recover")
    .argument("<job>", "job key or name")
    .option("--plan", "only say what would be done, and why (exit 1: nothing would)")
    .option("--from <directory>", "snapshot to restore from; it is verified first")
    .option("--yes", "do it without asking")
    .description("restore a job from a snapshot and wait for the outcome (exit 1: not restored)");
  attach(recover, async (s, options: RecoverOptions, [job = ""]) => {
    const path = `${await jobPath(s.client, job)}/recoveries`;
    const from = options.from === undefined ? {} : { from: options.from };
    const plan = () => s.client.send<RestoreDecision>("POST", path, { ...from, plan: true });
    if (options.plan === true) {
      const decision = await plan();
      s.print(decision, planText);
      return decision.effective === null ? EXIT.no : EXIT.yes;
    }
    if (options.yes !== true && !(await agreed(s, plan))) return EXIT.no;
    const ordered = await s.client.send<DecisionHistory>("POST", path, from);
    const end = await followed(s, ordered);
    s.print(end, decisionText);
    return end.outcome?.verdict === "reached" ? EXIT.yes : EXIT.no;
  });
}

/** What would be done, and every guard. */
export function planText(plan: RestoreDecision): string {
  return plain(
    [
      plan.sentence,
      ...restoreLines(plan).map((line) => `  ${line}`),
      ...guardLines(plan).map((line) => `  ${line}`),
    ].join("\n"),
  );
}

/** A person at a terminal is asked; a script has to say `--yes`. */
async function agreed({ io }: Session, plan: () => Promise<RestoreDecision>): Promise<boolean> {
  if (io.ask === undefined) {
    throw new CliError("recover changes the job: add --yes to do it, or --plan to see what it would do");
  }
  const decision = await plan();
  io.err(`${planText(decision)}\n`);
  if (decision.effective === null) return false;
  return await io.ask("Do it?");
}

/** Tells each step on stderr as it comes, until the outcome; a hold has none. */
async function followed({ client, io }: Session, ordered: DecisionHistory): Promise<DecisionHistory> {
  const { id, effective } = ordered.record;
  const told = new Set<string>();
  let history = ordered;
  while (effective !== null && !io.signal.aborted) {
    for (const line of newsOf(history)) {
      if (!told.has(line)) io.err(`${plain(line)}\n`);
      told.add(line);
    }
    if (history.outcome !== null) break;
    await sleep(LOOK_EVERY_MS, undefined, { signal: io.signal }).catch(() => undefined);
    history = await client.get<DecisionHistory>(`/api/v1/decisions/${encodeURIComponent(id)}`);
  }
  return history;
}

function newsOf({ permits, attempts, approval }: DecisionHistory): readonly string[] {
  // What held it before it was ordered is over.
  const held = permits.filter((p) => p.code !== "allowed" && p.at > (approval?.at ?? 0));
  return [
    ...held.map((p) => `${formatInstant(p.at)} waits: ${p.sentence}`),
    ...attempts.map((a) => `${formatInstant(a.at)} ${a.step ?? "attempt"} ${a.status}: ${a.sentence}`),
  ];
}

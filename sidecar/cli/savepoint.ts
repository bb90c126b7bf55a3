import { setTimeout as sleep } from "node:timers/promises";
import { type Command, Option } from "commander";
import { formatInstant, type SavepointFormat } from "../../model/index.ts";
import type { ListedSavepoint, SavepointList } from "../savepoints/index.ts";
import type { DecisionHistory } from "../store/port.ts";
import type { Attach } from "./commands.ts";
import { decisionText } from "./decision-text.ts";
import { EXIT } from "./exit.ts";
import { jobPath } from "./job-name.ts";
import { plain, type Session, table } from "./output.ts";
import { SNAPSHOT_EXIT } from "./snapshots-exit.ts";
import { stateText } from "./snapshots-text.ts";

interface SavepointFlags {
  readonly format?: SavepointFormat;
  readonly target?: string;
  readonly list?: boolean;
}

const LOOK_EVERY_MS = 500;
/** How long the verdict on a savepoint that was just written is waited for. */
const VERDICT_MS = 60_000;

export function addSavepointCommand(program: Command, attach: Attach): void {
  const savepoint = program
    .command("savepoint")
    .argument("<job>", "job key or name")
    .addOption(
      new Option("--format <format>", "canonical: any state backend reads it; native: faster").choices([
        "canonical",
        "native",
      ]),
    )
    .option("--target <directory>", "where Flink is to write it, instead of the configured place")
    .option("--list", "only list the savepoints that Outrider took, and which of them would be removed")
    .description(
      "take a savepoint and wait until it is proven (exit 1: none was taken; 3, 4, 5 as for snapshots verify)",
    );
  attach(savepoint, async (s, flags: SavepointFlags, [job = ""]) => {
    const path = `${await jobPath(s.client, job)}/savepoints`;
    if (flags.list === true) {
      s.print(await s.client.get<SavepointList>(path), savepointsText);
      return EXIT.yes;
    }
    const ordered = await s.client.send<DecisionHistory>("POST", path, {
      ...(flags.format === undefined ? {} : { format: flags.format }),
      ...(flags.target === undefined ? {} : { directory: flags.target }),
    });
    const decision = await followed(s, ordered);
    const taken = decision.outcome?.verdict === "reached" ? await verdictOn(s, path, decision) : undefined;
    s.print({ decision, savepoint: taken ?? null }, (r) => resultText(r.decision, r.savepoint));
    if (decision.outcome?.verdict !== "reached") return EXIT.no;
    return SNAPSHOT_EXIT[taken?.state ?? "unknown"];
  });
}

/** Tells each step on stderr as it comes, until the outcome; a hold has none. */
async function followed({ client, io }: Session, ordered: DecisionHistory): Promise<DecisionHistory> {
  const { id, effective } = ordered.record;
  const told = new Set<string>();
  let history = ordered;
  while (effective !== null && !io.signal.aborted) {
    const { permits, attempts, outcome } = history;
    const waits = permits.filter((p) => p.code !== "allowed");
    for (const { at, sentence } of [...waits, ...attempts]) {
      const line = `${formatInstant(at)} ${sentence}`;
      if (!told.has(line)) io.err(`${plain(line)}\n`);
      told.add(line);
    }
    if (outcome !== null) break;
    await sleep(LOOK_EVERY_MS, undefined, { signal: io.signal }).catch(() => undefined);
    history = await client.get<DecisionHistory>(`/api/v1/decisions/${encodeURIComponent(id)}`);
  }
  return history;
}

/** The savepoint with its verdict, or without one when that takes too long. */
async function verdictOn(
  { client, io }: Session,
  path: string,
  { outcome }: DecisionHistory,
): Promise<ListedSavepoint | undefined> {
  const until = performance.now() + VERDICT_MS;
  for (;;) {
    const { items } = await client.get<SavepointList>(path);
    const found = items.find((s) => s.path === outcome?.location);
    if (found?.state !== "unchecked" || io.signal.aborted || performance.now() > until) return found;
    await sleep(LOOK_EVERY_MS, undefined, { signal: io.signal }).catch(() => undefined);
  }
}

function resultText(decision: DecisionHistory, savepoint: ListedSavepoint | null): string {
  const { outcome } = decision;
  if (outcome?.verdict !== "reached") return decisionText(decision);
  const state = savepoint === null ? "NOT CHECKED" : stateText(savepoint.state);
  return plain(`${state}  ${outcome.sentence}`);
}

function savepointsText({ items, nextDueAt }: SavepointList): string {
  const next = nextDueAt === null ? "No calendar." : `The next one is due ${formatInstant(nextDueAt)}.`;
  if (items.length === 0) return `Outrider took no savepoint of this job. ${next}`;
  const rows = items.map((s) => [
    stateText(s.state),
    formatInstant(s.takenAt),
    s.format,
    s.path,
    s.removing ? "being removed" : (s.stays ?? "would be removed"),
  ]);
  return plain(`${next}\n\n${table(["STATE", "TAKEN", "FORMAT", "SAVEPOINT", "KEPT BECAUSE"], rows)}`);
}

import type { Attempt, HealthReadout, Instant, Milliseconds, RestoreRecord } from "../../model/index.ts";
import type { RestoreView } from "./move.ts";
import { brokenAt } from "./weigh.ts";

/** From the fault until each step was through; a step that was not reached is absent. */
export function timingsOf(
  record: RestoreRecord,
  attempts: readonly Attempt[],
  { old, next }: RestoreView,
): Readonly<Record<string, Milliseconds>> {
  const fault = brokenAt(record.inputs, record.at);
  const began = attempts[0]?.at ?? record.at;
  const ran = attempts.find((a) => a.step === "run")?.at;
  const ended = typeof old === "object" ? old.enteredAt[old.state] : ran;
  const life = typeof next === "object" ? next : undefined;
  const entries: readonly (readonly [string, Instant | null | undefined])[] = [
    ["detect", record.since],
    ["choose", began],
    ["dead", ran === undefined ? undefined : ended],
    ["running", life?.enteredAt.RUNNING],
    ["checkpoint", life === undefined ? undefined : firstCheckpointAt(life)],
  ];
  const known = entries.flatMap(([name, at]) =>
    at === undefined || at === null ? [] : [[name, Math.max(0, at - fault)] as const],
  );
  return Object.fromEntries(known);
}

/** When a life completed its first own checkpoint that Flink still tells of; null: none. */
export function firstCheckpointAt(life: HealthReadout): Instant | null {
  const own = life.snapshots
    .filter((s) => s.kind !== "savepoint" && s.path !== life.restoredFrom?.path)
    .map((s) => s.completedAt)
    .filter((at) => at !== null);
  return own.length === 0 ? null : Math.min(...own);
}

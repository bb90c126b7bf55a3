import { SCALE_REASONS } from "../autoscaler/index.ts";
import type { AnyRecord, Attempt, Instant, JobKey, Severity } from "../model/index.ts";
import { RESTORE_REASONS, SAVEPOINT_REASONS } from "../recovery/index.ts";
import type { Announcer } from "./announcer.ts";
import type { Store } from "./store/port.ts";

/** A decision, and each thing that happened to it, is told once. */
export function decisionEvents(
  announcer: Announcer,
  store: Store,
  key: JobKey,
  id: string,
  now: Instant,
): void {
  const history = store.decision(id);
  if (history === undefined) return;
  const { record, permits, attempts, outcome } = history;
  const { kind } = record;
  if (outcome === null) {
    const type = record.effective === null ? "hold" : "decision";
    announcer.onChange(`${kind} decision ${key}`, id, () => {
      if (!isSaidAlready(record)) announcer.event(now, key, type, severityOf(record), record.sentence, id);
    });
    const permit = permits.at(-1);
    if (permit !== undefined && permit.code !== "allowed") {
      announcer.onChange(`${kind} permit ${key}`, `${id} ${permit.code}`, () =>
        announcer.event(now, key, "permit", "info", `Not done, ${permit.sentence}.`, id),
      );
    }
  }
  if (outcome === null || kind !== "scale") attemptEvents(announcer, key, id, attempts, now);
  if (outcome === null) return;
  const severity = outcome.verdict === "reached" ? "info" : "warning";
  announcer.onChange(`${kind} outcome ${key}`, id, () =>
    announcer.event(now, key, "outcome", severity, outcome.sentence, id),
  );
}

/** Of a decision in steps what came of each is news; of others the newest attempt, which is where it stands. */
function attemptEvents(
  announcer: Announcer,
  key: JobKey,
  id: string,
  attempts: readonly Attempt[],
  now: Instant,
): void {
  const news = attempts.filter((a, i) =>
    a.step === undefined ? i === attempts.length - 1 : a.status !== "intended",
  );
  for (const attempt of news) {
    const subject = attempt.step === undefined ? "attempt" : `${attempt.step} ${attempt.status}`;
    const severity = attempt.status === "failed" ? "warning" : "info";
    announcer.onChange(`${subject} ${key}`, `${id} ${attempt.status}`, () =>
      announcer.event(now, key, "attempt", severity, attempt.sentence, id),
    );
  }
}

/** That Flink is at it, or that nothing has to be done, the diagnosis has said. */
const isSaidAlready = (record: AnyRecord): boolean =>
  record.kind === "restore" && record.effective === null && severityOf(record) === "info";

function severityOf({ kind, reason }: AnyRecord): Severity {
  const tables = { scale: SCALE_REASONS, restore: RESTORE_REASONS, savepoint: SAVEPOINT_REASONS };
  return Object.entries(tables[kind]).find(([code]) => code === reason)?.[1].severity ?? "info";
}

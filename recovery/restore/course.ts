import type { Attempt, Instant, RestorePlan, RestoreRecord, RestoreStep } from "../../model/index.ts";
import type { RestoreConfig } from "../settings.ts";
import type { RestoreMove, RestoreView } from "./move.ts";
import { timingsOf } from "./timings.ts";

/** A restore under way: what was decided, what was asked already, and what is seen now. */
export interface Course {
  readonly record: RestoreRecord;
  readonly plan: RestorePlan;
  readonly attempts: readonly Attempt[];
  readonly view: RestoreView;
  readonly config: RestoreConfig;
  readonly now: Instant;
}

/** When it was begun. */
export const begunAt = (c: Course): Instant => c.attempts[0]?.at ?? c.record.at;

export function wait(
  c: Course,
  step: RestoreStep,
  sentence: string,
  until: Instant | null = null,
): RestoreMove {
  return { kind: "wait", step, sentence, until, escalate: c.now - begunAt(c) >= c.config.escalateAfterMs };
}

export function end(
  c: Course,
  verdict: "reached" | "not-reached" | "superseded",
  sentence: string,
): RestoreMove {
  const began = typeof c.view.next === "object" ? c.plan.newFlinkJobId : null;
  const timings = timingsOf(c.record, c.attempts, c.view);
  return { kind: "end", verdict, sentence, timings, newFlinkJobId: began };
}

/** The first attempt of a step with one of these statuses; any status when none is given. */
export function attempted(
  c: Course,
  step: RestoreStep,
  ...statuses: readonly Attempt["status"][]
): Attempt | undefined {
  return c.attempts.find((a) => a.step === step && (statuses.length === 0 || statuses.includes(a.status)));
}

import {
  Failure,
  type Instant,
  isPaused,
  type JobKey,
  locationText,
  type Mode,
  parseLocation,
  type RestoreDecision,
} from "../../model/index.ts";
import { decideRestore, type RestoreQuestion } from "../../recovery/index.ts";
import { askPermits } from "../permits.ts";
import type { Store } from "../store/port.ts";
import type { RecoveryDesk } from "./desk.ts";
import type { RestorePoints } from "./ports.ts";
import { recordRestore } from "./record.ts";

export interface DeskOptions {
  readonly store: Store;
  readonly points: RestorePoints;
  readonly modeOf: (job: JobKey) => Mode;
  /** What is known of a job by its newest pass. */
  readonly questionFor: (job: JobKey, now: Instant) => RestoreQuestion | undefined;
}

/** Answers people's questions and takes their orders. An order is an approval too: who gives it, wants it. */
export function createDesk({ store, points, modeOf, questionFor }: DeskOptions): RecoveryDesk {
  const decide = async (job: JobKey, typed: string | null, now: Instant): Promise<RestoreDecision> => {
    const from = typed === null ? null : locationText(parseLocation(typed));
    if (from !== null) await points.verifyNow(job, from);
    const known = questionFor(job, now);
    const question = known && { ...known, trigger: "request" as const, from };
    const decision = question === undefined ? null : decideRestore(question);
    if (decision === null) {
      const message = `cannot plan a restore: ${job}; got a job that no pass has looked at; expected one that is listed once`;
      throw new Failure("conflict", message);
    }
    return decision;
  };
  return {
    plan: decide,
    async order(job, typed, by, now) {
      const decision = await decide(job, typed, now);
      if (decision.effective === null) return recordRestore(store, decision);
      refuseForbidden(job, now);
      const record = recordRestore(store, decision);
      store.appendApproval({ decision: record.id, at: now, by, verdict: "approved", reason: null });
      return record;
    },
  };

  function refuseForbidden(job: JobKey, now: Instant): void {
    const pause = store.pauseOf(job);
    const mode = modeOf(job);
    if (mode !== "observe" && !isPaused(pause, now)) return;
    const { sentence } = askPermits({ mode, pause, approval: null, namesakes: 1 }, now);
    const advice = mode === "observe" ? `\`outrider mode ${job} approve\`` : `\`outrider resume ${job}\``;
    throw new Failure("conflict", `the job is not restored: ${sentence}; to allow it: ${advice}`);
  }
}

import {
  formatInstant,
  type Instant,
  isPaused,
  type Mode,
  type Pause,
  type PermitCode,
} from "../model/index.ts";
import type { Approval } from "./store/port.ts";

export interface PermitQuestion {
  readonly mode: Mode;
  readonly pause: Pause | undefined;
  readonly approval: Approval | null;
  /** Running jobs that have this key; more than one and nobody knows which is meant. */
  readonly namesakes: number;
  /** Why the rescales of a day are spent; absent: nobody counts. A person's own word is not held to it. */
  readonly overDay?: () => string | null;
  /** Why the fleet has no slots for it; absent: nobody counts. What is not there a person cannot give either. */
  readonly overFleet?: () => string | null;
}

export interface PermitAnswer {
  readonly code: PermitCode;
  readonly by: string;
  readonly sentence: string;
}

/** "May we?": asked only when the guards found it wise, so that the mode never hides the real reason. */
export function askPermits(q: PermitQuestion, now: Instant): PermitAnswer {
  if (q.namesakes > 1) {
    return {
      code: "duplicate-key",
      by: "outrider",
      sentence: `${q.namesakes} running jobs have this key; none is changed until one of them is gone`,
    };
  }
  if (isPaused(q.pause, now)) {
    const until = formatInstant(q.pause.until);
    return {
      code: "paused",
      by: q.pause.owner,
      sentence: `paused by ${q.pause.owner} until ${until}: ${q.pause.reason}`,
    };
  }
  if (q.mode === "observe") {
    return { code: "read-only", by: "mode", sentence: "mode observe: nothing is changed" };
  }
  if (q.approval?.verdict === "rejected") {
    const why = q.approval.reason === null ? "" : `: ${q.approval.reason}`;
    return { code: "rejected", by: q.approval.by, sentence: `rejected by ${q.approval.by}${why}` };
  }
  if (q.approval === null && q.mode === "approve") {
    return { code: "needs-approval", by: "mode", sentence: "mode approve: waits for a person" };
  }
  return askBudgets(q);
}

/** Asked last: only what would be done otherwise takes its turn for slots. */
function askBudgets({ approval, overDay, overFleet }: PermitQuestion): PermitAnswer {
  const day = approval === null ? (overDay?.() ?? null) : null;
  if (day !== null) return { code: "budget-exhausted", by: "budget", sentence: day };
  const fleet = overFleet?.() ?? null;
  if (fleet !== null) return { code: "budget-exhausted", by: "fleet", sentence: fleet };
  return approval === null
    ? { code: "allowed", by: "mode", sentence: "mode act" }
    : { code: "allowed", by: approval.by, sentence: `approved by ${approval.by}` };
}

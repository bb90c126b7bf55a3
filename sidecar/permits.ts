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
  if (q.approval?.verdict === "approved") {
    return { code: "allowed", by: q.approval.by, sentence: `approved by ${q.approval.by}` };
  }
  if (q.mode === "approve") {
    return { code: "needs-approval", by: "mode", sentence: "mode approve: waits for a person" };
  }
  return { code: "allowed", by: "mode", sentence: "mode act" };
}

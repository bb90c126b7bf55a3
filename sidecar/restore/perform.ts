import {
  type Attempt,
  type Clock,
  Failure,
  type RestoreRecord,
  type SnapshotReport,
  sentenceOf,
} from "../../model/index.ts";
import { isDuplicateSubmission, type RestoreMove } from "../../recovery/index.ts";
import type { Store } from "../store/port.ts";
import type { RecoveryHand } from "./ports.ts";

/** A move that asks something of Flink or of the store. */
export type Deed = Extract<RestoreMove, { kind: "do" }>;

export interface PerformPorts {
  readonly store: Store;
  readonly hand: RecoveryHand;
  readonly clock: Pick<Clock, "now">;
  readonly verify: (path: string) => Promise<SnapshotReport>;
}

/**
 * Performs one step of a restore: the intention is on disk before anybody hears of it. `done`: the next step may be
 * looked for at once. `open`: nobody knows, or not yet; a later look tells. `refused`: it will not be done.
 */
export async function performStep(
  ports: PerformPorts,
  record: RestoreRecord,
  deed: Deed,
): Promise<{ readonly end: "done" | "open" | "refused"; readonly report?: SnapshotReport }> {
  const { store, clock } = ports;
  const append = (status: Attempt["status"], sentence: string): void => {
    const { step } = deed;
    const requestId = deed.step === "run" ? deed.body.jobId : `${record.id} ${step}`;
    store.appendAttempt({ decision: record.id, at: clock.now(), status, step, requestId, sentence });
  };
  append("intended", INTENTIONS[deed.step]);
  try {
    if (deed.step === "verify") {
      const report = await ports.verify(deed.path);
      const end = report.state === "verified" ? "done" : report.state === "unknown" ? "open" : "refused";
      append(STATUS[end], report.sentence);
      return { end, report };
    }
    append("accepted", await ask(ports.hand, deed));
    return { end: "done" };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const open = error.retryable || (deed.step === "run" && isTakenAlready(error));
    append(open ? "requested" : "failed", sentenceOf(error));
    return { end: open ? "open" : "refused" };
  }
}

const INTENTIONS = {
  cancel: "about to ask Flink to cancel the job",
  verify: "about to verify the snapshot again",
  "upload-jar": "about to upload the jar",
  run: "about to ask Flink to run the job from the snapshot",
} as const;

const STATUS = { done: "accepted", open: "requested", refused: "failed" } as const;

/** Flink has had a job of this id: ours, asked for before a kill. Where it is, a look tells. */
const isTakenAlready = (error: Failure): boolean =>
  error.code === "conflict" || isDuplicateSubmission(error.message);

/** What Flink's acceptance means, in words. */
async function ask(hand: RecoveryHand, deed: Exclude<Deed, { step: "verify" }>): Promise<string> {
  switch (deed.step) {
    case "cancel":
      await hand.cancel(deed.flinkJobId);
      return "Flink cancels the job";
    case "upload-jar":
      return `Flink has the jar as ${await hand.uploadJar(deed.file)}`;
    case "run":
      return `Flink runs the job as ${await hand.runJar(deed.jar, deed.body)}`;
  }
}

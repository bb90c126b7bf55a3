import type { Instant } from "./time.ts";

export const FAULT_CLASSES = [
  "out-of-memory",
  "serialization",
  "state-incompatible",
  "missing-file",
  "storage-unreachable",
  "connector",
  "user-code",
  "resources",
  "process-lost",
  "network",
  "checkpointing",
  "unrecognised",
] as const;
/** What kind of fault an exception shows; the table that maps exceptions to them is in `recovery`. */
export type FaultClass = (typeof FAULT_CLASSES)[number];

/** The fault that began it, not the ones that keep a loop going. */
export interface Fault {
  readonly at: Instant;
  readonly class: FaultClass;
  /** Class name of the deepest specific cause. */
  readonly exception: string;
  /** First line of its message, at most 300 characters. */
  readonly message: string;
  /** Null also under the adaptive scheduler, which does not tell. */
  readonly task: string | null;
  readonly taskManager: string | null;
  /** Where in the program it was thrown, `Totals.map`; null where no frame is the program's own. */
  readonly place?: string | null;
  /** The same fault again has the same fingerprint: class, task and message without numbers, ids and addresses. */
  readonly fingerprint: string;
}

export const DIAGNOSES = [
  "well",
  "failed",
  "job-gone",
  "restart-loop",
  "stuck",
  "no-checkpoint-progress",
  "cluster-down",
  "task-managers-lost",
  "ended",
  "not-assessed",
] as const;
/**
 * `failed`: the job is FAILED. `job-gone`: the cluster answers and does not know a job that ran. `restart-loop`:
 * Flink restarts it again and again. `stuck`: in a transition (RESTARTING, CANCELLING, CREATED …) for too long.
 * `cluster-down`: no JobManager answers, or registered TaskManagers are at most 0.8 of the expected.
 * `task-managers-lost`: some are gone, and Flink is dealing with it. `ended`: CANCELED or FINISHED, on purpose.
 */
export type DiagnosisKind = (typeof DIAGNOSES)[number];

/** What is wrong with a job, since when and why. */
export interface Diagnosis {
  readonly kind: DiagnosisKind;
  /** When it began, as far as it is known. */
  readonly since: Instant;
  readonly fault: Fault | null;
  readonly sentence: string;
  readonly numbers: Readonly<Record<string, number>>;
}

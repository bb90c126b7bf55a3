import type { Severity } from "../../model/index.ts";

/**
 * When a person is told of a hold. `never`: it passes by itself. `later`: when it lasts longer than `escalateAfter`
 * (for high availability: `haGrace`). `now`: nothing will change until a person does something.
 */
export type Page = "never" | "later" | "now";

export interface ReasonText {
  readonly severity: Severity;
  readonly page: Page;
  readonly doc: string;
  /** What a person can do instead. */
  readonly instead: string;
}

const NOTHING = "Nothing; Outrider goes on by itself.";

/** Every reason a decision about a job's state can have. Closed: a sentence that is not here cannot be said. */
export const RESTORE_REASONS = {
  restore: {
    severity: "info",
    page: "never",
    doc: "The job is restored from its newest snapshot.",
    instead: NOTHING,
  },
  "restore-older": {
    severity: "warning",
    page: "never",
    doc: "Newer snapshots are not whole; the job is restored from the newest proven one.",
    instead: "Look why the newer ones broke; `outrider snapshots verify` names the files.",
  },
  "restore-empty": {
    severity: "warning",
    page: "never",
    doc: "The job has never had a snapshot and is started without state, as `allowEmptyState` permits.",
    instead: "Reject it, or set `allowEmptyState: false`.",
  },
  "stop-loop": {
    severity: "critical",
    page: "now",
    doc: "A restart loop with a fault of the job's own is ended by cancelling the job; its state stays.",
    instead: "Mend the code or take the record out, then `outrider recover JOB`.",
  },
  disabled: {
    severity: "info",
    page: "never",
    doc: "Recovery is switched off for this job.",
    instead: "Set `recovery.enabled: true`.",
  },
  "duplicate-key": {
    severity: "warning",
    page: "later",
    doc: "Another live job has the same key; a restore would make two copies.",
    instead: "End one of them, or give them different names.",
  },
  "already-restoring": {
    severity: "info",
    page: "never",
    doc: "A restore of this job is under way.",
    instead: "Wait for its outcome.",
  },
  "not-assessed": {
    severity: "warning",
    page: "later",
    doc: "Too little is known of the job to touch it.",
    instead: "Look why Flink does not answer for it.",
  },
  "cluster-down": {
    severity: "warning",
    page: "later",
    doc: "The cluster cannot run the job now; it is restored when the cluster is back.",
    instead: "Bring the JobManager or the TaskManagers back.",
  },
  "high-availability-recovers": {
    severity: "warning",
    page: "later",
    doc: "Flink's own high availability brings lost jobs back; a restore next to it would make two copies.",
    instead:
      "If it does not: look at its data and the JobManager's log, and clear it before restoring by hand.",
  },
  "old-copy-writes": {
    severity: "critical",
    page: "now",
    doc: "The job that Flink no longer lists has written a checkpoint since: it runs somewhere else.",
    instead: "Find the JobManager that still runs it and end that one.",
  },
  "fault-not-told": {
    severity: "info",
    page: "never",
    doc: "The job has failed this moment, and Flink does not tell yet of what; it decides whether a restore is the answer.",
    instead: NOTHING,
  },
  "flink-recovers": {
    severity: "info",
    page: "later",
    doc: "Flink restarts the job by itself.",
    instead: NOTHING,
  },
  "storage-unreachable": {
    severity: "warning",
    page: "later",
    doc: "Flink could not reach the store of its snapshots; falling back to an older one would lose time for nothing.",
    instead: "Bring the store back.",
  },
  "deterministic-fault": {
    severity: "critical",
    page: "now",
    doc: "The same fault of the job's own came back after every restore.",
    instead: "Mend the code or take the record out, then `outrider recover JOB`.",
  },
  "incompatible-state": {
    severity: "critical",
    page: "now",
    doc: "The state does not fit the job: operators, their maximum parallelism or their types differ. No older snapshot helps.",
    instead: "Deploy the job that wrote the state, or migrate it; state is never dropped silently.",
  },
  "unrecognised-fault": {
    severity: "critical",
    page: "now",
    doc: "The job was restored once from a fault that Outrider does not know, and failed again.",
    instead:
      "Look at the exception; a rule in `recovery.faults` tells Outrider what it means. Then `outrider recover JOB`.",
  },
  "restore-would-not-help": {
    severity: "warning",
    page: "later",
    doc: "What is wrong lies outside the job's state.",
    instead: "The sentence says what would help.",
  },
  "nothing-wrong": {
    severity: "info",
    page: "never",
    doc: "The job is well and nobody named a snapshot to go back to.",
    instead: "Name one with `--from`.",
  },
  "restore-point-unknown": {
    severity: "warning",
    page: "later",
    doc: "Whether a newer snapshot can be restored is not known yet; falling back would lose what it holds.",
    instead: "Bring the store back, or name a snapshot with `outrider recover JOB --from PATH`.",
  },
  "no-valid-restore-point": {
    severity: "critical",
    page: "now",
    doc: "No snapshot of the job is proven to be restorable.",
    instead: "Look for a copy, and name it with `outrider recover JOB --from PATH`.",
  },
  "replay-too-far": {
    severity: "critical",
    page: "now",
    doc: "The newest proven snapshot lies further back than `maxReplay` allows.",
    instead:
      "Look whether the sources still hold the records; then name it with `outrider recover JOB --from PATH`.",
  },
  "would-delete-snapshot": {
    severity: "critical",
    page: "now",
    doc: "The job has to be cancelled first, and by its settings that deletes the checkpoints it would be restored from.",
    instead:
      "Set `execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION`; take a savepoint first.",
  },
  "no-restore-spec": {
    severity: "warning",
    page: "now",
    doc: "How the job is submitted is not configured.",
    instead: "Set `recovery.restore.jar` for the job, and `entryClass` and `args` where it needs them.",
  },
} as const satisfies Record<string, ReasonText>;

export type RestoreReason = keyof typeof RESTORE_REASONS;

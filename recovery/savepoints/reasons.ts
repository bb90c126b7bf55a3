import type { Severity } from "../../model/index.ts";

/** Every reason a decision about a savepoint can have. Closed. */
export const SAVEPOINT_REASONS = {
  savepoint: {
    severity: "info",
    doc: "A savepoint is taken.",
    instead: "Nothing; Outrider goes on by itself.",
  },
  "duplicate-key": {
    severity: "warning",
    doc: "Several live jobs have this key, and nobody can tell which one is meant.",
    instead: "End all but one of them, or give them different names.",
  },
  "not-running": {
    severity: "warning",
    doc: "Only a running job can take a savepoint.",
    instead: "Wait until it runs; `outrider snapshots list JOB` shows what it could be restored from.",
  },
  recovering: {
    severity: "info",
    doc: "The job is being restored; a savepoint would stand in the way.",
    instead: "Wait for the restore's outcome.",
  },
  "snapshot-in-progress": {
    severity: "info",
    doc: "A savepoint of this job that Outrider asked for is still being written.",
    instead: "Wait for its outcome.",
  },
  "no-savepoint-directory": {
    severity: "warning",
    doc: "Neither Outrider nor Flink knows where savepoints are to be written.",
    instead: "Set `recovery.savepoints.directory`, or `execution.checkpointing.savepoint-dir` in Flink.",
  },
} as const satisfies Record<string, { severity: Severity; doc: string; instead: string }>;

export type SavepointReason = keyof typeof SAVEPOINT_REASONS;

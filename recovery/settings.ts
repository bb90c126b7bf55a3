import { z } from "zod";
import { type Milliseconds, parseDuration, type RestoreSpec } from "../model/index.ts";
import { compileDiagnosisSettings, type DiagnosisSettings, diagnosisSettings } from "./diagnosis/settings.ts";
import { compileSavepointSettings, type SavepointConfig, savepointSettings } from "./savepoints/settings.ts";

/** A duration as people write it (`"90s"`, `"5min"`); JSON Schema sees a string. */
const time = (description: string) =>
  z
    .string()
    .refine((text) => (parseDuration(text) ?? 0) > 0, {
      error: 'a duration above 0 such as "500ms", "30s" or "5min"',
    })
    .meta({ description, format: "duration" });

const duration = (standard: string, description: string) =>
  time(description).default(standard).meta({ description, format: "duration" });

/**
 * Keys of Flink that choose the snapshot, how it is claimed, what of it may be dropped, and the job's id. A restore
 * sets them itself: taken from a configuration they could start a second copy, or one without its state.
 */
const OURS = /^(?:execution\.savepoint[.-]|execution\.state-recovery\.|\$internal\.)/;

/** How a job is submitted again; what `/jars/:id/run` needs. */
const restoreSpec = z.strictObject({
  jar: z.string().min(1).describe("Path of the job's jar on the machine of Outrider."),
  entryClass: z.string().min(1).optional().describe("Main class; what the jar's manifest says when absent."),
  args: z.array(z.string().max(10_000)).max(1_000).default([]).describe("Arguments of the main method."),
  parallelism: z
    .int()
    .min(1)
    .max(32_768)
    .optional()
    .describe("Parallelism (subtasks); the one seen last when absent."),
  configuration: z
    .record(z.string().min(1), z.string().describe("Its value."))
    .refine((map) => !Object.keys(map).some((key) => OURS.test(key)), {
      error:
        "no key that chooses snapshot, claim mode, skipped state or job id (execution.savepoint…, execution.state-recovery…): a restore sets these itself",
    })
    .default({})
    .describe("Flink configuration of this job alone, such as its checkpoint interval."),
});

const storm = z.strictObject({
  maxRestores: z.int().min(1).default(5).describe("Restores of all jobs together in that time."),
  window: duration("10min", "The time in which they are counted."),
});

const breaker = z.strictObject({
  failures: z
    .int()
    .min(1)
    .default(3)
    .describe("Restores of a job that failed in a row; also jobs of one cluster whose last restore failed."),
  halfOpenAfter: duration(
    "10min",
    "After the last failure a single restore is tried once this long has passed.",
  ),
});

/** What people set about recovery, once per installation and again per job where it differs. */
export const recoverySettings = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe("Whether this job is restored at all; its health is shown anyway."),
  restore: restoreSpec
    .optional()
    .describe("How the job is submitted again; without it Outrider says what is wrong and restores nothing."),
  maxAttempts: z.int().min(1).max(100).default(3).describe("Restores of one job in `attemptWindow`."),
  attemptDelay: duration(
    "10s",
    "Wait after a failed restore before the next one; doubles with every further one.",
  ),
  attemptWindow: duration("1h", "The time in which the restores of a job are counted."),
  escalateAfter: duration("5min", "A job that is still not restored after this long is told to a person."),
  sameFaultLimit: z
    .int()
    .min(1)
    .default(2)
    .describe("Restores that end in the same fault of the job's own before it counts as deterministic."),
  endLoopAfter: duration(
    "5min",
    "A restart loop whose fault is the job's own is ended, keeping its state, when it has lasted this long. A restored job that fails sooner has got nowhere.",
  ),
  allowEmptyState: z
    .boolean()
    .default(false)
    .describe("Start a job without state where there has never been a snapshot of it."),
  maxReplay: time("Never restore by itself from a snapshot that lies further back than this.")
    .optional()
    .describe("Never restore by itself from a snapshot that lies further back than this."),
  storm: storm.prefault({}).describe("Too many restores everywhere at once: all wait."),
  breaker: breaker.prefault({}).describe("Restores that go on failing: no more until some time has passed."),
  haGrace: duration(
    "5min",
    "How long Flink's own high availability may take to bring a job back before a person is told.",
  ),
  deadMargin: duration(
    "10s",
    "Added to Flink's heartbeat timeout before a copy behind a lost JobManager counts as dead.",
  ),
  restoreDuration: duration("60s", "Assumed time of a restore until one was measured on this job."),
  runningDeadline: duration(
    "15min",
    "A submitted job whose tasks do not all run after this long has failed.",
  ),
  deadline: duration("1h", "A restore that has not been submitted after this long is given up."),
  maxSnapshots: z
    .int()
    .min(1)
    .max(10_000)
    .default(200)
    .describe("Snapshots kept in mind per job, newest first."),
  savepoints: savepointSettings
    .prefault({})
    .describe("Savepoints that Outrider asks for: where, when, and how many are kept."),
  ...diagnosisSettings.shape,
});

export type RecoverySettings = z.infer<typeof recoverySettings>;

/** What decisions and budgets about restores are made with, in run-time units; a record keeps it. */
export interface RestoreConfig {
  readonly enabled: boolean;
  readonly maxAttempts: number;
  readonly attemptDelayMs: Milliseconds;
  readonly attemptWindowMs: Milliseconds;
  readonly escalateAfterMs: Milliseconds;
  readonly sameFaultLimit: number;
  readonly endLoopAfterMs: Milliseconds;
  readonly allowEmptyState: boolean;
  /** Null: no bound. */
  readonly maxReplayMs: Milliseconds | null;
  readonly storm: { readonly maxRestores: number; readonly windowMs: Milliseconds };
  readonly breaker: { readonly failures: number; readonly halfOpenAfterMs: Milliseconds };
  readonly haGraceMs: Milliseconds;
  readonly deadMarginMs: Milliseconds;
  readonly restoreDurationMs: Milliseconds;
  readonly runningDeadlineMs: Milliseconds;
  readonly deadlineMs: Milliseconds;
}

/** All of it: also what counts as wrong, how the job is submitted, and how many snapshots are kept in mind. */
export interface RecoveryConfig extends RestoreConfig {
  readonly diagnosis: DiagnosisSettings;
  readonly savepoints: SavepointConfig;
  readonly restore: RestoreSpec | null;
  readonly maxSnapshots: number;
}

const ms = (text: string): Milliseconds => parseDuration(text) ?? 0;

export function compileRecoverySettings(s: RecoverySettings): RecoveryConfig {
  return {
    diagnosis: compileDiagnosisSettings(s),
    savepoints: compileSavepointSettings(s.savepoints),
    enabled: s.enabled,
    restore: s.restore === undefined ? null : compileSpec(s.restore),
    maxAttempts: s.maxAttempts,
    attemptDelayMs: ms(s.attemptDelay),
    attemptWindowMs: ms(s.attemptWindow),
    escalateAfterMs: ms(s.escalateAfter),
    sameFaultLimit: s.sameFaultLimit,
    endLoopAfterMs: ms(s.endLoopAfter),
    allowEmptyState: s.allowEmptyState,
    maxReplayMs: s.maxReplay === undefined ? null : ms(s.maxReplay),
    storm: { maxRestores: s.storm.maxRestores, windowMs: ms(s.storm.window) },
    breaker: { failures: s.breaker.failures, halfOpenAfterMs: ms(s.breaker.halfOpenAfter) },
    haGraceMs: ms(s.haGrace),
    deadMarginMs: ms(s.deadMargin),
    restoreDurationMs: ms(s.restoreDuration),
    runningDeadlineMs: ms(s.runningDeadline),
    deadlineMs: ms(s.deadline),
    maxSnapshots: s.maxSnapshots,
  };
}

function compileSpec(s: z.infer<typeof restoreSpec>): RestoreSpec {
  return {
    jar: s.jar,
    entryClass: s.entryClass ?? null,
    args: s.args,
    parallelism: s.parallelism ?? null,
    configuration: s.configuration,
  };
}

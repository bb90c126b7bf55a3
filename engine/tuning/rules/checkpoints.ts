import { formatDuration } from "../../../model/index.ts";
import {
  both,
  type Checkpointing,
  type Checkpoints,
  type CompletedCheckpoint,
  type JobReport,
  mapPart,
  type Part,
  read,
  unread,
} from "../report.ts";
import { bytes, type Found, isStreaming, jobRule, type Rule } from "./rule.ts";

type On = Extract<Checkpointing, { kind: "on" }>;

/** Rules about settings hold only where checkpoints are taken; `checkpointing-off` speaks for the others. */
function settingsRule(
  info: Parameters<typeof jobRule>[0],
  find: (on: On, job: JobReport) => readonly Found[],
): Rule {
  return jobRule(
    info,
    (job) => job.checkpointing,
    (c, job) => (c.kind === "on" ? find(c, job) : []),
    isStreaming,
  );
}

/** Settings with what happened; nothing to ask for where checkpointing is off. */
function settingsAnd<T>(job: JobReport, part: Part<T>): Part<{ on: On; value: T } | undefined> {
  if (job.checkpointing.kind === "unread") return job.checkpointing;
  const on = job.checkpointing.value;
  return on.kind === "off" ? read(undefined) : mapPart(part, (value) => ({ on, value }));
}

/** Settings with the newest completed checkpoint; before the first there is nothing to judge by. */
function settingsAndNewest(job: JobReport): Part<{ on: On; value: CompletedCheckpoint } | undefined> {
  const asked = settingsAnd(job, job.checkpoints);
  if (asked.kind === "unread" || asked.value === undefined)
    return asked.kind === "unread" ? asked : read(undefined);
  const { on, value } = asked.value;
  const newest = value.latestCompleted;
  return newest === undefined ? unread("no checkpoint has completed yet") : read({ on, value: newest });
}

export const checkpointingOff = jobRule(
  {
    code: "checkpointing-off",
    severity: "critical",
    weight: 100,
    meaning:
      "The job takes no periodic checkpoints: after a failure it starts from empty state or not at all.",
    remedy: "Set execution.checkpointing.interval (for example 1min) and execution.checkpointing.dir.",
  },
  (job) => job.checkpointing,
  (c) =>
    c.kind === "on"
      ? []
      : [{ sentence: "Checkpointing is off: a failure loses all state", evidence: { checkpointing: "off" } }],
  isStreaming,
);

export const checkpointOnJobManagerMemory = settingsRule(
  {
    code: "checkpoint-on-jobmanager-memory",
    severity: "critical",
    weight: 90,
    meaning: "Checkpoints are kept in the JobManager's memory and are gone with it.",
    remedy: "Set execution.checkpointing.dir to a file system or object store that all processes can reach.",
  },
  (on) =>
    on.storage === "JobManagerCheckpointStorage"
      ? [
          {
            sentence:
              "Checkpoints are kept in the JobManager's memory: when it dies, nothing can be restored",
            evidence: { storage: on.storage },
          },
        ]
      : [],
);

function failing({ history, failed, completed }: Checkpoints): readonly Found[] {
  // A restart of the job ends the checkpoint under way; that is the restart's news, not the checkpoint's.
  const real = history.filter((c) => !/coordinator is suspending/i.test(c.message ?? ""));
  const failures = real.filter((c) => c.status === "FAILED");
  const newest = failures[0];
  if (newest === undefined || (failures.length < 2 && real[0]?.status !== "FAILED")) return [];
  const firstGood = real.findIndex((c) => c.status === "COMPLETED");
  const inARow = firstGood === -1 ? real.length : firstGood;
  const message = newest.message?.split("\n")[0];
  return [
    {
      sentence: `${failures.length} of the last ${real.length} checkpoints failed, the newest ${inARow} in a row${message ? `: ${message}` : ""}`,
      evidence: { failed, completed, inARow, newestFailed: newest.id, message: message ?? null },
      severity: inARow >= 3 ? "critical" : "warning",
    },
  ];
}

export const checkpointsFailing = jobRule(
  {
    code: "checkpoints-failing",
    severity: "warning",
    weight: 95,
    meaning:
      "Checkpoints fail: two or more of the newest ten, or the newest one. Critical from three in a row.",
    remedy: "Read the failure message; look at storage access, the timeout and back-pressure.",
  },
  (job) => settingsAnd(job, job.checkpoints),
  (asked) => (asked === undefined ? [] : failing(asked.value)),
  isStreaming,
);

export const checkpointStale = jobRule(
  {
    code: "checkpoint-stale",
    severity: "warning",
    weight: 92,
    meaning:
      "No checkpoint has completed for more than three intervals, so a failure replays all of that time. Critical from ten.",
    remedy: "See why checkpoints fail or last long; until then a restart is expensive.",
  },
  (job) => settingsAnd(job, both(job.checkpoints, job.details)),
  (asked, job) => {
    if (asked === undefined) return [];
    const { on, value } = asked;
    const [checkpoints, details] = value;
    const every = Math.max(on.intervalMs, on.minPauseMs);
    const last = checkpoints.latestCompleted;
    // A new job counts from its first record; one that was restarted has had nothing since it was submitted.
    const restarted = job.restarts.kind === "read" && job.restarts.value > 0;
    const begun = restarted ? job.startTime : details.runningSince;
    const since = Math.max(last?.at ?? 0, checkpoints.restoredAt ?? 0, last ? 0 : begun);
    const age = details.now - since;
    if (since === 0 || age <= 3 * every) return [];
    const what = last ? `The newest completed checkpoint (${last.id}) is` : "No checkpoint has completed for";
    return [
      {
        sentence: `${what} ${formatDuration(age)}${last ? " old" : ""}, and the interval is ${formatDuration(on.intervalMs)}`,
        evidence: { ageMs: age, intervalMs: on.intervalMs, checkpoint: last?.id ?? null },
        severity: age > 10 * every ? "critical" : "warning",
      },
    ];
  },
  isStreaming,
);

export const checkpointSlow = jobRule(
  {
    code: "checkpoint-slow",
    severity: "warning",
    weight: 60,
    meaning: "The newest checkpoint took more than half of the interval or of the timeout.",
    remedy:
      "Remove back-pressure first; then consider incremental or unaligned checkpoints, or a longer interval.",
  },
  settingsAndNewest,
  (asked) => {
    if (asked === undefined) return [];
    const last = asked.value;
    const { intervalMs, timeoutMs } = asked.on;
    if (last.durationMs <= Math.min(intervalMs, timeoutMs) / 2) return [];
    const [limit, name] = timeoutMs < intervalMs ? [timeoutMs, "timeout"] : [intervalMs, "interval"];
    return [
      {
        sentence: `Checkpoint ${last.id} took ${formatDuration(last.durationMs)}, and the ${name} is ${formatDuration(limit)}`,
        evidence: { checkpoint: last.id, durationMs: last.durationMs, intervalMs, timeoutMs },
      },
    ];
  },
  isStreaming,
);

export const checkpointRetentionDeletes = settingsRule(
  {
    code: "checkpoint-retention-deletes",
    severity: "warning",
    weight: 80,
    meaning:
      "Flink deletes the checkpoints when the job is cancelled, so there may be nothing left to restore.",
    remedy: "Set execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION.",
  },
  (on) =>
    on.externalized && !on.deletedOnCancel
      ? []
      : [
          {
            sentence: on.externalized
              ? "Checkpoints are deleted when the job is cancelled"
              : "Checkpoints are not retained: they are deleted when the job is cancelled or fails for good",
            evidence: { externalized: on.externalized, deleteOnCancellation: on.deletedOnCancel },
          },
        ],
);

const LARGE_HEAP_STATE = 1024 ** 3;

export const hashmapLargeState = jobRule(
  {
    code: "hashmap-large-state",
    severity: "warning",
    weight: 45,
    meaning:
      "More than 1 GiB of state is kept as objects on the JVM heap, where it costs garbage collection.",
    remedy: "Consider state.backend.type: rocksdb with incremental checkpoints.",
  },
  settingsAndNewest,
  (asked) => {
    if (asked === undefined) return [];
    const size = asked.value.stateBytes;
    if (!/^HashMap/.test(asked.on.stateBackend) || size <= LARGE_HEAP_STATE) return [];
    return [
      {
        sentence: `${bytes(size)} of state are kept on the JVM heap (${asked.on.stateBackend})`,
        evidence: { stateBytes: size, stateBackend: asked.on.stateBackend },
      },
    ];
  },
  isStreaming,
);

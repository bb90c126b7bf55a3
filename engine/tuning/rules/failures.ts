import { formatDuration, formatInstant, isTerminal } from "../../../model/index.ts";
import { both, type JobReport, mapPart, type Part, read } from "../report.ts";
import { isStreaming, jobRule } from "./rule.ts";

const WINDOW_MS = 10 * 60_000;
const LOOP = 3;

/** Flink's clock where the job could be read, else ours. */
const nowOf = (job: JobReport, at: number): number =>
  job.details.kind === "read" ? job.details.value.now : at;

export const restartLoop = jobRule(
  {
    code: "restart-loop",
    severity: "critical",
    weight: 98,
    meaning: "The job failed three times or more within ten minutes.",
    remedy:
      "Mend the cause that is named; more parallelism does not help. See the restart strategy for its limits.",
  },
  (job) => job.exceptions,
  (exceptions, job, report) => {
    const now = nowOf(job, report.at);
    const recent = exceptions.filter((e) => now - e.at <= WINDOW_MS);
    const newest = recent[0];
    if (newest === undefined || recent.length < LOOP) return [];
    const oldest = Math.min(...recent.map((e) => e.at));
    const span = Math.max(now - oldest, 1_000);
    const perMinute = Math.round((recent.length / (span / 60_000)) * 10) / 10;
    return [
      {
        sentence: `The job failed ${recent.length} times in ${formatDuration(span)} (${perMinute} a minute), last with ${newest.line}`,
        evidence: {
          failures: recent.length,
          spanMs: span,
          perMinute,
          state: job.state,
          restarts: job.restarts.kind === "read" ? job.restarts.value : null,
          exception: newest.line,
        },
      },
    ];
  },
);

export const jobFailed = jobRule(
  {
    code: "job-failed",
    severity: "critical",
    weight: 99,
    meaning: "The job has failed for good, and no job of its name has taken its place.",
    remedy: "Mend the cause, then start the job from its newest restorable checkpoint or savepoint.",
  },
  // Without its exceptions a failed job is still a failed job.
  (job): Part<string | undefined> =>
    job.exceptions.kind === "read" ? mapPart(job.exceptions, (e) => e[0]?.line) : read(undefined),
  (line, job) => [
    {
      sentence: `The job failed for good${job.endTime ? ` at ${formatInstant(job.endTime)}` : ""}${line ? `: ${line}` : ""}`,
      evidence: {
        flinkJobId: job.flinkJobId,
        endTime: job.endTime ? formatInstant(job.endTime) : null,
        exception: line ?? null,
      },
    },
  ],
  (job, report) =>
    job.state === "FAILED" &&
    report.jobs.kind === "read" &&
    !report.jobs.value.some((j) => j.name === job.name && j.startTime > job.startTime),
);

export const duplicateJobName = jobRule(
  {
    code: "duplicate-job-name",
    severity: "critical",
    weight: 97,
    meaning: "Two jobs of one name are alive: perhaps two live copies that write the same output.",
    remedy: "Cancel the copy that should not be, or give each job its own pipeline.name.",
  },
  (_job, report) => report.jobs,
  (jobs, job) => {
    const copies = jobs.filter((j) => j.name === job.name && !isTerminal(j.state));
    if (copies.length < 2 || copies[0]?.flinkJobId !== job.flinkJobId) return [];
    return [
      {
        sentence: `${copies.length} jobs named "${job.name}" are alive on this cluster`,
        evidence: { flinkJobIds: copies.map((j) => j.flinkJobId) },
      },
    ];
  },
);

const DEFAULT_WORDS = /cluster level default/i;

const FEW_RESTARTS = 3;

/** How often the job is restarted at most, from Flink's words about the job or else from the cluster's keys. */
function limitsOf(
  words: string,
  config: Readonly<Record<string, string>>,
  checkpointingOff: boolean,
): { strategy: string; attempts: number } {
  if (!DEFAULT_WORDS.test(words)) {
    const none = /deactivated|no restart/i.test(words);
    const counted = /#(\d+) restart attempts/.exec(words)?.[1];
    return { strategy: words, attempts: none ? 0 : Number(counted ?? Number.POSITIVE_INFINITY) };
  }
  const type = (config["restart-strategy.type"] ?? config["restart-strategy"] ?? "").toLowerCase();
  if (type === "" && checkpointingOff) {
    return { strategy: "Flink's default without checkpoints", attempts: 0 };
  }
  if (/^(none|off|disable)$/.test(type)) return { strategy: type, attempts: 0 };
  if (!/^fixed-?delay$/.test(type)) return { strategy: type, attempts: Number.POSITIVE_INFINITY };
  return { strategy: type, attempts: Number(config["restart-strategy.fixed-delay.attempts"] ?? 1) };
}

export const restartStrategy = jobRule(
  {
    code: "restart-strategy",
    severity: "warning",
    weight: 70,
    meaning: "The job gives up after no or few restarts, so a short outage of something outside ends it.",
    remedy: "Set restart-strategy.type: exponential-delay (Flink's own default since 1.19).",
  },
  (job, report) => both(both(job.restartStrategy, report.config), job.checkpointing),
  ([[words, config], checkpointing]) => {
    const { strategy, attempts } = limitsOf(words, config, checkpointing.kind === "off");
    if (attempts > FEW_RESTARTS) return [];
    return [
      {
        sentence:
          attempts === 0
            ? `The job is not restarted after a failure (${strategy})`
            : `The job is given up after ${attempts} restart${attempts === 1 ? "" : "s"}`,
        evidence: { strategy, attempts },
      },
    ];
  },
  isStreaming,
);

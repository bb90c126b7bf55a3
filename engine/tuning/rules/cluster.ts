import { formatDuration, isTerminal, parseDuration } from "../../../model/index.ts";
import { both, type ClusterReport, type JobReport, type Part, read } from "../report.ts";
import { clusterRule, isStreaming, jobRule } from "./rule.ts";

export const notAdaptive = jobRule(
  {
    code: "not-adaptive",
    severity: "warning",
    weight: 58,
    meaning:
      "The job does not run under the adaptive scheduler, so it cannot be rescaled without a redeployment.",
    remedy: "Set jobmanager.scheduler: adaptive and start the job anew.",
  },
  (job, report): Part<{ scheduler: string | undefined; inPlace: boolean | undefined }> => {
    if (job.details.kind === "unread") return job.details;
    const { scheduler } = job.details.value;
    if (scheduler !== undefined) return read({ scheduler, inPlace: undefined });
    if (report.capabilities.kind === "unread") return report.capabilities;
    return read({ scheduler, inPlace: report.capabilities.value.rescaleInPlace });
  },
  ({ scheduler, inPlace }) =>
    scheduler === "Adaptive" || (scheduler === undefined && inPlace === true)
      ? []
      : [
          {
            sentence: "The job cannot be rescaled in place: its scheduler is not the adaptive one",
            evidence: { scheduler: scheduler ?? null, webRescale: inPlace ?? null },
          },
        ],
  isStreaming,
);

const aliveOf = (report: ClusterReport): readonly JobReport[] =>
  report.jobs.kind === "read" ? report.jobs.value.filter((j) => !isTerminal(j.state)) : [];

export const noFreeSlots = clusterRule(
  {
    code: "no-free-slots",
    severity: "warning",
    weight: 68,
    meaning:
      "All slots are in use: no job can scale up, and one that loses a TaskManager cannot come back in full. Critical when there is no TaskManager at all.",
    remedy: "Add TaskManagers or slots; keep some spare for recovery.",
  },
  (report) => both(report.slots, report.jobs),
  ([slots], report) => {
    const alive = aliveOf(report).length;
    if (slots.free > 0 || alive === 0) return [];
    const none = slots.total === 0;
    return [
      {
        sentence: none
          ? `There is no TaskManager, and ${alive} job${alive === 1 ? " waits" : "s wait"} for slots`
          : `All ${slots.total} slots are in use: no job can scale up`,
        evidence: { ...slots, jobs: alive },
        severity: none ? "critical" : "warning",
      },
    ];
  },
);

export const slotsIdle = clusterRule(
  {
    code: "slots-idle",
    severity: "info",
    weight: 20,
    meaning: "At least half of the slots, and two or more, are not used.",
    remedy: "Fewer TaskManagers may do, unless the room is kept for peaks or for recovery.",
  },
  (report) => report.slots,
  (slots) =>
    slots.free < 2 || slots.free * 2 < slots.total
      ? []
      : [{ sentence: `${slots.free} of ${slots.total} slots are not used`, evidence: { ...slots } }],
);

export const reporterMissing = clusterRule(
  {
    code: "reporter-missing",
    severity: "warning",
    weight: 35,
    meaning:
      "No metrics reporter is configured: there is no history of metrics, and alerts have nothing to look at.",
    remedy:
      "Set metrics.reporter.prom.factory.class: org.apache.flink.metrics.prometheus.PrometheusReporterFactory (port 9249).",
  },
  (report) => report.config,
  (config) =>
    Object.keys(config).some((key) => /^metrics\.reporter\.[^.]+\.factory\.class$/.test(key))
      ? []
      : [
          {
            sentence: "No metrics reporter is configured",
            evidence: { key: "metrics.reporter.*.factory.class" },
          },
        ],
);

export const noHighAvailability = clusterRule(
  {
    code: "no-high-availability",
    severity: "warning",
    weight: 30,
    meaning: "Without high availability a JobManager that restarts forgets its jobs and their checkpoints.",
    remedy: "Set high-availability.type (kubernetes or zookeeper) and high-availability.storageDir.",
  },
  (report) => report.config,
  (config) => {
    const type = config["high-availability.type"] ?? config["high-availability"] ?? "NONE";
    return type.toUpperCase() === "NONE"
      ? [
          {
            sentence: "High availability is off: a restarted JobManager forgets its jobs",
            evidence: { type },
          },
        ]
      : [];
  },
);

export const restCache = clusterRule(
  {
    code: "rest-cache",
    severity: "info",
    weight: 10,
    meaning: "Flink answers from a cache of the job graph that is more than one second old (default 3 s).",
    remedy: "Set web.refresh-interval: 300, so that a rescale is seen at once.",
  },
  (report) => report.capabilities,
  ({ refreshIntervalMs }) =>
    refreshIntervalMs <= 1_000
      ? []
      : [
          {
            sentence: `REST replies about a job may be ${formatDuration(refreshIntervalMs)} old`,
            evidence: { key: "web.refresh-interval", ms: refreshIntervalMs },
          },
        ],
);

export const fetcherSlow = clusterRule(
  {
    code: "fetcher-slow",
    severity: "info",
    weight: 15,
    meaning: "Flink refreshes the metrics in its REST API every five seconds or less often (default 10 s).",
    remedy: "Set metrics.fetcher.update-interval: 2000; decisions from REST come that much sooner.",
  },
  (report) => report.config,
  (config) => {
    const text = config["metrics.fetcher.update-interval"] ?? "10 s";
    const ms = /^\d+$/.test(text) ? Number(text) : parseDuration(text);
    if (ms === undefined || ms < 5_000) return [];
    const set = config["metrics.fetcher.update-interval"] !== undefined;
    return [
      {
        sentence: `Metrics in the REST API are refreshed every ${formatDuration(ms)} only${set ? "" : " (Flink's default)"}`,
        evidence: { key: "metrics.fetcher.update-interval", ms },
      },
    ];
  },
);

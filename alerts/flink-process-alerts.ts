import { type Milliseconds, promql, span } from "../model/index.ts";
import type { Alert } from "./alert.ts";
import { constant, turning, type Values } from "./rule-case.ts";
import { BY, CLUSTER, type Terms, WORKER } from "./terms.ts";
import { share } from "./threshold.ts";

const MIN = 60_000;
const JM = { component: "jobmanager" };

/** How long a vanished target is remembered: long enough to alert, short enough for a cluster that was removed. */
const rememberedMs = (t: Terms): Milliseconds => Math.max(5 * t.forMs, 4 * t.scrapeMs);

function heap(t: Terms, used: Values) {
  return {
    series: [
      {
        metric: t.flink("flink_taskmanager_Status_JVM_Memory_Heap_Used"),
        labels: { tm_id: "tm_1" },
        values: used,
      },
      {
        metric: t.flink("flink_taskmanager_Status_JVM_Memory_Heap_Max"),
        labels: { tm_id: "tm_1" },
        values: constant(1_000),
      },
    ],
  };
}

/** What Flink's own pages tell of a cluster and its processes. */
export const FLINK_PROCESS_ALERTS: readonly Alert[] = [
  {
    name: "FlinkJobManagerDown",
    answers: ["ClusterDown"],
    group: "flink",
    severity: "critical",
    forMs: 3 * MIN,
    thresholds: {},
    windows: {},
    labels: CLUSTER,
    value: "count",
    summary: "No JobManager of a Flink cluster answers scrapes.",
    description:
      "No JobManager of {cluster} in {namespace} answers Prometheus; its jobs cannot checkpoint or recover.",
    // On Kubernetes the target goes with its pod: then there is no `up` at all.
    expr: (t) =>
      promql`max by (${BY.cluster}) (${t.up(JM)}) == 0 or (max by (${BY.cluster}) (last_over_time(${t.up(JM)}[${span(rememberedMs(t))}])) unless on (${BY.cluster}) max by (${BY.cluster}) (${t.up(JM)})) * 0`,
    fires: (t) => [
      {
        series: [{ metric: t.up(JM), labels: { instance: "jm:9249" }, values: constant(0) }],
        value: 0,
      },
      {
        series: [
          {
            metric: t.up(JM),
            labels: { instance: "jm:9249" },
            values: turning(1, (t.forMs + rememberedMs(t)) / 2, "gone"),
          },
        ],
        value: 0,
      },
    ],
    quiet: (t) => ({
      series: [
        { metric: t.up(JM), labels: { instance: "jm-0:9249" }, values: constant(0) },
        { metric: t.up(JM), labels: { instance: "jm-1:9249" }, values: constant(1) },
      ],
    }),
  },
  {
    name: "FlinkJobManagerNoLeader",
    answers: ["ClusterDown"],
    group: "flink",
    severity: "critical",
    forMs: 10 * MIN,
    thresholds: {},
    windows: {},
    labels: CLUSTER,
    value: "count",
    summary: "A JobManager answers, but none of its cluster leads.",
    description:
      "JobManagers of {cluster} in {namespace} are up, but none shows the cluster's slots: no leader was elected.",
    expr: (t) =>
      promql`(max by (${BY.cluster}) (${t.up(JM)}) == 1) unless on (${BY.cluster}) max by (${BY.cluster}) (${t.flink("flink_jobmanager_taskSlotsTotal")})`,
    fires: (t) => ({
      series: [{ metric: t.up(JM), labels: { instance: "jm:9249" }, values: constant(1) }],
      value: 1,
    }),
    quiet: (t) => ({
      series: [
        { metric: t.up(JM), labels: { instance: "jm:9249" }, values: constant(1) },
        { metric: t.flink("flink_jobmanager_taskSlotsTotal"), labels: {}, values: constant(0) },
      ],
    }),
  },
  {
    name: "FlinkTaskManagerHeapHigh",
    answers: ["HighMemoryUsage"],
    group: "flink",
    severity: "warning",
    forMs: 5 * MIN,
    thresholds: {
      share: share(
        0.85,
        "Share of the heap (0..1) in use even right after collections.",
        "a heap is never more than full",
      ),
    },
    windows: { window: { ms: 15 * MIN, help: "Time over which the least use is taken." } },
    labels: WORKER,
    value: "percent",
    summary: "The heap of a TaskManager stays nearly full.",
    description:
      "TaskManager {tm_id} of {cluster} in {namespace} never had less than {value} of its heap in use lately.",
    expr: (t) =>
      promql`max by (${BY.worker}) (min_over_time(${t.flink("flink_taskmanager_Status_JVM_Memory_Heap_Used")}[${t.window("window")}]) / (${t.flink("flink_taskmanager_Status_JVM_Memory_Heap_Max")} > 0)) > ${t.threshold("share")}`,
    fires: (t) => ({ ...heap(t, constant(1_000)), value: 1, labels: { tm_id: "tm_1" } }),
    quiet: (t) => [
      heap(t, constant(990 * t.threshold("share"))),
      heap(t, turning(1_000, t.windowMs("window") / 2, { once: 0 })),
    ],
  },
  {
    name: "FlinkGarbageCollection",
    answers: ["HighMemoryUsage"],
    group: "flink",
    severity: "warning",
    forMs: 10 * MIN,
    thresholds: {
      share: share(
        0.2,
        "Share of time (0..1) spent in garbage collections.",
        "there is no more than all the time",
      ),
    },
    windows: {},
    labels: WORKER,
    value: "percent",
    summary: "A TaskManager spends its time collecting garbage.",
    description:
      "TaskManager {tm_id} of {cluster} in {namespace} spends {value} of its time in garbage collections.",
    expr: (t) =>
      promql`max by (${BY.worker}) (${t.flink("flink_taskmanager_Status_JVM_GarbageCollector_All_TimeMsPerSecond")}) / 1000 > ${t.threshold("share")}`,
    fires: (t) => ({
      series: [
        {
          metric: t.flink("flink_taskmanager_Status_JVM_GarbageCollector_All_TimeMsPerSecond"),
          labels: { tm_id: "tm_1" },
          values: constant(999.5),
        },
      ],
      value: 0.9995,
      labels: { tm_id: "tm_1" },
    }),
    quiet: (t) => ({
      series: [
        {
          metric: t.flink("flink_taskmanager_Status_JVM_GarbageCollector_All_TimeMsPerSecond"),
          labels: { tm_id: "tm_1" },
          values: constant(990 * t.threshold("share")),
        },
      ],
    }),
  },
];

import { type Instant, JOB_STATES, type JobState, jobKey } from "../../model/index.ts";
import type { Transport } from "../rest/transport.ts";
import { createGatherer, type Gatherer } from "./gather.ts";
import * as parse from "./parse.ts";
import { readJob } from "./read-job.ts";
import { type ClusterReport, mapPart, type Part, read, type TaskManagerReport, unread } from "./report.ts";

export interface ReadReportOptions {
  readonly at: Instant;
  /** For job keys; `flink` and `default`. */
  readonly cluster?: string;
  readonly namespace?: string;
  /** For all calls together; 12 s. */
  readonly deadlineMs?: number;
  /** Time between the first look, which makes Flink refresh its metrics, and the second; 1.5 s. */
  readonly settleMs?: number;
}

const MAX_TASK_MANAGERS = 50;
const HEAP_USED = "Status.JVM.Memory.Heap.Used";
const HEAP_MAX = "Status.JVM.Memory.Heap.Max";
const GC = "Status.JVM.GarbageCollector.All.TimeMsPerSecond";

/**
 * Looks at a cluster once. Throws a `Failure` when it is no Flink that can be read (its version or its list of
 * jobs); everything else that cannot be read is an unread part.
 */
export async function readReport(
  transport: Pick<Transport, "call">,
  options: ReadReportOptions,
): Promise<ClusterReport> {
  const gather = createGatherer(transport, options.deadlineMs ?? 12_000);
  const [capabilities, jobs] = await Promise.all([
    gather.must({ what: "read Flink's version", path: ["config"], schema: parse.configSchema }),
    gather.must({ what: "list jobs", path: ["jobs", "overview"], schema: parse.jobsSchema }),
  ]);
  const name = { cluster: options.cluster ?? "flink", namespace: options.namespace ?? "default" };
  const settleMs = options.settleMs ?? 1_500;
  const [config, slots, taskManagers, jobReports] = await Promise.all([
    gather.ask({
      what: "read the cluster's configuration",
      path: ["jobmanager", "config"],
      schema: parse.keyValuesSchema,
    }),
    gather.ask({ what: "count slots", path: ["overview"], schema: parse.overviewSchema }),
    readTaskManagers(gather, settleMs),
    Promise.all(
      jobs.jobs.map((job) =>
        readJob(gather, settleMs, {
          key: jobKey({ ...name, name: job.name }),
          flinkJobId: job.jid,
          name: job.name,
          state: stateOf(job.state),
          startTime: job["start-time"],
          endTime: job["end-time"] > 0 ? job["end-time"] : undefined,
        }),
      ),
    ),
  ]);
  return {
    at: options.at,
    capabilities: read({
      version: capabilities["flink-version"],
      rescaleInPlace: capabilities.features["web-rescale"],
      refreshIntervalMs: capabilities["refresh-interval"],
    }),
    config: mapPart(config, (pairs) => Object.fromEntries(pairs.map(({ key, value }) => [key, value]))),
    slots: mapPart(slots, (s) => ({ total: s["slots-total"], free: s["slots-available"] })),
    taskManagers,
    jobs: read(jobReports),
  };
}

/** A state that a newer Flink may have added counts as reconciling: alive, and not known to run. */
function stateOf(text: string): JobState {
  return JOB_STATES.find((state) => state === text) ?? "RECONCILING";
}

async function readTaskManagers(
  gather: Gatherer,
  settleMs: number,
): Promise<Part<readonly TaskManagerReport[]>> {
  const list = await gather.ask({
    what: "list TaskManagers",
    path: ["taskmanagers"],
    schema: parse.taskManagersSchema,
  });
  if (list.kind === "unread") return list;
  const reports = list.value.taskmanagers.map(async (tm, index): Promise<TaskManagerReport> => {
    const metrics = await readTaskManagerMetrics(gather, tm.id, index, settleMs);
    return { id: tm.id, slots: tm.slotsNumber, freeSlots: tm.freeSlots, ...metrics };
  });
  return read(await Promise.all(reports));
}

async function readTaskManagerMetrics(
  gather: Gatherer,
  id: string,
  index: number,
  settleMs: number,
): Promise<Pick<TaskManagerReport, "heap" | "gcMsPerSecond">> {
  if (index >= MAX_TASK_MANAGERS) {
    const why = unread(`doctor reads the metrics of ${MAX_TASK_MANAGERS} TaskManagers only`);
    return { heap: why, gcMsPerSecond: why };
  }
  const call = {
    what: "read a TaskManager's metrics",
    path: ["taskmanagers", id, "metrics"],
    query: `?get=${[HEAP_USED, HEAP_MAX, GC].join(",")}`,
    schema: parse.metricsSchema,
  };
  await gather.ask(call);
  await pause(settleMs);
  const metrics = await gather.ask(call);
  if (metrics.kind === "unread") return { heap: metrics, gcMsPerSecond: metrics };
  const value = (name: string): number | undefined => {
    const found = metrics.value.find((m) => m.id === name)?.value;
    return found !== undefined && Number.isFinite(found) ? found : undefined;
  };
  const [used, max, gc] = [value(HEAP_USED), value(HEAP_MAX), value(GC)];
  return {
    heap:
      used === undefined || max === undefined || max <= 0
        ? unread(`TaskManager ${id} does not report its heap`)
        : read({ used, max }),
    gcMsPerSecond: gc === undefined ? unread(`TaskManager ${id} does not report ${GC}`) : read(gc),
  };
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

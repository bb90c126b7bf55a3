import { setTimeout as sleep } from "node:timers/promises";
import { type Cluster, startCluster } from "./flink/cluster.ts";
import type { FlinkVersion } from "./flink/fetch.ts";
import { startLoadJob } from "./flink/load.ts";
import { type RunningOutrider, startOutrider } from "./support/outrider.ts";

/** How a load of 250 records/s that steps to 1500 and back is ridden; need at 0.7: work 5, count 3, rest 1. */
export interface LoadStepResult {
  readonly version: FlinkVersion;
  readonly mode: string;
  /** Seconds from the step to the first decision to act, null when there was none. */
  readonly firstDecisionS: number | null;
  readonly rescalesUp: number;
  /** Parallelism by vertex name when the backlog was gone (or at the end of the watch). */
  readonly parallelismUp: Readonly<Record<string, number>>;
  readonly peakPending: number;
  /** Seconds from the step until fewer than 1.5 s of load were pending, null when they never were. */
  readonly backlogGoneS: number | null;
  readonly rescalesDown: number;
  readonly parallelismDown: Readonly<Record<string, number>>;
  /** Seconds from the step back to the last rescale. */
  readonly scaledDownS: number | null;
  /** Upper bounds that anybody set: what `observe` must never change. */
  readonly requirements: Readonly<Record<string, number>>;
  readonly story: readonly string[];
}

interface Decision {
  readonly record: {
    readonly at: number;
    readonly effective: Record<string, number> | null;
    readonly sentence: string;
  };
  readonly attempts: readonly { readonly status: string; readonly at: number }[];
}

export interface LoadStepOptions {
  readonly version: FlinkVersion;
  readonly mode: "observe" | "act";
  readonly portBase: number;
  readonly upS?: number;
  readonly downS?: number;
  /** Flink's own metrics refresh (10 s) and network segments (32 KiB) in place of the lab's. */
  readonly flinkDefaults?: boolean;
}

/** What the lab shortens and Flink does not; the waits before a rescale stay those of the lab. */
const FLINK_DEFAULTS = {
  "metrics.fetcher.update-interval": "10000",
  "web.refresh-interval": "3000",
  "taskmanager.memory.segment-size": "32kb",
} as const;

const LOW = 250;
const HIGH = 1500;

/** Starts Flink, the load job and Outrider with default settings, and rides the step up and back. */
export async function rideLoadStep(options: LoadStepOptions): Promise<LoadStepResult> {
  const cluster = await startCluster({
    version: options.version,
    portBase: options.portBase,
    slotsPerTaskManager: 24,
    ...(options.flinkDefaults === true ? { config: FLINK_DEFAULTS } : {}),
  });
  let outrider: RunningOutrider | undefined;
  try {
    const job = await startLoadJob(cluster, { rate: LOW, args: { "work-ms": 2, "count-ms": 1 } });
    outrider = await startOutrider({
      flinkUrl: cluster.restUrl,
      mode: options.mode,
      port: options.portBase + 50,
      workDir: cluster.workDir,
    });
    await sleep(35_000);
    const up = await watch(
      cluster,
      outrider,
      job.jobId,
      job.vertices,
      () => job.load.setRate(HIGH),
      options.upS ?? 75,
    );
    const down =
      options.mode === "observe"
        ? undefined
        : await watch(
            cluster,
            outrider,
            job.jobId,
            job.vertices,
            () => job.load.setRate(LOW),
            options.downS ?? 130,
          );
    return {
      version: options.version,
      mode: options.mode,
      firstDecisionS: up.firstS,
      rescalesUp: up.rescales,
      parallelismUp: up.parallelism,
      peakPending: up.peak,
      backlogGoneS: up.goneS,
      rescalesDown: down?.rescales ?? 0,
      parallelismDown: down?.parallelism ?? {},
      scaledDownS: down?.lastS ?? null,
      requirements: await requirementsOf(cluster, job.jobId),
      story: [...up.story, ...(down?.story ?? [])],
    };
  } finally {
    await outrider?.stop();
    await cluster.stop();
  }
}

async function watch(
  cluster: Cluster,
  outrider: RunningOutrider,
  jobId: string,
  vertices: Readonly<Record<string, string>>,
  step: () => void,
  seconds: number,
) {
  const started = Date.now();
  step();
  let peak = 0;
  let goneS: number | null = null;
  while (Date.now() - started < seconds * 1_000) {
    await sleep(500);
    const pending = await pendingOf(cluster, jobId, vertices["gen"] ?? "");
    if (pending === undefined) continue;
    if (pending > peak) goneS = null;
    peak = Math.max(peak, pending);
    if (goneS === null && peak > HIGH * 1.5 && pending < HIGH * 1.5) goneS = (Date.now() - started) / 1_000;
  }
  const { items } = await outrider.get<{ items: Decision[] }>("/api/v1/decisions?limit=200");
  const acted = items
    .filter((d) => d.record.effective !== null && (d.attempts[0]?.at ?? 0) >= started)
    .toReversed();
  const seconds_ = (d: Decision | undefined) =>
    d === undefined ? null : ((d.attempts[0]?.at ?? d.record.at) - started) / 1_000;
  const jobs = await outrider.get<{ items: { parallelism: Record<string, number> }[] }>("/api/v1/jobs");
  return {
    firstS: seconds_(acted[0]),
    lastS: seconds_(acted.at(-1)),
    rescales: acted.length,
    parallelism: jobs.items[0]?.parallelism ?? {},
    peak,
    goneS,
    story: acted.map((d) => `+${seconds_(d)?.toFixed(1)} s: ${d.record.sentence}`),
  };
}

async function pendingOf(cluster: Cluster, jobId: string, source: string): Promise<number | undefined> {
  const reply = await cluster
    .request<{ id: string; sum: number }[]>(
      "GET",
      `/jobs/${jobId}/vertices/${source}/subtasks/metrics?get=Source__gen.pendingRecords&agg=sum`,
    )
    .catch(() => undefined);
  return reply?.[0]?.sum;
}

async function requirementsOf(cluster: Cluster, jobId: string): Promise<Readonly<Record<string, number>>> {
  const reply = await cluster.request<Record<string, { parallelism: { upperBound: number } }>>(
    "GET",
    `/jobs/${jobId}/resource-requirements`,
  );
  return Object.fromEntries(Object.entries(reply).map(([id, r]) => [id, r.parallelism.upperBound]));
}

import { setTimeout as sleep } from "node:timers/promises";
import { type Cluster, startCluster } from "./flink/cluster.ts";
import type { FlinkVersion } from "./flink/fetch.ts";
import { startLoadJob } from "./flink/load.ts";
import type { LoadSimulationResult, SimulatedStage, StagePoint } from "./load-simulation-result.ts";
import { allDecided, type Decided } from "./support/decided.ts";
import { startOutrider } from "./support/outrider.ts";

export interface LoadSimulationOptions {
  readonly version: FlinkVersion;
  readonly mode: "observe" | "act";
  /** Flink takes this and the next four ports, Outrider the one 50 above. */
  readonly portBase: number;
  /** Branches, parted by `|`, of largest loads, parted by `;`. */
  readonly maxLoadPerTask: string;
  readonly periodMinutes: number;
  /** How many periods are watched. */
  readonly periods: number;
}

const LOOK_MS = 1_000;

/** Runs the load simulation on real Flink with Outrider beside it, default settings, and says what was seen. */
export async function rideLoadSimulation(options: LoadSimulationOptions): Promise<LoadSimulationResult> {
  const { version, portBase, mode, maxLoadPerTask, periodMinutes } = options;
  const cluster = await startCluster({
    version,
    portBase,
    slotsPerTaskManager: 40,
  });
  try {
    const { jobId } = await startLoadJob(cluster, {
      args: { mode: "load-simulation", maxLoadPerTask, repeatsAfterMinutes: periodMinutes },
    });
    const stages = await stagesOf(cluster, jobId, maxLoadPerTask);
    const outrider = await startOutrider({
      flinkUrl: cluster.restUrl,
      mode,
      port: portBase + 50,
      workDir: cluster.workDir,
    });
    try {
      const seen = await watch(cluster, jobId, stages, periodMinutes * 60 * options.periods);
      const acted = (await allDecided(outrider)).filter((d) => d.attempts.length > 0);
      const atS = (d: Decided) => (((d.attempts[0]?.at ?? d.record.at) - seen.startMs) / 1_000).toFixed(0);
      return {
        version,
        mode,
        periodS: periodMinutes * 60,
        stages,
        points: seen.points,
        rescales: acted.length,
        story: acted.map((d) => `${atS(d)} s: ${d.record.sentence}`),
      };
    } finally {
      await outrider.stop();
    }
  } finally {
    await cluster.stop();
  }
}

interface JobReply {
  readonly "start-time": number;
  readonly plan: {
    readonly nodes: readonly { readonly id: string; readonly inputs?: readonly { readonly id: string }[] }[];
  };
  readonly vertices: readonly {
    readonly id: string;
    readonly name: string;
    readonly parallelism: number;
    readonly metrics: Readonly<Record<string, number | boolean>>;
  }[];
}

/** The stages of every branch in order; their names are not unique, so the graph is followed from each source. */
async function stagesOf(cluster: Cluster, jobId: string, maxLoads: string): Promise<SimulatedStage[]> {
  const { plan, vertices } = await cluster.request<JobReply>("GET", `/jobs/${jobId}`);
  return maxLoads.split("|").flatMap((loads, branch) => {
    let id = vertices.find((v) => v.name.endsWith(`gen-${branch + 1}`))?.id;
    return loads.split(";").map((load) => {
      id = plan.nodes.find((node) => node.inputs?.some((input) => input.id === id))?.id;
      if (id === undefined) throw new Error(`branch ${branch + 1} of the job ends before load ${load}`);
      return { id, branch: branch + 1, maxLoad: Number(load) };
    });
  });
}

async function watch(cluster: Cluster, jobId: string, stages: readonly SimulatedStage[], seconds: number) {
  const first = await cluster.request<JobReply>("GET", `/jobs/${jobId}`);
  const startMs = first["start-time"];
  const points: StagePoint[] = [];
  while (Date.now() - startMs < seconds * 1_000) {
    const job = await cluster.request<JobReply>("GET", `/jobs/${jobId}`).catch(() => undefined);
    const found = stages.flatMap((stage) => job?.vertices.find((v) => v.id === stage.id) ?? []);
    if (found.length === stages.length) {
      points.push({
        atS: (Date.now() - startMs) / 1_000,
        parallelism: found.map((v) => v.parallelism),
        busyMs: found.map((v) => Number(v.metrics["accumulated-busy-time"])),
      });
    }
    await sleep(LOOK_MS);
  }
  return { startMs, points };
}

import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../model/index.ts";
import { startCluster } from "../real/flink/cluster.ts";
import type { FlinkVersion } from "../real/flink/fetch.ts";
import { startLoadJob } from "../real/flink/load.ts";
import { LOAD_JOB, type VertexName } from "./fidelity-plan.ts";
import type { FidelityTarget } from "./fidelity-run.ts";

/** Ports 18800 to 18804. */
const PORT_BASE = 18_800;

/** A real cluster (one TaskManager, 24 slots) with a fresh load job, every vertex at parallelism 1. */
export async function startFlinkTarget(version: FlinkVersion, rate: number): Promise<FidelityTarget> {
  const cluster = await startCluster({ version, portBase: PORT_BASE, slotsPerTaskManager: 24 });
  try {
    const { workMs, countMs, partitions } = LOAD_JOB;
    const job = await startLoadJob(cluster, {
      rate,
      args: { "work-ms": workMs, "count-ms": countMs, partitions },
    });
    return {
      name: `Flink ${version}`,
      restUrl: cluster.restUrl,
      flinkJobId: job.jobId,
      vertices: namedVertices(job.vertices),
      setRate: async (recordsPerSecond) => job.load.setRate(recordsPerSecond),
      now: () => Date.now(),
      wait: async (ms) => {
        await sleep(Math.max(0, ms));
      },
      close: () => cluster.stop(),
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** Every vertex of the load job, or a `Failure` that names the missing one. */
export function namedVertices(found: Readonly<Record<string, string>>): Record<VertexName, string> {
  const idOf = (name: VertexName): string => {
    const id = found[name];
    if (id !== undefined) return id;
    const got = Object.keys(found).join(", ") || "no vertex";
    throw new Failure("bad-reply", `cannot use the load job: vertex ${name}; got ${got}; expected all of it`);
  };
  return { gen: idOf("gen"), work: idOf("work"), count: idOf("count"), drop: idOf("drop") };
}

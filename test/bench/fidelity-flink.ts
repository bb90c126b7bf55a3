import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../model/index.ts";
import { type Cluster, startCluster } from "../real/flink/cluster.ts";
import type { FlinkVersion } from "../real/flink/fetch.ts";
import { startLoadJob } from "../real/flink/load.ts";
import { type FidelityPlan, LOAD_JOB, type VertexName } from "./fidelity-plan.ts";
import type { FidelityTarget } from "./fidelity-run.ts";

const ONE_MACHINE = { taskManagers: 1, slots: 24 };

/** A real cluster with a fresh load job, every vertex at parallelism 1; it takes the port and the next six. */
export async function startFlinkTarget(
  version: FlinkVersion,
  plan: FidelityPlan,
  portBase: number,
): Promise<FidelityTarget> {
  const { taskManagers, slots } = plan.machines ?? ONE_MACHINE;
  const cluster = await startCluster({
    version,
    portBase,
    taskManagers,
    slotsPerTaskManager: slots,
    ...(plan.core === undefined ? {} : { taskManagerCores: `${plan.core}` }),
  });
  try {
    const job = await startLoadJob(cluster, { rate: plan.startRate, args: { ...LOAD_JOB, ...plan.args } });
    return {
      name: `Flink ${version}`,
      restUrl: cluster.restUrl,
      flinkJobId: job.jobId,
      vertices: namedVertices(job.vertices),
      setRate: async (recordsPerSecond) => job.load.setRate(recordsPerSecond),
      async loseTaskManager(id) {
        await untilHeartbeatPhase(cluster, id);
        // Resource ids count from 0: test/real/flink/cluster.ts.
        await cluster.killTaskManager(Number(id.replace("tm-", "")));
      },
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

/** Flink drops a TaskManager at the second heartbeat that fails: 10 to 20 s after its death, by the phase. */
const HEARTBEAT_INTERVAL_MS = 10_000;
/** The simulated one is dropped after 10.7 s. */
const PHASE_MS = 9_300;

async function untilHeartbeatPhase(cluster: Cluster, id: string): Promise<void> {
  interface Reply {
    readonly taskmanagers: readonly { readonly id: string; readonly timeSinceLastHeartbeat: number }[];
  }
  const { taskmanagers } = await cluster.request<Reply>("GET", "/taskmanagers");
  const last = taskmanagers.find((tm) => tm.id === id)?.timeSinceLastHeartbeat ?? Date.now();
  const phaseMs = (Date.now() - last) % HEARTBEAT_INTERVAL_MS;
  await sleep((PHASE_MS - phaseMs + HEARTBEAT_INTERVAL_MS) % HEARTBEAT_INTERVAL_MS);
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

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createFlinkRest } from "../../engine/index.ts";
import { createSimulatorServer, readWorld, Simulation, steppedClock } from "../../engine/simulated/index.ts";
import { Failure } from "../../model/index.ts";
import type { FlinkVersion } from "../real/flink/fetch.ts";
import { namedVertices } from "./fidelity-flink.ts";
import type { FidelityPlan } from "./fidelity-plan.ts";
import type { FidelityTarget } from "./fidelity-run.ts";
import { changedWorld } from "./fidelity-world.ts";

/** A simulated load job over HTTP, as the real one, but in virtual time that moves only while the bench waits. */
export async function startSimulatedTarget(
  version: FlinkVersion,
  plan: FidelityPlan,
  seed: number,
): Promise<FidelityTarget> {
  const file = join(import.meta.dirname, "worlds", `load-job-${version}.yaml`);
  const world = readWorld(changedWorld(readFileSync(file, "utf8"), plan), { file, seed });
  const cluster = new Simulation(world);
  const setLoad = (job: string, recordsPerSecond: number) => cluster.setLoad(job, recordsPerSecond);
  const server = createSimulatorServer({
    cluster,
    clock: steppedClock(),
    trouble: world.trouble,
    setLoad,
    operator: cluster,
  });
  const restUrl = await server.listen(0);
  const post = async (path: string, body: unknown): Promise<void> => {
    const reply = await fetch(`${restUrl}${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!reply.ok) {
      const text = (await reply.text()).slice(0, 500);
      throw new Failure("rejected", `cannot steer the simulation: POST ${path}; got ${reply.status} ${text}`);
    }
  };
  const job = await onlyJob(restUrl);
  const setRate = (recordsPerSecond: number) =>
    post("/simulator/load", { job: job.name, rate: recordsPerSecond });
  await setRate(plan.startRate);
  let nowMs = world.epoch;
  return {
    name: `simulated ${version}, seed ${seed}`,
    restUrl,
    flinkJobId: job.flinkJobId,
    vertices: job.vertices,
    setRate,
    // Ids count from 1, the trouble from 0.
    loseTaskManager: (id) =>
      post("/simulator/trouble", {
        kind: "task-manager-lost",
        taskManager: Number(id.replace("tm-", "")) - 1,
      }),
    now: () => nowMs,
    async wait(ms) {
      nowMs += Math.max(0, Math.round(ms));
      await post("/simulator/clock", { advanceToMs: nowMs });
    },
    close: () => server.close(),
  };
}

async function onlyJob(url: string) {
  const rest = createFlinkRest({ url });
  try {
    const listed = (await rest.jobs())[0];
    if (listed === undefined)
      throw new Failure("bad-config", "cannot use the world; got no job; expected one");
    const { vertices } = await rest.job(listed.flinkJobId);
    const shortName = (name: string) => name.replace(/^Source: /, "").replace(/: Writer$/, "");
    const ids = Object.fromEntries(vertices.map((v) => [shortName(v.name), v.id]));
    return { ...listed, vertices: namedVertices(ids) };
  } finally {
    await rest.close();
  }
}

import { type SimulationClock, steppedClock } from "../../engine/simulated/clock.ts";
import { Simulation } from "../../engine/simulated/cluster.ts";
import { createDesk } from "../../engine/simulated/rest/desk.ts";
import { createSimulatorServer } from "../../engine/simulated/rest/server.ts";
import type { World } from "../../engine/simulated/world.ts";
import { anEdge, aSource, aVertex, aWorld, EPOCH, stepLoad, type WorldParts } from "./worlds.ts";

/** The load job of `engine/load-job` as a world: the same vertices, ids and costs, so that replies compare. */

export const GEN = "6bf01baa9d2ca23a3ef7ce311722523d";
export const WORK = "674df9b0384c0348e0b9d1034a44c46c";
export const COUNT = "b71731f1c0df9c3076c4a455334d0ad6";
export const DROP = "69e0ddb5967fa158203236ac5766dbb1";
export const JOB = "1".repeat(32);

export interface LoadJobParts extends Pick<WorldParts, "cluster" | "job" | "trouble"> {
  /** Records per second; 250. */
  readonly rate?: number;
  /** Of every vertex; 1. */
  readonly parallelism?: number;
  readonly reportsPending?: boolean;
}

export function loadJobWorld(parts: LoadJobParts = {}): World {
  const { rate = 250, parallelism = 1, reportsPending = true, ...rest } = parts;
  const gen = aSource(GEN, stepLoad([[0, rate]]), { name: "Source: gen", parallelism });
  return aWorld({
    vertices: [
      { ...gen, source: gen.source && { ...gen.source, reportsPending } },
      aVertex(WORK, { name: "work", waitMs: 2, parallelism }),
      aVertex(COUNT, { name: "count", waitMs: 1, parallelism, stateBytes: 100_000 }),
      aVertex(DROP, { name: "drop: Writer", parallelism }),
    ],
    edges: [
      anEdge(`${GEN}>${WORK}`, "REBALANCE"),
      anEdge(`${WORK}>${COUNT}`, "HASH"),
      anEdge(`${COUNT}>${DROP}`, "REBALANCE"),
    ],
    ...rest,
  });
}

/** A simulation with a server before it, moved by hand; answers can be had in process. */
export function simulatedFlink(parts: LoadJobParts = {}, clock: SimulationClock = steppedClock()) {
  const world = loadJobWorld(parts);
  const cluster = new Simulation(world);
  const { trouble } = world;
  const setLoad = (job: string, rate: number): void => cluster.setLoad(job, rate);
  const server = createSimulatorServer({ cluster, clock, trouble, setLoad, operator: cluster });
  return {
    world,
    cluster,
    server,
    /** Seconds since the epoch of the world. */
    at: (seconds: number): void => cluster.advanceTo(EPOCH + seconds * 1_000),
    ask: (asked: string, body?: string) => {
      const [method = "", url = ""] = asked.split(" ");
      const [path = "", query = ""] = url.split("?");
      return server.answer({ method, path, query, ...(body === undefined ? {} : { body }) });
    },
  };
}

export type SimulatedFlink = ReturnType<typeof simulatedFlink>;

/** What stands behind the replies, without a server. */
export function simulatedDesk(parts: LoadJobParts = {}) {
  const world = loadJobWorld(parts);
  const cluster = new Simulation(world);
  const at = (seconds: number): void => cluster.advanceTo(EPOCH + seconds * 1_000);
  return { cluster, desk: createDesk(cluster, world.trouble), at };
}

import {
  createSimulatorServer,
  realTimeClock,
  Simulation,
  type SimulationClock,
  steppedClock,
  type World,
} from "../../engine/simulated/index.ts";
import { Failure, type Instant, type Milliseconds, sentenceOf } from "../../model/index.ts";

/** A simulated Flink that listens, with its time running or waiting to be moved. */
export interface SimulatedFlink {
  /** Address of its REST API. */
  readonly url: string;
  readonly world: World;
  /** Its time now, brought up to the moment of the call. */
  now(): Instant;
  /** Calls back on every virtual second. */
  everySecond(callback: (sinceStartMs: Milliseconds) => void): void;
  close(): Promise<void>;
}

export interface SimulatedFlinkOptions {
  readonly world: World;
  /** 0 takes a free one. */
  readonly port: number;
  /** Virtual seconds per second; "stepped": its time moves only when it is told to over HTTP. */
  readonly speed: number | "stepped";
  /** Called once when the machine is too slow for the speed, with the virtual time of that moment. */
  readonly tooSlow: (at: Instant) => void;
}

/** For people, when that happens. */
export const TOO_SLOW = "this machine cannot keep up: the simulated time runs slower than asked for.";

/** Starts the simulated Flink of a world; throws `Failure("bad-config")` when its port cannot be had. */
export async function startSimulatedFlink({
  world,
  port,
  speed,
  tooSlow,
}: SimulatedFlinkOptions): Promise<SimulatedFlink> {
  const cluster = new Simulation(world);
  const clock: SimulationClock =
    speed === "stepped" ? steppedClock() : realTimeClock({ speed, tooSlow: () => tooSlow(cluster.now()) });
  const server = createSimulatorServer({
    cluster,
    clock,
    trouble: world.trouble,
    setLoad: (job, rate) => cluster.setLoad(job, rate),
    operator: cluster,
  });
  const url = await server.listen(port).catch(async (cause: unknown) => {
    await server.close();
    const message = `cannot listen on 127.0.0.1:${port}: ${sentenceOf(cause)}`;
    throw new Failure("bad-config", message, { cause });
  });
  return {
    url,
    world,
    now: () => {
      clock.catchUp();
      return cluster.now();
    },
    everySecond: (callback) => cluster.onTick(1_000, (at) => callback(at - world.epoch)),
    close: () => server.close(),
  };
}

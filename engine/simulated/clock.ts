import type { Instant, Milliseconds } from "../../model/index.ts";
import type { SimulatedCluster } from "./view.ts";

/** One turn of the event loop computes no longer than this, so that requests and signals are heard. */
const TURN_MS = 40;
/** So many turns in a row without catching up are no hiccup. */
const TOO_SLOW_TURNS = 4;
/** Virtual time between two looks at the machine's clock. */
const SLICE_MS = 250;

/** What moves a simulated cluster's time. */
export interface SimulationClock {
  readonly mode: "real-time" | "stepped";
  /** Virtual seconds per second; undefined where time moves only when it is told to. */
  readonly speed: number | undefined;
  /** Takes charge of the cluster's time, which goes on from where it is. */
  start(cluster: SimulatedCluster): void;
  /** Brings the cluster to now, so that what is read next is of now. */
  catchUp(): void;
  stop(): void;
}

/**
 * Runs the cluster up to `to` in turns of the event loop, so that other requests and signals are heard meanwhile;
 * gives up when `ended` says so.
 */
export async function advanceInTurns(
  cluster: SimulatedCluster,
  to: Instant,
  ended: () => boolean,
): Promise<void> {
  while (cluster.now() + SLICE_MS < to && !ended()) {
    const until = performance.now() + TURN_MS;
    while (cluster.now() + SLICE_MS < to && performance.now() < until) {
      cluster.advanceTo(cluster.now() + SLICE_MS);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export interface RealTimeOptions {
  /** Virtual seconds per second; 1. */
  readonly speed?: number;
  /** Time between two steps; 25. */
  readonly everyMs?: Milliseconds;
  /** A clock in milliseconds that never goes back; for tests. */
  readonly monotonicNow?: () => number;
  /** Called when the world is too large for its speed, so that time runs only as fast as the machine can. */
  readonly tooSlow?: () => void;
}

/** A pause of the process longer than this (a laptop that slept) is left out instead of made up for. */
const LONGEST_PAUSE_MS = 5_000;

/** Virtual time runs with the machine's, `speed` times as fast. The timer does not keep the process alive. */
export function realTimeClock(options: RealTimeOptions = {}): SimulationClock {
  const { speed = 1, everyMs = 25, monotonicNow = () => performance.now(), tooSlow } = options;
  if (!(speed > 0) || !Number.isFinite(speed)) {
    throw new RangeError(`cannot run the simulation's clock; got speed ${speed}; expected a number above 0`);
  }
  let cluster: SimulatedCluster | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastAt = 0;
  let virtual: Instant = 0;
  let slowTurns = 0;
  function catchUp(): void {
    if (cluster === undefined) return;
    const passed = monotonicNow() - lastAt;
    lastAt += passed;
    // Somebody may have moved the cluster by hand.
    virtual = Math.max(virtual, cluster.now()) + Math.min(passed, LONGEST_PAUSE_MS) * speed;
    const to = Math.floor(virtual);
    const until = monotonicNow() + TURN_MS;
    while (cluster.now() + SLICE_MS < to && monotonicNow() < until)
      cluster.advanceTo(cluster.now() + SLICE_MS);
    if (cluster.now() + SLICE_MS < to) {
      // What cannot be made up for is given up: a debt would only grow.
      virtual = cluster.now();
      slowTurns += 1;
      if (slowTurns === TOO_SLOW_TURNS) tooSlow?.();
    } else {
      slowTurns = 0;
      cluster.advanceTo(to);
    }
  }
  return {
    mode: "real-time",
    speed,
    start(driven) {
      clearInterval(timer);
      cluster = driven;
      lastAt = monotonicNow();
      virtual = driven.now();
      timer = setInterval(catchUp, everyMs);
      timer.unref();
    },
    catchUp,
    stop() {
      clearInterval(timer);
      cluster = undefined;
    },
  };
}

/** Virtual time stands still until somebody advances the cluster. */
export function steppedClock(): SimulationClock {
  return { mode: "stepped", speed: undefined, start: () => {}, catchUp: () => {}, stop: () => {} };
}

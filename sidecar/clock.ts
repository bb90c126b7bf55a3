import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, Milliseconds } from "../model/index.ts";

/** A clock that can also measure. */
export interface ProcessClock extends Clock {
  /** Milliseconds at the pace of `now` that never jump: for lengths of time, because a wall clock may be set. */
  steady(): Milliseconds;
}

/** The one real clock. Only the loop, the store's retention and the HTTP surface may hold it. */
export const realClock: ProcessClock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  sleep: async (ms, signal) => {
    // An abort is the ordinary way to end a sleep early, so it is no error here.
    await sleep(Math.max(0, ms), undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  },
};

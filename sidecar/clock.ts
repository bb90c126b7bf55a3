import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../model/index.ts";

/** The one real clock. Only the loop, the store's retention and the HTTP surface may hold it. */
export const realClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    // An abort is the ordinary way to end a sleep early, so it is no error here.
    await sleep(Math.max(0, ms), undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  },
};

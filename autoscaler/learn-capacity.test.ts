import { expect, it } from "vitest";
import type { Observation } from "../model/index.ts";
import { aGraph, anObservation, aStaleObservation } from "../test/support/observations.ts";
import { learnCapacity } from "./learn-capacity.ts";
import { type Learned, NOTHING_LEARNED } from "./learned.ts";

const GRAPH = aGraph("src>work", { parallelism: 4 });
/** Of `work`: 2,000 records/s with 4 subtasks. */
const SEEN = { inRate: 1_000, busyShare: 0.5, costMs: 2 };

it.each([
  // seconds from look to look, from refresh to refresh, minutes that taught something
  [2, 2, 9],
  [2, 10, 9],
  [2, 4, 9],
  [5, 10, 9],
  [10, 10, 9],
  // Every other minute tells nothing new: what was told is not noted twice.
  [10, 120, 5],
])(
  "a look every %d s, counters every %d s: capacity is noted in %d of 9 minutes",
  (everyS, refreshS, minutes) => {
    let learned: Learned = NOTHING_LEARNED;
    const observations: Observation[] = [];
    // Counters are refreshed right after the minute has begun, so that looks in step with them begin it with an old one.
    for (let s = everyS; s < 600; s += everyS) {
      const taskMs = refreshS * 1_000;
      const work = { ...SEEN, taskMs, readRecords: taskMs };
      const fresh = (s - everyS) % refreshS === 0;
      const at = s * 1_000;
      observations.push(fresh ? anObservation(at, GRAPH, { work }) : aStaleObservation(at, GRAPH));
      const window = { observations, from: 0, to: at, coverage: 1, watchedMs: at };
      learned = learnCapacity(learned, window, observations.at(-1) as Observation, observations.at(-2));
    }
    const point = learned.capacity["work"]?.[0];
    expect(point?.parallelism).toBe(4);
    expect(point?.rate).toBeCloseTo(2_000);
    expect(point?.weight).toBeCloseTo(minutes, 2);
  },
);

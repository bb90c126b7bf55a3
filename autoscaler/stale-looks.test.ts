import { expect, it } from "vitest";
import type { Observation, Window } from "../model/index.ts";
import { aGraph, anObservation, aStaleObservation, type Numbers } from "../test/support/observations.ts";
import { aConfig, NOW, SUBJECT } from "../test/support/scale-inputs.ts";
import { scale } from "./decide.ts";
import { NOTHING_LEARNED } from "./learned.ts";
import { NO_HISTORY } from "./summarize.ts";

/** One subtask reads, eight work; it is known that these carry 4,000 records/s. */
const plain = aGraph("src>work");
const GRAPH = {
  ...plain,
  vertices: plain.vertices.map((v) => (v.id === "work" ? { ...v, parallelism: 8 } : v)),
};
const known = { parallelism: 8, rate: 4_000, weight: 60, spread: 0, at: NOW };
const HISTORY = { ...NO_HISTORY, learned: { ...NOTHING_LEARNED, capacity: { work: [known] } } };

const numbers = (rate: number, busyShare: number, changes: Numbers = {}, parallelism = 1): Numbers => ({
  ...{ parallelism, taskMs: 10_000, inRate: rate, outRate: rate, busyShare, backPressuredShare: 0 },
  ...{ readRecords: rate * 10, costMs: (busyShare * parallelism * 1_000) / rate },
  ...changes,
});
const SOURCE = { pendingRecords: 0, pendingGrowth: 0, sourcePartitions: 12 };

it.each<[string, number, number, Readonly<Record<string, Numbers>>, string, number]>([
  // seconds from refresh to refresh, looks that tell nothing at the end; what was told before
  [
    "a busy counter that stands still is not believed",
    10,
    4,
    { src: numbers(3_000, 0.03, SOURCE), work: numbers(3_000, 0, {}, 8) },
    "within-target",
    4_000,
  ],
  [
    "a busy counter that stands still is not believed after one late look",
    2,
    1,
    { src: numbers(3_000, 0.03, SOURCE), work: numbers(3_000, 0, {}, 8) },
    "within-target",
    4_000,
  ],
  [
    "a vertex that others wait for while it is hardly busy gives what it gave when it was last seen",
    10,
    4,
    {
      src: numbers(2_000, 0.02, { ...SOURCE, pendingGrowth: 2_000, backPressuredShare: 0.9 }),
      work: numbers(2_000, 0.05, {}, 8),
    },
    "scale-up",
    2_000,
  ],
])("%s", (_, refreshS, stale, told, reason, capacity) => {
  const at = (look: number) => NOW + look * 2_000;
  const changes = { runningSince: NOW - 3_600_000 };
  const last = 40;
  const observations = Array.from({ length: last + stale + 1 }, (_, i): Observation => {
    const fresh = i <= last && (i * 2) % refreshS === 0;
    return { ...(fresh ? anObservation(at(i), GRAPH, told) : aStaleObservation(at(i), GRAPH)), ...changes };
  });
  const judged = [last, last + stale].map((newest) => {
    const [from, to] = [at(0), at(newest)];
    const seen = observations.slice(0, newest + 1);
    const window: Window = { observations: seen, from, to, coverage: 1, watchedMs: 600_000 };
    const decision = scale(SUBJECT, window, HISTORY, aConfig(), to);
    return [decision.reason, decision.proposal, decision.inputs.vertices["work"]?.capacity];
  });
  expect(judged[0]).toEqual([reason, expect.anything(), capacity]);
  expect(judged[1]).toEqual(judged[0]);
});

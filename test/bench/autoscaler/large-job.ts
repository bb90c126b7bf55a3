import { type History, type LoadSeries, learnedFrom, NO_HISTORY } from "../../../autoscaler/index.ts";
import type { Edge, Graph, Instant, Vertex, Window } from "../../../model/index.ts";
import { reading } from "../../../model/index.ts";
import { aVertexObservation } from "../../support/observations.ts";

/** A job of which only the size matters. */
export interface LargeJob {
  readonly window: Window;
  readonly history: History;
  readonly now: Instant;
}

const PASS_MS = 2_000;
const OBSERVATIONS = 90;
const FIVE_MINUTES_MS = 300_000;
const HISTORY_STEPS = 14 * 288;
/** Records per second that one subtask does. */
const EACH = 100;

/**
 * `count` vertices in layers of four, each reading from two of the layer before by hash; every one of them runs with
 * half of `parallelism` and is short of capacity, so that a decision sizes them all. Two weeks of load are known.
 */
export function largeJob(count: number, parallelism: number): LargeJob {
  const now: Instant = Date.UTC(2026, 0, 20);
  const graph = graphOf(count, parallelism);
  const rate = (EACH * parallelism) / 2;
  const observations = Array.from({ length: OBSERVATIONS }, (_, i) => ({
    job: "bench/default/large",
    flinkJobId: "f".repeat(32),
    at: now - (OBSERVATIONS - 1 - i) * PASS_MS,
    state: "RUNNING" as const,
    runningSince: now - 3_600_000,
    adaptive: true,
    graph,
    vertices: Object.fromEntries(
      graph.vertices.map((v, k) => [v.id, seen(v, k < 4, rate * (0.95 + i / 900))]),
    ),
    edges: [],
    slotsTotal: reading(10_000),
    slotsFree: reading(9_000),
    requirements: Object.fromEntries(graph.vertices.map((v) => [v.id, v.parallelism])),
    backlog: reading(rate * 20),
  }));
  const from = observations[0]?.at ?? now;
  return {
    window: { observations, from, to: now, coverage: 1, watchedMs: 600_000 },
    history: {
      ...NO_HISTORY,
      learned: { ...learnedFrom(loadOf(now, 4 * rate)), capacity: points(graph, now) },
    },
    now,
  };
}

function graphOf(count: number, parallelism: number): Graph {
  const vertices = Array.from(
    { length: count },
    (_, i): Vertex => ({
      id: i.toString(16).padStart(32, "0"),
      name: `vertex ${i}`,
      parallelism: Math.max(1, Math.floor(parallelism / 2)),
      maxParallelism: Math.max(128, 4 * parallelism),
      slotSharingGroup: "default",
    }),
  );
  const edges = vertices.flatMap(({ id: to }, i): readonly Edge[] => {
    if (i < 4) return [];
    const layer = Math.floor(i / 4) * 4 - 4;
    return [i % 4, (i + 1) % 4].flatMap((k) => {
      const from = vertices[layer + k]?.id;
      return from === undefined ? [] : [{ from, to, ship: "HASH" }];
    });
  });
  return { vertices, edges };
}

function seen(vertex: Vertex, isSource: boolean, rate: number) {
  return aVertexObservation({
    parallelism: vertex.parallelism,
    taskMs: PASS_MS,
    inRate: rate,
    outRate: rate,
    busyShare: 0.97,
    idleShare: 0.02,
    backPressuredShare: 0.01,
    costMs: 1_000 / EACH,
    hottestBusyShare: 0.99,
    readRecords: rate * (PASS_MS / 1_000),
    ...(isSource ? { pendingRecords: rate * 5, pendingGrowth: rate * 0.2, sourcePartitions: 2_000 } : {}),
  });
}

function loadOf(now: Instant, mean: number): LoadSeries {
  const from = now - HISTORY_STEPS * FIVE_MINUTES_MS;
  const values = Array.from(
    { length: HISTORY_STEPS },
    (_, i) => mean * (1 - 0.5 * Math.cos((2 * Math.PI * i) / 288)),
  );
  return { from, stepMs: FIVE_MINUTES_MS, values };
}

/** Four sizes that every vertex ran with before. */
function points(graph: Graph, at: Instant) {
  return Object.fromEntries(
    graph.vertices.map(({ id, parallelism }) => [
      id,
      [0.25, 0.5, 1, 1.5].map((share) => {
        const p = Math.max(1, Math.round(parallelism * share));
        return { parallelism: p, rate: EACH * p ** 0.9, weight: 10, at };
      }),
    ]),
  );
}

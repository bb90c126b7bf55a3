import type { BenchWorld } from "../../../../sidecar/whatif/contest.ts";
import { benchWorld } from "./build.ts";

/**
 * Source (500 records/s a subtask, 24 partitions) → map (250, 128 key groups) → sink (200): the chain on which the
 * reaction of the Flink autoscaler is worked out by hand. Records are large, so that the network hides a second of load.
 */
export const chain: BenchWorld = benchWorld({
  name: "chain",
  title: "Chain of three",
  fullRate: 4_800,
  maxParallelism: 40,
  segmentBytes: 4_096,
  vertices: [
    { name: "source", capacity: 500, source: { share: 1, partitions: 24 } },
    { name: "map", capacity: 250, keyGroups: 128, stateBytes: 1e9 },
    { name: "sink", capacity: 200 },
  ],
  edges: [
    { from: "source", to: "map", ship: "HASH", recordBytes: 2_000 },
    { from: "map", to: "sink", ship: "REBALANCE", recordBytes: 2_000 },
  ],
});

/** Sentences → 10.2 words each → counts, with the rates per subtask of DS2's example (OSDI 2018), which are linear. */
export const wordcount: BenchWorld = benchWorld({
  name: "wordcount",
  title: "Wordcount",
  fullRate: 2_200_000,
  maxParallelism: 40,
  vertices: [
    { name: "sentences", capacity: 113_519, source: { share: 1, partitions: 120 } },
    { name: "splitter", capacity: 117_000 },
    { name: "count", capacity: 1_750_000, stateBytes: 2e9 },
  ],
  edges: [
    { from: "sentences", to: "splitter", ship: "REBALANCE", recordBytes: 80 },
    { from: "splitter", to: "count", ship: "HASH", selectivity: 10.2, recordBytes: 12 },
  ],
});

/**
 * One parse, whose records go to two branches at once (written once, read twice), and a join of both. Parse and score
 * scale as mappers do (p^0.81), enrich and join as joins do (p^0.66); no published job has this shape.
 */
export const diamond: BenchWorld = benchWorld({
  name: "diamond",
  title: "Diamond with join",
  fullRate: 9_000,
  maxParallelism: 40,
  segmentBytes: 4_096,
  vertices: [
    { name: "events", capacity: 2_000, source: { share: 1, partitions: 24 } },
    {
      name: "parse",
      capacity: [
        [1, 1_500],
        [10, 1_500 * 10 ** 0.81],
        [40, 1_500 * 40 ** 0.81],
      ],
      attemptNoise: 0.03,
    },
    {
      name: "score",
      capacity: [
        [1, 900],
        [10, 900 * 10 ** 0.81],
        [40, 900 * 40 ** 0.81],
      ],
      attemptNoise: 0.03,
    },
    {
      name: "enrich",
      capacity: [
        [1, 2_400],
        [10, 2_400 * 10 ** 0.66],
        [40, 2_400 * 40 ** 0.66],
      ],
      attemptNoise: 0.1,
    },
    {
      name: "join",
      capacity: [
        [1, 1_900],
        [10, 1_900 * 10 ** 0.66],
        [40, 1_900 * 40 ** 0.66],
      ],
      attemptNoise: 0.1,
      stateBytes: 4e9,
    },
    { name: "sink", capacity: 1_500 },
  ],
  edges: [
    { from: "events", to: "parse", ship: "REBALANCE", recordBytes: 1_000 },
    { from: "parse", to: "score", ship: "REBALANCE", recordBytes: 1_000 },
    { from: "parse", to: "enrich", ship: "HASH", recordBytes: 1_000 },
    { from: "score", to: "join", ship: "HASH", selectivity: 0.4, recordBytes: 500 },
    { from: "enrich", to: "join", ship: "HASH", recordBytes: 500 },
    { from: "join", to: "sink", ship: "REBALANCE", selectivity: 0.5, recordBytes: 500 },
  ],
});

import type { BenchWorld } from "../../../../sidecar/whatif/contest.ts";
import { benchWorld } from "./build.ts";
import {
  BIDS,
  PERSONS_AND_AUCTIONS,
  Q1_CALC,
  Q1_MAPPER,
  Q2_CALC,
  Q5_AGGREGATE,
  Q8_JOIN,
  Q11_SESSION,
  SECOND_OPERATOR,
} from "./published.ts";
import { scaled, type VertexShape } from "./shape.ts";

/**
 * Six Nexmark queries as Flink draws them. Graphs, mixes (1 person : 3 auctions), record sizes and selectivities are
 * Nexmark's; capacities are the published ones of `published.ts`, where none was published the nearest of them, as said
 * at the vertex. Rates are those that need 20 to 26 subtasks of the slowest vertex.
 */

/** Of sources that need many subtasks, and of those that need few: partitions cost time in the simulation. */
const PARTITIONS = 120;
const FEW_PARTITIONS = 24;
const STATE_BYTES = 4e9;
const BID_BYTES = 100;
const AUCTION_BYTES = 500;
const PERSON_BYTES = 200;
const RESULT_BYTES = 50;

/** Nothing was published of sources: the second operator of Q1. */
const source = (name: string, share: number, partitions = FEW_PARTITIONS): VertexShape => ({
  name,
  capacity: SECOND_OPERATOR,
  source: { share, partitions },
});
/** Nothing was published of sinks: the second operator of Q1, which stood there. */
const sink: VertexShape = { name: "sink", capacity: SECOND_OPERATOR };

/** Every bid is mapped: currency conversion. */
const q1 = benchWorld({
  name: "nexmark-q1",
  title: "Nexmark Q1: map",
  fullRate: 6_800_000,
  maxParallelism: 40,
  vertices: [
    source("bids", 1, PARTITIONS),
    { name: "mapper", capacity: Q1_MAPPER, attemptNoise: 0.03 },
    sink,
  ],
  edges: [
    { from: "bids", to: "mapper", ship: "REBALANCE", recordBytes: BID_BYTES },
    { from: "mapper", to: "sink", ship: "REBALANCE", recordBytes: BID_BYTES },
  ],
});

/** A filter that lets 0.81 % through: the source is the slowest vertex. Its curve is that of Q1 in SQL. */
const q2 = benchWorld({
  name: "nexmark-q2",
  title: "Nexmark Q2: filter",
  fullRate: 19_000_000,
  maxParallelism: 40,
  vertices: [
    { ...source("bids", 1, PARTITIONS), capacity: scaled(Q1_CALC, BIDS), attemptNoise: 0.05 },
    { name: "filter", capacity: scaled(Q2_CALC, BIDS), attemptNoise: 0.05 },
    sink,
  ],
  edges: [
    { from: "bids", to: "filter", ship: "REBALANCE", recordBytes: BID_BYTES },
    { from: "filter", to: "sink", ship: "REBALANCE", selectivity: 0.0081, recordBytes: BID_BYTES },
  ],
});

/** Auctions of one category of five, persons of three states of six, joined for ever. Its curve is that of Q8. */
const q3 = benchWorld({
  name: "nexmark-q3",
  title: "Nexmark Q3: filters and incremental join",
  fullRate: 2_900_000,
  maxParallelism: 40,
  vertices: [
    source("auctions", 0.75),
    source("persons", 0.25),
    {
      name: "join",
      capacity: scaled(Q8_JOIN, PERSONS_AND_AUCTIONS),
      attemptNoise: 0.15,
      stateBytes: STATE_BYTES,
    },
    sink,
  ],
  edges: [
    { from: "auctions", to: "join", ship: "HASH", selectivity: 0.2, recordBytes: AUCTION_BYTES },
    { from: "persons", to: "join", ship: "HASH", selectivity: 0.5, recordBytes: PERSON_BYTES },
    { from: "join", to: "sink", ship: "REBALANCE", selectivity: 0.5, recordBytes: RESULT_BYTES },
  ],
});

/** Bids per auction in windows of 10 s every 2 s, then the largest of each. Nothing was published of that last step. */
const q5 = benchWorld({
  name: "nexmark-q5",
  title: "Nexmark Q5: hopping windows",
  fullRate: 740_000,
  maxParallelism: 40,
  vertices: [
    source("bids", 1),
    {
      name: "aggregate",
      capacity: scaled(Q5_AGGREGATE, BIDS),
      windowMs: 2_000,
      attemptNoise: 0.06,
      collapseChance: 0.01,
      stateBytes: STATE_BYTES,
    },
    { name: "hottest", capacity: scaled(Q8_JOIN, PERSONS_AND_AUCTIONS), windowMs: 2_000 },
    sink,
  ],
  edges: [
    { from: "bids", to: "aggregate", ship: "HASH", recordBytes: BID_BYTES },
    { from: "aggregate", to: "hottest", ship: "HASH", selectivity: 0.01, recordBytes: RESULT_BYTES },
    { from: "hottest", to: "sink", ship: "REBALANCE", selectivity: 0.01, recordBytes: RESULT_BYTES },
  ],
});

/** Persons who opened an auction within the same 10 s. */
const q8 = benchWorld({
  name: "nexmark-q8",
  title: "Nexmark Q8: windowed join",
  fullRate: 780_000,
  maxParallelism: 40,
  vertices: [
    source("auctions", 0.75),
    source("persons", 0.25),
    {
      name: "join",
      capacity: scaled(Q8_JOIN, PERSONS_AND_AUCTIONS),
      windowMs: 10_000,
      attemptNoise: 0.15,
      collapseChance: 0.01,
      stateBytes: STATE_BYTES,
    },
    sink,
  ],
  edges: [
    { from: "auctions", to: "join", ship: "HASH", recordBytes: AUCTION_BYTES },
    { from: "persons", to: "join", ship: "HASH", recordBytes: PERSON_BYTES },
    { from: "join", to: "sink", ship: "REBALANCE", selectivity: 0.02, recordBytes: RESULT_BYTES },
  ],
});

/** Bids per bidder, in sessions that end after 10 s without one. */
const q11 = benchWorld({
  name: "nexmark-q11",
  title: "Nexmark Q11: sessions",
  fullRate: 1_150_000,
  maxParallelism: 40,
  vertices: [
    source("bids", 1),
    {
      name: "session",
      capacity: scaled(Q11_SESSION, BIDS),
      attemptNoise: 0.06,
      collapseChance: 0.01,
      stateBytes: STATE_BYTES,
    },
    sink,
  ],
  edges: [
    { from: "bids", to: "session", ship: "HASH", recordBytes: BID_BYTES },
    { from: "session", to: "sink", ship: "REBALANCE", selectivity: 0.1, recordBytes: RESULT_BYTES },
  ],
});

/** Bench worlds of Nexmark, in the order of the queries. */
export const nexmarkWorlds: readonly BenchWorld[] = [q1, q2, q3, q5, q8, q11];

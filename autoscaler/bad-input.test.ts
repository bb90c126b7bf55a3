import { describe, expect, it } from "vitest";
import { type Baseline, collect, extend } from "../collector/index.ts";
import {
  ABSENT,
  type Graph,
  type JobReadout,
  NOT_A_NUMBER,
  type Parallelism,
  parallelismOf,
  type Reading,
  reading,
  type ScaleDecision,
  type VertexReadout,
  type Window,
} from "../model/index.ts";
import { aGraph } from "../test/support/observations.ts";
import { aConfig, NOW, SUBJECT } from "../test/support/scale-inputs.ts";
import { scale } from "./decide.ts";
import { SCALE_REASONS } from "./reasons.ts";
import { type History, NO_HISTORY } from "./summarize.ts";

/**
 * The whole policy over readouts of a small job, src → work, 2 ms a record in `work`, one readout every 5 s. Before the
 * trouble begins all is honest: `work` runs with 4 subtasks at 1,000 records/s, 50 % busy.
 */
const STEP_MS = 5_000;
const LOOKS = 40;
const RATE = 1_000;
const COST_MS = 2;

interface Truth {
  readonly rate: number;
  readonly work: number;
}

/** Counters of an honest job after `seconds`. */
function honest(seconds: number, { rate, work }: Truth, start = 0): JobReadout {
  const ms = (seconds - start) * 1_000;
  const read = (rate * ms) / 1_000;
  const graph: Graph = {
    ...aGraph("src>work"),
    vertices: aGraph("src>work").vertices.map((v) => (v.id === "work" ? { ...v, parallelism: work } : v)),
  };
  const vertex = (busyMs: number, p: number, changes: Partial<VertexReadout> = {}): VertexReadout => ({
    readRecords: reading(read),
    writeRecords: reading(read),
    busyMs: reading(busyMs),
    idleMs: reading(ms * p - busyMs),
    backPressuredMs: reading(0),
    pendingRecords: ABSENT,
    sourcePartitions: ABSENT,
    hottestBusyMsPerSecond: ABSENT,
    ...changes,
  });
  const src = vertex(read * 0.01, 1, { pendingRecords: reading(0), sourcePartitions: reading(12) });
  const { pendingRecords, busyMs, idleMs, backPressuredMs } = src;
  return {
    flinkJobId: SUBJECT.flinkJobId,
    name: "orders",
    state: "RUNNING",
    at: NOW + seconds * 1_000,
    runningSince: NOW + start * 1_000,
    adaptive: true,
    graph,
    vertices: { src, work: vertex(Math.min(ms * work, read * COST_MS), work) },
    sources: { src: { consumedRecords: reading(read), pendingRecords, busyMs, idleMs, backPressuredMs } },
    slotsTotal: reading(50),
    slotsFree: reading(40),
    requirements: { src: 1, work },
    checkpoints: undefined,
  };
}

/** Decisions over all looks; the trouble has the word from second 100 on. */
function decisions(
  trouble: (readout: JobReadout, seconds: number) => JobReadout | undefined,
  truth: Truth = { rate: RATE, work: 4 },
  history: History = NO_HISTORY,
): readonly ScaleDecision[] {
  let window: Window | undefined;
  let baseline: Baseline | undefined;
  const found: ScaleDecision[] = [];
  for (let look = 1; look <= LOOKS; look++) {
    const seconds = (look * STEP_MS) / 1_000;
    const plain = honest(seconds, truth);
    const readout = seconds < 100 ? plain : trouble(plain, seconds);
    if (readout === undefined) continue;
    const collected = collect(baseline, readout, SUBJECT.job);
    baseline = collected.baseline;
    window = extend(window, collected.observation, 120_000);
    found.push(scale(SUBJECT, window, history, aConfig(), readout.at));
  }
  return found;
}

type Case = [string, (r: JobReadout, seconds: number) => JobReadout | undefined, RegExp];

const withVertex = (r: JobReadout, id: string, changes: Partial<VertexReadout>): JobReadout => {
  const vertex = r.vertices[id];
  return vertex === undefined ? r : { ...r, vertices: { ...r.vertices, [id]: { ...vertex, ...changes } } };
};
const withSource = (r: JobReadout, changes: Partial<JobReadout["sources"][string]>): JobReadout => {
  const source = r.sources["src"];
  return source === undefined ? r : { ...r, sources: { src: { ...source, ...changes } } };
};
const asOf = (second: number) => (r: JobReadout) => ({
  ...honest(second, { rate: RATE, work: 4 }),
  at: r.at,
});
const withoutAll =
  (why: Reading) =>
  (r: JobReadout): JobReadout => ({
    ...r,
    sources: {},
    vertices: Object.fromEntries(
      Object.entries(r.vertices).map(([id, v]) => [
        id,
        {
          ...v,
          readRecords: why,
          writeRecords: why,
          busyMs: why,
          idleMs: why,
          backPressuredMs: why,
          pendingRecords: why,
        },
      ]),
    ),
  });

/** What may never be proposed and done: fewer subtasks than the load needs, more than twice of what it has. */
function wrongMoves(found: readonly ScaleDecision[], least: number, most: number): readonly Parallelism[] {
  return found.flatMap((d) =>
    d.effective !== null && ((d.effective["work"] ?? 0) < least || (d.effective["work"] ?? 0) > most)
      ? [d.effective]
      : [],
  );
}

describe("an honest job", () => {
  it("is left as it is", () => {
    const found = decisions((r) => r);
    expect(found.at(-1)).toMatchObject({ reason: "within-target", effective: null });
    expect(wrongMoves(found, 4, 4)).toEqual([]);
  });
});

describe("numbers that stop, lie or jump: a decision with a reason each time, never a wrong move", () => {
  it.each<Case>([
    ["all counters stand still", (r) => asOf(95)(r), /^metrics-stale$/],
    ["nothing is told any more", withoutAll(ABSENT), /^(metric-missing|metrics-stale)$/],
    ["everything is NaN", withoutAll(NOT_A_NUMBER), /^(metric-missing|metrics-stale)$/],
    [
      "the source tells nothing any more",
      (r) => ({ ...withVertex(r, "src", { readRecords: ABSENT, pendingRecords: ABSENT }), sources: {} }),
      /./,
    ],
    [
      "pending records are NaN",
      (r) =>
        withSource(withVertex(r, "src", { pendingRecords: NOT_A_NUMBER }), { pendingRecords: NOT_A_NUMBER }),
      /./,
    ],
    ["pending records are negative", (r) => withSource(r, { pendingRecords: reading(-5_000) }), /./],
    ["pending records overflow", (r) => withSource(r, { pendingRecords: reading(2 ** 63) }), /./],
    [
      "busy is 0 under load for half a minute",
      (r, s) =>
        s < 130
          ? withVertex(r, "work", { busyMs: reading(190_000), idleMs: reading(s * 4_000 - 190_000) })
          : r,
      /./,
    ],
    ["busy is NaN", (r) => withVertex(r, "work", { busyMs: NOT_A_NUMBER }), /./],
    [
      "a counter is reset within an attempt",
      (r, s) =>
        s === 150
          ? withVertex(r, "work", { readRecords: reading(7), busyMs: reading(14), idleMs: reading(20) })
          : r,
      /./,
    ],
    [
      "records read jump by ten million",
      (r, s) => (s === 150 ? withVertex(r, "work", { readRecords: reading(1e7) }) : r),
      /./,
    ],
    [
      "a counter is Infinity",
      (r) => withVertex(r, "work", { readRecords: reading(Number.POSITIVE_INFINITY) }),
      /./,
    ],
    ["every second reply is lost", (r, s) => (s % 10 === 0 ? undefined : r), /within-target/],
    ["the cluster tells no slots", (r) => ({ ...r, slotsTotal: ABSENT, slotsFree: ABSENT }), /within-target/],
    ["the cluster tells negative slots", (r) => ({ ...r, slotsFree: reading(-3) }), /./],
    ["the time of the replies goes back", (r, s) => (s === 150 ? { ...r, at: r.at - 60_000 } : r), /./],
    [
      "requirements name vertices that are not there",
      (r) => ({ ...r, requirements: { nobody: 3 } }),
      /within-target/,
    ],
    [
      "the graph has no vertices",
      (r) => ({ ...r, graph: { vertices: [], edges: [] }, vertices: {}, sources: {} }),
      /./,
    ],
    [
      "an edge leads to nowhere",
      (r) => ({
        ...r,
        graph: { ...r.graph, edges: [...r.graph.edges, { from: "work", to: "gone", ship: "HASH" }] },
      }),
      /./,
    ],
    [
      "the graph has a cycle",
      (r) => ({
        ...r,
        graph: { ...r.graph, edges: [...r.graph.edges, { from: "work", to: "src", ship: "HASH" }] },
      }),
      /./,
    ],
  ])("%s", (_, trouble, reason) => {
    expectSound(trouble, reason);
  });

  it.each<Case>([
    [
      "pending records jump up and down",
      (r, s) => withSource(r, { pendingRecords: reading(s % 10 === 0 ? 1e6 : 0) }),
      /./,
    ],
    [
      "a vertex has parallelism 0",
      (r) => ({
        ...r,
        graph: { ...r.graph, vertices: r.graph.vertices.map((v) => ({ ...v, parallelism: 0 })) },
      }),
      /./,
    ],
  ])("%s", (_, trouble, reason) => {
    expectSound(trouble, reason);
  });
});

function expectSound(trouble: Case[1], reason: RegExp): void {
  const found = decisions(trouble);
  expect(found.length).toBeGreaterThan(15);
  expect(found.map((d) => d.reason).filter((r) => !(r in SCALE_REASONS))).toEqual([]);
  expect(found.every((d) => /\S.*\.$/.test(d.sentence))).toBe(true);
  expect(found.at(-1)?.reason).toMatch(reason);
  expect(wrongMoves(found, 4, 8)).toEqual([]);
  expect(() => JSON.stringify(found)).not.toThrow();
}

describe("a job that changes under way", () => {
  it("with a parallelism reported that does not run yet is not judged by the old counters", () => {
    const lies = (r: JobReadout, s: number): JobReadout =>
      s < 150 ? { ...r, graph: honest(s, { rate: RATE, work: 8 }).graph } : r;
    const found = decisions(lies);
    // 3 subtasks carry the load at the target as well; what must not be done is less, or more than was there.
    expect(wrongMoves(found, 3, 8)).toEqual([]);
  });

  it("with another vertex from now on is decided on what is there", () => {
    const grown = (r: JobReadout): JobReadout => ({
      ...r,
      runningSince: NOW + 100_000,
      graph: {
        vertices: [
          ...r.graph.vertices,
          {
            ...(r.graph.vertices[1] ?? { id: "", name: "" }),
            id: "sink",
            name: "sink",
            parallelism: 1,
            maxParallelism: 128,
            slotSharingGroup: "default",
          },
        ],
        edges: [...r.graph.edges, { from: "work", to: "sink", ship: "HASH" }],
      },
    });
    const found = decisions(grown);
    expect(found.at(-1)).toMatchObject({ reason: "metric-missing", effective: null });
    expect(found.at(-1)?.sentence).toContain("sink");
  });

  it("with a vertex less is decided on what is left", () => {
    const found = decisions((r) => ({
      ...r,
      graph: { vertices: r.graph.vertices.slice(0, 1), edges: [] },
      runningSince: NOW + 100_000,
    }));
    expect(Object.keys(found.at(-1)?.proposal ?? {})).toEqual(["src"]);
    expect(found.filter((d) => d.effective !== null)).toEqual([]);
  });

  it("under another Flink job id is watched anew", () => {
    const found = decisions((r, s) => (s >= 195 ? { ...r, flinkJobId: "e".repeat(32) } : r));
    expect(found.at(-1)).toMatchObject({ effective: null });
    expect(found.at(-1)?.reason).toMatch(/metric-missing|metrics-stale|stabilizing/);
  });
});

describe("a target that cannot be reached", () => {
  const overloaded = { rate: 4_000, work: 4 };
  const starving =
    (changes: Partial<JobReadout> = {}) =>
    (r: JobReadout, s: number): JobReadout =>
      withSource({ ...r, ...changes }, { pendingRecords: reading(2_000 * (s - 95)) });
  it("for lack of slots says how many are missing", () => {
    const found = decisions(starving({ slotsFree: reading(0), slotsTotal: reading(10) }), overloaded);
    expect(found.at(-1)).toMatchObject({ reason: "cluster-capacity", effective: null });
  });

  it("for lack of key groups says so", () => {
    const few = (r: JobReadout, s: number) =>
      starving({
        graph: { ...r.graph, vertices: r.graph.vertices.map((v) => ({ ...v, maxParallelism: 4 })) },
      })(r, s);
    const found = decisions(few, overloaded);
    expect(found.at(-1)).toMatchObject({ reason: "no-useful-parallelism", effective: null });
    expect(found.at(-1)?.sentence).toContain("work");
    expect(parallelismOf(honest(5, overloaded).graph)).toMatchObject({ work: 4 });
  });
});

import { afterEach, describe, expect, it } from "vitest";
import { type Baseline, collect, extend } from "../collector/index.ts";
import { createFlinkRest, createJobReader } from "../engine/index.ts";
import { steppedClock } from "../engine/simulated/clock.ts";
import { Simulation } from "../engine/simulated/cluster.ts";
import { createSimulatorServer } from "../engine/simulated/rest/server.ts";
import type { VertexPlan } from "../engine/simulated/world.ts";
import {
  type Observation,
  type Parallelism,
  type PastRescale,
  reading,
  type Window,
} from "../model/index.ts";
import { aGraph, anObservation, type Numbers } from "../test/support/observations.ts";
import { aRescale } from "../test/support/rescales.ts";
import { anEdge, aSource, aVertex, aWorld, EPOCH, stepLoad } from "../test/support/worlds.ts";
import { effectOf } from "./effect.ts";
import { learnEffects } from "./learn-effects.ts";
import { NOTHING_LEARNED } from "./learned.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const growth = (changes: Partial<PastRescale> = {}): PastRescale => aRescale({ at: 100_000, ...changes });

/** What src and work of `src>work` show every 5 s: [rate, busy of work, back-pressured share of src, pending growth]. */
type Shown = readonly [rate: number, busy: number, held: number, growth: number];

function aWindow(before: readonly Shown[], after: readonly Shown[], to = 2, from = 1): Window {
  const at = (i: number, shown: Shown, work: number, runningSince: number): Observation => {
    const [rate, busy, held, growth] = shown;
    const src: Numbers = { inRate: rate, busyShare: 0.05, backPressuredShare: held, pendingGrowth: growth };
    const own: Numbers = { inRate: rate, busyShare: busy, backPressuredShare: 0, parallelism: work };
    const graph = aGraph("src>work");
    const vertices = graph.vertices.map((v) => (v.id === "work" ? { ...v, parallelism: work } : v));
    return anObservation(i * 5_000, { ...graph, vertices }, { src, work: own }, { runningSince });
  };
  const observations = [
    ...before.map((s, i) => at(i, s, from, 0)),
    ...after.map((s, i) => at(before.length + i, s, to, before.length * 5_000 - 1_000)),
  ];
  return { observations, from: 0, to: observations.length * 5_000, coverage: 1, watchedMs: 600_000 };
}
const times = (n: number, shown: Shown): readonly Shown[] => Array.from({ length: n }, () => shown);

describe("what a growth that brought nothing teaches", () => {
  const window = aWindow(times(8, [300, 1, 0.9, 150]), times(11, [300, 1, 0.9, 150]));
  const point = (parallelism: number, spread: number) => ({
    parallelism,
    spread,
    rate: 300,
    weight: 60,
    at: 0,
  });
  it.each<[string, ReturnType<typeof point>, boolean]>([
    ["is that the outside bounds an honest vertex", point(4, 0.05), true],
    ["is nothing of one whose work strays much with another size", point(4, 0.4), false],
    ["is nothing of one whose work strays a little with a size of the rescale", point(1, 0.15), false],
    ["is still a bound where it strays a little with another size", point(4, 0.15), true],
  ])("%s", (_, seen, bound) => {
    const learned = { ...NOTHING_LEARNED, rescales: [growth()], capacity: { work: [seen] } };
    const after = learnEffects(learned, window);
    expect("work" in after.bounds).toBe(bound);
    expect(after.rescales.at(-1)?.effect).toBe(bound ? "no-effect" : "unknown");
  });
});

describe("a rescale", () => {
  const full: Shown = [300, 1, 0.9, 150];
  it.each<[string, Window, Partial<PastRescale>, string, object]>([
    [
      "that the outside makes useless had no effect, and the vertex is bound",
      aWindow(times(8, full), times(11, full)),
      {},
      "no-effect",
      { work: { rate: 300, parallelism: 1 } },
    ],
    [
      "is not judged as useless before 40 s of task time",
      aWindow(times(8, full), times(8, full)),
      {},
      "unknown",
      {},
    ],
    [
      "after which the backlog shrinks helped, however little it gained",
      aWindow(times(8, full), times(11, [310, 1, 0.9, -50])),
      {},
      "helped",
      {},
    ],
    [
      "that gained 20 % of 100 % had no effect: so much no attempt loses by chance",
      aWindow(times(8, full), times(11, [360, 1, 0.9, 90])),
      {},
      "no-effect",
      { work: { rate: 360, parallelism: 1 } },
    ],
    [
      "that gained 10 % of 50 % helped: the vertex scales badly, but the outside does not bound it",
      aWindow(times(8, full), times(11, [330, 1, 0.9, 120]), 6, 4),
      { from: { src: 1, work: 4 }, to: { src: 1, work: 6 } },
      "helped",
      {},
    ],
    [
      "that gained 5 % of 50 % is not known to be in vain: two attempts of an honest vertex differ as much",
      aWindow(times(8, full), times(11, [315, 1, 0.9, 135]), 6, 4),
      { from: { src: 1, work: 4 }, to: { src: 1, work: 6 } },
      "unknown",
      {},
    ],
    [
      "that let the vertex read twice as much helped",
      aWindow(times(8, full), times(4, [590, 1, 0.5, -140])),
      {},
      "helped",
      {},
    ],
    [
      "after which nothing waits is not known to be in vain: the vertex may be busy with other work than records",
      aWindow(times(8, full), times(11, [300, 1, 0, 0])),
      {},
      "unknown",
      {},
    ],
    [
      "that left the vertex time to spare helped",
      aWindow(times(8, full), times(4, [450, 0.6, 0, 0])),
      {},
      "helped",
      {},
    ],
    [
      "is not judged in its first seconds",
      aWindow(times(8, full), times(2, [590, 1, 0.5, -140])),
      {},
      "unknown",
      {},
    ],
    ["is not judged where nobody saw the time before it", aWindow([], times(11, full)), {}, "unknown", {}],
    [
      "by a small part only is not judged by its noise",
      aWindow(times(8, full), times(11, full), 11, 10),
      { from: { src: 1, work: 10 }, to: { src: 1, work: 11 } },
      "unknown",
      {},
    ],
    [
      "whose vertex waits outside and is not busy had no effect either",
      aWindow(times(8, [300, 0.2, 0.9, 150]), times(11, [303, 0.1, 0.9, 150])),
      {},
      "no-effect",
      { work: { rate: 303 } },
    ],
    [
      "after which less is consumed and more waits is worse",
      aWindow(times(8, full), times(11, [200, 1, 0.9, 250])),
      {},
      "worse",
      {},
    ],
    [
      "after which less arrives is not worse",
      aWindow(times(8, full), times(11, [200, 0.3, 0, 0])),
      {},
      "helped",
      {},
    ],
    [
      "down that carries the load is fine",
      aWindow(times(8, [100, 0.2, 0, 0]), times(4, [100, 0.4, 0, 0]), 1, 2),
      { from: { work: 2 }, to: { work: 1 }, direction: "down" },
      "helped",
      {},
    ],
    [
      "down that does not carry the load is worse",
      aWindow(times(8, [400, 0.5, 0, 0]), times(11, [300, 1, 0.9, 100]), 1, 2),
      { from: { work: 2 }, to: { work: 1 }, direction: "down" },
      "worse",
      {},
    ],
    [
      "while the load steps up is measured against what the vertex could do, not against the load before",
      aWindow([...times(6, [100, 0.33, 0, 0]), [250, 0.83, 0, 150], full], times(11, full)),
      {},
      "no-effect",
      { work: { parallelism: 1 } },
    ],
  ])("%s", (_, window, changes, effect, bounds) => {
    const found = effectOf(growth(changes), window);
    expect(found.effect).toBe(effect);
    expect(found.bounds).toMatchObject(bounds);
    expect(Object.keys(found.bounds)).toEqual(Object.keys(bounds));
  });

  it("that others have undone meanwhile is not judged", () => {
    const window = aWindow(times(8, full), times(11, full), 3);
    expect(effectOf(growth(), window)).toMatchObject({ effect: "unknown", consumedAfter: null });
  });

  it("is not judged by readings that are missing", () => {
    const window = aWindow(times(8, full), times(11, full));
    const blind = window.observations.map((o) => ({ ...o, vertices: {}, backlog: reading(undefined) }));
    expect(effectOf(growth(), { ...window, observations: blind })).toEqual({
      effect: "unknown",
      consumedBefore: null,
      consumedAfter: null,
      bounds: {},
    });
  });
});

const [GEN, WORK] = ["a".repeat(32), "b".repeat(32)] as const;

/** The simulated Flink, read as Outrider reads a real one; `work` gets `to` subtasks after 60 s at 450 records/s. */
async function rescaled(work: Partial<VertexPlan>, hotShare: number, to: number, untilSecond: number) {
  const world = aWorld({
    vertices: [
      aSource(
        GEN,
        stepLoad([
          [0, 100],
          [45, 450],
        ]),
      ),
      aVertex(WORK, { name: "work", parallelism: 1, ...work }),
    ],
    edges: [anEdge(`${GEN}>${WORK}`, "HASH", { hotShare })],
    job: { restart: { baseMs: 500, startMs: 0, bytesPerSecond: 2e8, warmUpMs: 10_000, warmUpFactor: 1.5 } },
  });
  const cluster = new Simulation(world);
  const setLoad = () => {};
  const server = createSimulatorServer({
    cluster,
    clock: steppedClock(),
    trouble: [],
    setLoad,
    operator: cluster,
  });
  const rest = createFlinkRest({ url: await server.listen(0), retries: 0 });
  closing.push(
    () => rest.close(),
    () => server.close(),
  );
  let second = 0;
  const reader = createJobReader(rest, { now: () => second * 1_000 });
  const id = (await reader.listJobs())[0]?.flinkJobId ?? "";
  let window: Window | undefined;
  let baseline: Baseline | undefined;
  let before: Parallelism = {};
  for (second = 5; second <= untilSecond; second += 5) {
    cluster.advanceTo(EPOCH + second * 1_000);
    const readout = await reader.readJob(id);
    const collected = collect(baseline, readout, "a/b/c");
    baseline = collected.baseline;
    if (readout.state === "RUNNING") window = extend(window, collected.observation, 300_000);
    if (second === 60) {
      before = { [GEN]: 1, [WORK]: work.parallelism ?? 1 };
      const wish = { [GEN]: { lowerBound: 1, upperBound: 1 }, [WORK]: { lowerBound: 1, upperBound: to } };
      await rest.putRequirements(id, wish);
    }
  }
  if (window === undefined) throw new Error("nothing was seen");
  return effectOf(aRescale({ at: EPOCH + 60_000, from: before, to: { [GEN]: 1, [WORK]: to } }), window);
}

describe("a second rescale that gained 5 %", () => {
  const window = aWindow(times(8, [300, 1, 0.9, 150]), times(11, [315, 1, 0.9, 135]), 6, 4);
  const previous = (changes: Partial<PastRescale> = {}): PastRescale =>
    growth({ at: -500_000, from: { src: 1, work: 2 }, to: { src: 1, work: 4 }, ...changes });

  it.each<[string, PastRescale | undefined, string]>([
    ["had no effect after a first one of that vertex without a known effect", previous(), "no-effect"],
    ["is a first one when the one before helped", previous({ effect: "helped" }), "unknown"],
    [
      "is a first one when the one before grew another vertex",
      previous({ to: { src: 2, work: 2 } }),
      "unknown",
    ],
    ["is a first one when the one before had no time to be judged", previous({ at: 99_000 }), "unknown"],
    ["is a first one when the one before is hours ago", previous({ at: -9_000_000 }), "unknown"],
  ])("%s", (_, before, effect) => {
    const rescale = growth({ from: { src: 1, work: 4 }, to: { src: 1, work: 6 } });
    expect(effectOf(rescale, window, before).effect).toBe(effect);
  });
});

describe("on the simulated Flink", () => {
  it.each<[string, Partial<VertexPlan>, number, number, string]>([
    ["an honest wait of 5 ms a record is helped by more subtasks", { waitMs: 5 }, 0, 3, "helped"],
    ["a stage of pure CPU is helped by more subtasks", { cpuMs: 4 }, 0, 3, "helped"],
    ["a stage whose outside takes 300 records/s is not", { waitMs: 2, cap: 300 }, 0, 2, "no-effect"],
    ["a stage with one hot key is not", { waitMs: 5, parallelism: 2 }, 0.9, 4, "no-effect"],
  ])("%s", async (_, work, hotShare, to, effect) => {
    const found = await rescaled(work, hotShare, to, 125);
    expect(found.effect).toBe(effect);
    expect(Object.keys(found.bounds)).toEqual(effect === "no-effect" ? [WORK] : []);
  });
});

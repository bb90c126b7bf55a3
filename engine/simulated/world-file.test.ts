import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { good, job, load, refusalOf, SOURCE } from "../../test/support/world-texts.ts";
import { parseSize } from "./world-fields.ts";
import { readWorld } from "./world-file.ts";
import { EXAMPLE, worldReference } from "./world-reference.ts";
import { worldNamed, worldNames } from "./worlds.ts";

describe("a good world", () => {
  it("gets every default", () => {
    const world = readWorld(good);
    expect(world).toMatchObject({ seed: 1, epoch: Date.UTC(2026, 0, 1), trouble: [] });
    expect(world.cluster).toMatchObject({
      scheduler: "adaptive",
      taskManagers: 1,
      slotsPerTaskManager: 8,
      segmentBytes: 32_768,
      fetcherIntervalMs: 10_000,
      heartbeatTimeoutMs: 50_000,
    });
    expect(world.jobs[0]).toMatchObject({
      name: "orders",
      checkpoints: { intervalMs: 10_000, timeoutMs: 600_000, bytesPerSecond: 100 * 1024 * 1024 },
      restart: { baseMs: 300, warmUpMs: 0, warmUpFactor: 1 },
      vertices: [
        { name: "Source: gen", maxParallelism: 128, source: { partitions: 8, reportsPending: true } },
        { name: "work", waitMs: 1, cpuMs: 0.01, cap: undefined, window: undefined, source: undefined },
      ],
      edges: [{ ship: "HASH", selectivity: 1, recordBytes: 100, hotShare: 0 }],
    });
  });
  it("has ids of 32 hex digits that stay the same, and job ids that follow the seed", () => {
    const [a, b, c] = [readWorld(good), readWorld(good), readWorld(good, { seed: 2 })];
    expect(a.jobs[0]?.id).toMatch(/^[0-9a-f]{32}$/);
    expect(b.jobs[0]?.id).toBe(a.jobs[0]?.id);
    expect(c.jobs[0]?.id).not.toBe(a.jobs[0]?.id);
    expect(c.jobs[0]?.vertices.map((v) => v.id)).toEqual(a.jobs[0]?.vertices.map((v) => v.id));
  });
  it("has its vertices in the order of the flow, however they are written", () => {
    const text = job(
      SOURCE.trim(),
      "      sink: {from: {work: forward}}\n      work: {from: {gen: rebalance}}\n",
    );
    expect(readWorld(text).jobs[0]?.vertices.map((v) => v.name)).toEqual(["Source: gen", "work", "sink"]);
  });
  it("may switch checkpoints off, and may have no job at all", () => {
    expect(
      readWorld(good.replace("    vertices", "    checkpoints: off\n    vertices")).jobs[0]?.checkpoints,
    ).toBe(undefined);
    expect(readWorld("jobs: []").jobs).toEqual([]);
  });
  it("may have a ramp that ends with its period", () => {
    expect(refusalOf(load("{points: [{rate: 1}, {at: 5s, rate: 9, ramp: 5s}], repeat: 10s}"))).toBe(
      "accepted",
    );
  });
  it("weighs its partitions so that they sum to 1", () => {
    const world = readWorld(
      job("", "      gen: {source: {partitions: 3, weights: [1, 0, 3], load: {rate: 1}}}\n"),
    );
    expect(world.jobs[0]?.vertices[0]?.source?.weights).toEqual([0.25, 0, 0.75]);
  });
  it("may have measured capacities, busy time of its own, and a coarser grid", () => {
    const vertex = `work:
        from: {gen: broadcast}
        capacity: [[1, 900], [4, 2000]]
        attemptNoise: 0.1
        collapse: {chance: 0.01}
        busyDemand: {subtasks: {rate: 0.5}, records: 100}
        window: 2s
        windowKeys: 50`;
    const world = readWorld(
      `tick: 500ms\n${job(vertex)}trouble: [{at: 1s, for: 9s, kind: memory-pressure}]\n`,
    );
    expect(world.tickMs).toBe(500);
    expect(world.jobs[0]?.edges).toMatchObject([{ ship: "BROADCAST" }]);
    const work = world.jobs[0]?.vertices[1];
    expect(work).toMatchObject({
      capacity: [
        [1, 900],
        [4, 2_000],
      ],
      attemptNoise: 0.1,
      collapse: { chance: 0.01, to: 0.4 },
      busyDemand: { recordsPerSecond: 100 },
      window: { sizeMs: 2_000, keys: 50 },
    });
    expect(work?.busyDemand?.subtasks.rateAt(5)).toBe(0.5);
    expect(world.trouble).toEqual([
      {
        atMs: 1_000,
        kind: "memory-pressure",
        taskManager: undefined,
        gcShare: 0.5,
        heapShare: 0.95,
        forMs: 9_000,
      },
    ]);
  });
  it("keeps state where it is told to, as Flink would name the place", () => {
    const cluster = "cluster: {checkpointDirectory: file:///tmp/ckpt/, highAvailability: zookeeper}\n";
    const text = good.replace(
      "name: orders",
      "name: orders\n    entryClass: com.example.Orders\n    checkpoints: {retained: 3, retention: none}\n    restart: {strategy: fixed-delay, attempts: 2, delay: 5s}",
    );
    const world = readWorld(cluster + text);
    const storage = { checkpoints: "file:/tmp/ckpt", savepoints: undefined };
    expect(world.cluster).toMatchObject({ storage, highAvailability: "zookeeper" });
    expect(world.jobs[0]).toMatchObject({
      entryClass: "com.example.Orders",
      checkpoints: { kept: { retained: 3, retention: "none", incremental: false } },
      restart: { strategy: { kind: "fixed-delay", attempts: 2, delayMs: 5_000 } },
    });
    expect(readWorld(good).cluster.storage).toBeUndefined();
  });
  it("tells its trouble in the order of time, vertices by their ids", () => {
    const trouble =
      "trouble:\n  - {at: 2min, kind: rest-slow, for: 5s, delay: 2s}\n  - {at: 1min, kind: sink-slow, job: orders, vertex: work, cap: 5, for: 1s}\n";
    const world = readWorld(good + trouble);
    expect(world.trouble).toEqual([
      {
        atMs: 60_000,
        kind: "sink-slow",
        job: "orders",
        vertex: world.jobs[0]?.vertices[1]?.id,
        cap: 5,
        forMs: 1_000,
      },
      { atMs: 120_000, kind: "rest-slow", forMs: 5_000, delayMs: 2_000 },
    ]);
  });
});

describe("whatever the text is", () => {
  const garbage = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.json(),
    fc
      .object({ key: fc.constantFrom("jobs", "cluster", "vertices", "source", "load", "from", "gen") })
      .map((o) => stringify(o)),
    fc
      .jsonValue()
      .map((value) => stringify({ cluster: value, jobs: [{ name: "a", vertices: { gen: value } }] })),
    fc
      .jsonValue()
      .map((value) =>
        stringify({ jobs: [{ name: value, checkpoints: value, vertices: value }], trouble: [value] }),
      ),
  );
  it("it is a world or a Failure", () => {
    fc.assert(
      fc.property(garbage, (text) => {
        expect(refusalOf(text)).toMatch(/^accepted|^cannot use the world: \d+ problem/);
      }),
      { numRuns: 200 },
    );
  });
  it("a good world with any one value replaced is a world or a Failure", () => {
    const paths = [
      ["cluster"],
      ["jobs"],
      ["jobs", 0, "vertices"],
      ["jobs", 0, "vertices", "gen", "source", "load"],
      ["trouble"],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const load = { rate: 1 } as unknown;
        const tree: Record<string, unknown> = {
          jobs: [{ name: "a", vertices: { gen: { source: { load } } } }],
        };
        let at = tree as Record<PropertyKey, unknown>;
        for (const part of path.slice(0, -1)) at = at[part] as Record<PropertyKey, unknown>;
        at[path.at(-1) ?? ""] = value;
        expect(refusalOf(JSON.stringify(tree))).toMatch(/^accepted|^cannot use the world: \d+ problem/);
      }),
      { numRuns: 200 },
    );
  });
});

it.each([
  ["32kb", 32_768],
  ["1.5 mb", 1_572_864],
  ["0b", 0],
  ["32", undefined],
  ["-1kb", undefined],
  [`${"9".repeat(400)}gb`, undefined],
])("the size %s", (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

describe("the worlds that come along", () => {
  it("can all be read", () => {
    expect(worldNames()).toEqual(["default", "demo", "load-job-1.20", "load-job-2.3", "load-simulation"]);
    for (const name of worldNames()) expect(worldNamed(name).jobs.length).toBeGreaterThan(0);
  });
  it("are asked for by name only", () => {
    expect(() => worldNamed("dmeo")).toThrow('cannot find the world: got "dmeo"; did you mean demo?');
    expect(() => worldNamed("../worlds/demo")).toThrow(/cannot find the world/);
  });
});

it("the example of the reference page is a world, and every field is described", () => {
  expect(refusalOf(EXAMPLE)).toBe("accepted");
  expect(worldReference()).toContain(EXAMPLE);
  expect(
    worldReference()
      .split("\n")
      .filter((line) => line.endsWith("|  |")),
  ).toEqual([]);
});

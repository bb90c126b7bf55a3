import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { Failure } from "../../model/index.ts";
import { parseSize } from "./world-fields.ts";
import { readWorld } from "./world-file.ts";
import { EXAMPLE, worldReference } from "./world-reference.ts";
import { worldNamed, worldNames } from "./worlds.ts";

const SOURCE = "      gen: {source: {partitions: 8, load: {rate: 100}}}\n";
/** A world of one job, whose vertices are given; its first vertex is a good source unless said otherwise. */
const job = (vertices: string, source = SOURCE) =>
  `jobs:\n  - name: orders\n    vertices:\n${source}      ${vertices}\n`;
const load = (text: string) => job("", `      gen: {source: {partitions: 8, load: ${text}}}\n`);
const good = job("work: {from: {gen: hash}, waitMs: 1}");

function refusalOf(text: string): string {
  try {
    readWorld(text);
  } catch (error) {
    if (error instanceof Failure && error.code === "bad-config") return error.message;
    throw error;
  }
  return "accepted";
}

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

describe("a bad world is refused", () => {
  const CYCLE = "a: {from: {gen: hash, c: hash}}\n      b: {from: {a: hash}}\n      c: {from: {b: hash}}";
  it.each([
    ["an unknown key", `clustr: {}\n${good}`, "line 1: clustr: unknown key; did you mean cluster?"],
    [
      "an unknown key in a vertex",
      job("work: {from: {gen: hash}, waitMS: 1}"),
      "jobs[0].vertices.work.waitMS: unknown key; did you mean waitMs?",
    ],
    [
      "an unknown key in trouble",
      `${good}trouble: [{at: 1s, kind: rest-fails, for: 1s, state: 500}]`,
      "trouble[0].state: unknown key; did you mean status?",
    ],
    [
      "an unknown kind of trouble",
      `${good}trouble: [{at: 1s, kind: fire}]`,
      'trouble[0].kind: got "fire"; expected one of task-manager-lost, job-exception',
    ],
    [
      "an unknown way of records",
      job("work: {from: {gen: hsh}}"),
      'from.gen: got "hsh"; expected rebalance, hash, forward, or a mapping with ship',
    ],
    [
      "a wrong field of an edge",
      job("work: {from: {gen: {ship: hash, hotShare: 2}}}"),
      "from.gen.hotShare: got 2; expected at most 1",
    ],
    [
      "a wrong field of checkpoints",
      good.replace("    vertices", "    checkpoints: {interval: 5}\n    vertices"),
      'line 3: jobs[0].checkpoints.interval: got 5; expected a duration such as "500ms"',
    ],
    ["no jobs", "seed: 1", "jobs: got nothing; expected a list"],
    [
      "a version that YAML takes for a number",
      `cluster: {flinkVersion: 1.20}\n${good}`,
      "cluster.flinkVersion: got 1.2; expected a text",
    ],
    [
      "a size without a unit",
      `cluster: {segmentSize: 4096}\n${good}`,
      'cluster.segmentSize: got 4096; expected a size such as "32kb"',
    ],
    [
      "two jobs of one name",
      `${good}  - name: orders\n    vertices:\n${SOURCE}`,
      'jobs[1].name: got "orders"; expected another name than that of jobs[0]',
    ],
    [
      "an edge from an unknown vertex",
      job("work: {from: {gne: hash}}"),
      "jobs[0].vertices.work.from.gne: unknown vertex; did you mean gen?",
    ],
    [
      "an edge from what only looks like a vertex",
      job("work: {from: {toString: hash}}"),
      "from.toString: unknown vertex; expected one of gen, work",
    ],
    ["a cycle", job(CYCLE), "jobs[0].vertices: got the cycle a → b → c → a; expected a graph without cycles"],
    [
      "no slots",
      `cluster: {slotsPerTaskManager: 0}\n${good}`,
      "cluster.slotsPerTaskManager: got 0; expected at least 1",
    ],
    [
      "no cores",
      `cluster: {coresPerTaskManager: 0}\n${good}`,
      "cluster.coresPerTaskManager: got 0; expected more than 0",
    ],
    [
      "a negative cap",
      job("work: {from: {gen: hash}, cap: -1}"),
      "jobs[0].vertices.work.cap: got -1; expected more than 0",
    ],
    [
      "no parallelism",
      job("work: {from: {gen: hash}, parallelism: 0}"),
      "work.parallelism: got 0; expected at least 1",
    ],
    [
      "a parallelism beyond reason",
      job("work: {from: {gen: hash}, parallelism: 10001}"),
      "work.parallelism: got 10001; expected at most 10000",
    ],
    [
      "a record that costs nothing",
      job("work: {from: {gen: hash}, cpuMs: 0}"),
      "jobs[0].vertices.work: got cpuMs 0 and waitMs 0; expected that a record costs something",
    ],
    [
      "more parallelism than key groups",
      job("work: {from: {gen: hash}, parallelism: 9, maxParallelism: 8}"),
      "work.parallelism: got 9; expected at most maxParallelism 8",
    ],
    [
      "forward between different parallelisms",
      job("work: {from: {gen: forward}, parallelism: 2}"),
      "work.from.gen: got forward from parallelism 1 to 2; expected the same parallelism on both sides",
    ],
    [
      "a hot key without keys",
      job("work: {from: {gen: {ship: rebalance, hotShare: 0.1}}}"),
      "from.gen.hotShare: got hotShare with rebalance; expected it only with hash",
    ],
    [
      "two vertices of one id",
      job(
        `a: {id: "${"a".repeat(32)}", from: {gen: hash}}\n      b: {id: "${"a".repeat(32)}", from: {gen: hash}}`,
      ),
      "jobs[0].vertices.b.id: got the id of a; expected another id",
    ],
    [
      "too few slots",
      `cluster: {slotsPerTaskManager: 1}\n${job("work: {from: {gen: hash}, slotSharingGroup: other}")}`,
      "cluster: got 1 slots (1 × 1); expected at least the 2 that the jobs need, one for each slot sharing group",
    ],
    [
      "too few slots where nothing rescales",
      `cluster: {scheduler: default}\n${job("work: {from: {gen: hash}, parallelism: 9}")}`,
      "expected at least the 9 that the jobs need, for the parallelism written",
    ],
    ["a negative rate", load("{rate: -1}"), "load.rate: got -1; expected at least 0"],
    ["a rate that is no number", load("{rate: .nan}"), "load.rate: got NaN; expected a number"],
    [
      "two kinds of load",
      load("{rate: 1, sine: {mean: 1, amplitude: 1}}"),
      "source.load: got a mapping; expected exactly one of rate, points, sine, perMinute",
    ],
    [
      "points out of order",
      load("{points: [{at: 5s, rate: 1}, {at: 2s, rate: 1}]}"),
      "load.points[1].at: got 2000 ms; expected a time from 5000 ms on",
    ],
    [
      "a second point without its time",
      load("{points: [{rate: 1}, {rate: 2}]}"),
      "load.points[1].at: got 0 ms; expected a time above 0: points in order",
    ],
    [
      "a point within a ramp",
      load("{points: [{rate: 1, ramp: 9s}, {at: 2s, rate: 1}]}"),
      "load.points[1].at: got 2000 ms; expected a time from 9000 ms on",
    ],
    [
      "minutes out of order",
      load("{perMinute: [[0, 1], [0, 2]]}"),
      "load.perMinute[1]: got minute 0; expected one after 0",
    ],
    [
      "a repeat before the end",
      load("{points: [{rate: 1}, {at: 20s, rate: 1}], repeat: 10s}"),
      "load.repeat: got 10000 ms; expected more than the 20000 ms that it repeats",
    ],
    [
      "a repeat of what has no end",
      load("{rate: 1, repeat: 10s}"),
      "load.repeat: got repeat; expected it only with points or perMinute",
    ],
    [
      "a sine below 0",
      load("{sine: {mean: 1, amplitude: 2}}"),
      "load.sine.amplitude: got 2; expected at most mean 1",
    ],
    [
      "a vertex that nobody feeds",
      job("work: {}"),
      "jobs[0].vertices.work: got neither source nor from; expected one of them",
    ],
    [
      "a source with an input",
      job("two: {source: {load: {rate: 1}}, from: {gen: hash}}"),
      "jobs[0].vertices.two: got source and from; expected only one of them",
    ],
    [
      "no source",
      job("a: {from: {a: hash}}", ""),
      "jobs[0].vertices: got no source; expected at least one vertex with source",
    ],
    [
      "no vertex",
      "jobs: [{name: a, vertices: {}}]",
      "jobs[0].vertices: got an empty mapping; expected at least one vertex with source",
    ],
    [
      "too few weights",
      job("", "      gen: {source: {partitions: 3, weights: [1], load: {rate: 1}}}\n"),
      "source.weights: got 1 numbers; expected 3 numbers",
    ],
    [
      "a cap below the load",
      job("drop: {from: {gen: hash}, cap: 80}"),
      "jobs[0].vertices.drop: got 100 records/s in the long run; expected at most the 80 records/s that its cap lets through; it could never drain",
    ],
    // 8 slots × 1000 / 200 ms = 40/s.
    [
      "more load than all slots can do",
      job("slow: {from: {gen: rebalance}, waitMs: 200, cpuMs: 0}"),
      "got 100 records/s in the long run; expected at most the 40 records/s that 8 subtasks can do",
    ],
    // Half of all records have one key: 5/s ÷ (0.5 + 0.5 × 16/128).
    [
      "a hot key that one subtask cannot do",
      job("slow: {from: {gen: {ship: hash, hotShare: 0.5}}, waitMs: 200, cpuMs: 0}"),
      "expected at most the 8.88889 records/s that 8 subtasks can do",
    ],
    // 2 partitions × 1000 / 50 ms.
    [
      "a source with too few partitions",
      job("", "      gen: {cpuMs: 50, source: {partitions: 2, load: {rate: 100}}}\n"),
      "expected at most the 40 records/s that 2 subtasks can do",
    ],
    [
      "more load than all cores can do",
      job("hot: {from: {gen: rebalance}, cpuMs: 50}"),
      "expected at most the 80 records/s that 4 cores can do",
    ],
    [
      "more load behind a fan-out",
      job("many: {from: {gen: {selectivity: 10}}, cap: 900}"),
      "got 1000 records/s in the long run; expected at most the 900 records/s",
    ],
    [
      "trouble for an unknown job",
      `${good}trouble: [{at: 1s, kind: checkpoints-fail, job: order, for: 1s}]`,
      "trouble[0].job: unknown job; did you mean orders?",
    ],
    [
      "trouble for an unknown vertex",
      `${good}trouble: [{at: 1s, kind: job-exception, job: orders, vertex: wrok}]`,
      "trouble[0].vertex: unknown vertex of orders; did you mean work?",
    ],
    [
      "trouble for a machine that is not there",
      `${good}trouble: [{at: 1s, kind: task-manager-lost, taskManager: 1}]`,
      "trouble[0].taskManager: got 1; expected at most 0",
    ],
    [
      "a text that is no YAML",
      "jobs:\n  - name: 'a\n",
      "line 3, column 1: got YAML that cannot be read (Missing closing 'quote)",
    ],
    ["a key twice", "jobs: []\njobs: []\n", 'line 2, column 1: got the key "jobs" twice'],
    ["a key that would get lost", "jobs: []\n__proto__: {}\n", "line 2, column 1: got the key __proto__"],
    ["a list at the top", "- a\n", "got YAML that is not a mapping at its top"],
    ["nothing", "", "got YAML that is not a mapping at its top"],
    ["more than 1 MiB", `# ${"x".repeat(1 << 20)}`, "got more than 1 MiB"],
    ["brackets without end", `jobs: ${"[".repeat(100_000)}`, "got YAML that is more than 100 deep"],
    ["dashes without end", `jobs:\n ${"- ".repeat(100_000)}`, "got YAML that is more than 100 deep"],
    ["an alias bomb", `a: &a [x, x]\nb: [${"*a,".repeat(200)}]`, "got YAML that cannot be unfolded"],
    [
      "201 vertices",
      job(Array.from({ length: 201 }, (_, i) => `v${i}: {from: {gen: hash}}`).join("\n      ")),
      "jobs[0].vertices: got a mapping; expected at most 200 vertices",
    ],
  ])("for %s", (_name, text, message) => {
    expect(refusalOf(text)).toContain(message);
  });

  it("with every problem at once, also where only some parts are well-formed", () => {
    const text = `cluster: {cores: 1}\n${job("work: {from: {gne: hash}}")}  - {name: orders, vertices: 5}\ntrouble: [{at: 1s, kind: rest-slow}]\n`;
    expect(refusalOf(text).split("\n")).toEqual([
      "cannot use the world: 5 problems",
      expect.stringContaining("line 1: cluster.cores: unknown key; expected one of"),
      "  line 7: jobs[1].vertices: got 5; expected a mapping",
      expect.stringContaining("line 8: trouble[0].for: got nothing; expected a duration"),
      expect.stringContaining("line 8: trouble[0].delay: got nothing; expected a duration"),
      "  line 6: jobs[0].vertices.work.from.gne: unknown vertex; did you mean gen?",
    ]);
  });
  it("with the first 20 problems where there are more", () => {
    const lines = refusalOf(Array.from({ length: 50 }, (_, i) => `zzzzzzzz${i}: 1`).join("\n")).split("\n");
    expect(lines).toHaveLength(22);
    expect(lines.at(-1)).toBe("  and 31 more");
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
    expect(worldNames()).toEqual(["default", "demo", "load-job-1.20", "load-job-2.3"]);
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

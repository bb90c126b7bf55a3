import { describe, expect, it } from "vitest";
import { good, job, load, refusalOf, SOURCE } from "../../test/support/world-texts.ts";

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
      'trouble[0].kind: got "fire"; expected one of task-manager-lost, job-manager-lost, job-exception',
    ],
    [
      "an unknown way of records",
      job("work: {from: {gen: hsh}}"),
      'from.gen: got "hsh"; expected rebalance, hash, forward, broadcast, or a mapping with ship (did you mean hash?)',
    ],
    [
      "a kind of trouble that is nearly one",
      `${good}trouble: [{at: 1s, kind: sink-slows}]`,
      'trouble[0].kind: got "sink-slows"; did you mean sink-slow?',
    ],
    [
      "a scheduler that is nearly one",
      `cluster: {scheduler: adaptiv}\n${good}`,
      'cluster.scheduler: got "adaptiv"; did you mean adaptive?',
    ],
    [
      "a scheduler that is none",
      `cluster: {scheduler: reactive-mode}\n${good}`,
      'cluster.scheduler: got "reactive-mode"; expected one of adaptive, default',
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
      "cluster.flinkVersion: got 1.20; expected a Flink version of three numbers such as 2.3.0",
    ],
    [
      "a name that YAML takes for a number",
      good.replace("orders", "1.20"),
      'jobs[0].name: got 1.20; expected a text (quote it: "1.20")',
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
      "a directory on another machine",
      `cluster: {checkpointDirectory: "s3://bucket/x"}\n${good}`,
      'cluster.checkpointDirectory: got "s3://bucket/x"; expected a directory on this machine',
    ],
    [
      "savepoints without checkpoints",
      `cluster: {savepointDirectory: "file:/tmp/x"}\n${good}`,
      "cluster.savepointDirectory: got it alone; expected checkpointDirectory beside it",
    ],
    [
      "a poison record of no source",
      `${good}trouble:\n  - {at: 1s, kind: poison-record, job: orders, vertex: work, source: work, position: 5}\n`,
      "trouble[0].source: got work, which has no source; expected a vertex with source",
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
    [
      "too few slots for several jobs as they are written",
      `${job("work: {from: {gen: hash}, parallelism: 6}")}  - name: other\n    vertices:\n${SOURCE.replace("{source", "{parallelism: 3, source")}`,
      "cluster: got 8 slots (1 × 8); expected the 9 that the jobs ask for at the start: with fewer one of them would wait",
    ],
    [
      "failing checkpoints where there are none",
      `${good.replace("    vertices", "    checkpoints: off\n    vertices")}trouble: [{at: 1s, kind: checkpoints-fail, job: orders, for: 1s}]`,
      "trouble[0].job: got orders, whose checkpoints are off; expected a job with checkpoints",
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
      "a capacity measured twice at one parallelism",
      job("work: {from: {gen: hash}, capacity: [[1, 900], [1, 800]]}"),
      "jobs[0].vertices.work.capacity[1]: got parallelism 1 twice; expected each parallelism once",
    ],
    [
      "more load than the measured capacity",
      job("work: {from: {gen: rebalance}, capacity: [[1, 50], [8, 90]]}"),
      "got 100 records/s in the long run; expected at most the 90 records/s that 8 subtasks can do",
    ],
    [
      "more load than one subtask of a broadcast can do",
      job("work: {from: {gen: broadcast}, waitMs: 20}"),
      "got 100 records/s in the long run; expected at most the 49.975 records/s that 8 subtasks can do",
    ],
    [
      "a busy demand of more subtasks than there are slots",
      job("work: {from: {gen: hash}, busyDemand: {subtasks: {rate: 16}, records: 100}}"),
      "got 100 records/s in the long run; expected at most the 50 records/s that its busy demand leaves to 8",
    ],
    [
      "a busy demand with two loads",
      job(
        "work: {from: {gen: hash}, busyDemand: {subtasks: {rate: 1, sine: {mean: 1, amplitude: 1}}, records: 1}}",
      ),
      "jobs[0].vertices.work.busyDemand.subtasks: got a mapping; expected exactly one of rate, points, sine, perMinute",
    ],
    [
      "keys of a window without a window",
      job("work: {from: {gen: hash}, windowKeys: 10}"),
      "jobs[0].vertices.work.windowKeys: got it alone; expected window beside it",
    ],
    [
      "a grid that is none",
      `tick: fortnight\n${good}`,
      'tick: got "fortnight"; expected one of 50ms, 100ms, 200ms, 250ms, 500ms, 1s',
    ],
    [
      "memory pressure on a machine that is not there",
      `${good}trouble: [{at: 1s, for: 1s, kind: memory-pressure, taskManager: 3}]`,
      "trouble[0].taskManager: got 3; expected at most 0",
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

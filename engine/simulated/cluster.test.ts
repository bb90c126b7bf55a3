import { describe, expect, it } from "vitest";
import {
  anEdge,
  aSource,
  aVertex,
  aWorld,
  CHECKPOINTS,
  EPOCH,
  stepLoad,
  type WorldParts,
} from "../../test/support/worlds.ts";
import { Simulation } from "./cluster.ts";
import type { JobRun } from "./physics/job-run.ts";
import type { Requirements, Trouble } from "./world.ts";

const JOB = "1".repeat(32);

const parts = (more: Partial<WorldParts> = {}): WorldParts => ({
  vertices: [aSource("gen", stepLoad([[0, 800]])), aVertex("work", { waitMs: 2 }), aVertex("sink")],
  edges: [anEdge("gen>work"), anEdge("work>sink", "HASH")],
  ...more,
});

function start(more: Partial<WorldParts> = {}) {
  const simulation = new Simulation(aWorld(parts(more)));
  const [job] = simulation.jobs;
  if (job === undefined) throw new Error("no job");
  return { simulation, job, to: (seconds: number) => simulation.advanceTo(EPOCH + seconds * 1_000) };
}

const wish = (work: number, lowerBound = 1): Requirements => ({
  gen: { lowerBound: 1, upperBound: 1 },
  work: { lowerBound, upperBound: work },
  sink: { lowerBound: 1, upperBound: 1 },
});

const parallelism = (job: JobRun): number => job.vertices.find((v) => v.id === "work")?.parallelism ?? 0;
const runningAt = (job: JobRun): number => ((job.timestamps.RUNNING ?? 0) - EPOCH) / 1_000;
const pending = (job: JobRun): number => job.vertices[0]?.subtasks[0]?.pendingRecords ?? 0;

describe("a rescale", () => {
  it("on 1.20 comes at once when the cooldown is over", () => {
    const { simulation, job, to } = start({ cluster: { flinkVersion: "1.20.5" } });
    to(11);
    simulation.putRequirements(JOB, wish(4));
    to(12);
    expect(parallelism(job)).toBe(4);
    expect(runningAt(job)).toBeCloseTo(11.25, 1);
  });

  it("on 1.20 waits for the end of the cooldown", () => {
    const { simulation, job, to } = start({ cluster: { flinkVersion: "1.20.5", rescaleCooldownMs: 30_000 } });
    to(11);
    simulation.putRequirements(JOB, wish(4));
    to(29);
    expect(parallelism(job)).toBe(1);
    to(31);
    expect(parallelism(job)).toBe(4);
  });

  it("on 2.x waits for the next completed checkpoint and replays next to nothing", () => {
    const { simulation, job, to } = start();
    to(12);
    simulation.putRequirements(JOB, wish(4));
    to(15);
    expect(parallelism(job)).toBe(1);
    to(18);
    expect(parallelism(job)).toBe(4);
    // The checkpoint of 15 s first has to pass 683 records before a vertex that does 500/s.
    expect(runningAt(job)).toBeGreaterThan(16.3);
    expect(runningAt(job)).toBeLessThan(17);
    expect(job.checkpoints.restored?.id).toBe(3);
  });

  it("on 2.x does not wait for a checkpoint longer than its max-delay", () => {
    const { simulation, job, to } = start({ job: { checkpoints: { ...CHECKPOINTS, intervalMs: 600_000 } } });
    to(11);
    simulation.putRequirements(JOB, wish(4));
    to(25);
    expect(parallelism(job)).toBe(1);
    to(27);
    expect(parallelism(job)).toBe(4);
  });

  it("drops what is in flight and reads on where the last checkpoint was", () => {
    const { simulation, job, to } = start({ cluster: { flinkVersion: "1.20.5" } });
    const undone = () => pending(job) + (job.vertices[1]?.subtasks ?? []).reduce((n, t) => n + t.queued, 0);
    to(14);
    const before = undone();
    simulation.putRequirements(JOB, wish(2));
    to(14.25);
    // Done since the checkpoint of 10 s: 4 s of 500/s, but for the 683 records that were queued then. 0.25 s arrive.
    expect(undone() - before).toBeGreaterThan(1_300);
    expect(undone() - before).toBeLessThan(1_600);
  });

  it("takes longer with more state, shared by more subtasks", () => {
    const heavy = {
      vertices: [aSource("gen", stepLoad([[0, 100]])), aVertex("work", { stateBytes: 2e9 }), aVertex("sink")],
    };
    const { simulation, job, to } = start({ ...heavy, cluster: { flinkVersion: "1.20.5" } });
    to(11);
    simulation.putRequirements(JOB, wish(4));
    to(30);
    // 2 GB over 4 subtasks at 200 MB/s each: 2.5 s, and 0.2 s.
    expect(runningAt(job)).toBeCloseTo(11.05 + 2.7, 1);
  });

  it("takes all slots where there are not as many as wished, and none where the lower bound does not fit", () => {
    const { simulation, job, to } = start({ cluster: { flinkVersion: "1.20.5", slotsPerTaskManager: 4 } });
    to(11);
    simulation.putRequirements(JOB, wish(30));
    to(12);
    expect(parallelism(job)).toBe(8);
    to(20);
    simulation.putRequirements(JOB, wish(40, 30));
    to(40);
    expect(parallelism(job)).toBe(8);
    expect(job.state).toBe("RUNNING");
  });

  it.each([
    ["a vertex is missing", { gen: { lowerBound: 1, upperBound: 1 } }, 400, "The request is incomplete"],
    ["nothing is named", {}, 400, "does not specify resource requirements"],
    [
      "a vertex is unknown",
      { ...wish(2), nobody: { lowerBound: 1, upperBound: 1 } },
      400,
      "was not found in the JobGraph",
    ],
    ["the maximum is exceeded", wish(129), 400, "exceeds its maximum parallelism 128"],
    ["a bound is 0", wish(0), 400, "must be greater than zero"],
    ["the bounds are crossed", wish(3, 4), 400, "is higher than the upper bound [3]"],
  ])("is refused in Flink's words when %s", (_, asked, status, text) => {
    const { simulation } = start();
    expect(() => simulation.putRequirements(JOB, asked)).toThrow(
      expect.objectContaining({ status, message: expect.stringContaining(text) }),
    );
  });

  it("is refused by the default scheduler", () => {
    const { simulation, job, to } = start({ cluster: { scheduler: "default" } });
    to(1);
    expect(job.state).toBe("RUNNING");
    expect(() => simulation.putRequirements(JOB, wish(2))).toThrow(/DefaultScheduler does not support/);
  });
});

describe("checkpoints", () => {
  it("take longer under overload, by what waits before the barrier", () => {
    const { job, to } = start();
    to(60);
    // 683 records before a vertex that does 500/s.
    expect(job.checkpoints.latestCompleted?.durationMs).toBeGreaterThan(1_200);
    expect(job.checkpoints.latestCompleted?.durationMs).toBeLessThan(1_600);
  });

  it("that are unaligned do not, and what they overtook comes back", () => {
    const { simulation, job, to } = start({
      job: { checkpoints: { ...CHECKPOINTS, unaligned: true } },
      cluster: { flinkVersion: "1.20.5" },
    });
    to(14);
    expect(job.checkpoints.latestCompleted?.durationMs).toBeLessThan(100);
    simulation.putRequirements(JOB, wish(2));
    to(14.3);
    expect(job.vertices[1]?.inputs[0]?.written).toBeGreaterThan(600);
  });

  it("fail while they are made to, and the older one stays the one to restore", () => {
    const trouble: Trouble[] = [{ atMs: 8_000, kind: "checkpoints-fail", job: "orders", forMs: 10_000 }];
    const { job, to } = start({ trouble });
    to(17);
    expect(job.checkpoints).toMatchObject({
      completed: 1,
      failed: 2,
      latestFailed: { id: 3 },
      latestCompleted: { id: 1 },
    });
  });
});

describe("failures", () => {
  it("of user code restart the job after its back-off, from the last checkpoint", () => {
    const trouble: Trouble[] = [
      {
        atMs: 12_000,
        kind: "job-exception",
        job: "orders",
        vertex: "work",
        exception: "java.lang.RuntimeException",
        message: "boom",
      },
    ];
    const { job, to } = start({ trouble });
    to(12.5);
    expect(job.state).toBe("RESTARTING");
    to(14);
    expect(job.state).toBe("RUNNING");
    expect(runningAt(job)).toBeCloseTo(13.2, 1);
    expect(job.exceptions).toMatchObject([{ name: "java.lang.RuntimeException", taskName: "work (1/1)" }]);
    expect(job.checkpoints.restored?.id).toBe(2);
  });

  it("end a job without checkpoints, because Flink then has no restart strategy", () => {
    const trouble: Trouble[] = [
      { atMs: 3_000, kind: "job-exception", job: "orders", vertex: "work", exception: "X", message: "boom" },
    ];
    const { simulation, job, to } = start({ trouble, job: { checkpoints: undefined } });
    to(4);
    expect(job).toMatchObject({ state: "FAILED", endTime: EPOCH + 3_000 });
    expect(simulation.taskManagers.map((tm) => tm.freeSlots)).toEqual([16, 16]);
  });

  it("of the only TaskManager with tasks are noticed by its missing heartbeat", () => {
    const trouble: Trouble[] = [
      { atMs: 10_000, kind: "task-manager-lost", taskManager: 0, backAfterMs: undefined },
    ];
    const { simulation, job, to } = start({ trouble });
    to(20);
    expect(job.state).toBe("RUNNING");
    expect(simulation.taskManagers).toHaveLength(2);
    to(22);
    expect(simulation.taskManagers).toHaveLength(1);
    to(23);
    expect(job.state).toBe("RUNNING");
    expect(job.vertices[1]?.taskManagers).toEqual([1]);
  });

  it("of one of two hosts are noticed by its neighbours", () => {
    const trouble: Trouble[] = [
      { atMs: 10_000, kind: "task-manager-lost", taskManager: 0, backAfterMs: 30_000 },
    ];
    const { simulation, job, to } = start({
      trouble,
      cluster: { slotsPerTaskManager: 2, flinkVersion: "1.20.5" },
    });
    to(5);
    simulation.putRequirements(JOB, wish(4));
    to(10.5);
    expect(job.state).toBe("RESTARTING");
    to(20);
    expect(parallelism(job)).toBe(2);
    to(45);
    // The TaskManager is back, and with it the parallelism that was asked for.
    expect(parallelism(job)).toBe(4);
  });

  it("of one of two hosts make every attempt fail until it is dropped, however many slots are free", () => {
    const trouble: Trouble[] = [
      { atMs: 10_000, kind: "task-manager-lost", taskManager: 0, backAfterMs: undefined },
    ];
    const { simulation, job, to } = start({
      trouble,
      cluster: { taskManagers: 3, slotsPerTaskManager: 2, flinkVersion: "1.20.5" },
    });
    to(5);
    simulation.putRequirements(JOB, wish(4));
    to(20.5);
    expect(job.state).toBe("RESTARTING");
    const failures = job.exceptions.map((e) => e.name.split(".").at(-1));
    expect(failures).toEqual([...Array(4).fill("RecipientUnreachableException"), "RemoteTransportException"]);
    to(40);
    expect(job.state).toBe("RUNNING");
    expect(parallelism(job)).toBe(4);
    // Attempts after 1, 1.5, 2.25, 3.4 and 5.1 s; dropped after 10.7 s.
    expect((runningAt(job) ?? 0) - 10).toBeCloseTo(14.4, 0);
  });

  it.each([
    ["at the very beginning", 0, 0],
    ["while its tasks start", 6_500, 5_000],
  ])("of its TaskManager %s move the job to another one", (_, lostMs, failedMs) => {
    const trouble: Trouble[] = [
      { atMs: lostMs, kind: "task-manager-lost", taskManager: 0, backAfterMs: undefined },
    ];
    if (failedMs > 0) {
      trouble.push({
        atMs: failedMs,
        kind: "job-exception",
        job: "orders",
        vertex: "work",
        exception: "X",
        message: "",
      });
    }
    const restart = { baseMs: 200, startMs: 600, bytesPerSecond: 2e8, warmUpMs: 0, warmUpFactor: 1 };
    const { job, to } = start({ trouble, job: { restart } });
    to(30);
    expect(job.state).toBe("RUNNING");
    expect(job.vertices.map((v) => v.taskManagers)).toEqual([[1], [1], [1]]);
  });

  it("a cancelled job gives its slots to those that wait", () => {
    const { simulation, job, to } = start();
    to(5);
    simulation.cancel(JOB);
    expect(job.state).toBe("CANCELED");
    expect(simulation.taskManagers.every((tm) => tm.freeSlots === 16)).toBe(true);
    to(30);
    expect(job.state).toBe("CANCELED");
  });
});

describe("a barrier at a join", () => {
  const join = (unaligned: boolean): Partial<WorldParts> => ({
    vertices: [
      aSource("gen", stepLoad([[0, 400]])),
      aVertex("fast"),
      aVertex("slow", { waitMs: 4 }),
      aVertex("join", { window: { sizeMs: 3_600_000 }, parallelism: 2 }),
    ],
    edges: [anEdge("gen>fast"), anEdge("gen>slow"), anEdge("fast>join", "HASH"), anEdge("slow>join", "HASH")],
    job: { checkpoints: { ...CHECKPOINTS, unaligned } },
    trouble: [
      { atMs: 42_000, kind: "job-exception", job: "orders", vertex: "join", exception: "X", message: "" },
    ],
  });

  it.each([false, true])("counts every record once over a restart, unaligned: %s", (unaligned) => {
    const { job, to } = start(join(unaligned));
    to(60);
    const source = job.vertices.find((v) => v.id === "gen");
    const held = job.vertices.find((v) => v.id === "join")?.pane.reduce((a, b) => a + b, 0) ?? 0;
    const read = source?.source?.broker.positions.reduce((a, b) => a + b, 0) ?? 0;
    const underWay = job.vertices
      .flatMap((v) => v.inputs)
      .reduce((n, e) => n + e.queue.reduce((a, b) => a + b, 0), 0);
    // Every record that left the source is a record on each of its two ways, in a queue or at the join.
    expect(held + underWay).toBeCloseTo(2 * read, 3);
    expect(job.checkpoints.restored?.id).toBeGreaterThan(4);
  });

  it("holds back the input whose barrier came first", () => {
    const { job, to } = start(join(false));
    let most = 0;
    for (let s = 20; s < 40; s += 0.05) {
      to(s);
      const fast = job.vertices.find((v) => v.id === "join")?.inputs.find((e) => e.from.id === "fast");
      most = Math.max(most, fast?.queue.reduce((a, b) => a + b, 0) ?? 0);
    }
    expect(most).toBeGreaterThan(100);
  });
});

it("a load that is set from outside takes over from the curve", () => {
  const { simulation, job, to } = start();
  to(10);
  simulation.setLoad("orders", 0);
  const before = pending(job);
  to(11);
  expect(before - pending(job)).toBeCloseTo(500, -2);
});

it("windows and sources together lose nothing over a restart", () => {
  const trouble: Trouble[] = [
    { atMs: 33_000, kind: "job-exception", job: "orders", vertex: "count", exception: "X", message: "boom" },
  ];
  const { job, to } = start({
    trouble,
    vertices: [
      aSource(
        "gen",
        stepLoad([
          [0, 100],
          [60, 0],
        ]),
      ),
      aVertex("count", { window: { sizeMs: 10_000 }, parallelism: 2 }),
      aVertex("sink"),
    ],
    edges: [anEdge("gen>count", "HASH"), anEdge("count>sink")],
  });
  to(100);
  // 6,000 records arrived; the panes of 10 and 20 s had gone out before the checkpoint of 30 s.
  const sink = job.vertices.find((v) => v.id === "sink");
  expect(sink?.read.reduce((a, b) => a + b, 0)).toBeCloseTo(6_000 - 2_000, -2);
});

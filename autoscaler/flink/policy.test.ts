import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FlinkOptions } from "./flink-options.ts";
import { requirementsToPut } from "./overrides.ts";
import { flinkPolicy } from "./policy.ts";
import type { FlinkReadout, FlinkVertexReading } from "./sample-of.ts";
import { learnedOf } from "./shown.ts";
import { type FlinkState, NEW_FLINK_STATE } from "./state.ts";
import { topologyOf } from "./topology.ts";

const MINUTE = 60_000;
/** Window of three minutes after one of stabilization, scale-downs at once. */
const FAST: Partial<FlinkOptions> = {
  enabled: true,
  windowMs: 3 * MINUTE,
  stabilizationMs: MINUTE,
  scaleDownIntervalMs: 0,
};

interface Job {
  readonly src: number;
  readonly work: number;
  readonly runningSince?: number;
}

const NOTHING: FlinkVertexReading = {
  recordsIn: 0,
  recordsOut: 0,
  busyMs: 0,
  backPressuredMs: 0,
  pending: null,
  busyGauge: null,
  inPerSecond: null,
  backPressuredPerSecond: null,
};

/** A source and a worker of 2 ms a record, `rate` records/s since the attempt began, at `minute`. */
function look(minute: number, rate: number, job: Job, changes: Partial<FlinkReadout> = {}): FlinkReadout {
  const at = minute * MINUTE;
  const since = job.runningSince ?? 0;
  const read = (rate * (at - since)) / 1_000;
  const vertex = (id: string, parallelism: number) => ({
    id,
    name: id,
    parallelism,
    maxParallelism: 128,
    slotSharingGroup: "default",
  });
  return {
    at,
    runningSince: since,
    running: true,
    adaptive: true,
    topology: topologyOf(
      {
        vertices: [vertex("src", job.src), vertex("work", job.work)],
        edges: [{ from: "src", to: "work", ship: "REBALANCE" }],
      },
      {},
    ),
    vertices: {
      src: { ...NOTHING, recordsIn: read, recordsOut: read, busyMs: read * 0.1, pending: 0 },
      work: { ...NOTHING, recordsIn: read, busyMs: read * 2 },
    },
    global: {},
    requirements: null,
    ...changes,
  };
}

const PLAIN: Job = { src: 1, work: 1 };

/** Passes once a minute, from minute to minute; the last step. */
function ride(
  policy: ReturnType<typeof flinkPolicy>,
  from: FlinkState,
  minutes: readonly number[],
  rate: number,
  job: Job = PLAIN,
) {
  let state = from;
  let last = policy.step(state, look(minutes[0] ?? 0, rate, job), (minutes[0] ?? 0) * MINUTE);
  state = last.state;
  for (const minute of minutes.slice(1)) {
    last = policy.step(state, look(minute, rate, job), minute * MINUTE);
    state = last.state;
  }
  return last;
}

describe("a job under policy flink", () => {
  it("stabilizes, fills its window, then scales", () => {
    const policy = flinkPolicy(FAST);
    let state = NEW_FLINK_STATE;
    const outcomes = [0, 1, 2, 3, 4].map((minute) => {
      const stepped = policy.step(state, look(minute, 800, PLAIN), minute * MINUTE);
      state = stepped.state;
      return stepped.decision.outcome;
    });
    expect(outcomes).toEqual(["stabilizing", "window-filling", "window-filling", "window-filling", "scale"]);
    // 800 records/s of 2 ms each need 1.6 subtasks; at 0.7, with 300 s of restart within 30 min of catch-up, 3.
    expect(state.last?.target).toEqual({ src: 1, work: 3 });
    expect(state.overrides).toEqual({ src: 1, work: 3 });
    expect(state.last?.messages[0]?.text).toContain("Parallelism 1 -> 3");
  });

  it("says until when it waits", () => {
    const { decision } = ride(flinkPolicy(FAST), NEW_FLINK_STATE, [0, 1, 2], 800);
    expect(decision).toMatchObject({ outcome: "window-filling", until: 4 * MINUTE, recommended: null });
    expect(decision.vertices["work"]).toMatchObject({ targetRate: 800, trueProcessingRate: 500 });
  });

  it("is left alone within its bounds", () => {
    expect(ride(flinkPolicy(FAST), NEW_FLINK_STATE, [0, 1, 2, 3, 4], 300).decision).toMatchObject({
      outcome: "within",
      target: null,
    });
  });

  it("is scaled down when it is far below them", () => {
    const { decision } = ride(flinkPolicy(FAST), NEW_FLINK_STATE, [0, 1, 2, 3, 4], 100, { src: 1, work: 4 });
    expect(decision.target).toEqual({ src: 1, work: 2 });
  });

  it("waits for the scale-down interval, and says so", () => {
    const policy = flinkPolicy({ ...FAST, scaleDownIntervalMs: 10 * MINUTE });
    const waiting = ride(policy, NEW_FLINK_STATE, [0, 1, 2, 3, 4], 100, { src: 1, work: 4 });
    expect(waiting.decision).toMatchObject({
      outcome: "waiting-to-scale-down",
      until: 14 * MINUTE,
      target: null,
    });
    const minutes = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
    const due = ride(policy, waiting.state, minutes, 100, { src: 1, work: 4 });
    expect(due.decision.target).toEqual({ src: 1, work: 2 });
  });

  it("starts anew with every attempt", () => {
    const policy = flinkPolicy(FAST);
    const full = ride(policy, NEW_FLINK_STATE, [0, 1, 2, 3, 4], 300);
    const again = policy.step(full.state, look(5, 300, { ...PLAIN, runningSince: 4.5 * MINUTE }), 5 * MINUTE);
    expect(again.decision.outcome).toBe("stabilizing");
    expect(again.state.samples).toHaveLength(1);
  });

  it("is not judged while it does not run, and keeps what was seen", () => {
    const policy = flinkPolicy(FAST);
    const full = ride(policy, NEW_FLINK_STATE, [0, 1, 2, 3, 4], 300);
    const down = policy.step(full.state, look(5, 300, PLAIN, { running: false }), 5 * MINUTE);
    expect(down.decision).toMatchObject({ outcome: "not-running", target: null });
    expect(down.state.samples).toEqual(full.state.samples);
  });

  it("is forgotten when the autoscaler is switched off", () => {
    const full = ride(flinkPolicy(FAST), NEW_FLINK_STATE, [0, 1, 2, 3, 4], 800);
    const off = flinkPolicy({ ...FAST, enabled: false }).step(full.state, look(5, 800, PLAIN), 5 * MINUTE);
    expect(off.state).toEqual(NEW_FLINK_STATE);
    expect(off.decision.outcome).toBe("disabled");
  });

  it("holds when a source does not tell what it read: missing is not zero", () => {
    const policy = flinkPolicy(FAST);
    const full = ride(policy, NEW_FLINK_STATE, [0, 1, 2, 3, 4], 300);
    const blind = look(5, 300, PLAIN);
    const vertices = { ...blind.vertices, src: { ...NOTHING, recordsIn: null } };
    const held = policy.step(full.state, { ...blind, vertices }, 5 * MINUTE);
    expect(held.decision).toMatchObject({
      outcome: "missing",
      target: null,
      missing: ["records read by source src"],
    });
    expect(held.state.samples).toEqual(full.state.samples);
  });

  it("waits for a new window when a counter went back: the rates would be below 0", () => {
    const policy = flinkPolicy(FAST);
    const full = ride(policy, NEW_FLINK_STATE, [0, 1, 2, 3, 4], 300, { src: 1, work: 4 });
    const back = look(5, 0, { src: 1, work: 4 });
    const after = policy.step(full.state, back, 5 * MINUTE);
    expect(after.decision).toMatchObject({ outcome: "stabilizing", target: null });
    expect(after.state.samples).toHaveLength(1);
  });

  it("gets the same answer between two looks", () => {
    const policy = flinkPolicy(FAST);
    const full = ride(policy, NEW_FLINK_STATE, [0, 1, 2, 3, 4], 800);
    const soon = policy.step(full.state, look(4.1, 800, PLAIN), 4.1 * MINUTE);
    expect(soon.decision).toEqual({ ...full.decision, messages: [] });
    expect(soon.state).toBe(full.state);
  });

  it("decides the same after its memory went through JSON", () => {
    const policy = flinkPolicy({ ...FAST, observeMin: 1, trackRestarts: true });
    const before = ride(policy, NEW_FLINK_STATE, [0, 1, 2, 3], 800).state;
    const stored = JSON.parse(JSON.stringify(before)) as FlinkState;
    const next = look(4, 800, PLAIN);
    expect(policy.step(stored, next, 4 * MINUTE).decision).toEqual(
      policy.step(before, next, 4 * MINUTE).decision,
    );
  });

  it("takes numbers that somebody gives in the place of measured ones", () => {
    const overridden = { work: { trueProcessingRate: 2_000 } };
    const { decision } = ride(flinkPolicy(FAST, { overridden }), NEW_FLINK_STATE, [0, 1, 2, 3, 4], 800);
    expect(decision.outcome).toBe("within");
  });
});

describe("a decision that others carry out", () => {
  const policy = flinkPolicy(FAST, { counts: "realized" });
  const decided = ride(policy, NEW_FLINK_STATE, [0, 1, 2, 3, 4], 800);

  it("is not remembered as done", () => {
    expect(decided.decision.target).toEqual({ src: 1, work: 3 });
    expect(decided.state).toMatchObject({ history: {}, restarts: [], overrides: {} });
  });

  it("is remembered when the job runs with it, with the time that it took", () => {
    const job = { src: 1, work: 3, runningSince: 4 * MINUTE + 7_000 };
    const { state } = policy.step(decided.state, look(5, 800, job), 5 * MINUTE);
    expect(state.history["work"]).toMatchObject([{ from: 1, to: 3, trueProcessingRate: 500 }]);
    expect(learnedOf(state, policy.options).restart).toEqual({
      configuredMs: 300_000,
      measuredMs: [7_000],
      usedMs: 300_000,
    });
  });

  it("is not remembered when the job came back as it was", () => {
    const job = { ...PLAIN, runningSince: 4.1 * MINUTE };
    expect(policy.step(decided.state, look(5, 800, job), 5 * MINUTE).state.history).toEqual({});
  });
});

it("what was learned is shown with the option that overrides it", () => {
  const { state } = ride(flinkPolicy(FAST), NEW_FLINK_STATE, [0, 1, 2, 3, 4], 300);
  expect(learnedOf(state, flinkPolicy(FAST).options)).toMatchObject({
    window: { lengthMs: 3 * MINUTE, samples: 4, from: MINUTE },
    vertices: { work: { costMs: 2, scalability: 1, rescales: 0, scaleDownSince: null } },
  });
});

describe("requirements", () => {
  const running = { adaptive: true, running: true };
  it.each([
    ["the same upper bounds: nothing", { a: 5 }, { upper: { a: 5 } }, running, null],
    ["another upper bound", { a: 7 }, { upper: { a: 5, b: 2 } }, running, { a: [1, 7], b: [1, 2] }],
    ["a lower bound that is not 1", { a: 5 }, { upper: { a: 5 }, lower: { a: 5 } }, running, { a: [1, 5] }],
    ["not adaptive", { a: 7 }, { upper: { a: 5 } }, { adaptive: false, running: true }, null],
    ["not running", { a: 7 }, { upper: { a: 5 } }, { adaptive: true, running: false }, null],
  ])("%s", (_, overrides, present, job, expected) => {
    expect(requirementsToPut(overrides, present, job)).toEqual(expected);
  });
});

describe("whatever the numbers are", () => {
  const odd = fc.oneof(
    fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 1e18),
    fc.double({ min: -1e6, max: 1e6 }),
  );
  const reading: fc.Arbitrary<FlinkVertexReading> = fc.record({
    recordsIn: odd,
    recordsOut: odd,
    busyMs: odd,
    backPressuredMs: odd,
    pending: odd,
    busyGauge: fc.option(fc.record({ min: fc.double(), max: fc.double(), avg: fc.double() }), { nil: null }),
    inPerSecond: odd,
    backPressuredPerSecond: odd,
  });
  const looks = fc.array(fc.record({ src: reading, work: reading }), { minLength: 6, maxLength: 10 });

  it("nothing is thrown, and a target stays within key groups and bounds", () => {
    fc.assert(
      fc.property(looks, (given) => {
        const policy = flinkPolicy({ ...FAST, maxParallelism: 50 });
        let state = NEW_FLINK_STATE;
        for (const [minute, vertices] of given.entries()) {
          const stepped = policy.step(
            state,
            look(minute, 1, { src: 2, work: 2 }, { vertices }),
            minute * MINUTE,
          );
          state = stepped.state;
          for (const p of Object.values(stepped.decision.target ?? {})) {
            expect(Number.isInteger(p) && p >= 1 && p <= 50).toBe(true);
          }
        }
        expect(JSON.parse(JSON.stringify(state))).toBeDefined();
      }),
      { numRuns: 100 },
    );
  });
});

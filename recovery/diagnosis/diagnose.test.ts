import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ABSENT,
  DIAGNOSES,
  type FlinkException,
  type HealthReadout,
  JOB_STATES,
  NOT_A_NUMBER,
} from "../../model/index.ts";
import { diagnose } from "./diagnose.ts";
import type { DiagnosisQuestion } from "./question.ts";
import {
  at,
  cluster,
  exception,
  life,
  NULL_IN_WORK,
  readout,
  SETTINGS,
  said,
  T0,
  TASK_MANAGER_LOST,
  trailOf,
} from "./story.ts";

/** Looks every two seconds from `from` to `to`, as the loop makes them. */
const looks = (from: number, to: number, of: (seconds: number) => Partial<HealthReadout>): HealthReadout[] =>
  Array.from({ length: Math.floor((to - from) / 2) + 1 }, (_, i) => readout(from + 2 * i, of(from + 2 * i)));

/** A job that fails every `period` seconds from 60 s on; Flink restarts it within a second. */
const failing =
  (period: number, stack = NULL_IN_WORK, latestCompletedAt: (s: number) => number | null = () => at(58)) =>
  (seconds: number): Partial<HealthReadout> => {
    const times = Math.max(0, Math.floor((seconds - 60) / period) + 1);
    const exceptions = Array.from({ length: Math.min(16, times) }, (_, i) =>
      exception(60 + period * (times - 1 - i), stack),
    );
    const last = 60 + period * (times - 1);
    return {
      exceptions,
      enteredAt: { RUNNING: times === 0 ? T0 : at(last + 1) },
      latestCompletedAt: latestCompletedAt(seconds),
      restarts: { kind: "value", value: times },
    };
  };

/** The same failures, each with another fault. */
const differing = (exceptions: readonly FlinkException[] = []): FlinkException[] =>
  exceptions.map((e) => ({
    ...e,
    stack: `java.lang.Error: ${String.fromCharCode(97 + ((e.at / 30_000) % 26))}x\n\tat com.shop.A.b(A.java:1)`,
  }));

describe("a diagnosis", () => {
  it("is well for a job that runs and completes checkpoints, with their age", () => {
    const d = said(looks(0, 60, (s) => ({ latestCompletedAt: s < 6 ? null : at(s - 3) })));
    expect(d).toMatchObject({ kind: "well", since: T0, fault: null });
    expect(d.sentence).toBe("Runs for 1 min with all 4 tasks; newest checkpoint 3 s old.");
    expect(d.numbers).toMatchObject({ runningMs: 60_000, checkpointAgeMs: 3_000 });
  });

  it("is failed at the first look that shows it, with the first fault and when", () => {
    const before = looks(0, 58, () => ({ latestCompletedAt: at(50) }));
    const after = readout(60, {
      state: "FAILED",
      enteredAt: { RUNNING: T0, FAILED: at(59) },
      exceptions: [exception(59)],
      tasksRunning: 0,
      latestCompletedAt: at(50),
    });
    const d = said([...before, after]);
    expect(d).toMatchObject({ kind: "failed", since: at(59), fault: { class: "user-code", at: at(59) } });
    expect(d.sentence).toBe(
      'Failed 1 s ago: NullPointerException in work: Cannot invoke "Order.amount()" because "order" is null.',
    );
  });

  it("is failed even where nothing but the list of jobs could be read", () => {
    const d = said([], { listedState: "FAILED" });
    expect(d).toMatchObject({ kind: "failed", fault: null });
    expect(d.sentence).toContain("exceptions could not be read");
  });

  it.each([
    ["RUNNING", "none", "job-gone", "without high availability"],
    ["RESTARTING", "kubernetes", "job-gone", "with high availability by kubernetes"],
    ["FAILED", "none", "failed", "the cluster has forgotten it"],
    ["CANCELLING", "none", "ended", "the cluster has forgotten the job"],
    ["CANCELED", "none", "ended", "the cluster has forgotten the job"],
    ["FINISHED", "none", "ended", "the cluster has forgotten the job"],
  ] as const)("of a job that is gone and was %s last is told apart (%s)", (lastState, mode, kind, words) => {
    const d = said([], {
      now: at(112),
      listedState: "gone",
      goneSince: at(110),
      life: life({ lastState, highAvailability: mode }),
    });
    expect(d).toMatchObject({ kind, since: at(110) });
    expect(d.sentence).toContain(words);
    expect(d.sentence).toContain("12 s ago");
  });

  it("of a job that is gone and was never seen is not assessed", () => {
    expect(said([], { listedState: "gone" }).kind).toBe("not-assessed");
  });

  it.each([
    [29, "not-assessed"],
    [30, "cluster-down"],
    [300, "cluster-down"],
  ] as const)("after %i s without an answer of the JobManager is %s", (silent, kind) => {
    const d = said([], { now: at(silent), listedState: "unreachable", unreachableSince: T0 });
    expect(d.kind).toBe(kind);
    expect(d.numbers["unreachableMs"]).toBe(silent * 1_000);
  });

  it("of an API error alone is never a verdict", () => {
    expect(said([], { listedState: "unreachable", unreachableSince: null }).kind).toBe("not-assessed");
    expect(said([], { listedState: "RUNNING" }).kind).toBe("not-assessed");
  });
});

describe("a restart loop", () => {
  it("is recognised at the third failure with one fault within a minute, and named in one line", () => {
    const kinds = [...looks(0, 120, failing(10))].map((_, i, all) => said(all.slice(0, i + 1)).kind);
    const first = kinds.indexOf("restart-loop") * 2;
    // The third failure happens at 80 s.
    expect(first).toBe(80);
    const d = said(looks(0, 100, failing(10)));
    expect(d).toMatchObject({
      kind: "restart-loop",
      since: at(60),
      fault: { class: "user-code", at: at(60) },
    });
    expect(d.sentence).toBe(
      'Restart loop: 5 failures in 40 s, no checkpoint completed for 42 s; first fault NullPointerException in work: Cannot invoke "Order.amount()" because "order" is null.',
    );
  });

  it("of differing faults is recognised at the fifth failure within five minutes", () => {
    const of = (s: number): Partial<HealthReadout> => ({
      ...failing(30)(s),
      exceptions: differing(failing(30)(s).exceptions),
    });
    expect(said(looks(0, 178, of)).kind).not.toBe("restart-loop");
    expect(said(looks(0, 180, of)).kind).toBe("restart-loop");
  });

  it("goes on while Flink's pauses grow, and ends with a completed checkpoint", () => {
    const times = [60, 62, 65, 71, 83, 107, 155, 251, 371];
    const of = (s: number): Partial<HealthReadout> => ({
      exceptions: times
        .filter((t) => t <= s)
        .toReversed()
        .map((t) => exception(t)),
      state: times.some((t) => t <= s && s < t + 40 && s !== t + 1) ? "RESTARTING" : "RUNNING",
      latestCompletedAt: s < 440 ? at(58) : at(439),
    });
    for (const s of [70, 150, 240, 360, 380])
      expect(said(looks(0, s, of)).kind, `${s} s`).toBe("restart-loop");
    expect(said(looks(0, 440, of)).kind).toBe("well");
  });

  it("is not what one failure is, or two, or a rescale", () => {
    expect(said(looks(0, 66, failing(10))).kind).toBe("well");
    expect(said(looks(0, 76, failing(10))).kind).toBe("well");
    const rescaled = looks(0, 100, (s) => ({
      restarts: { kind: "value", value: Math.floor(s / 5) },
      enteredAt: { RUNNING: at(5 * Math.floor(s / 5)) },
      latestCompletedAt: at(s - 1),
    }));
    expect(said(rescaled).kind).toBe("well");
  });

  it("is one failure where tasks of many regions fail together", () => {
    const together = looks(0, 70, (s) => ({
      exceptions: s < 60 ? [] : Array.from({ length: 8 }, (_, i) => exception(60 + i * 0.05)),
      latestCompletedAt: at(58),
    }));
    expect(trailOf(together)?.failures).toHaveLength(1);
    expect(said(together).kind).toBe("well");
  });

  const completing = (s: number): number => at(s < 60 ? s - 1 : 60 + 30 * Math.floor((s - 60) / 30) - 5);

  it("of one fault is recognised as soon although a checkpoint completes in between, and ends by a long run", () => {
    const of = failing(30, NULL_IN_WORK, completing);
    expect(said(looks(0, 118, of)).kind).toBe("well");
    const d = said(looks(0, 122, of));
    expect(d.kind).toBe("restart-loop");
    expect(d.sentence).toContain("3 failures in 1 min, although checkpoints complete in between");
    const mended = (s: number): Partial<HealthReadout> => ({
      ...of(Math.min(s, 122)),
      latestCompletedAt: at(s - 1),
    });
    expect(said(looks(0, 160, mended)).kind).toBe("restart-loop");
    expect(said(looks(0, 170, mended)).kind).toBe("well");
  });

  it("of one fault far apart is recognised at the fifth time", () => {
    const spread = (s: number): number => at(s < 60 ? s - 1 : 60 + 70 * Math.floor((s - 60) / 70) - 5);
    const of = failing(70, NULL_IN_WORK, spread);
    expect(said(looks(0, 338, of)).kind).toBe("well");
    expect(said(looks(0, 342, of)).kind).toBe("restart-loop");
  });

  it("is recognised at the tenth failure although a checkpoint completes between differing ones", () => {
    const plain = failing(30, NULL_IN_WORK, completing);
    const of = (s: number): Partial<HealthReadout> => ({
      ...plain(s),
      exceptions: differing(plain(s).exceptions),
    });
    expect(said(looks(0, 328, of)).kind).toBe("well");
    expect(said(looks(0, 332, of)).sentence).toContain("10 failures in 4 min 30 s");
  });

  it("without checkpoints ends with a run that is long against the pauses before", () => {
    const off = { checkpointSettings: undefined, completed: ABSENT, failedCheckpoints: ABSENT };
    const of = (s: number): Partial<HealthReadout> => ({
      ...failing(10, NULL_IN_WORK, () => null)(Math.min(s, 100)),
      ...off,
    });
    expect(said(looks(0, 130, of)).kind).toBe("restart-loop");
    expect(said(looks(0, 170, of)).kind).toBe("well");
  });

  it("names what its newest failures agree on, not what came before", () => {
    const of = (s: number): Partial<HealthReadout> => {
      const plain = failing(10)(s);
      const first = exception(60, TASK_MANAGER_LOST, null);
      return { ...plain, exceptions: (plain.exceptions ?? []).map((e) => (e.at === first.at ? first : e)) };
    };
    expect(said(looks(0, 100, of)).fault).toMatchObject({ class: "user-code", at: at(70) });
  });

  it("never names what only keeps it going", () => {
    const echo =
      "java.lang.UnsupportedOperationException: Partial recovery is not supported\n\tat x.Y.z(Y.java:1)";
    const of = (s: number): Partial<HealthReadout> => {
      const plain = failing(10, echo)(s);
      return {
        ...plain,
        exceptions: (plain.exceptions ?? []).map((e) => (e.at === at(60) ? exception(60) : e)),
      };
    };
    expect(said(looks(0, 120, of)).fault).toMatchObject({
      exception: "java.lang.NullPointerException",
      at: at(60),
    });
    const d = said(looks(0, 120, failing(10, echo)));
    expect(d).toMatchObject({ kind: "restart-loop", fault: null });
    expect(d.sentence).toContain("only echoes of its cause are left");
  });
});

describe("a job that does not run in full", () => {
  const waiting = (state: "CREATED" | "RESTARTING", exceptions: readonly FlinkException[] = []) => [
    readout(58, { latestCompletedAt: at(55) }),
    ...looks(60, 250, () => ({ state, enteredAt: {}, tasksRunning: 0, exceptions })),
  ];

  it("is stuck after three minutes, not before, with the slots that are missing", () => {
    const all = waiting("CREATED");
    expect(said(all.slice(0, 91), { cluster: cluster(1, 1), life: life() }).kind).toBe("not-assessed");
    const d = said(all, { cluster: cluster(1, 1), life: life() });
    expect(d).toMatchObject({ kind: "stuck", since: at(60) });
    expect(d.sentence).toBe(
      "Stuck: CREATED for 3 min 10 s; it ran in 4 slots and 1 of 4 slots is free: 3 missing.",
    );
    expect(d.numbers).toMatchObject({ slotsNeeded: 4, slotsFree: 1, slotsTotal: 4 });
  });

  it("that Flink restarts after a fault has no verdict yet, and the fault", () => {
    const d = said(waiting("RESTARTING", [exception(59)]).slice(0, 4));
    expect(d).toMatchObject({ kind: "not-assessed", since: at(59), fault: { class: "user-code" } });
    expect(d.sentence).toBe(
      'No verdict yet: the job is RESTARTING for 5 s after NullPointerException in work: Cannot invoke "Order.amount()" because "order" is null; it is stuck after 3 min.',
    );
  });

  it.each([
    [2, 2, "not-assessed"],
    [9, 10, "task-managers-lost"],
    [8, 10, "cluster-down"],
    [1, 2, "cluster-down"],
    [0, 1, "cluster-down"],
  ] as const)("with %i of %i TaskManagers is %s", (registered, expected, kind) => {
    const d = said(waiting("RESTARTING").slice(0, 4), {
      cluster: cluster(registered),
      expectedTaskManagers: expected,
    });
    expect(d.kind).toBe(kind);
    if (kind !== "not-assessed")
      expect(d.sentence).toContain(`${registered} of ${expected} expected TaskManager`);
  });

  it("after the loss of a process is task-managers-lost, whoever counts", () => {
    const d = said(waiting("RESTARTING", [exception(59, TASK_MANAGER_LOST, null)]).slice(0, 4));
    expect(d).toMatchObject({ kind: "task-managers-lost", fault: { class: "process-lost" } });
  });

  it("is not blamed on missing TaskManagers when its own code fails it", () => {
    const d = said(looks(0, 100, failing(10)), { cluster: cluster(1), expectedTaskManagers: 2 });
    expect(d.kind).toBe("restart-loop");
    const stopped = said(
      [
        ...looks(0, 98, failing(10)),
        readout(100, { ...failing(10)(98), state: "RESTARTING", tasksRunning: 0 }),
      ],
      {
        cluster: cluster(1),
        expectedTaskManagers: 2,
      },
    );
    expect(stopped.kind).toBe("restart-loop");
  });

  it("that runs in full is well, whatever the number of TaskManagers", () => {
    expect(
      said([readout(10, { latestCompletedAt: at(8) })], { cluster: cluster(1), expectedTaskManagers: 3 })
        .kind,
    ).toBe("well");
  });

  it("that loads a large state is not stuck; one whose tasks wait for slots is", () => {
    const tasks = (tasksByState: Record<string, number>) =>
      looks(0, 400, () => ({ tasksRunning: 1, tasksByState }));
    expect(said(tasks({ RUNNING: 1, INITIALIZING: 3 }))).toMatchObject({
      kind: "not-assessed",
      sentence: expect.stringContaining("3 of 4 tasks restore their state"),
    });
    const d = said(tasks({ RUNNING: 1, SCHEDULED: 3 }), { cluster: cluster(1, 0) });
    expect(d).toMatchObject({
      kind: "stuck",
      sentence: expect.stringContaining("RUNNING with 1 of 4 tasks running"),
    });
  });
});

describe("checkpoints that do not come", () => {
  const settings = {
    intervalMs: 5_000,
    timeoutMs: 10_000,
    externalized: true,
    deleteOnCancellation: false,
    tolerableFailures: 1,
  };
  const of = (s: number): Partial<HealthReadout> => ({
    checkpointSettings: settings,
    latestCompletedAt: s < 20 ? null : at(20),
    failedCheckpoints: { kind: "value", value: s < 20 ? 0 : Math.floor((s - 20) / 10) },
    latestFailedCheckpoint: s < 30 ? null : { at: at(s), message: "Checkpoint expired before completing." },
  });

  it("are named after max(interval, timeout) × (tolerable + 2) of running", () => {
    expect(said(looks(0, 48, of)).kind).toBe("well");
    const d = said(looks(0, 50, of));
    expect(d).toMatchObject({
      kind: "no-checkpoint-progress",
      since: at(20),
      numbers: { limitMs: 30_000, failed: 3 },
    });
    expect(d.sentence).toBe(
      "No checkpoint progress: none has completed for 30 s, in 30 s of running (limit 30 s); 3 failed, the last one: Checkpoint expired before completing.",
    );
  });

  it("are not held against a job while it was down, nor against one that takes none", () => {
    const down = looks(0, 80, (s) => ({
      ...of(s),
      ...(s > 24 && s < 70 ? { state: "RESTARTING", tasksRunning: 0 } : {}),
      enteredAt: { RUNNING: s < 70 ? T0 : at(70) },
    }));
    expect(said(down).kind).toBe("well");
    const none = { checkpointSettings: { ...settings, intervalMs: null }, latestCompletedAt: null };
    expect(said(looks(0, 200, () => none)).kind).toBe("well");
  });
});

describe("what could not be read", () => {
  const calm = { latestCompletedAt: at(8) };
  it.each([
    ["the restart counter", { restarts: ABSENT }],
    ["a restart counter that is no number", { restarts: NOT_A_NUMBER }],
    ["its exceptions", { unread: ["exceptions"] }],
    ["its checkpoints", { unread: ["checkpoints"] }],
    ["its checkpoint settings", { checkpointSettings: undefined }],
    ["the count of its checkpoints", { completed: ABSENT }],
    ["how many tasks run", { tasksRunning: Number.NaN }],
    ["how many tasks there are", { tasksTotal: Number.NaN }],
    ["any task", { tasksRunning: 0, tasksTotal: 0 }],
  ] as const)("(%s) makes no job well", (_what, change) => {
    expect(said([readout(10, calm)]).kind).toBe("well");
    expect(said([readout(10, { ...calm, ...change })]).kind).toBe("not-assessed");
  });
});

describe("any question", () => {
  const instant = fc.oneof(
    fc.integer({ min: -10, max: 400 }).map(at),
    fc.constantFrom(Number.NaN, 0, -1, Number.MAX_SAFE_INTEGER),
  );
  const reading = fc.oneof(
    fc.nat(50).map((value) => ({ kind: "value", value }) as const),
    fc.constantFrom(ABSENT, NOT_A_NUMBER),
  );
  const anException = fc.record({
    at: instant,
    name: fc.string(),
    stack: fc.oneof(fc.string(), fc.constantFrom(NULL_IN_WORK, TASK_MANAGER_LOST)),
    task: fc.option(fc.string()),
    taskManager: fc.option(fc.string()),
    labels: fc.constant({}),
  });
  const aReadout = fc.record({
    at: instant,
    state: fc.constantFrom(...JOB_STATES),
    enteredAt: fc.record({ RUNNING: instant, FAILED: instant }, { requiredKeys: [] }),
    restarts: reading,
    tasksRunning: fc.oneof(fc.nat(5), fc.constant(Number.NaN)),
    tasksTotal: fc.oneof(fc.nat(5), fc.constant(Number.NaN)),
    exceptions: fc.array(anException, { maxLength: 20 }),
    completed: reading,
    failedCheckpoints: reading,
    latestCompletedAt: fc.option(instant),
    checkpointSettings: fc.constantFrom(readout(0).checkpointSettings, undefined),
    unread: fc.subarray(["restarts", "exceptions", "checkpoints", "checkpointSettings"] as const),
  });
  const question = fc.record({
    readouts: fc.array(aReadout, { maxLength: 8 }),
    listedState: fc.constantFrom<DiagnosisQuestion["listedState"]>(...JOB_STATES, "gone", "unreachable"),
    withTrail: fc.boolean(),
    cluster: fc.option(
      fc.nat(3).map((n) => cluster(n, 1)),
      { nil: undefined },
    ),
    expectedTaskManagers: fc.option(fc.nat(4)),
    life: fc.option(
      fc.constantFrom(...JOB_STATES).map((lastState) => life({ lastState })),
      { nil: undefined },
    ),
    unreachableSince: fc.option(instant),
    goneSince: fc.option(instant),
    now: fc.integer({ min: -10, max: 400 }).map(at),
  });

  it("is answered with one kind, one line, finite numbers and an instant, twice the same", () => {
    fc.assert(
      fc.property(question, ({ readouts, withTrail, ...q }) => {
        const all = readouts.map((r) => ({
          ...readout(0),
          ...r,
          enteredAt: r.enteredAt as HealthReadout["enteredAt"],
        }));
        const asked: DiagnosisQuestion = {
          ...q,
          health: all.at(-1),
          trail: withTrail ? trailOf(all) : undefined,
          settings: SETTINGS,
        };
        const d = diagnose(asked);
        expect(DIAGNOSES).toContain(d.kind);
        expect(d.sentence).not.toMatch(/\n|NaN|undefined/);
        expect(d.sentence.length).toBeLessThan(700);
        expect(Object.values(d.numbers).every(Number.isFinite)).toBe(true);
        expect(diagnose(asked)).toEqual(d);
        expect(JSON.parse(JSON.stringify(d))).toEqual(d);
        if (d.kind === "well") {
          expect(asked.health).toMatchObject({ state: "RUNNING", restarts: { kind: "value" }, unread: [] });
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("keeps a trail that is bounded, plain JSON, and forgets nothing when looked at again", () => {
    fc.assert(
      fc.property(fc.array(aReadout, { minLength: 1, maxLength: 30 }), (readouts) => {
        const all = readouts.map((r) => ({
          ...readout(0),
          ...r,
          enteredAt: r.enteredAt as HealthReadout["enteredAt"],
        }));
        const trail = trailOf(all);
        expect(trail?.failures.length).toBeLessThanOrEqual(48);
        expect(JSON.parse(JSON.stringify(trail))).toEqual(trail);
        const last = all.at(-1);
        if (last === undefined) return;
        const again = trailOf([...all, last]);
        expect(again?.failures).toEqual(trail?.failures);
        expect(again?.progressAt ?? 0).toBeGreaterThanOrEqual(trail?.progressAt ?? 0);
      }),
      { numRuns: 500 },
    );
  });

  it("with one failure more is a loop still, if it was one", () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 3, maxLength: 14 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 60 }), (all, extra) => {
        const times = [60];
        for (const gap of all) times.push((times.at(-1) ?? 60) + gap);
        const last = times.at(-1) ?? 0;
        const story = (t: readonly number[]): HealthReadout[] =>
          t.map((s, i) =>
            readout(s + 0.5, {
              exceptions: t
                .slice(0, i + 1)
                .toReversed()
                .map((x) => exception(x)),
              state: "RESTARTING",
              tasksRunning: 0,
            }),
          );
        if (said(story(times)).kind !== "restart-loop") return;
        expect(said(story([...times, last + extra])).kind).toBe("restart-loop");
      }),
    );
  });
});

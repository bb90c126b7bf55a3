import { describe, expect, it } from "vitest";
import type { ScaleInputs } from "../model/index.ts";
import { aChain, aConfig, aVertex, NOW, SUBJECT, someInputs } from "../test/support/scale-inputs.ts";
import { decide } from "./decide.ts";
import { SCALE_REASONS, type ScaleReason } from "./reasons.ts";
import type { AutoscalerConfig } from "./settings.ts";

const rising = aChain(1_500, { work: 2, count: 1 });
const falling = aChain(100, { work: 2, count: 1 }, { work: 5, count: 3 });
type Vertices = ScaleInputs["vertices"];

function decided(
  vertices: Vertices,
  changes: Partial<ScaleInputs> = {},
  config: Partial<AutoscalerConfig> = {},
) {
  return decide(SUBJECT, someInputs(vertices, changes), aConfig(config), NOW);
}

describe("a decision", () => {
  it("to scale up says what, why and how it stands", () => {
    const decision = decided(rising, { backlog: 1_234 });
    expect(decision).toMatchObject({ reason: "scale-up", effective: { src: 1, work: 4, count: 2 }, at: NOW });
    expect(decision.sentence).toBe(
      "Scale up work 1 → 4, count 1 → 2: 1,500 records/s arrive and work needs 300 % of its capacity; backlog 1,234 records.",
    );
    expect(decision.estimate).toMatchObject({ pauseMs: 3_000, slotsBefore: 1, slotsAfter: 4 });
    // 1234 waiting + 3 s × 1500/s.
    expect(decision.estimate.backlogAfterPause).toBe(5_734);
  });

  it("to scale down says so", () => {
    const decision = decided(falling);
    expect(decision).toMatchObject({ reason: "scale-down", effective: { src: 1, work: 1, count: 1 } });
    expect(decision.sentence).toMatch(/^Scale down work 5 → 1, count 3 → 1: 100 records\/s arrive and /);
  });

  it("to do nothing has no effect", () => {
    const decision = decided(aChain(300, { work: 2, count: 1 }), { backlog: null });
    expect(decision).toMatchObject({ reason: "within-target", effective: null });
    expect(decision.sentence).toBe(
      "Hold: 300 records/s arrive and work needs 60 % of its capacity; every vertex has what it needs; backlog not assessed.",
    );
  });

  it("keeps the settings and the numbers that it was made with", () => {
    const inputs = someInputs(rising);
    const config = aConfig();
    const decision = decide(SUBJECT, inputs, config, NOW);
    expect(decision.settings).toEqual(config);
    expect(decision.inputs).toBe(inputs);
  });

  it("for a job that is switched off has no effect, whatever it would propose", () => {
    expect(decided(rising, {}, { enabled: false })).toMatchObject({
      reason: "disabled",
      effective: null,
      proposal: { work: 4 },
      sentence: "Hold: the autoscaler is switched off for this job.",
    });
  });

  it("that is held names the guard, and what it would have done", () => {
    const decision = decided(rising, { loadSettled: false });
    expect(decision).toMatchObject({ reason: "stabilizing", effective: null });
    expect(decision.sentence).toMatch(/^Hold: the load is changing .* Proposed: work 1 → 4, count 1 → 2\.$/);
  });

  it("lists every guard, and the first veto is the reason", () => {
    const { guards, reason } = decided(rising, { adaptive: false, slotsFree: 0, newestAgeMs: 90_000 });
    expect(guards.map((g) => g.name).filter((name) => !(name in SCALE_REASONS))).toEqual([]);
    const vetoes = guards.filter((g) => g.verdict === "veto").map((g) => g.name);
    expect(vetoes).toEqual(["not-adaptive", "metrics-stale", "cluster-capacity", "no-useful-parallelism"]);
    expect(reason).toBe("not-adaptive");
  });
});

it("takes the slots that there are where they are too few, and says so", () => {
  const { effective, guards } = decided(rising, { slotsFree: 2 });
  expect(effective).toEqual({ src: 1, work: 3, count: 2 });
  expect(guards.find((g) => g.name === "cluster-capacity")).toMatchObject({
    verdict: "amend",
    numbers: { needed: 4, before: 1, free: 2 },
  });
});

describe("every guard vetoes once and lets pass once", () => {
  const source = (parallelism: number) => ({
    s: aVertex({ name: "s", source: true, partitions: 4, arrivalRate: 9_000, parallelism }),
  });
  const ago = (ms: number) => NOW - ms;
  it.each<
    [
      ScaleReason,
      string,
      Vertices,
      [Partial<ScaleInputs>, Partial<AutoscalerConfig>?],
      [Partial<ScaleInputs>, Partial<AutoscalerConfig>?, Vertices?],
    ]
  >([
    ["not-adaptive", "another scheduler", rising, [{ adaptive: false }], [{}]],
    ["metric-missing", "no arrival rate", { v: aVertex({ arrivalRate: null }) }, [{}], [{}, {}, rising]],
    [
      "metric-missing",
      "no capacity",
      { v: aVertex({ capacity: null }) },
      [{}],
      [{}, {}, { v: aVertex({ capacity: null, arrivalRate: 0 }) }],
    ],
    ["metrics-stale", "old readings", rising, [{ newestAgeMs: 45_001 }], [{ newestAgeMs: 45_000 }]],
    ["metrics-stale", "few readings", rising, [{ coverage: 0.49 }], [{ coverage: 0.5 }]],
    ["stabilizing", "a fresh start", rising, [{ runningSince: ago(4_999) }], [{ runningSince: ago(5_000) }]],
    ["stabilizing", "a short watch", rising, [{ watchedMs: 9_999 }], [{ watchedMs: 10_000 }]],
    ["stabilizing", "a step under way", rising, [{ loadSettled: false }], [{ loadSettled: true }]],
    [
      "another-autoscaler-active",
      "a foreign change",
      rising,
      [{ foreignChangeAt: ago(299_999) }],
      [{ foreignChangeAt: ago(300_000) }],
    ],
    ["source-partitions-cap", "a subtask per partition", source(4), [{}], [{}, {}, source(2)]],
    [
      "no-useful-parallelism",
      "the upper bound reached",
      rising,
      [{}, { maxParallelism: 1 }],
      [{}, { maxParallelism: 2 }],
    ],
    ["cluster-capacity", "too few slots", rising, [{ slotsFree: 0 }], [{ slotsFree: 3 }]],
    ["cluster-capacity", "unknown slots", rising, [{ slotsFree: 0 }], [{ slotsFree: null }]],
    [
      "cooldown",
      "a rescale just now",
      rising,
      [{ lastRescaleAt: ago(9_999) }],
      [{ lastRescaleAt: ago(10_000) }],
    ],
    [
      "cooldown",
      "a rescale not long ago, for less",
      falling,
      [{ lastRescaleAt: ago(59_999) }],
      [{ lastRescaleAt: ago(60_000) }],
    ],
    [
      "cooldown",
      "too little patience",
      falling,
      [{ lastRescaleAt: ago(80_000), patienceMs: 90_000 }],
      [{ lastRescaleAt: ago(90_000), patienceMs: 90_000 }],
    ],
  ])("%s: %s", (name, _, vertices, [bad, badConfig], [good, goodConfig, goodVertices]) => {
    const held = decided(vertices, bad, badConfig);
    expect(held).toMatchObject({ reason: name, effective: null });
    expect(held.sentence).toMatch(/^Hold: .+\.$/);
    const passed = decided(goodVertices ?? vertices, good, goodConfig);
    expect(passed.guards.find((g) => g.name === name)?.verdict).toBe("pass");
  });

  it("patience holds after a short watch too, when nothing was rescaled yet", () => {
    expect(decided(falling, { watchedMs: 59_000, patienceMs: 60_000 }).effective).toBeNull();
  });

  it("a vertex that a FORWARD edge holds is not said to have what it needs", () => {
    const vertices = {
      a: aVertex({ name: "a", source: true, costMs: 0.1, arrivalRate: 1_500 }),
      b: aVertex({ name: "b", inputs: ["a"], forwardInputs: ["a"], arrivalRate: 1_500 }),
    };
    const decision = decided(vertices, {}, { vertices: { a: { max: 1 } } });
    expect(decision).toMatchObject({ reason: "no-useful-parallelism", effective: null });
    expect(decision.sentence).toContain("vertex b needs more than the 1 subtasks");
  });
});

describe("a clock of ours that differs from the JobManager's decides nothing", () => {
  const ago = (ms: number) => NOW - ms;
  const rescale = (minutes: number, direction: "up" | "down") => ({
    ...{
      at: ago(minutes * 60_000),
      from: { work: 1 },
      to: { work: 1 },
      direction,
      reason: "scale",
      pauseMs: 0,
    },
    ...{ consumedBefore: null, consumedAfter: null, effect: "unknown" as const },
  });
  it.each<[ScaleReason, Vertices, Partial<ScaleInputs>, Partial<AutoscalerConfig>]>([
    ["scale-up", rising, {}, {}],
    ["scale-down", falling, {}, {}],
    ["stabilizing", rising, { runningSince: ago(4_000) }, {}],
    ["cooldown", rising, { lastRescaleAt: ago(9_000) }, {}],
    ["scale-up", rising, { lastRescaleAt: ago(11_000) }, {}],
    ["stable-freeze", falling, { lastRescaleAt: ago(3_600_000) }, { freezeAfterStableMs: 3_600_000 }],
    ["scale-down", falling, { lastRescaleAt: ago(3_599_999) }, { freezeAfterStableMs: 3_600_000 }],
    [
      "oscillation-frozen",
      falling,
      { rescales: [rescale(50, "up"), rescale(40, "down"), rescale(30, "up")] },
      {},
    ],
  ])("%s", (reason, vertices, changes, config) => {
    const inputs = someInputs(vertices, changes);
    const reasons = [-3_600_000, -60_000, 0, 60_000, 3_600_000].map(
      (skew) => decide(SUBJECT, inputs, aConfig(config), NOW + skew).reason,
    );
    expect(reasons).toEqual(reasons.map(() => reason));
  });
});

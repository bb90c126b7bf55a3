import { describe, expect, it } from "vitest";
import {
  type FlinkDecision,
  type FlinkOptions,
  type FlinkState,
  flinkPolicy,
  flinkReadout,
  learnFlink,
  NEW_FLINK_STATE,
} from "../../autoscaler/flink/index.ts";
import { type Baseline, collect } from "../../collector/index.ts";
import { Simulation, worldNamed } from "../../engine/simulated/index.ts";
import type { Parallelism } from "../../model/index.ts";
import { createSimulatedReader } from "../../sidecar/whatif/readout.ts";

/** A pass every 5 s; short windows, so that a ride takes minutes of virtual time. */
const PASS_MS = 5_000;
const OPTIONS: FlinkOptions = {
  ...flinkPolicy().options,
  enabled: true,
  windowMs: 120_000,
  stabilizationMs: 90_000,
  boundary: 0.2,
  catchUpMs: 300_000,
  restartMs: 10_000,
  scaleDownIntervalMs: 60_000,
};

interface Ride {
  /** What the policy wanted in each pass, by readouts and by observations. */
  readonly byReadout: readonly (Parallelism | null)[];
  readonly byObservation: readonly (Parallelism | null)[];
  /** Parallelism of the working vertex whenever it was changed. */
  readonly work: readonly number[];
  readonly state: FlinkState;
}

const targetOf = (decision: FlinkDecision | null): Parallelism | null => decision?.target ?? null;

const boundsOf = (target: Parallelism) =>
  Object.fromEntries(Object.entries(target).map(([id, p]) => [id, { lowerBound: 1, upperBound: p }]));

const rateAt = (pass: number): number => (pass < 50 ? 250 : pass < 220 ? 900 : 200);

/** The load job on the simulated Flink: 250, then 900, then 200 records/s; what is wanted is carried out. */
async function ride(): Promise<Ride> {
  const simulation = new Simulation(worldNamed("load-job-1.20", { seed: 3 }));
  const reader = createSimulatedReader(simulation);
  const job = simulation.jobs[0];
  if (job === undefined) throw new Error("the world has no job");
  const policy = flinkPolicy(OPTIONS, { counts: "realized" });
  const work = job.plan.vertices.find((v) => v.name === "work")?.id ?? "";
  const wanted: { byReadout: (Parallelism | null)[]; byObservation: (Parallelism | null)[] } = {
    byReadout: [],
    byObservation: [],
  };
  const sizes: number[] = [];
  let direct = NEW_FLINK_STATE;
  let learned: FlinkState | undefined;
  let baseline: Baseline | undefined;
  for (let i = 0; i < 420; i++) {
    simulation.setLoad(job.plan.name, rateAt(i));
    simulation.advanceTo(simulation.now() + PASS_MS);
    const readout = await reader.readJob(job.id);
    const stepped = policy.step(direct, flinkReadout(readout), simulation.now());
    direct = stepped.state;
    const collected = collect(baseline, readout, "a/b/c");
    baseline = collected.baseline;
    learned = learnFlink(learned, collected.observation, OPTIONS, simulation.now());
    const target = targetOf(learned.last);
    wanted.byReadout.push(stepped.decision.target);
    wanted.byObservation.push(target);
    if (target === null) continue;
    if (sizes.at(-1) !== target[work]) sizes.push(target[work] ?? 0);
    simulation.putRequirements(job.id, boundsOf(target));
  }
  return { ...wanted, work: sizes, state: learned ?? NEW_FLINK_STATE };
}

describe("policy flink on a simulated Flink", () => {
  const ridden = ride();

  it("wants the same of readouts as of observations", async () => {
    const { byReadout, byObservation } = await ridden;
    expect(byObservation).toEqual(byReadout);
    expect(byReadout.some((target) => target !== null)).toBe(true);
  });

  it("scales up with the load and down again, in more than one step", async () => {
    const { work } = await ridden;
    expect(Math.max(...work)).toBeGreaterThanOrEqual(3);
    expect(work.at(-1)).toBeLessThan(Math.max(...work));
  });

  it("remembers each rescale with the time that it took", async () => {
    const { state } = await ridden;
    expect(state.restarts.length).toBeGreaterThan(1);
    expect(state.restarts.every((r) => r.tookMs !== null && r.tookMs < 60_000)).toBe(true);
  });
});

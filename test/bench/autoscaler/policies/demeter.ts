import { createLoadCurve, type Line } from "../../../../engine/simulated/load-curve.ts";
import type { Milliseconds } from "../../../../model/index.ts";
import type { BenchWorld, LoadCurve } from "../../../../sidecar/whatif/contest.ts";
import { benchWorld } from "../worlds/build.ts";

/**
 * A job of the Demeter experiments (Geldenhuys et al., ICPE 2024; repository dos-group/demeter), as far as it is
 * published: 18 h, at most 24 TaskManagers, the load's least, mean and highest rate, and what two policies made of it.
 */
export interface DemeterJob {
  readonly name: string;
  readonly least: number;
  readonly mean: number;
  readonly highest: number;
  /** Mean TaskManagers of the HPA on 35 % CPU: with the mean rate it says what one TaskManager carries. */
  readonly hpaTaskManagers: number;
}

export const DEMETER_JOBS: readonly DemeterJob[] = [
  { name: "ADS", least: 5_861, mean: 14_256, highest: 29_225, hpaTaskManagers: 14.7 },
  { name: "CARS", least: 10_130, mean: 18_361, highest: 37_563, hpaTaskManagers: 19.8 },
];

export const DEMETER_TASK_MANAGERS = 24;
export const DEMETER_TARGET = 0.35;
export const DEMETER_MS: Milliseconds = 18 * 3_600_000;

/** Records per second that one TaskManager carries: at the HPA's target it had the published mean number of them. */
export const perTaskManager = ({ mean, hpaTaskManagers }: DemeterJob): number =>
  mean / hpaTaskManagers / DEMETER_TARGET;

/** Source, keyed work and sink; the work is what needs the TaskManagers. */
export function demeterWorld(job: DemeterJob): BenchWorld {
  const each = perTaskManager(job);
  return benchWorld({
    name: `demeter-${job.name.toLowerCase()}`,
    title: `Demeter, ${job.name}`,
    fullRate: job.highest,
    maxParallelism: DEMETER_TASK_MANAGERS,
    vertices: [
      { name: "source", capacity: each * 4, source: { share: 1, partitions: DEMETER_TASK_MANAGERS } },
      { name: "work", capacity: each, stateBytes: 1e9 },
      { name: "sink", capacity: each * 6 },
    ],
    edges: [
      { from: "source", to: "work", ship: "HASH", recordBytes: 200 },
      { from: "work", to: "sink", ship: "FORWARD", recordBytes: 200 },
    ],
  });
}

/**
 * One day of 18 h with the published least, mean and highest rate: a cosine, raised until its mean is right, with the
 * unrest of a replayed trace on it. The trace itself is not shipped.
 */
export function demeterLoad({ least, mean, highest }: DemeterJob, unrest: number): LoadCurve {
  const minutes = DEMETER_MS / 60_000;
  const raised = (power: number): number[] =>
    Array.from(
      { length: minutes + 1 },
      (_, m) => (0.5 - 0.5 * Math.cos((2 * Math.PI * m) / minutes)) ** power,
    );
  const wanted = (mean - least) / (highest - least);
  let [low, high] = [0.1, 10];
  for (let i = 0; i < 40; i += 1) {
    const power = (low + high) / 2;
    const got = raised(power).reduce((a, b) => a + b, 0) / (minutes + 1);
    if (got > wanted) low = power;
    else high = power;
  }
  let state = 1;
  const roll = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const rates = raised(low).map((share) => {
    const rate = (least + share * (highest - least)) * (1 + unrest * (2 * roll() - 1));
    return Math.min(highest, Math.max(least, rate));
  });
  const lines = rates.slice(1).map((to, m): Line => ({ startMs: m * 60_000, from: rates[m] ?? to, to }));
  return createLoadCurve(lines);
}

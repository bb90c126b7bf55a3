import type { Milliseconds } from "../../../model/index.ts";
import { parallelismFor } from "../../../sidecar/whatif/capacity.ts";
import type { BenchWorld, ContestSetup, Entrant } from "../../../sidecar/whatif/contest.ts";
import { type RunTrace, runContest } from "../../../sidecar/whatif/run.ts";
import { type Score, score } from "../../../sidecar/whatif/score.ts";
import type { BenchLoad } from "./loads.ts";
import type { BenchTrouble } from "./trouble.ts";

/** One contest: a world under a load with a trouble and a seed. Every policy rides alone in its own copy of it. */
export interface Contest {
  readonly bench: BenchWorld;
  readonly load: BenchLoad;
  readonly trouble: BenchTrouble;
  readonly seed: number;
}

/** One line of the table; ratios 0..1. */
export interface ContestRow extends Score {
  readonly world: string;
  readonly load: string;
  readonly policy: string;
  readonly seed: number;
  /** Length of the scored time. */
  readonly minutes: number;
  /** The least that the load can be carried with, given as many rescales; null: not computed. */
  readonly oracleSlotHours: number | null;
  /** Whether the oracle keeps the objective in 99.5 % of the seconds with as many rescales as it likes. */
  readonly possible: boolean | null;
  /** Passes in which Flink refused, or could not be read. */
  readonly failures: number;
}

/** More than this is a day-long contest: passes and grid are coarser. */
const LONG_MS = 3 * 3_600_000;
/** A timer is never early: a pass comes one step of the grid after its two seconds. */
const SHORT_TICK_MS = 100;
const SHORT_PASS_MS = 2_100;
const LONG_TICK_MS = 500;
const LONG_PASS_MS = 10_000;
const LAG_OBJECTIVE_MS = 30_000;
/** What policies without a word of their own start with carries the first minutes at this share of its capacity. */
const START_UTILIZATION = 0.7;
const START_MS = 10 * 60_000;

export const contestName = ({ load, trouble }: Contest): string =>
  trouble.name === "none" ? load.name : `${load.name}, ${trouble.name}`;

/** What a policy is told, and the world that it rides in. */
export function setupOf(contest: Contest, entrant: Entrant): ContestSetup {
  const { bench, load, trouble, seed } = contest;
  const isLong = load.durationMs > LONG_MS;
  const curve = bench.ownLoad ?? load.curve(bench.fullRate);
  const options = { seed, tickMs: isLong ? LONG_TICK_MS : SHORT_TICK_MS, ...trouble.options(bench, load) };
  const plain = bench.world(curve, options);
  const passMs: Milliseconds = isLong ? LONG_PASS_MS : SHORT_PASS_MS;
  const setup = {
    bench,
    load: curve,
    durationMs: load.durationMs,
    seed,
    history: entrant.withoutHistory === true ? null : load.history(bench.fullRate, plain.epoch),
    minParallelism: 1,
    maxParallelism: bench.maxParallelism,
    passMs,
    lagObjectiveMs: LAG_OBJECTIVE_MS,
  };
  const firstRate = (curve.arrivedBy(START_MS) / START_MS) * 1_000;
  const start =
    entrant.start?.(setup) ??
    parallelismFor(bench, plain, firstRate / START_UTILIZATION, bench.maxParallelism);
  return { ...setup, world: bench.world(curve, { ...options, parallelism: start }) };
}

export interface RanContest {
  readonly setup: ContestSetup;
  readonly trace: RunTrace;
  readonly score: Score;
}

/** Runs one policy through one contest and scores it. */
export async function runOne(contest: Contest, entrant: Entrant): Promise<RanContest> {
  const setup = setupOf(contest, entrant);
  const trace = await runContest(setup, entrant.create);
  const { stepsMs, upMs } = contest.load;
  return { setup, trace, score: score(trace, setup, { allMs: stepsMs, upMs }) };
}

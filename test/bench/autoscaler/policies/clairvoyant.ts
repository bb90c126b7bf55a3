import type { World } from "../../../../engine/simulated/index.ts";
import { restartPauseMs } from "../../../../engine/simulated/index.ts";
import type { Milliseconds } from "../../../../model/index.ts";
import type { BenchWorld, ContestSetup, Entrant } from "../../../../sidecar/whatif/contest.ts";
import type { Plan } from "../oracle/course.ts";
import { planOracle } from "../oracle/plan-oracle.ts";
import { type Size, sizesOf } from "../oracle-row.ts";

type Told = Omit<ContestSetup, "world">;

/** A plan of the oracle in the world's own terms. */
interface Made {
  readonly plan: Plan;
  readonly sizes: readonly Size[];
  readonly stepMs: Milliseconds;
}

/**
 * The oracle's plan ridden in the simulation: what it takes to be "possible". It knows the load, and plans with a
 * little less capacity than the mean, because noise, checkpoints and the start of its tasks are not in the plan.
 */
export const clairvoyant: Entrant = {
  name: "oracle",
  withoutHistory: true,
  start: (told) => {
    const made = planOf(told, told.bench.world(told.load, { seed: told.seed }));
    return made.sizes[made.plan[0]?.level ?? made.sizes.length - 1]?.parallelism ?? {};
  },
  create: (setup) => {
    const { plan, sizes, stepMs } = planOf(setup, setup.world);
    const slotsOf = (level: number | undefined): number => sizes[level ?? 0]?.slots ?? 0;
    // A rescale waits for a checkpoint, so more is asked for a little earlier.
    const from = plan.map(({ atStep, level }, i) => {
      const grows = i > 0 && slotsOf(level) > slotsOf(plan[i - 1]?.level);
      return { ms: atStep * stepMs - (grows ? LEAD_MS : 0), level };
    });
    return {
      name: "oracle",
      passMs: setup.passMs,
      pass: (_readout, _cpu, now) => {
        const entry = from.findLast((e) => e.ms <= now - setup.world.epoch);
        return entry === undefined ? undefined : sizes[entry.level]?.parallelism;
      },
    };
  },
};

/** Asked once for the start and once for the ride, in worlds that differ by their trouble only: made once where they agree. */
function planOf(told: Told, world: World): Made {
  const { load, durationMs, lagObjectiveMs, maxParallelism, bench } = told;
  const stepMs = durationMs > LONG_MS ? LONG_STEP_MS : SHORT_STEP_MS;
  const sizes = sizesOf(bench, world, maxParallelism);
  const pauseMs = pauseOf(bench, world);
  const key = JSON.stringify([durationMs, lagObjectiveMs, pauseMs, headroomsFor(world), sizes]);
  const known = made.get(load) ?? new Map<string, Made>();
  made.set(load, known);
  const before = known.get(key);
  if (before !== undefined) return before;
  const rate = ratesOf(load, durationMs, stepMs);
  let plan: Plan = [];
  for (const headroom of headroomsFor(world)) {
    if (plan.length > 0) break;
    const levels = sizes.map(({ slots, capacity }) => ({ slots, capacity: capacity * (1 - headroom) }));
    const oracle = planOracle({
      rate,
      stepMs,
      levels,
      pauseMs,
      replayMs: REPLAY_MS,
      lagObjectiveMs,
      share: SHARE,
      maxRescales: RESCALES,
    });
    plan = oracle.planFor(RESCALES);
  }
  const result = { plan, sizes, stepMs };
  known.set(key, result);
  return result;
}

const made = new WeakMap<ContestSetup["load"], Map<string, Made>>();

/**
 * Capacity that is left unused, the most first; less where that cannot be had. An attempt may be unlucky for hours: two
 * standard deviations of the vertex that differs most.
 */
function headroomsFor({ jobs }: World): readonly number[] {
  const unrest = Math.max(0, ...(jobs[0]?.vertices ?? []).map((v) => v.attemptNoise ?? 0));
  const most = 1 - (1 - HEADROOM) * Math.exp(-2 * unrest);
  return unrest === 0 ? [HEADROOM] : [most, (most + HEADROOM) / 2, HEADROOM];
}

/** Mean rate of every whole step. */
export function ratesOf(load: Told["load"], durationMs: Milliseconds, stepMs: Milliseconds): Float64Array {
  return Float64Array.from({ length: Math.floor(durationMs / stepMs) }, (_, i) => {
    const records = load.arrivedBy((i + 1) * stepMs) - load.arrivedBy(i * stepMs);
    return (records / stepMs) * 1_000;
  });
}

/** With every vertex at a quarter of its bound: a pause depends on it a little, and a plan has many sizes. */
function pauseOf(bench: BenchWorld, world: World): Milliseconds {
  const job = world.jobs[0];
  if (job === undefined) throw new TypeError("a contest has a job");
  const quarter = Math.max(1, Math.round(bench.maxParallelism / 4));
  return restartPauseMs(job, Object.fromEntries(job.vertices.map((v) => [v.id, quarter])));
}

const HEADROOM = 0.05;
/** Half of what the objective allows: the rest is for what was not planned. */
const SHARE = 0.9975;
const RESCALES = 6;
const LEAD_MS = 20_000;
/** A rescale comes right after a checkpoint; what it took to end is read again. */
const REPLAY_MS = 1_000;
const LONG_MS = 3 * 3_600_000;
const LONG_STEP_MS = 60_000;
const SHORT_STEP_MS = 10_000;

import type { World } from "../../../engine/simulated/index.ts";
import type { Milliseconds, Parallelism } from "../../../model/index.ts";
import { jobCapacity, parallelismFor } from "../../../sidecar/whatif/capacity.ts";
import type { BenchWorld, ContestSetup } from "../../../sidecar/whatif/contest.ts";
import { slotsOf } from "../../../sidecar/whatif/run.ts";
import { type Contest, type ContestRow, contestName } from "./contest-row.ts";
import type { DayCurve } from "./curves.ts";
import { type Oracle, planOracle } from "./oracle/plan-oracle.ts";

/** A size that the oracle may choose, with the parallelism that makes it. */
export interface Size {
  readonly slots: number;
  /** Records per second at all sources together. */
  readonly capacity: number;
  readonly parallelism: Parallelism;
}

const STEP_MS = 60_000;
const SHARE = 0.995;
/** The oracle is given no more rescales than this, however many a policy made. */
export const MOST_RESCALES = 24;
/** Plotted, and needed to say what is possible. */
const LEAST_RESCALES = 4;

interface Planned {
  readonly oracle: Oracle;
  readonly sizes: readonly Size[];
  readonly rate: Float64Array;
  readonly most: number;
}

/** The oracle of one contest: planned once for all policies and seeds, and again only for more rescales. */
export class OracleOf {
  private readonly contest: Contest;
  private planned: Planned | undefined;

  constructor(contest: Contest) {
    this.contest = contest;
  }

  /** Plans for up to `rescales`; any of the setups will do. */
  prepare([setup]: readonly ContestSetup[], rescales: number): void {
    const most = Math.max(LEAST_RESCALES, Math.min(MOST_RESCALES, rescales));
    if (setup === undefined || (this.planned !== undefined && this.planned.most >= most)) return;
    this.planned = planFor(setup, most);
  }

  /** Slot-hours of the cheapest plan that keeps the objective with so many rescales; null: no plan does. */
  given(rescales: number): Pick<ContestRow, "oracleSlotHours" | "possible"> {
    if (this.planned === undefined) return { oracleSlotHours: null, possible: null };
    const { oracle } = this.planned;
    const seconds = oracle.slotSeconds[Math.min(rescales, oracle.slotSeconds.length - 1)];
    const known = seconds !== undefined && Number.isFinite(seconds);
    return { oracleSlotHours: known ? seconds / 3_600 : null, possible: oracle.possible };
  }

  /** Its slots over the day with the four rescales that a policy should do with; empty before `prepare`. */
  curve(): readonly DayCurve[] {
    if (this.planned === undefined) return [];
    const { oracle, sizes, rate } = this.planned;
    const plan = oracle.planFor(Math.min(LEAST_RESCALES, oracle.slotSeconds.length - 1));
    if (plan.length === 0) return [];
    const slots = Array.from(rate, (_, step) => {
      const entry = plan.findLast((e) => e.atStep <= step);
      return sizes[entry?.level ?? 0]?.slots ?? 0;
    });
    const load = contestName(this.contest);
    return [{ world: this.contest.bench.name, load, policy: "oracle, 4 rescales", rate: [...rate], slots }];
  }
}

function planFor(setup: ContestSetup, most: number): Planned {
  const steps = Math.floor(setup.durationMs / STEP_MS);
  const rate = Float64Array.from({ length: steps }, (_, i) => {
    const records = setup.load.arrivedBy((i + 1) * STEP_MS) - setup.load.arrivedBy(i * STEP_MS);
    return (records / STEP_MS) * 1_000;
  });
  const sizes = sizesOf(setup.bench, setup.world, setup.maxParallelism);
  const oracle = planOracle({
    rate,
    stepMs: STEP_MS,
    levels: sizes.map(({ slots, capacity }) => ({ slots, capacity })),
    pauseMs: shortestPause(setup.world),
    lagObjectiveMs: setup.lagObjectiveMs,
    share: SHARE,
    maxRescales: most,
  });
  return { oracle, sizes, rate, most };
}

/** Of every number of slots the size that carries the most; sizes that carry no more than a smaller one are left out. */
export function sizesOf(bench: BenchWorld, world: World, most: number): readonly Size[] {
  const job = world.jobs[0];
  if (job === undefined) throw new TypeError("a contest has a job");
  const capacity = jobCapacity(bench, world);
  const candidates = job.vertices.flatMap(({ id, maxParallelism }) =>
    Array.from({ length: Math.min(most, maxParallelism) }, (_, i) => {
      const share = bench.share[id] ?? 0;
      return share <= 0 ? 0 : bench.capacityOf(id, i + 1) / share;
    }),
  );
  const sizes = [...new Set(candidates)]
    .sort((a, b) => a - b)
    .map((rate): Size => {
      // A hair less, so that a capacity is enough for itself.
      const parallelism = parallelismFor(bench, world, rate * (1 - 1e-9), most);
      const slots = slotsOf(job.vertices.map((plan) => ({ plan, parallelism: parallelism[plan.id] ?? 1 })));
      return { slots, capacity: capacity(parallelism), parallelism };
    });
  const best: Size[] = [];
  for (const size of sizes.sort((a, b) => a.slots - b.slots || b.capacity - a.capacity)) {
    if (size.capacity > (best.at(-1)?.capacity ?? 0)) best.push(size);
  }
  return best;
}

/** A restart at its shortest, so that the oracle is never charged too much: every vertex at its largest. */
function shortestPause({ jobs }: World): Milliseconds {
  const job = jobs[0];
  if (job === undefined) return 0;
  const { baseMs, startMs, bytesPerSecond } = job.restart;
  const restore = job.vertices.map((v) => (v.stateBytes / v.maxParallelism / bytesPerSecond) * 1_000);
  return baseMs + startMs + Math.max(0, ...restore);
}

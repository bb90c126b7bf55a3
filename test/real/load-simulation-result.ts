/** One vertex of the load simulation. */
export interface SimulatedStage {
  readonly id: string;
  /** From 1. */
  readonly branch: number;
  /** Subtasks that it keeps busy at its peak. */
  readonly maxLoad: number;
}

/** One look at all stages, in their order. */
export interface StagePoint {
  /** Seconds since the job's start, which is where the sine begins. */
  readonly atS: number;
  readonly parallelism: readonly number[];
  /** Accumulated busy time of the present attempt, all subtasks. */
  readonly busyMs: readonly number[];
}

export interface LoadSimulationResult {
  readonly version: string;
  readonly mode: string;
  readonly periodS: number;
  readonly stages: readonly SimulatedStage[];
  readonly points: readonly StagePoint[];
  readonly rescales: number;
  readonly story: readonly string[];
}

/** How one stage was carried. */
export interface StageSummary {
  readonly stage: SimulatedStage;
  /** Highest and lowest that were held for half a minute; lowest after the first peak of the load, at a quarter of the period. */
  readonly highest: number;
  readonly lowestAfter: number;
  /** Share of the looks in which it had less than its load. */
  readonly shortShare: number;
  /** Mean of parallelism ÷ load over all looks: what the carrying costs. */
  readonly slotsPerLoad: number;
}

/** Subtasks that a stage wants to keep busy at a moment: half at the start, all after a quarter of the period. */
export function loadAt(stage: SimulatedStage, atS: number, periodS: number): number {
  return stage.maxLoad * (0.5 + 0.5 * Math.sin((2 * Math.PI * atS) / periodS));
}

/** A size that is held for less than so many seconds is that of a restart: Flink may begin with fewer slots. */
const HELD_LOOKS = 30;

/** What `pick` finds in every run of so many looks. */
const held = (values: readonly number[], pick: (...values: number[]) => number): readonly number[] =>
  values
    .slice(0, Math.max(1, values.length - HELD_LOOKS + 1))
    .map((_, i) => pick(...values.slice(i, i + HELD_LOOKS)));

export function summaryOf({ stages, points, periodS }: LoadSimulationResult): readonly StageSummary[] {
  return stages.map((stage, i) => {
    const seen = points.map(({ atS, parallelism }) => ({
      atS,
      parallelism: parallelism[i] ?? 0,
      load: loadAt(stage, atS, periodS),
    }));
    const all = seen.map(({ parallelism }) => parallelism);
    const after = seen.filter(({ atS }) => atS > periodS / 4).map(({ parallelism }) => parallelism);
    const sum = (of: (look: (typeof seen)[number]) => number) =>
      seen.reduce((all, look) => all + of(look), 0);
    return {
      stage,
      highest: Math.max(...held(all, Math.min)),
      lowestAfter: Math.min(...held(after, Math.max)),
      shortShare: sum(({ parallelism, load }) => (parallelism < load ? 1 : 0)) / seen.length,
      slotsPerLoad: sum(({ parallelism }) => parallelism) / sum(({ load }) => load),
    };
  });
}

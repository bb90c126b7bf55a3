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
const HELD_S = 30;

interface Look {
  readonly atS: number;
  readonly parallelism: number;
}

/** What `pick` finds in the half minute that begins with each look. */
function held(looks: readonly Look[], pick: (...values: number[]) => number): readonly number[] {
  const lastS = looks.at(-1)?.atS ?? 0;
  return looks.flatMap(({ atS }, i) => {
    if (i > 0 && atS + HELD_S > lastS + 1) return [];
    const during = looks.slice(i).filter((look) => look.atS < atS + HELD_S);
    return [pick(...during.map(({ parallelism }) => parallelism))];
  });
}

export function summaryOf({ stages, points, periodS }: LoadSimulationResult): readonly StageSummary[] {
  return stages.map((stage, i) => {
    const seen = points.map(({ atS, parallelism }) => ({
      atS,
      parallelism: parallelism[i] ?? 0,
      load: loadAt(stage, atS, periodS),
    }));
    const after = seen.filter(({ atS }) => atS > periodS / 4);
    const sum = (of: (look: (typeof seen)[number]) => number) =>
      seen.reduce((all, look) => all + of(look), 0);
    return {
      stage,
      highest: Math.max(...held(seen, Math.min)),
      lowestAfter: Math.min(...held(after, Math.max)),
      shortShare: sum(({ parallelism, load }) => (parallelism < load ? 1 : 0)) / seen.length,
      slotsPerLoad: sum(({ parallelism }) => parallelism) / sum(({ load }) => load),
    };
  });
}

import type { Milliseconds } from "../../model/index.ts";
import { jobCapacity } from "./capacity.ts";
import type { ContestSetup } from "./contest.ts";
import { firstDecisions, oscillations, stepsToConverge, wrongDirection } from "./moves.ts";
import { type RunTrace, slotsOf } from "./run.ts";

/** What a run was worth, by the definitions of docs/benchmarks.md. */
export interface Score {
  /** Share of the seconds in which nothing older than the objective was waiting, 0..1. */
  readonly inObjective: number;
  readonly slotHours: number;
  readonly rescales: number;
  readonly downSeconds: number;
  readonly wrongDirection: number;
  readonly oscillations: number;
  readonly stepsToConverge: number;
  /** The slowest first request after a step that makes the load larger; null without such a step or request. */
  readonly firstDecisionSeconds: number | null;
  /** Age of the oldest record that waited, at its worst. */
  readonly peakLagSeconds: number;
}

/** Records that stand for rounding at the end of a load: fewer are none. */
const SLACK_RECORDS = 1;

/** `stepsMs`: when the load jumps, and of these the ones that make it larger. */
export function score(
  trace: RunTrace,
  setup: Pick<ContestSetup, "bench" | "world" | "load" | "lagObjectiveMs">,
  steps: { readonly allMs: readonly Milliseconds[]; readonly upMs: readonly Milliseconds[] },
): Score {
  const job = setup.world.jobs[0];
  if (job === undefined) throw new TypeError("a contest has a job");
  const judged = {
    trace,
    demand: demandOf(setup.load, trace.seconds),
    lagObjectiveMs: setup.lagObjectiveMs,
    capacity: jobCapacity(setup.bench, setup.world),
    slots: (parallelism: Readonly<Record<string, number>>) =>
      slotsOf(job.vertices.map((plan) => ({ plan, parallelism: parallelism[plan.id] ?? plan.parallelism }))),
  };
  const lags = lagSeconds(trace);
  const objective = setup.lagObjectiveMs / 1_000;
  const first = firstDecisions(trace, steps.allMs).filter((_, i) =>
    steps.upMs.includes(steps.allMs[i] ?? -1),
  );
  const told = first.filter((s) => s !== null);
  return {
    inObjective: lags.reduce((count, lag) => count + (lag <= objective ? 1 : 0), 0) / trace.seconds,
    slotHours: trace.slots.reduce((a, b) => a + b, 0) / 3_600,
    rescales: trace.moves.length,
    downSeconds: trace.down.reduce((a, b) => a + b, 0),
    wrongDirection: wrongDirection(judged),
    oscillations: oscillations(judged),
    stepsToConverge: stepsToConverge(trace, steps.allMs),
    firstDecisionSeconds: told.length === 0 || told.length < first.length ? null : Math.max(...told),
    peakLagSeconds: lags.reduce((a, b) => Math.max(a, b), 0),
  };
}

function demandOf(load: ContestSetup["load"], seconds: number): Float64Array {
  const demand = new Float64Array(seconds);
  for (let s = 0; s < seconds; s++) demand[s] = load.arrivedBy((s + 1) * 1_000) - load.arrivedBy(s * 1_000);
  return demand;
}

/**
 * Age of the oldest record that waits, at the end of every second, in whole seconds: how far back the arrivals reach
 * that together are the backlog. Records are taken in the order in which they came. O(seconds).
 */
export function lagSeconds({ arrivals, backlog, seconds }: RunTrace): Float64Array {
  const lags = new Float64Array(seconds);
  const arrived = new Float64Array(seconds + 1);
  for (let s = 0; s < seconds; s++) arrived[s + 1] = (arrived[s] ?? 0) + (arrivals[s] ?? 0);
  let done = 0;
  for (let s = 0; s < seconds; s++) {
    const doneWith = (arrived[s + 1] ?? 0) - Math.max(0, (backlog[s] ?? 0) - SLACK_RECORDS);
    // What was done with never falls, but for records that are read again after a restart.
    while (done > 0 && (arrived[done] ?? 0) > doneWith) done -= 1;
    while (done <= s && (arrived[done + 1] ?? 0) <= doneWith) done += 1;
    lags[s] = s + 1 - done;
  }
  return lags;
}

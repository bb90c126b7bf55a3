import type { LoadSeries } from "../../autoscaler/index.ts";
import type { Instant, Milliseconds } from "../../model/index.ts";
import type { BenchWorld, ContestSetup, Entrant } from "./contest.ts";
import { type Knot, loadThrough } from "./knots.ts";
import { inFiveMinutes, type LastDay, lastDayOf } from "./last-day.ts";
import type { LoadFile } from "./load-file.ts";
import { runContest } from "./run.ts";
import { score } from "./score.ts";
import { spreadKeepingMean } from "./spread.ts";
import { STATIC_UTILIZATION, smallestFor } from "./static-size.ts";

/** What a policy would have made of a load. */
export interface BacktestRow {
  readonly policy: string;
  /** Share of the seconds with no more lag than the objective, 0..1. */
  readonly inObjective: number;
  readonly peakLagSeconds: number;
  readonly slotHours: number;
  /** Slot-hours × price; null: no price was given. */
  readonly cost: number | null;
  readonly rescales: number;
  readonly downSeconds: number;
}

export interface Backtest {
  readonly load: string;
  /** Length of the scored time; what came before it was given to the policies that learn as their past. */
  readonly minutes: number;
  readonly historyMinutes: number;
  /** Share of the scored steps that the record lacks; the value before was held for them. */
  readonly missingShare: number;
  readonly peakRate: number;
  readonly meanRate: number;
  readonly rows: readonly BacktestRow[];
}

export interface BacktestOptions {
  readonly policies: readonly Entrant[];
  /** Peak ÷ mean to which the record is spread; undefined: as it is. */
  readonly peakToMean?: number | undefined;
  readonly pricePerSlotHour?: number | undefined;
  readonly lagObjectiveMs: Milliseconds;
  /** Told before each run, which may take a minute. */
  readonly told?: (policy: string) => void;
}

const MINUTE_MS: Milliseconds = 60_000;
const HISTORY_STEP_MS: Milliseconds = 5 * MINUTE_MS;
const SEED = 1;
const PASS_MS: Milliseconds = 10_000;
const TICK_MS: Milliseconds = 500;
/** A job begins with what carries its first minutes at 70 %. */
const START_SPARE = 0.85 / 0.7;
const START_MS: Milliseconds = 600_000;

/**
 * Runs every policy beside the job under a recorded load: its last 24 hours, with the days before as the past that a
 * running product would have; a record of less than a day and a half is run whole. Deterministic.
 */
export async function backtest(
  bench: BenchWorld,
  recorded: LoadFile,
  options: BacktestOptions,
): Promise<Backtest> {
  const { stepMinutes, name } = recorded;
  const { peakToMean } = options;
  const { scored, missingShare, before } = lastDayOf(
    peakToMean === undefined ? recorded : spreadKeepingMean(recorded, peakToMean),
  );
  const load = loadThrough([
    ...scored.map((rate, i): Knot => [i * stepMinutes * MINUTE_MS, rate]),
    [scored.length * stepMinutes * MINUTE_MS, scored.at(-1) ?? 0],
  ]);
  const durationMs = Math.floor(scored.length * stepMinutes * 60) * 1_000;
  const rows: BacktestRow[] = [];
  for (const entrant of options.policies) {
    options.told?.(entrant.name);
    const past = (epoch: Instant) => (before.length === 0 ? null : historyOf(before, stepMinutes, epoch));
    rows.push(await rowOf(entrant, { bench, load, durationMs }, past, options));
  }
  return {
    load: name,
    minutes: durationMs / MINUTE_MS,
    historyMinutes: before.length * stepMinutes,
    missingShare,
    peakRate: scored.reduce((a, b) => Math.max(a, b), 0),
    meanRate: (load.arrivedBy(durationMs) / durationMs) * 1_000,
    rows,
  };
}

async function rowOf(
  entrant: Entrant,
  { bench, load, durationMs }: Pick<ContestSetup, "bench" | "load" | "durationMs">,
  past: (epoch: Instant) => LoadSeries | null,
  { lagObjectiveMs, pricePerSlotHour }: BacktestOptions,
): Promise<BacktestRow> {
  const options = {
    seed: SEED,
    tickMs: TICK_MS,
    slots: bench.maxParallelism * Object.keys(bench.share).length,
  };
  const { epoch } = bench.world(load, options);
  const setup = {
    bench,
    load,
    durationMs,
    seed: SEED,
    history: entrant.withoutHistory === true ? null : past(epoch),
    minParallelism: 1,
    maxParallelism: bench.maxParallelism,
    passMs: PASS_MS,
    lagObjectiveMs,
  };
  const first = (load.arrivedBy(START_MS) / START_MS) * 1_000;
  const parallelism = entrant.start?.(setup) ?? smallestFor(bench, first * START_SPARE, STATIC_UTILIZATION);
  const whole = { ...setup, world: bench.world(load, { ...options, parallelism }) };
  const trace = await runContest(whole, entrant.create);
  const scored = score(trace, whole, { allMs: [], upMs: [] });
  const { inObjective, peakLagSeconds, slotHours, rescales, downSeconds } = scored;
  const cost = pricePerSlotHour === undefined ? null : slotHours * pricePerSlotHour;
  return { policy: entrant.name, inObjective, peakLagSeconds, slotHours, cost, rescales, downSeconds };
}

/** Means of 5-minute steps before `epoch`, gaps as gaps. */
function historyOf(before: LastDay["before"], stepMinutes: number, epoch: Instant): LoadSeries {
  const values = inFiveMinutes(before, stepMinutes);
  return { from: epoch - values.length * HISTORY_STEP_MS, stepMs: HISTORY_STEP_MS, values };
}

import type { LoadSeries } from "../../autoscaler/index.ts";
import { Failure, type Instant, type Milliseconds } from "../../model/index.ts";
import type { BenchWorld, ContestSetup, Entrant } from "./contest.ts";
import { type Knot, loadThrough } from "./knots.ts";
import type { LoadFile } from "./load-file.ts";
import { runContest } from "./run.ts";
import { score } from "./score.ts";
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
const HISTORY_STEP_MINUTES = 5;
const DAY_MINUTES = 1_440;
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
  if (!recorded.values.some((v) => v !== null && v > 0))
    throw new Failure(
      "bad-request",
      `cannot back-test load ${name}: got no rate above 0; expected some load`,
    );
  const values = options.peakToMean === undefined ? recorded.values : spread(recorded, options.peakToMean);
  const day = Math.round(DAY_MINUTES / stepMinutes);
  const cut = values.length >= 1.5 * day ? values.length - day : 0;
  const scored = holdGaps(values, cut);
  const load = loadThrough([
    ...scored.map((rate, i): Knot => [i * stepMinutes * MINUTE_MS, rate]),
    [scored.length * stepMinutes * MINUTE_MS, scored.at(-1) ?? 0],
  ]);
  const durationMs = Math.floor(scored.length * stepMinutes * 60) * 1_000;
  const rows: BacktestRow[] = [];
  for (const entrant of options.policies) {
    options.told?.(entrant.name);
    const past = (epoch: Instant) => (cut === 0 ? null : historyOf(values.slice(0, cut), stepMinutes, epoch));
    rows.push(await rowOf(entrant, { bench, load, durationMs }, past, options));
  }
  return {
    load: name,
    minutes: durationMs / MINUTE_MS,
    historyMinutes: cut * stepMinutes,
    missingShare: values.slice(cut).filter((v) => v === null).length / scored.length,
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

/** The scored part; something has to arrive where the record has a gap, so the value before it goes on. */
function holdGaps(values: readonly (number | null)[], cut: number): readonly number[] {
  let last = values.slice(0, cut).findLast((v) => v !== null) ?? values.find((v) => v !== null) ?? 0;
  return values.slice(cut).map((value) => {
    last = value ?? last;
    return last;
  });
}

/** Means of 5-minute steps before `epoch`, gaps as gaps. */
function historyOf(values: readonly (number | null)[], stepMinutes: number, epoch: Instant): LoadSeries {
  const stepMs = HISTORY_STEP_MINUTES * MINUTE_MS;
  const steps = Math.floor((values.length * stepMinutes) / HISTORY_STEP_MINUTES);
  const means = Array.from({ length: steps }, (_, i) => {
    const from = Math.floor((i * HISTORY_STEP_MINUTES) / stepMinutes);
    const to = Math.max(from + 1, Math.floor(((i + 1) * HISTORY_STEP_MINUTES) / stepMinutes));
    const some = values.slice(from, to).filter((v) => v !== null);
    return some.length === 0 ? null : some.reduce((a, b) => a + b, 0) / some.length;
  });
  return { from: epoch - steps * stepMs, stepMs, values: means };
}

/**
 * `rate' = c × rate^k with the k that makes peak ÷ mean of the whole record `ratio`, and the c that keeps its mean.
 */
function spread({ name, values }: LoadFile, ratio: number): readonly (number | null)[] {
  const present = values.filter((v) => v !== null);
  const mean = present.reduce((a, b) => a + b, 0) / present.length;
  const peak = present.reduce((a, b) => Math.max(a, b), 0);
  if (peak <= mean * 1.001)
    throw new Failure(
      "bad-request",
      `cannot spread load ${name} to a peak of ${ratio} times its mean: it is constant`,
    );
  const meanOf = (k: number): number => present.reduce((sum, v) => sum + (v / peak) ** k, 0) / present.length;
  let [low, high] = [0, 64];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (1 / meanOf(middle) < ratio) low = middle;
    else high = middle;
  }
  const factor = mean / meanOf(low);
  return values.map((v) => (v === null ? null : factor * (v / peak) ** low));
}

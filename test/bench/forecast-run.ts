import { OnlineForecast } from "../../autoscaler/forecast/index.ts";
import { Failure } from "../../model/index.ts";
import type { LoadFile } from "./load-file.ts";

/** How wrong a method was on a load at one horizon; `wape` in percent, null where the load was 0 all the time. */
export interface ForecastRow {
  readonly load: string;
  readonly method: string;
  readonly horizonMinutes: number;
  readonly wape: number | null;
}

const DAY_MINUTES = 1_440;
const GRID_MINUTES = 5;
const HORIZONS_MINUTES = [5, 15, 60];
const NEAR_MINUTES = 1e-6;
/** Fewer steps than this have no second half worth scoring. */
const FEWEST_STEPS = 24;
const OUTRIDER = "outrider";
/** The customary names of what is measured under another. */
const NAMES: Readonly<Record<string, string>> = { "holt-winters-additive": "holt-winters" };

/**
 * Point forecasts, online: at every step each method says what the value will be 5, 15 and 60 minutes later, from what
 * was seen until then; the second half is scored. A method that has nothing to say yet is scored as last value. Horizons
 * that are no multiple of the load's step are left out. Throws where the load is too short.
 */
export function measure(given: LoadFile): readonly ForecastRow[] {
  const load = onGrid(given);
  const { values, stepMinutes } = load;
  if (values.length < FEWEST_STEPS) {
    throw new Failure(
      "bad-request",
      `cannot measure forecasts: load ${load.name}; got ${values.length} steps of ${stepMinutes} min; expected at least ${FEWEST_STEPS}`,
    );
  }
  const asked = HORIZONS_MINUTES.map((m) => wholeTimes(m, stepMinutes)).filter((h) => h !== undefined);
  if (asked.length === 0)
    throw new Failure(
      "bad-request",
      `cannot measure forecasts: load ${load.name}; got steps of ${stepMinutes} min; expected steps that go into 5, 15 or 60 min without a rest`,
    );
  const horizons = [...new Set([1, 2, ...asked])].sort((a, b) => a - b);
  const stepsPerDay = Math.max(horizons.at(-1) ?? 1, Math.round(DAY_MINUTES / stepMinutes));
  const online = new OnlineForecast({ stepsPerDay, horizons, capacity: values.length });
  const scores = asked.map((h) => new Scores(h, horizons.indexOf(h), online, values.length));
  values.forEach((value, i) => {
    online.add(value);
    for (const score of scores) score.step(i, value);
  });
  return scores.flatMap((score) => score.rows(load));
}

/** How often `step` fits into `minutes`; undefined where that is no whole number. A third of a minute is never exact. */
function wholeTimes(minutes: number, step: number): number | undefined {
  const times = Math.round(minutes / step);
  return times >= 1 && Math.abs(times * step - minutes) < NEAR_MINUTES ? times : undefined;
}

/** A load of finer steps as means of 5 minutes; a coarser one as it is. */
function onGrid(load: LoadFile): LoadFile {
  const ratio = wholeTimes(GRID_MINUTES, load.stepMinutes);
  if (ratio === undefined || ratio === 1) return load;
  const values: (number | null)[] = [];
  for (let i = 0; i + ratio <= load.values.length; i += ratio) {
    const seen = load.values.slice(i, i + ratio).filter((v) => v !== null);
    values.push(seen.length === 0 ? null : seen.reduce((sum, v) => sum + v, 0) / seen.length);
  }
  return { ...load, stepMinutes: GRID_MINUTES, values };
}

/** The sums of one horizon. */
class Scores {
  private readonly ahead: number;
  private readonly place: number;
  private readonly online: OnlineForecast;
  private readonly half: number;
  private readonly names: readonly string[];
  /** What was said, by the step that it is about. */
  private readonly open: Float64Array[];
  private readonly errors: Float64Array;
  private sum = 0;

  constructor(ahead: number, place: number, online: OnlineForecast, length: number) {
    this.ahead = ahead;
    this.place = place;
    this.online = online;
    this.half = Math.floor(length / 2);
    const methods = online.methods.map((m) => NAMES[m.name] ?? m.name);
    this.names = [OUTRIDER, ...methods, "seasonal-naive"];
    this.open = this.names.map(() => new Float64Array(length + ahead).fill(Number.NaN));
    this.errors = new Float64Array(this.names.length);
  }

  step(i: number, value: number | null): void {
    const begun = !Number.isNaN(this.open[0]?.[i] ?? Number.NaN);
    if (i >= this.half && value !== null && begun) {
      this.sum += value;
      this.open.forEach((said, m) => {
        this.errors[m] = (this.errors[m] ?? 0) + Math.abs(value - (said[i] ?? Number.NaN));
      });
    }
    const { online, place } = this;
    const { past } = online;
    if (past.length === 0) return;
    const last = past.at();
    const said = online.methods.map((_, m) => online.said(place, m));
    const of = (name: string) => said[online.methods.findIndex((m) => m.name === name)] ?? Number.NaN;
    const naive = past.length >= 2 * past.week ? of("seasonal-naive-week") : of("seasonal-naive-day");
    [online.mixed(place), ...said, naive].forEach((forecast, m) => {
      const open = this.open[m];
      if (open !== undefined) open[i + this.ahead] = Number.isNaN(forecast) ? last : forecast;
    });
  }

  rows(load: LoadFile): readonly ForecastRow[] {
    return this.names.map((method, m) => ({
      load: load.name,
      method,
      horizonMinutes: this.ahead * load.stepMinutes,
      wape: this.sum > 0 ? Number(((100 * (this.errors[m] ?? 0)) / this.sum).toFixed(4)) : null,
    }));
  }
}

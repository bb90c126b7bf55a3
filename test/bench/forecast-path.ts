import { forecastPath } from "../../autoscaler/forecast/index.ts";
import type { LoadForecast } from "../../model/index.ts";
import type { LoadFile } from "./load-file.ts";

/** How true the day-long path was on a load: by how far ahead, and what it cost. */
export interface PathRow {
  readonly load: string;
  readonly paths: number;
  /** Share of steps whose highest value stayed below the upper edge, 0..1. */
  readonly covered: { readonly hour: number; readonly later: number };
  /** Upper edge over what came on average. */
  readonly upperOverMean: number;
  /** Of the middle, percent, all steps of the day. */
  readonly wape: number;
  /** CPU time of one call, median, milliseconds. */
  readonly ms: number;
}

const STEP_MS = 300_000;
const PATH = { stepMs: 900_000, steps: 96 };
const VALUES_PER_STEP = PATH.stepMs / STEP_MS;
const DAY = 288;
const HISTORY = 14 * DAY;
/** A path is made every so many values, which meets every time of day. */
const EVERY = 49;
const HOUR_STEPS = 4;

/** Paths made all along the second half of a load of 5-minute steps; null: it is too short, or has other steps. */
export function measurePath(load: LoadFile, every = EVERY): PathRow | null {
  const { values } = load;
  const begin = Math.max(DAY, Math.floor(values.length / 2));
  if (load.stepMinutes * 60_000 !== STEP_MS || begin + DAY > values.length) return null;
  const sums = new PathSums();
  const costs: number[] = [];
  for (let at = begin; at + DAY <= values.length; at += every) {
    const series = { from: 0, stepMs: STEP_MS, values: values.slice(Math.max(0, at - HISTORY), at) };
    const started = cpuMs();
    const path = forecastPath(series, PATH);
    costs.push(cpuMs() - started);
    if (path !== null) sums.add(path, values.slice(at, at + DAY));
  }
  return { load: load.name, paths: costs.length, ...sums.result(), ms: medianOf(costs) };
}

/** What came of the steps of many paths. */
class PathSums {
  private readonly hour = { steps: 0, inside: 0 };
  private readonly later = { steps: 0, inside: 0 };
  private upper = 0;
  private came = 0;
  private error = 0;

  add(path: LoadForecast, came: readonly (number | null)[]): void {
    path.upper.forEach((upper, h) => {
      const seen = came.slice(h * VALUES_PER_STEP, (h + 1) * VALUES_PER_STEP).filter((v) => v !== null);
      if (seen.length === 0) return;
      const part = h < HOUR_STEPS ? this.hour : this.later;
      part.steps++;
      if (Math.max(...seen) <= upper) part.inside++;
      const mean = seen.reduce((sum, v) => sum + v, 0) / seen.length;
      this.upper += upper;
      this.came += mean;
      this.error += Math.abs(mean - (path.median[h] ?? Number.NaN));
    });
  }

  result(): Pick<PathRow, "covered" | "upperOverMean" | "wape"> {
    const { hour, later } = this;
    return {
      covered: { hour: hour.inside / hour.steps, later: later.inside / later.steps },
      upperOverMean: this.upper / this.came,
      wape: (100 * this.error) / this.came,
    };
  }
}

/** CPU time of this process: other work on the machine does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** What one call costs, by days of history: CPU milliseconds, median of 9. */
export function pathCosts(
  days: readonly number[],
): readonly { readonly days: number; readonly ms: number }[] {
  const valueAt = (i: number) => 1_000 + 600 * Math.sin((2 * Math.PI * i) / DAY) + 50 * Math.sin(i * i);
  return days.map((d) => {
    const series = {
      from: 0,
      stepMs: STEP_MS,
      values: Array.from({ length: d * DAY }, (_, i) => valueAt(i)),
    };
    const costs = Array.from({ length: 9 }, () => {
      const started = cpuMs();
      forecastPath(series, PATH);
      return cpuMs() - started;
    });
    return { days: d, ms: medianOf(costs) };
  });
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

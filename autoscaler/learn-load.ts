import { type Instant, isSource, type Milliseconds, numberOf, type Observation } from "../model/index.ts";
import { forecastPath } from "./forecast/index.ts";
import { type Learned, type LoadSeries, NOTHING_LEARNED, type OpenStep } from "./learned.ts";

/** Loads are kept as means of this long: as fine as a plan in quarters of an hour can use. */
export const LOAD_STEP_MS: Milliseconds = 300_000;
/** Three weeks: two of each day of the week, and the present one. */
const MOST_STEPS = 21 * 288;
/** A step of which less than this was seen is a gap. */
const LEAST_SEEN = 0.5;
/** What a path of the forecast is made of: a day in quarters of an hour. */
const PATH = { stepMs: 900_000, steps: 96 };
/** With fewer values than this a forecast costs next to nothing, and every new one matters. */
const SOON = 144;

/** What a recorded load teaches before the first look: its season. Steps of `LOAD_STEP_MS`. */
export function learnedFrom(load: LoadSeries): Learned {
  return { ...NOTHING_LEARNED, load, forecast: forecastPath(load, PATH) };
}

/**
 * Records that arrived at all sources in the time that the newest look tells of: what passed on the task clocks since
 * their counters were refreshed before, but never more than passed since a look told of it. Undefined where that
 * cannot be told.
 */
function newlyArrived(observations: readonly Observation[]): OpenStep | undefined {
  const newest = observations.at(-1);
  const oldest = observations[0];
  if (newest === undefined || oldest === undefined || oldest === newest) return undefined;
  const sources = newest.graph.vertices.filter((v) => isSource(newest.graph, v.id));
  let rate = 0;
  let taskMs: Milliseconds = LOAD_STEP_MS;
  for (const { id } of sources) {
    const v = newest.vertices[id];
    const consumed = numberOf(v?.inRate);
    const growth = numberOf(v?.pendingGrowth);
    const held = numberOf(v?.backPressuredShare) ?? 1;
    if (consumed === undefined || (growth === undefined && held > 0.1)) return undefined;
    rate += Math.max(0, consumed + (growth ?? 0));
    taskMs = Math.min(taskMs, numberOf(v?.taskMs) ?? 0);
  }
  const hasTold = (o: Observation) => sources.every(({ id }) => o.vertices[id]?.inRate.kind === "value");
  const told = observations.findLast((o) => o !== newest && hasTold(o)) ?? oldest;
  const seenMs = Math.min(taskMs, newest.at - told.at);
  return { from: stepOf(newest.at), records: (rate * seenMs) / 1_000, seenMs };
}

const stepOf = (at: Instant): Instant => Math.floor(at / LOAD_STEP_MS) * LOAD_STEP_MS;

/**
 * Adds what arrived to the step that is open; when a step has ended it is kept, and the forecast made anew. The
 * observations end with the look that is new.
 */
export function learnLoad(learned: Learned, observations: readonly Observation[]): Learned {
  const newest = observations.at(-1);
  if (newest === undefined) return learned;
  const now = stepOf(newest.at);
  const seen = newlyArrived(observations);
  const open = learned.open;
  if (open !== null && open.from === now) {
    return seen === undefined ? learned : { ...learned, open: added(open, seen) };
  }
  const load = open === null ? learned.load : closed(learned.load, open);
  const next = { ...learned, load, open: seen ?? { from: now, records: 0, seenMs: 0 } };
  // As often as the path has steps: between them the load of now is looked at beside it.
  const isDue =
    learned.forecast === null ||
    now % PATH.stepMs === 0 ||
    seen === undefined ||
    (load?.values.length ?? 0) < SOON;
  if (load === null || load === learned.load || !isDue) return next;
  const level = open !== null && open.seenMs > 0 ? (open.records / open.seenMs) * 1_000 : undefined;
  return { ...next, forecast: forecastPath(load, level === undefined ? PATH : { ...PATH, level }) };
}

const added = (a: OpenStep, b: OpenStep): OpenStep => ({
  from: a.from,
  records: a.records + b.records,
  seenMs: a.seenMs + b.seenMs,
});

/** Appends a step that has ended, with gaps for those that nobody saw. */
function closed(load: LoadSeries | null, open: OpenStep): LoadSeries | null {
  const value = open.seenMs < LEAST_SEEN * LOAD_STEP_MS ? null : (open.records / open.seenMs) * 1_000;
  if (load === null)
    return value === null ? null : { from: open.from, stepMs: LOAD_STEP_MS, values: [value] };
  const gap = (open.from - load.from) / load.stepMs - load.values.length;
  if (gap < 0) return load;
  if (gap > MOST_STEPS)
    return value === null ? null : { from: open.from, stepMs: LOAD_STEP_MS, values: [value] };
  const values = [...load.values, ...Array.from({ length: gap }, () => null), value];
  const drop = Math.max(0, values.length - MOST_STEPS);
  return { from: load.from + drop * load.stepMs, stepMs: load.stepMs, values: values.slice(drop) };
}

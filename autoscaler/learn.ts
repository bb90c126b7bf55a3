import {
  type Instant,
  isSource,
  type Milliseconds,
  numberOf,
  type Observation,
  type PastRescale,
  type Window,
} from "../model/index.ts";
import { costPerRecord } from "./cost.ts";
import { effectOf } from "./effect.ts";
import { forecastPath } from "./forecast/index.ts";
import {
  type CapacityPoint,
  type Learned,
  type LoadSeries,
  NOTHING_LEARNED,
  type OpenStep,
} from "./learned.ts";
import { boundsAfter } from "./outside-bounds.ts";

/** Loads are kept as means of this long: as fine as a plan in quarters of an hour can use. */
export const LOAD_STEP_MS: Milliseconds = 300_000;
/** Three weeks: two of each day of the week, and the present one. */
const MOST_STEPS = 21 * 288;
/** A step of which less than this was seen is a gap. */
const LEAST_SEEN = 0.5;
/** What a path of the forecast is made of: a day in quarters of an hour. */
const PATH = { stepMs: 900_000, steps: 96 };
/** Capacity is noted this often, and only of a vertex that has something to do. */
const CAPACITY_EVERY_MS: Milliseconds = 60_000;
const LEAST_BUSY = 0.2;
/** After a start costs are not yet those of steady running: caches and compilers warm up. */
const WARM_MS: Milliseconds = 30_000;
const HALF_LIFE_MS: Milliseconds = 7 * 86_400_000;
/** Share of the newest minute in what is known of a parallelism. */
const NEWEST_SHARE = 0.1;
const MOST_POINTS = 40;
const MOST_STARTS = 20;
/** With fewer values than this a forecast costs next to nothing, and every new one matters. */
const SOON = 144;
/** Costs of an honest vertex stray by less with one parallelism. */
const SOME_SPREAD = 0.1;
/** What a rescale brought is looked at for this long. */
const JUDGED_MS: Milliseconds = 180_000;

/**
 * What one more observation teaches: the load of its time, how fast each vertex is with its parallelism, when the job
 * started. Pure; costs O(vertices), and once per `LOAD_STEP_MS` a new forecast. `window` ends with that observation.
 */
export function learn(learned: Learned, window: Window): Learned {
  const newest = window.observations.at(-1);
  if (newest === undefined) return learned;
  const before = window.observations.at(-2);
  const withStart = learnStart(learned, newest);
  const withLoad = learnLoad(withStart, newest, before);
  return learnEffects(learnCapacity(withLoad, window, newest, before), window);
}

/**
 * Judges the newest rescale, and keeps what it taught of vertices that the outside bounds. That it helped shows sooner
 * than that a part of it was in vain: the look goes on for a while, and then has the last word.
 */
function learnEffects(learned: Learned, window: Window): Learned {
  const newest = learned.rescales.at(-1);
  let found: Learned["bounds"] = {};
  let rescales = learned.rescales;
  if (newest !== undefined && window.to - newest.at < JUDGED_MS && newest.effect !== "no-effect") {
    const { effect, consumedAfter, bounds } = effectOf(newest, window);
    found = withoutStraying(learned, newest, bounds);
    const inVain = Object.keys(found).length > 0;
    // Without a vertex that was found bound nothing is known to have been in vain.
    const seen = effect === "no-effect" && !inVain ? "unknown" : effect;
    const judged = inVain ? "no-effect" : newest.effect === "unknown" ? seen : newest.effect;
    if (judged !== newest.effect) {
      rescales = [...learned.rescales.slice(0, -1), { ...newest, effect: judged, consumedAfter }];
    }
  }
  const bounds = boundsAfter(learned.bounds, found, window);
  const same = JSON.stringify(bounds) === JSON.stringify(learned.bounds);
  if (rescales === learned.rescales && same) return learned;
  return { ...learned, rescales, bounds: same ? learned.bounds : bounds };
}

/** What a recorded load teaches before the first look: its season. Steps of `LOAD_STEP_MS`. */
export function learnedFrom(load: LoadSeries): Learned {
  return { ...NOTHING_LEARNED, load, forecast: forecastPath(load, PATH) };
}

/**
 * Whose work does not follow its records seems to have grown in vain whenever the work grew as well: nothing is
 * learned from that.
 */
function withoutStraying(
  learned: Learned,
  { from, to }: PastRescale,
  bounds: Learned["bounds"],
): Learned["bounds"] {
  const strays = (id: string): boolean =>
    (learned.capacity[id] ?? []).some(
      (p) => (p.parallelism === from[id] || p.parallelism === to[id]) && (p.spread ?? 0) > SOME_SPREAD,
    );
  return Object.fromEntries(Object.entries(bounds).filter(([id]) => !strays(id)));
}

function learnStart(learned: Learned, { runningSince }: Observation): Learned {
  if (learned.starts.at(-1) === runningSince || runningSince <= (learned.starts.at(-1) ?? 0)) return learned;
  return { ...learned, starts: [...learned.starts, runningSince].slice(-MOST_STARTS) };
}

/** Records that arrived at all sources between two looks; undefined where that cannot be told. */
function arrivedBetween(newest: Observation, before: Observation | undefined): OpenStep | undefined {
  if (before === undefined) return undefined;
  let rate = 0;
  for (const { id } of newest.graph.vertices) {
    if (!isSource(newest.graph, id)) continue;
    const v = newest.vertices[id];
    const consumed = numberOf(v?.inRate);
    const growth = numberOf(v?.pendingGrowth);
    const held = numberOf(v?.backPressuredShare) ?? 1;
    if (consumed === undefined || (growth === undefined && held > 0.1)) return undefined;
    rate += Math.max(0, consumed + (growth ?? 0));
  }
  const seenMs = Math.min(LOAD_STEP_MS, newest.at - before.at);
  return { from: stepOf(newest.at), records: (rate * seenMs) / 1_000, seenMs };
}

const stepOf = (at: Instant): Instant => Math.floor(at / LOAD_STEP_MS) * LOAD_STEP_MS;

function learnLoad(learned: Learned, newest: Observation, before: Observation | undefined): Learned {
  const now = stepOf(newest.at);
  const seen = arrivedBetween(newest, before);
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

function learnCapacity(
  learned: Learned,
  window: Window,
  newest: Observation,
  before: Observation | undefined,
): Learned {
  const minute = Math.floor(newest.at / CAPACITY_EVERY_MS);
  const isDue = before !== undefined && Math.floor(before.at / CAPACITY_EVERY_MS) !== minute;
  if (!isDue || newest.at - newest.runningSince < WARM_MS) return learned;
  const capacity: Record<string, readonly CapacityPoint[]> = { ...learned.capacity };
  const present = window.observations.filter((o) => o.runningSince === newest.runningSince);
  for (const { id, parallelism } of newest.graph.vertices) {
    const busy = numberOf(newest.vertices[id]?.busyShare);
    const cost = costPerRecord(present, id);
    if (busy === undefined || busy < LEAST_BUSY || cost === undefined || cost <= 0) continue;
    capacity[id] = noted(capacity[id] ?? [], parallelism, (parallelism * 1_000) / cost, newest.at);
  }
  return { ...learned, capacity };
}

/** What is known of one parallelism moves slowly towards what is seen; the weight counts minutes and fades. */
function noted(
  points: readonly CapacityPoint[],
  parallelism: number,
  rate: number,
  at: Instant,
): readonly CapacityPoint[] {
  const known = points.find((p) => p.parallelism === parallelism);
  const others = points.filter((p) => p !== known);
  const faded = known === undefined ? 0 : known.weight * 0.5 ** ((at - known.at) / HALF_LIFE_MS);
  const share = known === undefined ? 1 : Math.max(NEWEST_SHARE, 1 / (faded + 1));
  const mean =
    known === undefined ? rate : Math.exp(Math.log(known.rate) * (1 - share) + Math.log(rate) * share);
  const strayed = known === undefined ? 0 : Math.abs(Math.log(rate / known.rate));
  const spread = (known?.spread ?? 0) * (1 - share) + strayed * share;
  const point = { parallelism, rate: mean, weight: faded + 1, spread, at };
  return [...others, point].sort((a, b) => b.at - a.at).slice(0, MOST_POINTS);
}

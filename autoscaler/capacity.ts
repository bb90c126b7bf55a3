import type { VertexInputs } from "../model/index.ts";
import { hottestShare } from "./align.ts";
import type { CapacityPoint } from "./learned.ts";
import { MOST_SPREAD } from "./straying-work.ts";

/**
 * How a vertex's capacity grows with its parallelism before this job has taught anything: `c × p^0.9`. Measured
 * exponents of stream operators lie between 0.66 (joins) and 0.98 (session windows), most between 0.8 and 0.92.
 */
export const PRIOR_BETA = 0.9;
/** The prior counts as much as two points one octave apart that were seen for this many minutes. */
const PRIOR_WEIGHT = 5;
const LEAST_BETA = 0.5;
const MOST_BETA = 1;
/** Without own data the exponent may be this much lower than believed. */
const DOUBT = 0.05;
/** What is taken off for scatter stays bounded. */
const MOST_SCATTER = 0.3;
/** Measured points that stray more than this from their curve are of several times, and make none. */
const NO_CURVE = 0.5;
/** Fewer subtasks that each did this many times less than each of now were there when a record cost more. */
const OTHER_TIME = 1.6;
/** A point weighs at most this much: a week at one parallelism says no more of it than an hour. */
const MOST_WEIGHT = 60;

export interface Scaling {
  readonly beta: number;
  /** 0..1: the share of the own points in `beta`, against the prior. */
  readonly confidence: number;
  /**
   * How far what was measured strays from the curve: standard deviation of ln rate, 0 with fewer than 3 points. One
   * attempt of a job differs from the next (where its state lies, who else runs there); 0.1 is about 10 %.
   */
  readonly scatter: number;
}

/**
 * The exponent of `capacity(p) = c × p^beta` by weighted least squares over ln p, with a prior. Points that contradict
 * each other (busy time that does not follow the records) leave the prior nearly alone. O(points).
 */
export function scalingOf(points: readonly CapacityPoint[]): Scaling {
  const usable = points
    .filter((p) => p.rate > 0 && p.parallelism > 0 && p.weight > 0)
    .map((p) => ({ w: weightOf(p), x: Math.log(p.parallelism), y: Math.log(p.rate) }));
  let weights = 0;
  let x = 0;
  let y = 0;
  for (const p of usable) {
    weights += p.w;
    x += p.w * p.x;
    y += p.w * p.y;
  }
  if (weights === 0) return { beta: PRIOR_BETA, confidence: 0, scatter: 0 };
  let xx = 0;
  let xy = 0;
  for (const p of usable) {
    const dx = p.x - x / weights;
    xx += p.w * dx * dx;
    xy += p.w * dx * (p.y - y / weights);
  }
  // Two points one octave apart have Σ w dx² = w/2 × (ln 2)²: the unit in which the prior is weighed.
  const prior = PRIOR_WEIGHT * Math.LN2 ** 2 * 0.5;
  const beta = (xy + prior * PRIOR_BETA) / (xx + prior);
  const confidence = xx / (xx + prior);
  const line = clampBeta(beta);
  const variance = usable.reduce((sum, p) => {
    const off = p.y - y / weights - line * (p.x - x / weights);
    return sum + (p.w * off ** 2) / weights;
  }, 0);
  // Two of the points made the line.
  const scatter = usable.length < 3 ? 0 : Math.sqrt((variance * usable.length) / (usable.length - 2));
  return { beta: line, confidence, scatter };
}

const weightOf = (p: CapacityPoint): number => Math.min(MOST_WEIGHT, p.weight);

/** What a vertex carries, as a function of its parallelism; made once for many questions. */
export interface Curve {
  /** Records per second of all subtasks together were they loaded evenly; never falls with `p`. */
  even(p: number): number;
  /** Records per second that it carries when its hottest subtask is busy all the time. */
  carries(p: number): number;
}

/** A parallelism whose rate is known. */
interface Anchor {
  readonly parallelism: number;
  readonly rate: number;
  /** From the one below to this one: how far apart in ln p, and how many times its rate, never less than once. */
  readonly apart: number;
  readonly growth: number;
}

/**
 * What is known of the capacity of a vertex that has nothing to do, which cannot be measured: what it last had at the
 * parallelism nearest to its own, and never more than that.
 */
function whileIdle({ arrivalRate, measured, parallelism }: VertexInputs): number | null {
  if (arrivalRate !== 0) return null;
  const known = measured.filter(([p, rate]) => p >= 1 && rate > 0);
  const far = (p: number): number => Math.abs(Math.log(p / parallelism));
  const nearest = known.sort((a, b) => far(a[0]) - far(b[0]))[0];
  return nearest === undefined ? null : nearest[1] * Math.min(1, parallelism / nearest[0]);
}

/**
 * Through what is measured now and what was measured at other parallelisms, along straight lines of ln rate over ln p
 * between them. Above all of them the learned exponent, a little lower where it is in doubt; below all of them 1, which
 * is the careful side. Points that contradict each other are left out. Sizes that the job does not have now are taken to
 * carry less by the scatter of what was measured. Example: 500/s at p = 1, beta 0.9 without own data, p = 4: 500 × 4^0.85 = 1,624/s instead of
 * 2,000. `null`: unknown.
 */
export function curveOf(vertex: VertexInputs): Curve | null {
  const { parallelism, bound } = vertex;
  const capacity = vertex.capacity ?? whileIdle(vertex);
  if (capacity === null || capacity <= 0 || parallelism < 1) return null;
  // The present parallelism is better known by what is seen now, and where work strays all others are of another time.
  const honest = vertex.spread <= MOST_SPREAD;
  const scatter = vertex.scatter ?? 0;
  const isCurve = honest && scatter <= NO_CURVE;
  const isOfNow = (p: number, rate: number): boolean =>
    p > parallelism || rate * OTHER_TIME > (capacity * p) / parallelism;
  const others = vertex.measured.filter(
    ([p, rate]) => isCurve && p >= 1 && rate > 0 && p !== parallelism && isOfNow(p, rate),
  );
  const anchors = anchorsOf([[parallelism, capacity], ...others]);
  const doubt = DOUBT * (1 - Math.min(1, Math.max(0, vertex.confidence)));
  // What was measured at several times of such work is no curve over sizes either.
  const slope = isCurve ? clampBeta(vertex.beta - doubt) : PRIOR_BETA;
  const hot = hotKeyShare(vertex);
  // Another size begins another attempt.
  const sure = honest ? Math.exp(-Math.min(MOST_SCATTER, scatter)) : 1;
  const even = (p: number): number => {
    if (p === parallelism) return capacity;
    const other = along(anchors, p, slope) * sure;
    return p > parallelism ? Math.max(capacity, other) : other;
  };
  return {
    even,
    carries: (p) =>
      bound !== null && p >= bound.parallelism ? bound.rate : even(p) / (p * hotShareAt(vertex, p, hot)),
  };
}

/** In the order of their parallelism, with what the line from one to the next needs; many points of it are asked for. */
function anchorsOf(points: readonly (readonly [parallelism: number, rate: number])[]): readonly Anchor[] {
  return points
    .toSorted((a, b) => a[0] - b[0])
    .map(([parallelism, rate], i, sorted) => {
      const [p, r] = sorted[i - 1] ?? [parallelism, rate];
      // More subtasks are never taken to be slower, whatever noise there was in the measuring.
      return { parallelism, rate, apart: Math.log(parallelism / p), growth: Math.max(1, rate / r) };
    });
}

function along(anchors: readonly Anchor[], p: number, slope: number): number {
  let below: Anchor | undefined;
  for (const anchor of anchors) {
    const { parallelism, rate, apart, growth } = anchor;
    if (parallelism === p) return rate;
    if (parallelism > p) {
      if (below === undefined) return rate * (p / parallelism);
      return below.rate * growth ** (Math.log(p / below.parallelism) / apart);
    }
    below = anchor;
  }
  return below === undefined ? 0 : below.rate * (p / below.parallelism) ** slope;
}

/** Records per second that a vertex carries at parallelism `p`; `null`: unknown. Who has its `curve` gives it. */
export function carries(vertex: VertexInputs, p: number, curve = curveOf(vertex)): number | null {
  if (vertex.bound !== null && p >= vertex.bound.parallelism) return vertex.bound.rate;
  return curve?.carries(p) ?? null;
}

const clampBeta = (beta: number): number => Math.min(MOST_BETA, Math.max(LEAST_BETA, beta));

/**
 * Share of all records that the hottest subtask gets at `p`. A hot key keeps its share however many subtasks there
 * are; the rest is dealt out in whole key groups or partitions. Example: half of the records have one key: at p = 4
 * its subtask gets 0.5 + 0.5 / 4 = 62.5 %, at p = 8 still 56 %.
 */
export function hotShareAt(vertex: VertexInputs, p: number, hot = hotKeyShare(vertex)): number {
  return hot + (1 - hot) * hottestShare(vertex, p);
}

/** Share of the records that stick to one subtask: from s = h + (1 − h) × even(p), h = (s − even) / (1 − even). */
export function hotKeyShare(vertex: VertexInputs): number {
  const even = hottestShare(vertex, vertex.parallelism);
  if (vertex.hottestShare === null || vertex.parallelism < 2 || even >= 1) return 0;
  const hot = (vertex.hottestShare - even) / (1 - even);
  // Dealing out by hash is never quite even: what is less than this is no hot key.
  return hot < 0.05 ? 0 : Math.min(1, hot);
}

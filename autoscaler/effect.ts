import {
  type Milliseconds,
  numberOf,
  type Observation,
  type Parallelism,
  type PastRescale,
  parallelismOf,
  type VertexBound,
  type VertexId,
  type Window,
} from "../model/index.ts";
import {
  consumedIn,
  isBehind,
  isDraining,
  newestStretch,
  taskTimeOf,
  type VertexStretch,
  vertexStretch,
} from "./stretch.ts";

/** After every start the job warms up for so long; what it does then is not judged. */
const SETTLE_MS: Milliseconds = 5_000;
/** That a rescale helped shows soon, and holding the job longer would make the next step of its load wait. */
const HELPED_MS: Milliseconds = 8_000;
/** That it did not help is said only after this much task time: a JVM that warms up looks like that too. */
const SURE_MS: Milliseconds = 40_000;
/** Shares and rates are those of the newest task time of this length. */
const STRETCH_MS: Milliseconds = 20_000;
/** Less than this part of the subtasks that were added came out as capacity: it had no effect. Not so … */
const LEAST_PART = 0.25;
/** … a vertex that grew by less than twice also when it gained this much: it only scales badly, and attempts differ. */
const SOME_GAIN = 0.08;
const CLEAR_GROWTH = 2;
/**
 * What the outside takes is the same before and after. Two attempts of an honest vertex may be as fast as each other
 * by chance, seldom to this share: after less than twice the subtasks a coarser likeness is believed the second time.
 */
const SAME_RATE = 0.025;
const TRIED_MS: Milliseconds = 3_600_000;
/** A vertex that grew by less than this is not judged: one attempt differs from the next by as much. */
const LEAST_GROWTH = 1.3;
/** Throughput that fell by more than this, while records pile up, is worse. */
const WORSE = 0.9;

/** Whether a rescale did what it was for. */
export interface Effect {
  readonly effect: PastRescale["effect"];
  /** Records per second that all sources consumed before and after; null: not known (yet). */
  readonly consumedBefore: number | null;
  readonly consumedAfter: number | null;
  /** What was learned of vertices that more subtasks did not make faster. */
  readonly bounds: Readonly<Record<VertexId, VertexBound>>;
}

/**
 * Compares what the vertices that changed could do before a rescale of ours with what they can do since, by the window.
 * A grown vertex that still gives all it has, and has hardly become faster, is bound by something that more subtasks
 * do not add: the outside, or the machine. `unknown` until 8 s of task time show that it helped, or 40 s that it did
 * not, and where the window does not reach back to the time before. Example: `database` 1 → 2 subtasks, both always
 * busy, 300 records/s before and after: no effect, bound {rate: 300, parallelism: 1}. `previous`: the rescale before
 * this one, whose effect counts as a first trial. O(observations × vertices).
 */
export function effectOf(rescale: PastRescale, window: Window, previous?: PastRescale): Effect {
  const { before, after } = stretchesOf(rescale, window.observations);
  const settled = after.filter((o) => o.at - o.runningSince >= SETTLE_MS);
  const seenMs = settled.reduce((sum, o) => sum + taskTimeOf(o), 0);
  const past = newestStretch(before, STRETCH_MS);
  const present = newestStretch(settled, STRETCH_MS);
  // Not what the record of the rescale says: that is what arrived, and a job that is held back consumes less.
  const consumedBefore = consumedIn(past);
  const consumedAfter = seenMs >= HELPED_MS ? consumedIn(present) : null;
  const known = { consumedBefore, consumedAfter };
  if (seenMs < HELPED_MS) return { ...known, effect: "unknown", bounds: {} };
  const fell = consumedBefore !== null && consumedAfter !== null && consumedAfter < WORSE * consumedBefore;
  const sure = seenMs >= SURE_MS;
  const behind = isBehind(present);
  // Whatever it gained is enough. Not sooner: buffers that fill after a start take records from the source, too.
  if (sure && rescale.direction === "up" && isDraining(present))
    return { ...known, effect: "helped", bounds: {} };
  if (fell && behind) return { ...known, effect: sure ? "worse" : "unknown", bounds: {} };
  if (rescale.direction === "down") return { ...known, effect: behind ? "unknown" : "helped", bounds: {} };
  return {
    ...known,
    ...effectOnGrown(grownIn(rescale, past, present, triedBy(previous, rescale), behind), sure, window),
  };
}

/** One vertex that was helped is enough: the others may have been given theirs in the same rescale for later. */
function effectOnGrown(
  grown: readonly Grown[],
  sure: boolean,
  window: Window,
): Pick<Effect, "effect" | "bounds"> {
  const inVain = grown.filter((g) => g.verdict === "no-effect");
  const bounds = sure ? boundsOf(inVain, window) : {};
  // A vertex that seems to have grown in vain must not grow again before that is sure.
  if (inVain.length > 0 && !sure) return { effect: "unknown", bounds };
  if (grown.some((g) => g.verdict === "helped")) return { effect: "helped", bounds };
  return { effect: sure && inVain.length > 0 ? "no-effect" : "unknown", bounds };
}

interface Grown {
  readonly id: VertexId;
  readonly from: number;
  readonly verdict: "helped" | "no-effect" | "unknown";
  readonly rate: number;
}

/** Vertices that the rescale before grew without a known effect, though there was the time to see one. */
function triedBy(previous: PastRescale | undefined, { at }: PastRescale): ReadonlySet<VertexId> {
  if (previous === undefined || previous.effect !== "unknown") return new Set();
  if (at - previous.at > TRIED_MS || at - previous.at < SETTLE_MS + SURE_MS) return new Set();
  return new Set(Object.keys(previous.to).filter((id) => (previous.to[id] ?? 0) > (previous.from[id] ?? 0)));
}

function grownIn(
  { from, to }: PastRescale,
  past: readonly Observation[],
  present: readonly Observation[],
  tried: ReadonlySet<VertexId>,
  behind: boolean,
): readonly Grown[] {
  return Object.entries(to).flatMap(([id, after]) => {
    const before = from[id] ?? after;
    if (after <= before) return [];
    const was = vertexStretch(past, id);
    const is = vertexStretch(present, id);
    const seen = is === undefined ? "unknown" : verdictOn(was, is, after / before, tried.has(id));
    // What cannot keep up leaves records waiting; where none do it is only busy, perhaps with other work than theirs.
    const verdict = seen === "no-effect" && !behind ? "unknown" : seen;
    return [{ id, from: before, verdict, rate: Math.max(was?.saturated ? was.rate : 0, is?.rate ?? 0) }];
  });
}

/** A vertex that has time to spare now was helped, whoever it waits for next. */
function verdictOn(
  was: VertexStretch | undefined,
  is: VertexStretch,
  growth: number,
  triedBefore: boolean,
): "helped" | "no-effect" | "unknown" {
  if (!is.saturated) return "helped";
  if (was?.capacity == null || is.capacity === null || growth < LEAST_GROWTH) return "unknown";
  const gain = is.capacity / was.capacity - 1;
  const part = LEAST_PART * (growth - 1);
  if (growth >= CLEAR_GROWTH) return gain < part ? "no-effect" : "helped";
  if (gain >= Math.min(SOME_GAIN, part)) return "helped";
  return triedBefore || Math.abs(gain) <= SAME_RATE ? "no-effect" : "unknown";
}

function boundsOf(inVain: readonly Grown[], { to }: Window): Record<VertexId, VertexBound> {
  return Object.fromEntries(inVain.map((g) => [g.id, { at: to, rate: g.rate, parallelism: g.from }]));
}

/** Observations with the target, up to the newest, and those with what was before, up to them. */
function stretchesOf(
  { from, to }: PastRescale,
  observations: readonly Observation[],
): { before: readonly Observation[]; after: readonly Observation[] } {
  let begin = observations.length;
  while (begin > 0 && runsWith(observations[begin - 1], to)) begin -= 1;
  const earlier = observations.slice(0, begin);
  return {
    before: earlier.filter((o) => runsWith(o, from) && hasReadings(o)),
    after: observations.slice(begin),
  };
}

function runsWith(o: Observation | undefined, wanted: Parallelism): boolean {
  if (o === undefined) return false;
  const present = parallelismOf(o.graph);
  return Object.entries(wanted).every(([id, p]) => present[id] === p);
}

const hasReadings = (o: Observation): boolean =>
  Object.values(o.vertices).some((v) => numberOf(v.taskMs) !== undefined);

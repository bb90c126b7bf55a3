import {
  type Instant,
  type Milliseconds,
  numberOf,
  type Observation,
  type VertexId,
} from "../model/index.ts";

/** One reading of the rate at which records arrive at a source. */
export interface ArrivalSample {
  readonly at: Instant;
  /** Records per second: consumption + growth of the pending records, from one reply. */
  readonly rate: number;
  /** Task time that it spans: its weight. */
  readonly taskMs: Milliseconds;
}

export interface ArrivalEstimate {
  readonly rate: number;
  /** The highest smoothed rate within the patience. */
  readonly peak: number;
  /** True while `peak` is still that of a load which has gone: it is not the peak of the newer half any more. */
  readonly falling: boolean;
  /** True while the newest readings have left the level before them upwards. */
  readonly rising: boolean;
  /** False while a step is under way and its newest readings still disagree. */
  readonly settled: boolean;
}

/** A change of the load is taken for a step when it is larger than this and than the noise. */
const STEP_SHARE = 0.25;
/** Two readings of one level agree when they differ by less than this. */
const AGREE_SHARE = 0.15;
/** A ramp never settles; after this many readings in one direction the newest are taken as they are. */
const MOST_UNSETTLED = 4;
/** Without a step, readings of this many milliseconds of task time are averaged. */
const LEVEL_MS = 30_000;
/** A reading this many times the level around it, with its neighbours at the level, is a jump of what is pending. */
const JUMP = 2;
const NEIGHBOUR = 1.5;
/** Looked for within this time; what jumps more than once in it is how the source reports. */
const JUMP_MS = 120_000;
const LEAST_AROUND = 5;

/**
 * The arrival samples of a source, oldest first. Where pending records are unknown, consumption alone is the
 * arrival rate, but only while the source is not held back: a throttled source says nothing about the load.
 */
export function arrivalSamples(
  observations: readonly Observation[],
  source: VertexId,
): readonly ArrivalSample[] {
  const samples: ArrivalSample[] = [];
  // A backlog that jumps beyond belief is taken for missing; then what it grew by before is not believed either.
  const last = observations.at(-1)?.vertices[source]?.pendingRecords;
  const lies = last?.kind === "missing" && last.why === "nan";
  for (const observation of observations) {
    const vertex = observation.vertices[source];
    const consumed = numberOf(vertex?.inRate);
    const taskMs = numberOf(vertex?.taskMs);
    if (vertex === undefined || consumed === undefined || taskMs === undefined) continue;
    const growth = lies ? undefined : numberOf(vertex.pendingGrowth);
    const held = numberOf(vertex.backPressuredShare);
    if (growth === undefined && (held === undefined || held > 0.1)) continue;
    samples.push({ at: observation.at, rate: Math.max(0, consumed + (growth ?? 0)), taskMs });
  }
  return samples;
}

const mean = (samples: readonly ArrivalSample[]): number => {
  let records = 0;
  let time = 0;
  for (const s of samples) {
    records += s.rate * s.taskMs;
    time += s.taskMs;
  }
  return time === 0 ? 0 : records / time;
};

function deviation(samples: readonly ArrivalSample[], around: number): number {
  if (samples.length < 2) return 0;
  return Math.sqrt(samples.reduce((sum, s) => sum + (s.rate - around) ** 2, 0) / (samples.length - 1));
}

const newestSpanning = (samples: readonly ArrivalSample[], ms: Milliseconds): readonly ArrivalSample[] => {
  let time = 0;
  let from = samples.length;
  while (from > 0 && time < ms) {
    from--;
    time += samples[from]?.taskMs ?? 0;
  }
  return samples.slice(from);
};

/**
 * The rate now. The newest two readings are held against the level before them: when both left it on the same
 * side by more than `STEP_SHARE` and three times its noise, the load has stepped and only readings of the new
 * level count, instead of being averaged away. Example (records/s): 250 250 250 900 1500 → unsettled, because
 * the step fell inside a reading; one later, … 1500 1500 → 1500. `undefined` without samples. O(samples).
 */
export function estimateArrival(
  all: readonly ArrivalSample[],
  patienceMs: Milliseconds,
): ArrivalEstimate | undefined {
  const samples = withoutJump(all);
  const newest = samples.at(-1);
  if (newest === undefined) return undefined;
  const peak = peakOf(samples, newest.at - patienceMs);
  const stepLength = readingsSinceStep(samples);
  if (stepLength === 0) {
    const level = newestSpanning(samples, LEVEL_MS);
    const one = loneOutlier(samples);
    return { ...against(mean(level), peak), rising: false, settled: !one };
  }
  const since = samples.slice(-stepLength);
  const [a, b] = since.slice(-2);
  const agree =
    a !== undefined && b !== undefined && Math.abs(a.rate - b.rate) <= AGREE_SHARE * Math.max(a.rate, b.rate);
  const settled = agree || stepLength >= MOST_UNSETTLED;
  const first = since[0];
  // The first reading of a step spans both levels; it counts only when it agrees with the ones after it.
  const later = since.slice(1);
  const level =
    first !== undefined && Math.abs(first.rate - mean(later)) <= AGREE_SHARE * mean(later) ? since : later;
  const rate = agree ? mean(newestSpanning(level, LEVEL_MS)) : mean(since.slice(-2));
  const before = newestSpanning(samples.slice(0, -stepLength), LEVEL_MS);
  return { ...against(rate, peak), rising: newest.rate > mean(before), settled };
}

const against = (rate: number, peak: number) => ({
  rate,
  peak: Math.max(peak, rate),
  falling: peak > (1 + STEP_SHARE) * rate,
});

/**
 * Readings without the one that stands alone far above its neighbours: an offset was set or a partition found, and its
 * records are in the backlog already. Example: 100,000 records in one reading of 2 s are 50,000/s that nobody sends.
 * The newest reading has no neighbour yet: `settled` waits for it.
 */
function withoutJump(samples: readonly ArrivalSample[]): readonly ArrivalSample[] {
  const around = newestSpanning(samples, JUMP_MS);
  if (around.length < LEAST_AROUND) return samples;
  const level = around.map((s) => s.rate).sort((a, b) => a - b)[Math.floor(around.length / 2)] ?? 0;
  const isLevel = (s: ArrivalSample | undefined): boolean =>
    s !== undefined && s.rate <= NEIGHBOUR * level + 1;
  const [jump, ...others] = around.filter(
    (s, i) => s.rate > JUMP * level + 1 && isLevel(around[i - 1]) && isLevel(around[i + 1]),
  );
  return jump === undefined || others.length > 0 ? samples : samples.filter((s) => s !== jump);
}

/** How many of the newest readings belong to a step; 0 when the level holds, at least 2 otherwise. */
function readingsSinceStep(samples: readonly ArrivalSample[]): number {
  // As far back as the level is averaged: a step that is forgotten sooner would be mixed into it again.
  const most = newestSpanning(samples, LEVEL_MS).length;
  for (let k = Math.min(samples.length - 2, most); k >= 2; k--) {
    const before = newestSpanning(samples.slice(0, -k), LEVEL_MS);
    if (before.length < 2) continue;
    const level = mean(before);
    const noise = Math.max(STEP_SHARE * level, 3 * deviation(before, level), 1);
    const since = samples.slice(-k);
    const up = since.every((s) => s.rate - level > noise);
    const down = since.every((s) => level - s.rate > noise);
    if (up || down) return k;
  }
  return 0;
}

/** A single newest reading far from the level: perhaps the beginning of a step, so not yet a settled load. */
function loneOutlier(samples: readonly ArrivalSample[]): boolean {
  const newest = samples.at(-1);
  const before = newestSpanning(samples.slice(0, -1), LEVEL_MS);
  if (newest === undefined || before.length < 2) return false;
  const level = mean(before);
  return Math.abs(newest.rate - level) > Math.max(STEP_SHARE * level, 3 * deviation(before, level), 1);
}

/** The highest mean of two neighbouring readings since `from`: one odd reading is not yet a peak. */
function peakOf(samples: readonly ArrivalSample[], from: Instant): number {
  let peak = 0;
  let previous: ArrivalSample | undefined;
  for (const s of samples) {
    if (s.at >= from) peak = Math.max(peak, previous === undefined ? s.rate : mean([previous, s]));
    previous = s;
  }
  return peak;
}

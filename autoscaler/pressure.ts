import {
  type Instant,
  type Milliseconds,
  numberOf,
  type Observation,
  type PressureInputs,
  type Reading,
  type Window,
} from "../model/index.ts";
import type { History } from "./summarize.ts";
import type { ProcessorRoom } from "./vetoes/index.ts";

/** Processor load jumps from look to look; what counts is its mean over this long. */
const CPU_MS: Milliseconds = 60_000;
const STARTS_MS: Milliseconds = 600_000;
/** A start this long before or after the time of a rescale of ours (and its pause) belongs to it. */
const SLACK_MS: Milliseconds = 30_000;

/**
 * What of the machines, the checkpoints and the job's starts bears on scaling. Heap in use after a collection is not
 * told by Flink: the least that was seen in the window stands for it, because collections fall into every window of
 * minutes. `snapshotInProgress` is known to whoever asked for the savepoint.
 */
export function pressureOf(
  window: Window,
  history: History,
  now: Instant,
  snapshotInProgress = false,
): PressureInputs & ProcessorRoom {
  const { observations } = window;
  const newest = observations.at(-1);
  const pressures = observations.map((o) => o.pressure);
  const recent = observations.filter((o) => o.at > window.to - CPU_MS).map((o) => o.pressure);
  const heaps = known(pressures.map((p) => p?.heapShare));
  return {
    gcShare: known(pressures.map((p) => p?.gcShare)).at(-1) ?? null,
    heapShare: heaps.length === 0 ? null : Math.min(...heaps),
    cpuLoad: mean(known(recent.map((p) => p?.cpuLoad))),
    cpuLoadLeast: mean(known(recent.map(leastLoadOf))),
    foreignStarts: foreignStarts(history, now),
    checkpointsFailing: failingSince(observations),
    checkpointAgeMs: newest === undefined ? null : checkpointAgeOf(newest),
    checkpointIntervalMs: numberOf(newest?.checkpoints?.intervalMs) ?? null,
    snapshotInProgress,
  };
}

const known = (readings: readonly (Reading | undefined)[]): readonly number[] =>
  readings.map(numberOf).filter((n) => n !== undefined);

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;

/** Readers that look at every TaskManager tell it; others do not. */
function leastLoadOf(
  pressure: Observation["pressure"] | (Observation["pressure"] & { readonly cpuLoadLeast: Reading }),
): Reading | undefined {
  return pressure !== undefined && "cpuLoadLeast" in pressure ? pressure.cpuLoadLeast : undefined;
}

/** Starts within 10 minutes that are not those of our rescales. */
function foreignStarts({ learned, lastRescaleAt }: History, now: Instant): number {
  const isOurs = (start: Instant): boolean =>
    start === lastRescaleAt ||
    learned.rescales.some((r) => start > r.at - r.pauseMs - SLACK_MS && start < r.at + r.pauseMs + SLACK_MS);
  return learned.starts.filter((start) => start > now - STARTS_MS && start <= now && !isOurs(start)).length;
}

/**
 * Failed checkpoints since one completed, as far back as the window goes: a lower bound. Counts that went back belong
 * to another JobManager and end the look. Null: nobody told.
 */
function failingSince(observations: readonly Observation[]): number | null {
  const newest = observations.at(-1)?.checkpoints;
  if (newest === undefined) return null;
  if (newest.completed === 0) return newest.failed;
  let least = newest.failed;
  for (const { checkpoints } of observations.toReversed()) {
    if (checkpoints === undefined) continue;
    if (checkpoints.completed !== newest.completed || checkpoints.failed > least) break;
    least = checkpoints.failed;
  }
  return newest.failed - least;
}

/** Age of the newest completed checkpoint; while there is none, the time since the start: that is what a restart replays. */
function checkpointAgeOf({ checkpoints, at, runningSince }: Observation): Milliseconds | null {
  if (checkpoints === undefined || numberOf(checkpoints.intervalMs) === undefined) return null;
  const completedAt = numberOf(checkpoints.latestCompletedAt);
  if (completedAt !== undefined) return Math.max(0, at - completedAt);
  return checkpoints.completed === 0 ? Math.max(0, at - runningSince) : null;
}

import type { Milliseconds, Observation } from "../model/index.ts";
import type { Learned } from "./learned.ts";
import { taskTimeOf } from "./stretch.ts";

const MOST_PAUSES = 10;
/**
 * The task clock is told this late, and tells nothing before the second look: work that seems to begin no later than
 * this and one look after the start began with it.
 */
const TOLD_LATE_MS: Milliseconds = 10_000;

/**
 * How long a job stood still for a rescale: from when it was asked for, or the last look that saw its tasks at work
 * where that is later, to where their work began again. The task clock tells, not the job's state: a job is RUNNING while its tasks still read back their state
 * (INITIALIZING), for minutes where that is large. Measured once for each attempt, and kept where the attempt is that
 * of the newest rescale. Example: seen at work at 10 s, RUNNING since 15 s, at work again at 42 s, then with 4 s of
 * task time: a pause of 28 s.
 */
export function learnPause(learned: Learned, observation: Observation): Learned {
  const taskMs = taskTimeOf(observation);
  if (!(taskMs > 0)) return kept(learned);
  const { at, runningSince } = observation;
  const before = learned.worked;
  const worked = { at, attempt: runningSince };
  if (before === undefined || before.attempt === runningSince) return kept({ ...learned, worked });
  const seenAt = at - Math.min(taskMs, at - runningSince);
  const beganAt = seenAt - runningSince > TOLD_LATE_MS + taskMs ? seenAt : runningSince;
  return kept({ ...learned, worked, stoodStill: { attempt: runningSince, from: before.at, to: beganAt } });
}

/** A rescale is known to have come true a little before or after its tasks are seen at work. */
function kept(learned: Learned): Learned {
  const { stoodStill, ...rest } = learned;
  const newest = learned.rescales.at(-1);
  if (stoodStill === undefined || newest?.at !== stoodStill.attempt) return learned;
  // It worked until it was asked, whenever it was last looked at.
  const asked = rest.askedAt !== undefined && rest.askedAt < stoodStill.to ? rest.askedAt : stoodStill.from;
  const pauseMs = Math.max(0, stoodStill.to - Math.max(stoodStill.from, asked));
  return {
    ...rest,
    rescales: [...learned.rescales.slice(0, -1), { ...newest, pauseMs }],
    pausesMs: [...learned.pausesMs, pauseMs].slice(-MOST_PAUSES),
  };
}

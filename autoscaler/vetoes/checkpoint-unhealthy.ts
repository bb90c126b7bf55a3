import { formatDuration, type Milliseconds, type ScaleInputs } from "../../model/index.ts";
import { type Asked, pass, type Verdict, veto } from "./verdict.ts";

/** One checkpoint may fail; this many in a row are no accident. */
const FAILING = 2;
const LEAST_AGE_MS: Milliseconds = 600_000;
const INTERVALS = 3;
/** Above this share of waiting for others, barriers queue behind records: checkpoints then fail by overload. */
const HELD_BACK = 0.5;
/** Nobody wants to replay more than this, whatever the cure. */
const MOST_REPLAY_MS: Milliseconds = 3_600_000;

/**
 * A rescale restarts the job from its newest checkpoint: all records since then are read again. Vetoes while
 * checkpoints fail in a row, or while the newest is older than 3 intervals and 10 minutes. Except: growth of a job
 * under back-pressure, where overload is what keeps checkpoints from completing and growth is the cure, as long as
 * no more than an hour has to be replayed. Jobs without periodic checkpoints are not assessed.
 */
export function checkpointUnhealthy(inputs: ScaleInputs, { direction }: Asked): Verdict {
  const { checkpointsFailing: failing, checkpointAgeMs: ageMs, checkpointIntervalMs } = inputs.pressure;
  if (direction === "none") return pass("no rescale is proposed");
  if (checkpointIntervalMs === null)
    return pass("the job takes no periodic checkpoints, or they are not known");
  const numbers = {
    intervalMs: checkpointIntervalMs,
    ...(failing === null ? {} : { failing }),
    ...(ageMs === null ? {} : { ageMs }),
  };
  const mostMs = Math.max(INTERVALS * checkpointIntervalMs, LEAST_AGE_MS);
  const isOld = ageMs !== null && ageMs > mostMs;
  if ((failing ?? 0) < FAILING && !isOld) return pass("checkpoints complete", numbers);
  const age = ageMs === null ? "" : `, the newest is ${formatDuration(ageMs)} old`;
  const state =
    (failing ?? 0) >= FAILING
      ? `${failing} checkpoints in a row failed${age}`
      : `no checkpoint has completed for ${formatDuration(ageMs ?? 0)}`;
  const overloaded = Object.values(inputs.vertices).some((v) => (v.backPressuredShare ?? 0) > HELD_BACK);
  if (direction === "up" && overloaded && (ageMs ?? 0) <= MOST_REPLAY_MS) {
    return pass(`${state}, but the job is back-pressured and growth is what lets them complete`, numbers);
  }
  return veto(
    `${state}; a rescale would go back to it: see why checkpoints fail (storage, timeout) or take a savepoint first`,
    numbers,
  );
}

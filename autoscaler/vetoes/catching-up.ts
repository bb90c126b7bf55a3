import {
  formatDuration,
  type GuardResult,
  type Milliseconds,
  type Parallelism,
  type PastRescale,
  type ScaleInputs,
} from "../../model/index.ts";
import { carries } from "../capacity.ts";
import { sourceArrival } from "../sizing.ts";
import { type Asked, growingIn, lagMsAt, pass, records, type Verdict, veto } from "./verdict.ts";

/** A backlog of less than this much load is what a running job may have without being behind. */
const BEHIND_MS: Milliseconds = 10_000;
/** What a growth brought is known by then, or cannot be. */
const MEASURED_MS: Milliseconds = 90_000;

/**
 * While a backlog drains, what is there is needed: nothing is taken away. After a growth of ours its vertices do not
 * grow again before it is measured whether that helps them; and a growth that is enough for what arrives gets its
 * catch-up time before more is asked for.
 */
export function catchingUp(inputs: ScaleInputs, proposed: Asked): Verdict {
  const { direction, now } = proposed;
  const last = inputs.rescales.findLast((r) => r.direction !== "down");
  const sinceMs = last === undefined ? Number.POSITIVE_INFINITY : Math.max(0, now - last.at);
  const measured = last === undefined ? undefined : stillMeasured(inputs, last, sinceMs, proposed.proposal);
  if (measured !== undefined) return measured;
  const backlog = inputs.backlog;
  if (backlog === null) return pass("the backlog is not assessed");
  const arrival = sourceArrival(inputs);
  // Where nothing arrives a backlog stands for the time that it takes to drain.
  const pace = arrival > 0 ? arrival : sourcesCarry(inputs);
  const lagMs = lagMsAt(backlog, pace);
  const numbers = { backlog, lagMs };
  if (lagMs <= BEHIND_MS) return pass("nothing that matters waits", numbers);
  if (direction === "down" || direction === "both") {
    return veto(`${records(backlog)} records still wait; what drains them is not taken away`, numbers);
  }
  return (
    (last === undefined ? undefined : stillDraining(last, sinceMs, proposed, numbers)) ??
    pass("no rescale of ours is still catching up", numbers)
  );
}

/** Records per second that all sources together read at most; 0: not known. */
function sourcesCarry({ vertices }: ScaleInputs): number {
  let sum = 0;
  for (const v of Object.values(vertices)) if (v.source) sum += carries(v, v.parallelism) ?? 0;
  return sum;
}

function stillMeasured(
  inputs: ScaleInputs,
  last: PastRescale,
  sinceMs: Milliseconds,
  proposal: Parallelism,
): Verdict | undefined {
  if (last.effect !== "unknown" || sinceMs >= MEASURED_MS) return undefined;
  const again = growingIn(inputs, proposal).find(({ id, vertex }) => {
    const [from, to] = [last.from[id], last.to[id]];
    return from !== undefined && to !== undefined && to > from && vertex.parallelism === to;
  });
  if (again === undefined) return undefined;
  const [from, to] = [last.from[again.id] ?? 0, last.to[again.id] ?? 0];
  return veto(
    `vertex ${again.vertex.name} got ${from} → ${to} subtasks ${formatDuration(sinceMs)} ago, and what that brought is still measured`,
    { from, to, sinceMs },
  );
}

function stillDraining(
  last: PastRescale,
  sinceMs: Milliseconds,
  { direction, config, vertices }: Asked,
  numbers: GuardResult["numbers"] & { readonly backlog: number },
): Verdict | undefined {
  const keepsUp = Object.values(vertices).every((v) => v.utilization <= 1);
  const inTime = sinceMs < config.catchUpMs + last.pauseMs;
  if (direction !== "up" || !keepsUp || !inTime || last.effect === "worse") return undefined;
  return veto(
    `${records(numbers.backlog)} records wait, and the rescale of ${formatDuration(sinceMs)} ago is enough for what arrives; ` +
      `it gets ${formatDuration(config.catchUpMs)} to drain them`,
    { ...numbers, sinceMs, catchUpMs: config.catchUpMs },
  );
}

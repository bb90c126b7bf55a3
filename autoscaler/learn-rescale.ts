import type { Instant, Milliseconds, PastRescale, ScaleDecision } from "../model/index.ts";
import type { Learned } from "./learned.ts";
import type { ScaleReason } from "./reasons.ts";
import { sourceArrival, workOf } from "./sizing.ts";

const DAY_MS: Milliseconds = 86_400_000;
const MOST_RESCALES = 50;
const FLOOR = "scheduled-floor" satisfies ScaleReason;

/**
 * A rescale of ours, asked for so long after it was decided, came true. How long the job stood still for it is measured when
 * its tasks work again (`learnPause`); until then it is what was assumed. Told twice (the process was killed in between) it
 * is kept once.
 */
export function learnRescale(
  learned: Learned,
  decision: Pick<ScaleDecision, "inputs" | "effective" | "reason" | "guards">,
  at: Instant,
  askedAfterMs: Milliseconds,
): Learned {
  const { inputs, effective, guards } = decision;
  if (effective === null || learned.rescales.some((r) => r.at === at)) return learned;
  const from = Object.fromEntries(Object.entries(inputs.vertices).map(([id, v]) => [id, v.parallelism]));
  const grows = Object.keys(from).some((id) => (effective[id] ?? 0) > (from[id] ?? 0));
  const shrinks = Object.keys(from).some((id) => (effective[id] ?? Number.MAX_VALUE) < (from[id] ?? 0));
  const work = workOf(inputs);
  const rescale: PastRescale = {
    at,
    from,
    to: effective,
    direction: grows && shrinks ? "both" : grows ? "up" : "down",
    // What a plan of people's asked for is taken back when that ends, whatever the load.
    reason: guards.some((g) => g.name === FLOOR && g.verdict === "amend") ? FLOOR : decision.reason,
    pauseMs: inputs.restartPauseMs,
    consumedBefore: sourceArrival(inputs),
    consumedAfter: null,
    ...(work === undefined ? {} : { workBefore: work }),
    effect: "unknown",
  };
  const rescales = [...learned.rescales.filter((r) => at - r.at < DAY_MS), rescale].slice(-MOST_RESCALES);
  // By the JobManager's clock, as all that is seen of its tasks: ours may differ by more than a pause.
  return { ...learned, rescales, askedAt: inputs.to + askedAfterMs };
}

/** What the next restart will take: the median of the pauses measured on this job; null: none was. */
export function learnedPauseMs({ pausesMs }: Learned): Milliseconds | null {
  const sorted = [...pausesMs].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

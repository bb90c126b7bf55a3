import type {
  FlinkJobId,
  Instant,
  JobKey,
  Parallelism,
  ScaleDecision,
  ScaleInputs,
  Window,
} from "../model/index.ts";
import { arbitrate, voicesOf } from "./arbiter.ts";
import { calendarAt } from "./calendar/calendar-at.ts";
import { flinkAnswer } from "./flink/index.ts";
import { runGuards } from "./guards.ts";
import { withoutNewest } from "./metric-delay.ts";
import { propose } from "./propose.ts";
import type { ScaleReason } from "./reasons.ts";
import { sentenceFor } from "./sentence.ts";
import type { AutoscalerConfig } from "./settings.ts";
import { slotsOf, sourceArrival } from "./sizing.ts";
import { type History, summarize } from "./summarize.ts";

export interface Subject {
  readonly job: JobKey;
  readonly flinkJobId: FlinkJobId;
}

/** Window → decision: summarize what was seen, then decide on those numbers alone. */
export function scale(
  subject: Subject,
  window: Window,
  history: History,
  config: AutoscalerConfig,
  now: Instant,
): ScaleDecision {
  const seen = summarize(withoutNewest(window, config.metricDelayMs), history, config);
  const inputs = { ...seen, calendar: calendarAt(config, now) };
  if (config.flink === null) return decide(subject, inputs, config, now);
  const answer = flinkAnswer(history.learned.flink?.last, inputs, config.flink.options, config, now);
  return {
    ...recordOf(subject, inputs, config, now),
    estimate: estimateOf(inputs, answer.proposal),
    ...answer,
  };
}

const recordOf = (subject: Subject, inputs: ScaleInputs, config: AutoscalerConfig, now: Instant) =>
  ({
    kind: "scale",
    version: 1,
    job: subject.job,
    flinkJobId: subject.flinkJobId,
    at: now,
    trigger: "pass",
    inputs,
    settings: { ...config },
  }) as const;

/** Numbers → decision. From a record's `inputs`, `settings` and `at` this gives the same decision again. */
export function decide(
  subject: Subject,
  inputs: ScaleInputs,
  config: AutoscalerConfig,
  now: Instant,
): ScaleDecision {
  // Without the calendar, which is a voice of its own.
  const choice = propose({ ...inputs, calendar: null }, config);
  const { vertices } = choice;
  const { proposal, amended } = arbitrate(inputs, config, voicesOf(choice, inputs));
  const direction = directionOf(inputs, proposal);
  const asked = { inputs, config, now, proposal, vertices, direction, choice };
  const guards = [...runGuards(asked), ...amended];
  const vetoed = guards.find((g) => g.verdict === "veto");
  const acts = config.enabled && vetoed === undefined && direction !== "none";
  const reason: ScaleReason = !config.enabled
    ? "disabled"
    : vetoed !== undefined
      ? (vetoed.name as ScaleReason)
      : choice.cause === "undo"
        ? "roll-back"
        : REASON_OF[direction];
  return {
    ...recordOf(subject, inputs, config, now),
    proposal,
    guards,
    effective: acts ? proposal : null,
    estimate: estimateOf(inputs, proposal),
    reason,
    sentence: sentenceFor(reason, inputs, proposal, vetoed),
  };
}

const REASON_OF = {
  up: "scale-up",
  down: "scale-down",
  both: "rebalance",
  none: "within-target",
} as const satisfies Record<string, ScaleReason>;

function directionOf(inputs: ScaleInputs, proposal: Parallelism): "up" | "down" | "both" | "none" {
  let up = false;
  let down = false;
  for (const [id, v] of Object.entries(inputs.vertices)) {
    const p = proposal[id] ?? v.parallelism;
    up ||= p > v.parallelism;
    down ||= p < v.parallelism;
  }
  return up && down ? "both" : up ? "up" : down ? "down" : "none";
}

/** Pause, what queues up meanwhile, and how long the drain takes with the proposed parallelism. */
function estimateOf(inputs: ScaleInputs, proposal: Parallelism): ScaleDecision["estimate"] {
  const arrival = sourceArrival(inputs);
  const backlog = inputs.backlog === null ? null : inputs.backlog + (arrival * inputs.restartPauseMs) / 1_000;
  return {
    pauseMs: inputs.restartPauseMs,
    backlogAfterPause: backlog,
    drainMs: backlog === null ? null : drainMs(inputs, proposal, arrival, backlog),
    slotsBefore: slotsOf(inputs),
    slotsAfter: slotsOf(inputs, proposal),
  };
}

/** The narrowest vertex sets the pace: headroom = min over vertices of capacity(p) / arrival. */
function drainMs(
  inputs: ScaleInputs,
  proposal: Parallelism,
  arrival: number,
  backlog: number,
): number | null {
  let headroom = Number.POSITIVE_INFINITY;
  for (const [id, v] of Object.entries(inputs.vertices)) {
    if (v.arrivalRate === null || v.capacity === null || v.arrivalRate <= 0) continue;
    const capacity = (v.capacity / v.parallelism) * (proposal[id] ?? v.parallelism);
    headroom = Math.min(headroom, capacity / v.arrivalRate);
  }
  if (backlog <= 0) return 0;
  if (!Number.isFinite(headroom) || headroom <= 1 || arrival <= 0) return null;
  return (backlog / (arrival * (headroom - 1))) * 1_000;
}

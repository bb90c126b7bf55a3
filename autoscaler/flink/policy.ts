import type { Instant, VertexId } from "../../model/index.ts";
import { type Evaluation, evaluate, type Overridden } from "./evaluate.ts";
import { figuresOf, outcomeOf, waitEnd } from "./findings.ts";
import { DEFAULT_FLINK_OPTIONS, type FlinkOptions } from "./flink-options.ts";
import { tell } from "./messages.ts";
import { overridesOf } from "./overrides.ts";
import { commit, pendingOf, settlePending } from "./pending.ts";
import type { TaskManagerSpec } from "./quota.ts";
import { restartTimeOf } from "./restart-times.ts";
import { type FlinkReadout, lastLookOf, sampleOf } from "./sample-of.ts";
import { addSample, comparable, ofAttempt, type Sampled } from "./samples.ts";
import { type JobVerdict, scaleJob } from "./scale-job.ts";
import { type FlinkDecision, type FlinkOutcome, type FlinkState, NEW_FLINK_STATE } from "./state.ts";
import { messagesOf } from "./verdict-messages.ts";

export interface FlinkStep {
  readonly state: FlinkState;
  readonly decision: FlinkDecision;
  /** The window's numbers as they are; null where nothing was evaluated. */
  readonly evaluation: Evaluation | null;
}

/** What the policy is told besides its options. */
export interface FlinkSurroundings {
  readonly taskManager: TaskManagerSpec;
  /** Numbers that stand in for measured ones, by vertex: what was learned elsewhere, or what somebody asks "what if" with. */
  readonly overridden: Overridden;
  /**
   * When a decision counts as a rescale. `decided`: at once, as in the Java autoscaler, which decides anew in every
   * loop until the job restarts. `realized`: when the job runs with it, so that what people held back is not remembered
   * as done.
   */
  readonly counts: "decided" | "realized";
}

const UNKNOWN_SURROUNDINGS: FlinkSurroundings = {
  taskManager: { cpu: null, memory: null, slots: 0 },
  overridden: {},
  counts: "decided",
};

/** The policy with its options: one `step` per look at the job, pure. */
export interface FlinkPolicy {
  readonly options: FlinkOptions;
  step(state: FlinkState, readout: FlinkReadout, now: Instant): FlinkStep;
}

/**
 * Decides as the Apache Flink autoscaler does, from the same kind of numbers. State goes in and comes out; it is kept
 * by whoever calls. A look that comes before `loopMs` has passed since the last one changes nothing.
 */
export function flinkPolicy(
  options: Partial<FlinkOptions> = {},
  surroundings: Partial<FlinkSurroundings> = {},
): FlinkPolicy {
  const whole = { ...DEFAULT_FLINK_OPTIONS, ...options };
  const around = { ...UNKNOWN_SURROUNDINGS, ...surroundings };
  return { options: whole, step: (state, readout, now) => step(state, readout, now, whole, around) };
}

function step(
  state: FlinkState,
  readout: FlinkReadout,
  now: Instant,
  options: FlinkOptions,
  around: FlinkSurroundings,
): FlinkStep {
  if (!options.enabled) return idle(NEW_FLINK_STATE, "disabled", now, options);
  if (!readout.running) return idle({ ...state, last: null }, "not-running", now, options);
  const repeated = repeat(state, readout, options);
  if (repeated !== null) return { state, decision: repeated, evaluation: null };
  const attempt = ofAttempt(state.samples, readout.runningSince);
  const look = sampleOf(readout, state.lastLook, attempt, options);
  const lastLook = lastLookOf(readout);
  const settled = settlePending({ ...state, lastLook }, readout, options);
  if (look.sample === null) {
    return idle({ ...settled, samples: attempt }, "missing", now, options, { missing: look.missing });
  }
  const sampled = addSample(comparable(attempt, look.sample), look.sample, readout.runningSince, options);
  const next = { ...settled, samples: sampled.samples };
  if (sampled.stabilizing || sampled.samples.length < 2) {
    const until = sampled.stabilizing ? readout.runningSince + options.stabilizationMs : null;
    return idle(next, "stabilizing", now, options, { until });
  }
  const restartMs = restartTimeOf(next.restarts, options);
  const evaluation = evaluate(sampled.samples, readout.topology, options, restartMs, around.overridden);
  if (!sampled.full) return filling(next, evaluation, sampled, readout, now, options);
  const careful = leaveAlone(options, look.withoutBusyTime);
  const verdict = scaleJob(
    {
      topology: readout.topology,
      evaluation,
      history: next.history,
      delayed: next.delayed,
      restartMs,
      taskManager: around.taskManager,
    },
    careful,
    now,
  );
  return conclude(next, readout, evaluation, verdict, now, options, around.counts);
}

/** The options with more vertices to leave alone; the same ones where all of them are left alone already. */
export function leaveAlone(options: FlinkOptions, ids: readonly VertexId[]): FlinkOptions {
  const excludedVertices = [...new Set([...options.excludedVertices, ...ids])];
  return excludedVertices.length === options.excludedVertices.length
    ? options
    : { ...options, excludedVertices };
}

/** The last decision while the next look is not due and the job is still the one that it was made for. */
function repeat(state: FlinkState, readout: FlinkReadout, options: FlinkOptions): FlinkDecision | null {
  const { last, lastLook } = state;
  if (last === null || lastLook === null || lastLook.runningSince !== readout.runningSince) return null;
  const since = readout.at - lastLook.at;
  if (since < 0 || since >= options.loopMs) return null;
  const same = readout.topology.every(
    (v) => (last.vertices[v.id]?.parallelism ?? v.parallelism) === v.parallelism,
  );
  return same ? { ...last, messages: [] } : null;
}

/** A pass that evaluates nothing. */
function idle(
  state: FlinkState,
  outcome: FlinkOutcome,
  now: Instant,
  options: FlinkOptions,
  more: Partial<FlinkDecision> = {},
): FlinkStep {
  const decision: FlinkDecision = {
    at: now,
    outcome,
    target: null,
    recommended: null,
    vertices: {},
    until: null,
    restartMs: restartTimeOf(state.restarts, options),
    processingBacklog: false,
    gcPressure: null,
    heapUsage: null,
    missing: [],
    messages: [],
    ...more,
  };
  const last = outcome === "disabled" || outcome === "not-running" ? null : decision;
  return { state: { ...state, last }, decision, evaluation: null };
}

/** Numbers are shown while the window fills, but nothing is recommended. */
function filling(
  state: FlinkState,
  evaluation: Evaluation,
  sampled: Sampled,
  readout: FlinkReadout,
  now: Instant,
  options: FlinkOptions,
): FlinkStep {
  const stable = readout.runningSince + options.stabilizationMs;
  const first = sampled.samples.find((s) => s.at >= stable);
  const { decision, state: next } = idle(state, "window-filling", now, options, {
    ...figuresOf(evaluation, null),
    until: first === undefined ? null : first.at + options.windowMs,
  });
  return { state: next, decision, evaluation };
}

function conclude(
  state: FlinkState,
  readout: FlinkReadout,
  evaluation: Evaluation,
  verdict: JobVerdict,
  now: Instant,
  options: FlinkOptions,
  counts: FlinkSurroundings["counts"],
): FlinkStep {
  let told = state.told;
  const messages: FlinkDecision["messages"][number][] = [];
  for (const message of messagesOf(verdict, evaluation, options)) {
    const answer = tell(told, message, now);
    told = answer.told;
    if (answer.isNew) messages.push({ reason: message.reason, text: message.text });
  }
  const target = verdict.executed ? overridesOf(readout.topology, verdict.summaries) : null;
  const { decision } = idle(state, outcomeOf(verdict), now, options, {
    ...figuresOf(evaluation, verdict),
    target,
    recommended: verdict.recommended,
    until: waitEnd(verdict, options),
    messages,
  });
  const kept = { ...state, told, delayed: verdict.delayed, last: decision };
  if (target === null) return { state: kept, decision, evaluation };
  const pending = pendingOf(verdict, target, now);
  // Not carried out yet: a scale-down whose time has come stays due.
  const next = counts === "realized" ? { ...kept, pending } : commit(kept, pending, options);
  return { state: next, decision, evaluation };
}

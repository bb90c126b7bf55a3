import {
  formatDuration,
  formatInstant,
  type GuardResult,
  type Instant,
  type Parallelism,
  type ScaleInputs,
} from "../../model/index.ts";
import type { ScaleReason } from "../reasons.ts";
import type { FlinkOptions } from "./flink-options.ts";
import { type FlinkLimits, ownGuards } from "./own-guards.ts";
import type { Figure, FlinkDecision, FlinkOutcome, VertexFinding } from "./state.ts";

/** What of a decision record policy `flink` decides; identity and the rest of the record are the caller's. */
export interface FlinkAnswer {
  readonly proposal: Parallelism;
  readonly effective: Parallelism | null;
  readonly guards: readonly GuardResult[];
  readonly reason: ScaleReason;
  readonly sentence: string;
}

/** The record's reason for each outcome; `scale` has that of its direction. */
const REASONS = {
  disabled: "disabled",
  "not-running": "stabilizing",
  missing: "metric-missing",
  stabilizing: "stabilizing",
  "window-filling": "stabilizing",
  within: "within-target",
  "waiting-to-scale-down": "cooldown",
  ineffective: "no-useful-parallelism",
  "memory-pressure": "memory-pressure",
  "advisor-mode": "disabled",
  "excluded-period": "excluded-period",
  quota: "cluster-capacity",
} as const satisfies Record<Exclude<FlinkOutcome, "scale">, ScaleReason>;

/**
 * A decision of policy `flink` in the words of our records. `decision` undefined: the job was not looked at yet. Three
 * guards are ours: a job that cannot be rescaled in place, somebody else who changed it lately, and too many slots.
 */
export function flinkAnswer(
  decision: FlinkDecision | null | undefined,
  inputs: ScaleInputs,
  options: FlinkOptions,
  limits: FlinkLimits,
  now: Instant,
): FlinkAnswer {
  const present = Object.fromEntries(Object.entries(inputs.vertices).map(([id, v]) => [id, v.parallelism]));
  const proposal = { ...present, ...(decision?.recommended ?? {}) };
  const changes = changesOf(inputs, proposal);
  const own = ownGuards(inputs, proposal, limits, now);
  const outcome = limits.enabled ? (decision?.outcome ?? "stabilizing") : "disabled";
  const reason = outcome === "scale" ? directionOf(inputs, proposal) : REASONS[outcome];
  const line = limits.enabled
    ? lineOf(decision ?? null, inputs, options)
    : "the autoscaler is switched off for this job";
  const mine: GuardResult = {
    name: reason,
    verdict: outcome === "scale" || outcome === "within" ? "pass" : "veto",
    sentence: line,
    numbers: {},
  };
  const guards = [...own, mine, ...vertexFindings(decision, inputs)];
  const vetoed = guards.find((g) => g.verdict === "veto");
  const acts = vetoed === undefined && outcome === "scale" && changes !== "";
  return {
    proposal,
    effective: acts ? proposal : null,
    guards,
    reason: vetoed === undefined ? reason : (vetoed.name as ScaleReason),
    sentence: acts
      ? `${LEAD[reason] ?? "Change"} ${changes}: ${line}.`
      : holdSentence(vetoed ?? mine, changes),
  };
}

const LEAD: Readonly<Partial<Record<ScaleReason, string>>> = {
  "scale-up": "Scale up",
  "scale-down": "Scale down",
};

function holdSentence(guard: GuardResult, changes: string): string {
  return `Hold: ${guard.sentence}.${changes === "" ? "" : ` Proposed: ${changes}.`}`;
}

function directionOf(inputs: ScaleInputs, proposal: Parallelism): ScaleReason {
  const moves = Object.entries(inputs.vertices).map(
    ([id, v]) => (proposal[id] ?? v.parallelism) - v.parallelism,
  );
  const up = moves.some((m) => m > 0);
  const down = moves.some((m) => m < 0);
  return up && down ? "rebalance" : up ? "scale-up" : down ? "scale-down" : "within-target";
}

function changesOf(inputs: ScaleInputs, proposal: Parallelism): string {
  return Object.entries(inputs.vertices)
    .filter(([id, v]) => proposal[id] !== v.parallelism)
    .map(([id, v]) => `${v.name} ${v.parallelism} → ${proposal[id]}`)
    .join(", ");
}

/** Why, as the Flink autoscaler would put it, with its numbers. */
function lineOf(decision: FlinkDecision | null, inputs: ScaleInputs, options: FlinkOptions): string {
  if (decision === null) return "the job was not looked at yet";
  const until = decision.until === null ? "" : ` until ${formatInstant(decision.until)}`;
  switch (decision.outcome) {
    case "disabled":
      return "job.autoscaler.enabled is false";
    case "not-running":
      return "not all tasks run";
    case "missing":
      return `missing: ${decision.missing.join(", ")}`;
    case "stabilizing":
      return `the job stabilizes${until} (stabilization.interval ${formatDuration(options.stabilizationMs)})`;
    case "window-filling":
      return `the window fills${until} (metrics.window ${formatDuration(options.windowMs)})`;
    case "waiting-to-scale-down":
      return `a scale-down waits${until} (scale-down.interval ${formatDuration(options.scaleDownIntervalMs)})`;
    case "ineffective":
      return "the last scale-up brought too little (scaling.effectiveness)";
    case "memory-pressure":
      return `garbage collection takes ${percent(decision.gcPressure)} and the heap is ${percent(decision.heapUsage)} full; allowed are ${percent(options.gcThreshold)} and ${percent(options.heapThreshold)}`;
    case "advisor-mode":
      return "scaling.enabled is false, so this is advice only";
    case "excluded-period":
      return "now lies in excluded.periods";
    case "quota":
      return "the rescale would exceed quota.cpu or quota.memory";
    default:
      return busiest(decision, inputs);
  }
}

/** The vertex that leaves its bounds the furthest, or that is the nearest to them. */
function busiest(decision: FlinkDecision, inputs: ScaleInputs): string {
  let worst: readonly [number, string] | undefined;
  for (const [id, f] of Object.entries(decision.vertices)) {
    if (typeof f.trueProcessingRate !== "number" || typeof f.targetRate !== "number") continue;
    const use = f.targetRate / Math.max(f.trueProcessingRate, Number.MIN_VALUE);
    const name = inputs.vertices[id]?.name ?? id;
    if (worst === undefined || use > worst[0]) {
      worst = [
        use,
        `${name} could do ${figure(f.trueProcessingRate)} records/s and ${figure(f.targetRate)} arrive`,
      ];
    }
  }
  const backlog = decision.processingBacklog ? "; a backlog is worked off" : "";
  return `${worst?.[1] ?? "no vertex has a measured rate"}${backlog} (as the Flink autoscaler reckons)`;
}

const figure = (value: Figure): string =>
  typeof value === "number"
    ? Math.round(value).toLocaleString("en-US")
    : value === null
      ? "unknown"
      : "any number of";

const percent = (value: Figure): string =>
  typeof value === "number" ? `${Math.round(value * 100)} %` : "an unknown share";

/** One line per vertex with the numbers that it was judged by. They stand among the guards, where every surface shows them. */
function vertexFindings(
  decision: FlinkDecision | null | undefined,
  inputs: ScaleInputs,
): readonly GuardResult[] {
  return Object.entries(decision?.vertices ?? {}).map(([id, f]) => ({
    name: `flink ${inputs.vertices[id]?.name ?? id}`,
    verdict: "pass",
    sentence: `${figure(f.trueProcessingRate)} records/s at full speed, ${figure(f.targetRate)} arrive; scales up below ${figure(f.scaleUpThreshold)}, down above ${figure(f.scaleDownThreshold)}`,
    numbers: numbersOf(f),
  }));
}

function numbersOf(finding: VertexFinding): Readonly<Record<string, number>> {
  const numbers = Object.entries(finding).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  return Object.fromEntries(numbers);
}

import type { Severity } from "../model/index.ts";

/** Every reason a scale decision can have. Closed: a sentence that is not here cannot be said. */
export const SCALE_REASONS = {
  "scale-up": { severity: "info", doc: "More subtasks are needed for the load or its backlog." },
  "scale-down": { severity: "info", doc: "The load has been low for long enough that fewer subtasks do." },
  rebalance: { severity: "info", doc: "Configured bounds ask for more here and fewer there." },
  "within-target": { severity: "info", doc: "Every vertex has the subtasks that it needs." },
  disabled: { severity: "info", doc: "The autoscaler is switched off for this job." },
  "not-adaptive": { severity: "warning", doc: "The job does not run under Flink's adaptive scheduler." },
  "metric-missing": { severity: "warning", doc: "A number that the decision needs is absent or NaN." },
  "metrics-stale": { severity: "warning", doc: "Flink's counters did not move lately, or too few came." },
  stabilizing: { severity: "info", doc: "The job started just now, or its load is changing this moment." },
  "another-autoscaler-active": { severity: "warning", doc: "Somebody else changed the job's parallelism." },
  "shortage-borne": {
    severity: "info",
    doc: "A little more arrives than is carried, and the lag stays well inside its objective without a restart.",
  },
  "source-partitions-cap": {
    severity: "warning",
    doc: "A source already has one subtask per partition and cannot read faster.",
  },
  "no-useful-parallelism": { severity: "warning", doc: "No allowed parallelism carries the load." },
  "cluster-capacity": { severity: "warning", doc: "The cluster has fewer slots than the proposal needs." },
  cooldown: { severity: "info", doc: "The last rescale was too recent." },
  "roll-back": {
    severity: "warning",
    doc: "The last rescale was measured and did not help, or made it worse: it is undone.",
  },
  "restart-loop": { severity: "warning", doc: "The job restarts by itself again and again." },
  "checkpoint-unhealthy": {
    severity: "warning",
    doc: "Checkpoints fail or are old, and a rescale would go back to the newest one.",
  },
  "snapshot-in-progress": {
    severity: "info",
    doc: "A savepoint is being taken, which a rescale would abort.",
  },
  "catching-up": { severity: "info", doc: "A backlog is draining with what the job has." },
  "oscillation-frozen": {
    severity: "warning",
    doc: "The last rescales undid each other under the same load.",
  },
  "skew-bound": {
    severity: "warning",
    doc: "One hot key keeps one subtask busy, however many others there are.",
  },
  "sink-bound": {
    severity: "warning",
    doc: "The outside takes no more from a vertex, as a rescale that did not help has shown.",
  },
  "memory-pressure": {
    severity: "warning",
    doc: "A TaskManager has no memory to spare, so nothing is taken away.",
  },
  "cpu-starved": {
    severity: "warning",
    doc: "No TaskManager has processor time left that more subtasks could use.",
  },
  "excluded-period": { severity: "info", doc: "People excluded this time from rescales." },
  "stable-freeze": {
    severity: "info",
    doc: "The job has not been rescaled for so long that it is only scaled up when it falls behind.",
  },
  "scheduled-floor": { severity: "info", doc: "A plan in force asks for at least what runs." },
  "scheduled-ceiling": { severity: "warning", doc: "A plan in force allows no more than what runs." },
  "change-limit": { severity: "info", doc: "The limits of one rescale leave nothing of the change." },
  "slot-quota": { severity: "warning", doc: "The job has as many slots as it may have." },
  "benefit-below-cost": { severity: "info", doc: "What a change would save is worth less than its restart." },
} as const satisfies Record<string, { severity: Severity; doc: string }>;

export type ScaleReason = keyof typeof SCALE_REASONS;

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
  "source-partitions-cap": {
    severity: "warning",
    doc: "A source already has one subtask per partition and cannot read faster.",
  },
  "no-useful-parallelism": { severity: "warning", doc: "No allowed parallelism carries the load." },
  "cluster-capacity": { severity: "warning", doc: "The cluster has fewer slots than the proposal needs." },
  cooldown: { severity: "info", doc: "The last rescale was too recent." },
} as const satisfies Record<string, { severity: Severity; doc: string }>;

export type ScaleReason = keyof typeof SCALE_REASONS;

import { type MetricRef, matches, matchesNot, type Promql, promql } from "../../../model/index.ts";
import type { AnnotationSpec } from "../dashboard.ts";
import { flinkOfJob, JOB, ownOfJob, REASON, VERTEX } from "../selectors.ts";

/** Reasons of a decision to change something; all others hold. */
export const ACTING_REASONS = ["scale-up", "scale-down", "rebalance"];
const acting = ACTING_REASONS.join("|");
const parallelism = ownOfJob("outrider_vertex_parallelism");

/** What explains a bend in a curve. */
export const ANNOTATIONS: readonly AnnotationSpec[] = [
  {
    name: "Parallelism",
    // The number becomes a label, because a title can show labels only.
    expr: promql`count_values by (${VERTEX}) ("subtasks", max by (${VERTEX}) (${parallelism}) != max by (${VERTEX}) (${parallelism} offset 1m))`,
    title: "{{vertex}} now has {{subtasks}} subtasks",
    color: "blue",
    shown: true,
  },
  {
    name: "Decisions to scale",
    expr: newDecisions(ownOfJob("outrider_decisions_total", { reason: matches(acting) })),
    title: "Outrider decided: {{reason}}",
    color: "blue",
    shown: true,
  },
  {
    name: "Decisions to hold",
    expr: newDecisions(ownOfJob("outrider_decisions_total", { reason: matchesNot(acting) })),
    title: "Outrider holds: {{reason}}",
    color: "gray",
    shown: false,
  },
  {
    name: "Restarts",
    expr: risen(flinkOfJob("flink_jobmanager_job_numRestarts")),
    title: "{{job_name}} restarted",
    color: "red",
    shown: true,
  },
  {
    name: "Failed checkpoints",
    expr: risen(flinkOfJob("flink_jobmanager_job_numberOfFailedCheckpoints")),
    title: "A checkpoint of {{job_name}} failed",
    color: "orange",
    shown: false,
  },
];

/** A counter that is higher than a minute ago. Unlike `increase` it marks one minute, not every one that sees it. */
function risen(counter: MetricRef): Promql {
  return promql`sum by (${JOB}) (${counter}) - sum by (${JOB}) (${counter} offset 1m) > 0`;
}

/** The first decision of a reason begins its series: there was nothing a minute ago. */
function newDecisions(counter: MetricRef): Promql {
  const now = promql`sum by (${REASON}) (${counter})`;
  const before = promql`sum by (${REASON}) (${counter} offset 1m)`;
  return promql`(${now} - ${before} > 0) or (${now} unless ${before})`;
}

import { promql } from "../../../model/index.ts";
import type { RowSpec } from "../panel.ts";
import { ownOfJob, REASON, RESULT, VERTEX } from "../selectors.ts";

const now = ownOfJob("outrider_vertex_parallelism");
const wanted = ownOfJob("outrider_vertex_wanted_parallelism");
const decisions = ownOfJob("outrider_decisions_total");
const rescales = ownOfJob("outrider_rescales_total");
const passes = ownOfJob("outrider_passes_total");

/** What does Outrider want, and what has it done? */
export const SCALING: RowSpec = {
  id: 600,
  title: "Outrider: parallelism and decisions",
  panels: [
    {
      id: 601,
      kind: "timeseries",
      title: "Parallelism by vertex",
      description:
        "Subtasks of each vertex now and those that Outrider holds to be right. Where the two differ for long, Outrider may not or cannot act: its console says why.",
      unit: "short",
      decimals: 0,
      min: 0,
      width: 12,
      height: 8,
      queries: [
        {
          expr: promql`max by (${VERTEX}) (${now})`,
          legend: "{{vertex}}: now",
          mayBeEmpty: "the job does not run",
        },
        {
          expr: promql`max by (${VERTEX}) (${wanted})`,
          legend: "{{vertex}}: wanted",
          mayBeEmpty: "Outrider cannot judge the job, or has not watched it for long enough",
        },
      ],
      runbooks: ["FlinkScalingEvent"],
    },
    {
      id: 602,
      kind: "bars",
      title: "Decisions by reason",
      description: "Decisions per bar, those not to act included. Equal holds in a row are one decision.",
      unit: "short",
      min: 0,
      width: 12,
      height: 8,
      queries: [
        {
          expr: promql`sum by (${REASON}) (increase(${decisions}[$__rate_interval]))`,
          legend: "{{reason}}",
          mayBeEmpty: "Outrider has not decided anything about the job yet",
        },
      ],
      runbooks: ["FlinkScalingEvent"],
    },
    {
      id: 603,
      kind: "bars",
      title: "Rescales by result",
      description: "Rescales that Outrider asked for and that came to their end, per bar.",
      unit: "short",
      min: 0,
      width: 12,
      height: 8,
      queries: [
        {
          expr: promql`sum by (${RESULT}) (increase(${rescales}[$__rate_interval]))`,
          legend: "{{result}}",
          mayBeEmpty: "Outrider has not rescaled the job yet",
        },
      ],
      runbooks: ["FlinkScalingEvent"],
    },
    {
      id: 604,
      kind: "bars",
      title: "Looks at the job",
      description: "Passes of Outrider over the job per bar. Failed ones could not read it.",
      unit: "short",
      min: 0,
      width: 12,
      height: 8,
      queries: [
        {
          expr: promql`sum by (${RESULT}) (increase(${passes}[$__rate_interval]))`,
          legend: "{{result}}",
        },
      ],
      runbooks: ["OutriderPassesStale"],
    },
  ],
};

import { type OwnMetricName, promql } from "../model/index.ts";
import type { Alert } from "./alert.ts";
import { ownSeries } from "./own-series.ts";
import { constant, turning } from "./rule-case.ts";
import { BY, JOB } from "./terms.ts";

const MIN = 60_000;

/** Something that Outrider counted within the window, also where the counter has only just appeared. */
function event(
  facts: Pick<Alert, "name" | "answers" | "summary" | "description">,
  name: OwnMetricName,
  matchers: Readonly<Record<string, string>>,
): Alert {
  return {
    ...facts,
    group: "outrider",
    severity: "info",
    forMs: undefined,
    thresholds: {},
    windows: { window: { ms: 5 * MIN, help: "How long the event is shown." } },
    labels: JOB,
    value: "count",
    // A day back, or a counter would seem new after every failed scrape.
    expr: (t) => {
      const counter = t.own(name, matchers);
      return promql`sum by (${BY.job}) (increase(${counter}[${t.window("window")}])) > 0 or sum by (${BY.job}) (${counter} unless last_over_time(${counter}[1d] offset ${t.window("window")})) > 0`;
    },
    fires: (t) => ({
      series: [
        { metric: t.own(name, matchers), labels: {}, values: constant(1), lastMs: t.windowMs("window") / 2 },
      ],
    }),
    quiet: (t) => [
      { series: [ownSeries(t, name, 3, matchers)] },
      {
        series: [
          {
            metric: t.own(name, matchers),
            labels: {},
            values: turning(3, t.windowMs("window"), "missed"),
          },
        ],
      },
    ],
  };
}

/** What happened, shown for a while: no metric of Flink tells it. */
export const EVENT_ALERTS: readonly Alert[] = [
  event(
    {
      name: "FlinkJobStarted",
      answers: ["JobStarted"],
      summary: "A job was submitted and runs.",
      description: "{job_name} ({cluster}/{namespace}) was submitted and runs.",
    },
    "outrider_job_starts_total",
    {},
  ),
  event(
    {
      name: "FlinkJobCompleted",
      answers: ["JobCompleted"],
      summary: "A job has finished.",
      description: "{job_name} ({cluster}/{namespace}) has FINISHED.",
    },
    "outrider_job_ends_total",
    { state: "FINISHED" },
  ),
  event(
    {
      name: "FlinkScalingEvent",
      answers: ["ScalingEvent"],
      summary: "Outrider has rescaled a job.",
      description: "Outrider has rescaled {job_name} ({cluster}/{namespace}); its decisions say why.",
    },
    "outrider_rescales_total",
    { result: "reached" },
  ),
];

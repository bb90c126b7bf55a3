import { type JobKey, OWN_METRICS, own, promql, span } from "../../model/index.ts";
import { labelsOf } from "../telemetry/labelled-series.ts";

/** Prometheus answers in steps of this length, and a value stands for the step before it. */
const MEAN_OVER_MS = 300_000;

/**
 * PromQL of what arrived at all sources of a job, by Outrider's own series: 5-minute means. `max` and no sum: an Outrider
 * that was restarted is another target, and for five minutes both have values.
 */
export function arrivalQuery(job: JobKey): string {
  const arrivals = own(OWN_METRICS.arrivalRate, labelsOf(job));
  return promql`max(avg_over_time(${arrivals}[${span(MEAN_OVER_MS)}]))`.text;
}

import type { FlinkMetric } from "./flink-metric.ts";
import { JOBMANAGER_METRICS } from "./flink-metrics-jobmanager.ts";
import { FLINK_OPERATOR_METRICS } from "./flink-metrics-operator.ts";
import { FLINK_TASK_METRICS } from "./flink-metrics-task.ts";
import { TASKMANAGER_METRICS } from "./flink-metrics-taskmanager.ts";

export {
  type FlinkMetric,
  METRIC_KINDS,
  METRIC_UNITS,
  type MetricKind,
  type MetricUnit,
} from "./flink-metric.ts";

/**
 * Every metric of Flink that rules and dashboards may name, spelt as Flink's Prometheus reporter writes it.
 * Left out: deprecated duplicates (`buffers_*`, `Status_Network_*`), collectors by name, and what users add.
 * A test compares it with recorded pages of Flink 1.20 and 2.3.
 */
export const FLINK_METRICS = {
  ...JOBMANAGER_METRICS,
  ...TASKMANAGER_METRICS,
  ...FLINK_TASK_METRICS,
  ...FLINK_OPERATOR_METRICS,
} as const satisfies Record<string, FlinkMetric>;

export type FlinkMetricName = keyof typeof FLINK_METRICS;

/** The catalogue's entry, as wide as `FlinkMetric` has it. */
export function flinkMetric(name: FlinkMetricName): FlinkMetric {
  return FLINK_METRICS[name];
}

/** What Flink's reporter makes of a label value: `Source: a -> b` is `Source:_a____b`. */
export function asFlinkLabel(value: string): string {
  return value.replaceAll(/[^a-zA-Z0-9:_]/g, "_");
}

import {
  FLINK_METRICS,
  type FlinkMetricName,
  flinkMetric,
  OWN_METRIC_FACTS,
  type OwnMetricName,
  RECORDED_METRICS,
} from "../../../model/index.ts";
import { selectorsOf } from "./selectors.ts";
import type { Prometheus } from "./server.ts";

/** A metric of an expression that has no series now. */
export interface Hole {
  readonly metric: string;
  /** Why that is no fault; undefined where nobody can say. */
  readonly reason: string | undefined;
}

/** Which metrics of an expression have no series, and what the catalogue says to that. */
export async function holesOf(prometheus: Prometheus, expression: string): Promise<readonly Hole[]> {
  const names = new Set((await selectorsOf(prometheus.url, expression)).map((selector) => selector.name));
  const present = await prometheus.metricNames();
  return [...names]
    .filter((name) => !present.has(name))
    .map((metric) => ({ metric, reason: known(metric) ? reasonOf(metric) : undefined }));
}

/** Metrics of Flink in an expression that one version should have, by the catalogue, and has not. */
export async function missingIn(
  prometheus: Prometheus,
  cluster: string,
  version: string,
  expression: string,
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const { name } of await selectorsOf(prometheus.url, expression)) {
    if (!isFlink(name) || flinkMetric(name).absent !== undefined || !inVersion(name, version)) continue;
    const count = await prometheus.query(`count(${name}{cluster=${JSON.stringify(cluster)}})`);
    if (count.length === 0) missing.push(name);
  }
  return [...new Set(missing)];
}

const isFlink = (name: string): name is FlinkMetricName => name in FLINK_METRICS;
const isOwn = (name: string): name is OwnMetricName => name in OWN_METRIC_FACTS;
const known = (name: string): boolean => isFlink(name) || isOwn(name) || name in RECORDED_METRICS;

function reasonOf(name: string): string | undefined {
  if (isFlink(name)) return flinkMetric(name).absent;
  // A series of a counter begins with what it counts.
  if (isOwn(name)) {
    const { kind, absent } = OWN_METRIC_FACTS[name] as { kind: string; absent?: string };
    return absent ?? (kind === "counter" ? "nothing of the kind has happened" : undefined);
  }
  return undefined;
}

function inVersion(name: FlinkMetricName, version: string): boolean {
  const { since, until } = flinkMetric(name);
  return !(since !== undefined && before(version, since)) && !(until !== undefined && before(until, version));
}

/** Compares `1.20.5` with `1.19` by the parts that both have. */
function before(a: string, b: string): boolean {
  const [left, right] = [a, b].map((v) => v.split(".").map(Number));
  for (let i = 0; i < Math.min(left?.length ?? 0, right?.length ?? 0); i++) {
    const [x, y] = [left?.[i] ?? 0, right?.[i] ?? 0];
    if (x !== y) return x < y;
  }
  return false;
}

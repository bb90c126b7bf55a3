import type { MetricValue } from "../metrics/vertex-shape.ts";
import { badQueryParameter, ok, type SimulatorReply } from "./reply.ts";

const AGGREGATIONS = ["min", "max", "avg", "sum", "skew"] as const;
type Aggregation = (typeof AGGREGATIONS)[number];

/** Names in `get=a,b`; undefined where the query has none. */
export function wantedIn(query: URLSearchParams): readonly string[] | undefined {
  const get = query.get("get");
  return get === null || get === "" ? undefined : get.split(",");
}

/** `[{id}]`, each name once. */
export const namesReply = (names: Iterable<string>): SimulatorReply =>
  ok([...new Set(names)].map((id) => ({ id })));

/** `[{id, value}]` with values as text; names that nobody knows are left out. */
export function valuesReply(
  wanted: readonly string[],
  valueOfName: (name: string) => MetricValue | undefined,
): SimulatorReply {
  return ok(
    wanted.flatMap((id) => {
      const value = valueOfName(id);
      return value === undefined ? [] : [{ id, value: String(value) }];
    }),
  );
}

/** `[{id, min, …}]`. One name that nobody knows, or that is no number anywhere, empties the whole reply. */
export function aggregatesReply(
  query: URLSearchParams,
  wanted: readonly string[],
  valuesOfName: (name: string) => readonly MetricValue[],
): SimulatorReply {
  const asked = (query.get("agg") ?? AGGREGATIONS.join(",")).toLowerCase().split(",");
  const unknown = asked.find((a) => !AGGREGATIONS.some((known) => known === a));
  if (unknown !== undefined) return badQueryParameter("agg", query.get("agg") ?? "");
  const aggregations = AGGREGATIONS.filter((a) => asked.includes(a));
  const lines: Record<string, string | number>[] = [];
  for (const id of wanted) {
    const values = valuesOfName(id).map(Number);
    if (values.length === 0 || values.some(Number.isNaN)) return ok([]);
    lines.push({ id, ...Object.fromEntries(aggregations.map((a) => [a, AGGREGATE[a](values)])) });
  }
  return ok(lines);
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

const AGGREGATE: Readonly<Record<Aggregation, (values: readonly number[]) => number>> = {
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  avg: mean,
  sum,
  /** Mean distance from the mean, in percent of it, at most 100. */
  skew: (values) => {
    const middle = mean(values);
    const distance = mean(values.map((v) => Math.abs(v - middle)));
    return middle === 0 ? 0 : Math.min(100, (distance / Math.abs(middle)) * 100);
  },
};

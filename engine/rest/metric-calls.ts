import type { FlinkJobId, VertexId } from "../../model/index.ts";
import * as metrics from "./metric-replies.ts";
import type { Transport } from "./transport.ts";

/** Netty refuses request lines over 4096 bytes; long lists of names are split. */
const MAX_QUERY = 3_000;

/** Flink's metrics, as its JobManager last fetched them. */
export function metricCalls({ call }: Transport) {
  const names = async (what: string, path: readonly string[]): Promise<readonly string[]> =>
    (await call({ what, path, schema: metrics.metricNamesReply })).map((m) => m.id);
  const values = async (
    what: string,
    path: readonly string[],
    get: readonly string[],
  ): Promise<ReadonlyMap<string, string>> => {
    const found = new Map<string, string>();
    for (const query of queriesOf(get)) {
      const reply = await call({ what, path, query, schema: metrics.metricValuesReply });
      for (const { id, value } of reply) found.set(id, value);
    }
    return found;
  };
  const aggregates = async (
    what: string,
    path: readonly string[],
    get: readonly string[],
    aggregations: readonly metrics.Aggregation[],
  ): Promise<ReadonlyMap<string, metrics.Aggregates>> => {
    const found = new Map<string, metrics.Aggregates>();
    for (const query of queriesOf(get)) {
      const full = `${query}&agg=${aggregations.join(",")}`;
      const reply = await call({ what, path, query: full, schema: metrics.aggregatesReply });
      for (const { id, ...rest } of reply) found.set(id, rest);
    }
    return found;
  };
  const vertexPath = (id: FlinkJobId, vertex: VertexId, ...rest: string[]): string[] => [
    "jobs",
    id,
    "vertices",
    vertex,
    ...rest,
  ];
  return {
    /** Names of a vertex' metrics, `<subtask>.<metric>` and `<subtask>.<operator>.<metric>`. */
    vertexMetricNames: (id: FlinkJobId, vertex: VertexId) =>
      names("list a vertex' metrics", vertexPath(id, vertex, "metrics")),
    /** Unknown names are left out. */
    vertexMetrics: (id: FlinkJobId, vertex: VertexId, get: readonly string[]) =>
      values("read a vertex' metrics", vertexPath(id, vertex, "metrics"), get),
    /** Names without the subtask; empty for an unknown vertex and for some seconds after a start. */
    subtaskMetricNames: (id: FlinkJobId, vertex: VertexId) =>
      names("list the metrics of subtasks", vertexPath(id, vertex, "subtasks", "metrics")),
    /** Over all subtasks. One name that no subtask knows empties the whole reply: ask for listed names only. */
    subtaskMetrics: (
      id: FlinkJobId,
      vertex: VertexId,
      get: readonly string[],
      aggregations: readonly metrics.Aggregation[],
    ) =>
      aggregates(
        "read the metrics of subtasks",
        vertexPath(id, vertex, "subtasks", "metrics"),
        get,
        aggregations,
      ),
    vertexDetails: (id: FlinkJobId, vertex: VertexId) =>
      call({ what: "read a vertex", path: vertexPath(id, vertex), schema: metrics.vertexReply }),
    backPressure: (id: FlinkJobId, vertex: VertexId) =>
      call({
        what: "read back-pressure",
        path: vertexPath(id, vertex, "backpressure"),
        schema: metrics.backPressureReply,
      }),
    /** By `<subtask>.currentInputWatermark`; sources have none. */
    async watermarks(id: FlinkJobId, vertex: VertexId): Promise<ReadonlyMap<string, string>> {
      const path = vertexPath(id, vertex, "watermarks");
      const reply = await call({ what: "read watermarks", path, schema: metrics.metricValuesReply });
      return new Map(reply.map((m) => [m.id, m.value]));
    },
    jmMetrics: (get: readonly string[]) => values("read JobManager metrics", ["jobmanager", "metrics"], get),
    jobMetrics: (id: FlinkJobId, get: readonly string[]) =>
      values("read the job's metrics", ["jobs", id, "metrics"], get),
    /** Over all TaskManagers. */
    tmMetrics: (get: readonly string[], aggregations: readonly metrics.Aggregation[]) =>
      aggregates("read TaskManager metrics", ["taskmanagers", "metrics"], get, aggregations),
  };
}

/** `?get=a,b`, in as many queries as the length allows. */
function queriesOf(names: readonly string[]): readonly string[] {
  const queries: string[] = [];
  let current = "";
  for (const name of names.map(encodeURIComponent)) {
    if (current !== "" && current.length + name.length > MAX_QUERY) {
      queries.push(`?get=${current}`);
      current = "";
    }
    current = current === "" ? name : `${current},${name}`;
  }
  return current === "" ? queries : [...queries, `?get=${current}`];
}

import { createHash } from "node:crypto";
import { isTerminal, JOB_STATES } from "../../../model/index.ts";
import type { GraphCopy, VertexCopy } from "../metrics/graph-cache.ts";
import { schedulerTypeOf } from "./cluster-routes.ts";
import type { Desk } from "./desk.ts";
import { exceptionsOf } from "./exceptions.ts";
import { ioMetricsOf } from "./io-metrics.ts";
import {
  accepted,
  badQueryParameter,
  jobNotFound,
  jobNotFoundByDispatcher,
  ok,
  refusal,
  type SimulatorReply,
} from "./reply.ts";
import { type Asked, type Route, route } from "./route.ts";
import { countsOf, taskStateOf } from "./task-state.ts";

const jobIdOf = (asked: Asked): string => asked.at["jobid"] ?? "";

/** Answers from the graph cache. */
const ofGraph =
  (answer: (graph: GraphCopy, asked: Asked) => SimulatorReply): Route["answer"] =>
  (asked) => {
    const graph = asked.desk.graphs(jobIdOf(asked));
    return graph === undefined ? jobNotFound(jobIdOf(asked)) : answer(graph, asked);
  };

/** Routes about one job as a whole. */
export const jobRoutes: readonly Route[] = [
  route(
    "GET /jobs/:jobid",
    ofGraph((graph, { desk }) => ok(detailsOf(desk, graph))),
  ),
  // Not from the cache: status shows a restart at once.
  route("GET /jobs/:jobid/status", (asked) => {
    const job = asked.desk.job(jobIdOf(asked));
    return job === undefined ? jobNotFoundByDispatcher(jobIdOf(asked)) : ok({ status: job.state });
  }),
  route(
    "GET /jobs/:jobid/plan",
    ofGraph((graph) => ok({ plan: planOf(graph) })),
  ),
  route(
    "GET /jobs/:jobid/config",
    ofGraph((graph, { desk }) => ok(configOf(desk, graph))),
  ),
  route(
    "GET /jobs/:jobid/execution-result",
    ofGraph(({ state }) => ok({ status: { id: isTerminal(state) ? "COMPLETED" : "IN_PROGRESS" } })),
  ),
  route(
    "GET /jobs/:jobid/exceptions",
    ofGraph((graph, { desk, query }) => exceptionsOf(graph, query.get("maxExceptions"), desk.flinkMajor)),
  ),
  route("PATCH /jobs/:jobid", (asked) => cancel(asked)),
  route("PATCH /jobs/:jobid/rescaling", () =>
    refusal(503, "Rescaling is temporarily disabled. See FLINK-12312."),
  ),
];

function cancel(asked: Asked): SimulatorReply {
  const mode = asked.query.get("mode") ?? "cancel";
  if (mode !== "cancel") return badQueryParameter("mode", mode);
  if (asked.desk.job(jobIdOf(asked)) === undefined) return refusal(404, "Job could not be found.");
  asked.desk.cluster.cancel(jobIdOf(asked));
  return accepted({});
}

function detailsOf(desk: Desk, graph: GraphCopy) {
  const { flinkMajor, cluster } = desk;
  const now = cluster.now();
  const state = taskStateOf(graph.state);
  return {
    jid: graph.id,
    ...(flinkMajor >= 2 ? { "application-id": graph.id } : {}),
    name: graph.plan.name,
    isStoppable: false,
    state: graph.state,
    "job-type": "STREAMING",
    ...(flinkMajor >= 2 ? { schedulerType: schedulerTypeOf(cluster.plan.scheduler) } : {}),
    "start-time": graph.startTime,
    "end-time": graph.endTime ?? -1,
    duration: (graph.endTime ?? now) - graph.startTime,
    maxParallelism: Math.max(-1, ...graph.vertices.map((v) => v.plan.maxParallelism)),
    now,
    timestamps: Object.fromEntries(JOB_STATES.map((s) => [s, graph.timestamps[s] ?? 0])),
    vertices: graph.vertices.map((vertex) => vertexLineOf(desk, graph, vertex)),
    "status-counts": countsOf(state, graph.vertices.length),
    plan: planOf(graph),
    ...(flinkMajor >= 2 ? { "pending-operators": 0 } : {}),
  };
}

function vertexLineOf(desk: Desk, graph: GraphCopy, vertex: VertexCopy) {
  const state = taskStateOf(graph.state);
  const { start, end, duration } = timesOf(desk, graph, vertex);
  return {
    id: vertex.id,
    slotSharingGroupId: slotSharingGroupId(vertex.plan.slotSharingGroup),
    name: vertex.plan.name,
    maxParallelism: vertex.plan.maxParallelism,
    parallelism: vertex.parallelism,
    status: state,
    "start-time": start,
    "end-time": end,
    duration,
    tasks: countsOf(state, vertex.parallelism),
    metrics: ioMetricsOf(desk, graph, vertex),
  };
}

/** -1 for what has not happened, as Flink says it. */
export function timesOf({ cluster }: Desk, graph: GraphCopy, vertex: VertexCopy) {
  const started = vertex.subtasks.map((s) => s.startedAt);
  const start = started.length === 0 ? -1 : Math.min(...started);
  const end = graph.endTime ?? -1;
  const until = graph.endTime ?? cluster.now();
  return { start, end, duration: start < 0 ? -1 : Math.max(0, until - start) };
}

/** Groups have names in worlds and ids of 32 hex digits in Flink's replies. */
const slotSharingGroupId = (name: string): string => createHash("md5").update(name).digest("hex");

function planOf({ id, plan, vertices }: GraphCopy) {
  return {
    jid: id,
    name: plan.name,
    type: "STREAMING",
    nodes: vertices.map((vertex) => {
      const inputs = plan.edges.filter((e) => e.to === vertex.id);
      return {
        id: vertex.id,
        operator: "",
        parallelism: vertex.parallelism,
        operator_strategy: "",
        description: `${vertex.plan.name}<br/>`,
        optimizer_properties: {},
        ...(inputs.length === 0
          ? {}
          : {
              inputs: inputs.map((e, num) => ({
                id: e.from,
                num,
                exchange: "pipelined_bounded",
                ship_strategy: e.ship,
              })),
            }),
      };
    }),
  };
}

function configOf({ flinkMajor }: Desk, { id, plan }: GraphCopy) {
  return {
    jid: id,
    name: plan.name,
    "execution-config": {
      ...(flinkMajor >= 2 ? {} : { "execution-mode": "PIPELINED" }),
      "restart-strategy": "Cluster level default restart strategy",
      "job-parallelism": Math.max(...plan.vertices.map((v) => v.parallelism)),
      "object-reuse-mode": false,
      "user-config": {},
    },
  };
}

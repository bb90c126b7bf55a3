import type { SubtaskFrame } from "../metrics/frame.ts";
import type { GraphCopy, VertexCopy } from "../metrics/graph-cache.ts";
import type { SubtaskView } from "../view.ts";
import type { Desk } from "./desk.ts";
import { COUNTERS, framesOfCopy, sumOf } from "./io-metrics.ts";
import { timesOf } from "./job-routes.ts";
import { jobNotFound, notFound, ok, refusal, type SimulatorReply } from "./reply.ts";
import { type Asked, type Route, route } from "./route.ts";
import { spreadOf } from "./spread.ts";
import { countsOf, TASK_STATES, taskStateOf } from "./task-state.ts";

/** One vertex of a cached graph, with what the store knows of its subtasks. */
interface Look {
  readonly desk: Desk;
  readonly graph: GraphCopy;
  readonly vertex: VertexCopy;
  readonly subtasks: readonly (readonly [SubtaskView, SubtaskFrame | undefined])[];
}

const ofVertex =
  (answer: (look: Look, asked: Asked) => SimulatorReply): Route["answer"] =>
  (asked) => {
    const { desk, at } = asked;
    const graph = desk.graphs(at["jobid"] ?? "");
    if (graph === undefined) return jobNotFound(at["jobid"] ?? "");
    const vertex = graph.vertices.find((v) => v.id === at["vertexid"]);
    if (vertex === undefined) return notFound(`JobVertex ${at["vertexid"]} not found`);
    const frames = framesOfCopy(desk, graph, vertex);
    const subtasks = vertex.subtasks.map((s, i) => [s, frames[i]] as const);
    return answer({ desk, graph, vertex, subtasks }, asked);
  };

/** Routes about one vertex that answer from the graph cache. */
export const vertexRoutes: readonly Route[] = [
  route(
    "GET /jobs/:jobid/vertices/:vertexid",
    ofVertex((look) =>
      ok({
        id: look.vertex.id,
        name: look.vertex.plan.name,
        parallelism: look.vertex.parallelism,
        maxParallelism: look.vertex.plan.maxParallelism,
        now: look.desk.cluster.now(),
        subtasks: look.subtasks.map(([s, frame]) => subtaskOf(look, s, frame)),
        aggregated: aggregatedOf(look, look.subtasks),
      }),
    ),
  ),
  route(
    "GET /jobs/:jobid/vertices/:vertexid/subtasks/:subtaskindex",
    ofVertex((look, { at }) => {
      const index = Number(at["subtaskindex"]);
      const found = look.subtasks.find(([s]) => s.index === index);
      return found === undefined
        ? refusal(404, `Subtask with index ${index} not found.`)
        : ok(subtaskOf(look, ...found));
    }),
  ),
  route(
    "GET /jobs/:jobid/vertices/:vertexid/subtasktimes",
    ofVertex((look) =>
      ok({
        id: look.vertex.id,
        name: look.vertex.plan.name,
        now: look.desk.cluster.now(),
        subtasks: look.subtasks.map(([s]) => timelineOf(look, s)),
      }),
    ),
  ),
  route(
    "GET /jobs/:jobid/vertices/:vertexid/taskmanagers",
    ofVertex((look) =>
      ok({
        id: look.vertex.id,
        name: look.vertex.plan.name,
        now: look.desk.cluster.now(),
        taskmanagers: [...Map.groupBy(look.subtasks, ([s]) => s.taskManager)].map(([id, own]) =>
          taskManagerOf(look, id, own),
        ),
      }),
    ),
  ),
];

/** `host` has gone with 2.0. */
const placeOf = ({ desk }: Look, taskManager: string) => ({
  ...(desk.flinkMajor >= 2 ? {} : { host: `${taskManager}:6122` }),
  endpoint: `${taskManager}:6122`,
});

const spentOf = ({ graph, desk }: Look, startedAt: number): number =>
  Math.max(0, (graph.endTime ?? desk.cluster.now()) - startedAt);

/** Deployment takes no time of its own here: it is part of the restart. */
const durationsOf = (look: Look, startedAt: number) => ({
  CREATED: 0,
  SCHEDULED: 0,
  DEPLOYING: 0,
  INITIALIZING: 0,
  RUNNING: spentOf(look, startedAt),
});

function subtaskOf(look: Look, subtask: SubtaskView, frame: SubtaskFrame | undefined) {
  const { desk, graph, vertex } = look;
  return {
    subtask: subtask.index,
    status: taskStateOf(graph.state),
    attempt: graph.restarts,
    ...placeOf(look, subtask.taskManager),
    "start-time": subtask.startedAt,
    "end-time": graph.endTime ?? -1,
    duration: spentOf(look, subtask.startedAt),
    metrics: sumOf(desk, graph, vertex, [frame]),
    "taskmanager-id": subtask.taskManager,
    "status-duration": durationsOf(look, subtask.startedAt),
    start_time: subtask.startedAt,
  };
}

function aggregatedOf(look: Look, subtasks: Look["subtasks"]) {
  const { desk, graph, vertex } = look;
  const each = subtasks.map(([, frame]) => sumOf(desk, graph, vertex, [frame]));
  const durations = subtasks.map(([s]) => durationsOf(look, s.startedAt));
  const states = ["CREATED", "SCHEDULED", "DEPLOYING", "INITIALIZING", "RUNNING"] as const;
  return {
    metrics: Object.fromEntries(COUNTERS.map((name) => [name, spreadOf(each.map((m) => m[name]))])),
    "status-duration": Object.fromEntries(
      states.map((state) => [state, spreadOf(durations.map((d) => d[state]))]),
    ),
  };
}

function timelineOf(look: Look, subtask: SubtaskView) {
  const state = taskStateOf(look.graph.state);
  return {
    subtask: subtask.index,
    ...placeOf(look, subtask.taskManager),
    duration: spentOf(look, subtask.startedAt),
    timestamps: Object.fromEntries(
      TASK_STATES.map((s) => [s, s === state || s === "CREATED" ? subtask.startedAt : 0]),
    ),
  };
}

function taskManagerOf(look: Look, id: string, own: Look["subtasks"]) {
  const { desk, graph, vertex } = look;
  const state = taskStateOf(graph.state);
  const { start, end, duration } = timesOf(desk, graph, { ...vertex, subtasks: own.map(([s]) => s) });
  return {
    ...placeOf(look, id),
    status: state,
    "start-time": start,
    "end-time": end,
    duration,
    metrics: sumOf(
      desk,
      graph,
      vertex,
      own.map(([, frame]) => frame),
    ),
    "status-counts": countsOf(state, own.length),
    "taskmanager-id": id,
    aggregated: aggregatedOf(look, own),
  };
}

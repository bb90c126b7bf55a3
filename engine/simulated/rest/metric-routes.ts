import { metricOf, namesOf } from "../metrics/vertex-metrics.ts";
import { aggregatesReply, namesReply, valuesReply, wantedIn } from "./aggregate.ts";
import { ok, type SimulatorReply } from "./reply.ts";
import { type Asked, type Route, route } from "./route.ts";

/** Routes that answer from the metric store alone: what it does not know is an empty list, never an error. */
export const metricRoutes: readonly Route[] = [
  route("GET /jobmanager/metrics", ({ desk, query }) => ofOne(desk.store.look().jobManager, query)),
  route("GET /taskmanagers/metrics", ({ desk, query }) =>
    ofMany([...desk.store.look().taskManagers.values()], query),
  ),
  route("GET /taskmanagers/:taskmanagerid/metrics", ({ desk, at, query }) =>
    ofOne(desk.store.look().taskManagers.get(at["taskmanagerid"] ?? ""), query),
  ),
  route("GET /jobs/metrics", ({ desk, query }) => ofMany([...desk.store.look().jobs.values()], query)),
  route("GET /jobs/:jobid/metrics", ({ desk, at, query }) =>
    ofOne(desk.store.look().jobs.get(at["jobid"] ?? ""), query),
  ),
  route("GET /jobs/:jobid/vertices/:vertexid/metrics", (asked) => ofSubtasksByIndex(asked)),
  route("GET /jobs/:jobid/vertices/:vertexid/subtasks/metrics", (asked) => ofSubtasks(asked)),
  route("GET /jobs/:jobid/vertices/:vertexid/subtasks/:subtaskindex/metrics", (asked) => ofSubtask(asked)),
  route("GET /jobs/:jobid/vertices/:vertexid/jm-operator-metrics", () => ok([])),
  route("GET /jobs/:jobid/vertices/:vertexid/watermarks", (asked) => watermarks(asked)),
  route("GET /jobs/:jobid/vertices/:vertexid/backpressure", (asked) => backPressure(asked)),
];

type Metrics = ReadonlyMap<string, number | string>;

function ofOne(metrics: Metrics | undefined, query: URLSearchParams): SimulatorReply {
  const wanted = wantedIn(query);
  return wanted === undefined
    ? namesReply(metrics?.keys() ?? [])
    : valuesReply(wanted, (name) => metrics?.get(name));
}

function ofMany(all: readonly Metrics[], query: URLSearchParams): SimulatorReply {
  const wanted = wantedIn(query);
  if (wanted === undefined) return namesReply(all.flatMap((m) => [...m.keys()]));
  return aggregatesReply(query, wanted, (name) =>
    all.map((m) => m.get(name)).filter((value) => value !== undefined),
  );
}

/** The vertex' metrics and the frames of its running attempt. */
function vertexOf({ desk, at }: Asked) {
  const [job = "", vertex = ""] = [at["jobid"], at["vertexid"]];
  return { metrics: desk.metricsOf(job, vertex), frames: desk.framesOf(job, vertex) };
}

function ofSubtasks(asked: Asked): SimulatorReply {
  const { metrics, frames } = vertexOf(asked);
  const wanted = wantedIn(asked.query);
  if (metrics === undefined) return ok([]);
  if (wanted === undefined) return namesReply(frames.flatMap((frame) => namesOf(metrics, frame)));
  return aggregatesReply(asked.query, wanted, (name) =>
    frames.map((frame) => metricOf(metrics, frame, name)).filter((value) => value !== undefined),
  );
}

const INDEXED = /^(\d{1,9})\.(.+)$/;

/** Names carry the subtask's index: `0.busyTimeMsPerSecond`. */
function ofSubtasksByIndex(asked: Asked): SimulatorReply {
  const { metrics, frames } = vertexOf(asked);
  const wanted = wantedIn(asked.query);
  if (metrics === undefined) return ok([]);
  if (wanted === undefined) {
    return namesReply(frames.flatMap((f) => namesOf(metrics, f).map((name) => `${f.index}.${name}`)));
  }
  return valuesReply(wanted, (asked) => {
    const [, index, name = ""] = INDEXED.exec(asked) ?? [];
    const frame = frames.find((f) => f.index === Number(index));
    return frame === undefined ? undefined : metricOf(metrics, frame, name);
  });
}

function ofSubtask(asked: Asked): SimulatorReply {
  const { metrics, frames } = vertexOf(asked);
  const frame = frames.find((f) => f.index === Number(asked.at["subtaskindex"]));
  const wanted = wantedIn(asked.query);
  if (metrics === undefined || frame === undefined) return ok([]);
  return wanted === undefined
    ? namesReply(namesOf(metrics, frame))
    : valuesReply(wanted, (name) => metricOf(metrics, frame, name));
}

const INPUT_WATERMARK = "currentInputWatermark";

/** Sources have no input, and so an empty list. */
function watermarks(asked: Asked): SimulatorReply {
  const { metrics, frames } = vertexOf(asked);
  const of = metrics?.ofTask.get(INPUT_WATERMARK);
  if (of === undefined) return ok([]);
  return ok(frames.map((f) => ({ id: `${f.index}.${INPUT_WATERMARK}`, value: String(of(f)) })));
}

/** Flink's bounds of "low" and "high". */
const LOW = 0.1;
const HIGH = 0.5;
const levelOf = (ratio: number): string => (ratio <= LOW ? "ok" : ratio <= HIGH ? "low" : "high");

/** Some keys are there twice, with a dash and without: as in Flink, which says "deprecated" for "no data yet". */
function backPressure(asked: Asked): SimulatorReply {
  const { frames } = vertexOf(asked);
  if (frames.length === 0) return ok({ status: "deprecated" });
  const share = (msPerSecond: number): number => Math.round(msPerSecond) / 1_000;
  const worst = Math.max(...frames.map((f) => share(f.backPressuredMsPerSecond)));
  return ok({
    status: "ok",
    backpressureLevel: levelOf(worst),
    "end-timestamp": asked.desk.store.look().at,
    subtasks: frames.map((f) => {
      const ratio = share(f.backPressuredMsPerSecond);
      return {
        subtask: f.index,
        backpressureLevel: levelOf(ratio),
        ratio,
        idleRatio: share(f.idleMsPerSecond),
        busyRatio: share(f.busyMsPerSecond),
        "backpressure-level": levelOf(ratio),
      };
    }),
    "backpressure-level": levelOf(worst),
  });
}

import { isTerminal, type JobState } from "../../../model/index.ts";
import type { JobView } from "../view.ts";
import { configurationOf } from "./configuration.ts";
import type { Desk } from "./desk.ts";
import { jobNotFound, ok } from "./reply.ts";
import { type Route, route } from "./route.ts";
import { TASK_STATES, taskStateOf } from "./task-state.ts";

/** Of a build that is no Flink. */
const COMMIT = "simulated";

/** Routes about the cluster as a whole. None of them is cached. */
export const clusterRoutes: readonly Route[] = [
  route("GET /config", ({ desk }) =>
    ok({
      "refresh-interval": desk.cluster.plan.refreshIntervalMs,
      "timezone-name": "Coordinated Universal Time",
      "timezone-offset": 0,
      "flink-version": desk.cluster.plan.flinkVersion,
      "flink-revision": `${COMMIT} @ 1970-01-01T00:00:00Z`,
      features: {
        "web-submit": true,
        "web-cancel": true,
        "web-rescale": desk.cluster.plan.scheduler === "adaptive",
        "web-history": false,
      },
    }),
  ),
  route("GET /overview", ({ desk }) => ok(overviewOf(desk))),
  route("GET /jobs", ({ desk }) =>
    ok({ jobs: desk.cluster.jobs.map((job) => ({ id: job.id, status: job.state })) }),
  ),
  route("GET /jobs/overview", ({ desk }) => ok({ jobs: desk.cluster.jobs.map((job) => listed(desk, job)) })),
  route("GET /jobmanager/config", ({ desk }) => ok(configurationOf(desk.cluster))),
  route("GET /jobs/:jobid/jobmanager/config", ({ desk, at }) =>
    desk.job(at["jobid"] ?? "") === undefined
      ? jobNotFound(at["jobid"] ?? "")
      : ok(configurationOf(desk.cluster)),
  ),
];

function overviewOf({ cluster }: Desk) {
  const count = (...states: JobState[]): number =>
    cluster.jobs.filter((j) => states.includes(j.state)).length;
  const ended = count("FINISHED", "CANCELED", "FAILED");
  return {
    taskmanagers: cluster.taskManagers.length,
    "slots-total": cluster.taskManagers.reduce((sum, t) => sum + t.slots, 0),
    "slots-available": cluster.taskManagers.reduce((sum, t) => sum + t.freeSlots, 0),
    "jobs-running": cluster.jobs.length - ended,
    "jobs-finished": count("FINISHED"),
    "jobs-cancelled": count("CANCELED"),
    "jobs-failed": count("FAILED"),
    "flink-version": cluster.plan.flinkVersion,
    "flink-commit": COMMIT,
  };
}

/** Also of jobs that have ended: Flink lists them for an hour. */
function listed({ cluster, flinkMajor }: Desk, job: JobView) {
  const now = cluster.now();
  const total = job.vertices.reduce((sum, v) => sum + v.parallelism, 0);
  const own = taskStateOf(job.state);
  const tasks = Object.fromEntries(
    TASK_STATES.map((state) => [state.toLowerCase(), state === own ? total : 0]),
  );
  return {
    jid: job.id,
    name: job.plan.name,
    ...(flinkMajor >= 2
      ? { jobType: "STREAMING", schedulerType: schedulerTypeOf(cluster.plan.scheduler) }
      : {}),
    "start-time": job.startTime,
    "end-time": job.endTime ?? -1,
    duration: (job.endTime ?? now) - job.startTime,
    state: job.state,
    "last-modification": isTerminal(job.state)
      ? (job.endTime ?? now)
      : Math.max(job.startTime, ...Object.values(job.timestamps)),
    tasks: { ...tasks, total },
    ...(flinkMajor >= 2 ? { "pending-operators": 0 } : {}),
  };
}

export const schedulerTypeOf = (scheduler: "adaptive" | "default"): string =>
  scheduler === "adaptive" ? "Adaptive" : "Default";

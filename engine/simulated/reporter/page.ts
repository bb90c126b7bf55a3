import { createHash } from "node:crypto";
import { frameOf, type SubtaskFrame } from "../metrics/frame.ts";
import { jobMetricsOf } from "../metrics/job-metrics.ts";
import { jobManagerMetricsOf, taskManagerMetricsOf } from "../metrics/machine-metrics.ts";
import { MAILBOX_LATENCY } from "../metrics/task-metrics.ts";
import type { VertexMetrics } from "../metrics/vertex-metrics.ts";
import type { MetricValue } from "../metrics/vertex-shape.ts";
import type { Desk } from "../rest/desk.ts";
import type { JobView } from "../view.ts";
import { createPage, labelValue, type Page } from "./exposition.ts";

/**
 * Flink's Prometheus reporter: one page per process. Nothing between counters and page: a page is fresher than
 * REST. All gauges; text 0.0.4.
 */

const HOST = { host: "simulated" };

/** `?name[]=a&name[]=b` picks series, as in the reporter. */
const pageFor = (query: URLSearchParams): Page => {
  const names = query.getAll("name[]");
  return createPage(names.length === 0 ? undefined : new Set(names));
};

export function jobManagerPage({ cluster }: Desk, query: URLSearchParams): string {
  const page = pageFor(query);
  const now = cluster.now();
  for (const [name, value] of jobManagerMetricsOf(cluster, now)) page.add("jobmanager", name, HOST, value);
  for (const job of cluster.jobs) {
    if (job.endTime !== undefined) continue;
    const labels = { job_id: job.id, ...HOST, job_name: labelValue(job.plan.name) };
    for (const [name, value] of jobMetricsOf(job, cluster.plan.flinkVersion, now)) {
      page.add("jobmanager_job", name, labels, value);
    }
  }
  return page.text();
}

/** Undefined where there is no such TaskManager, or it is dead. */
export function taskManagerPage(desk: Desk, index: number, query: URLSearchParams): string | undefined {
  const { cluster, gauges } = desk;
  const taskManager = cluster.taskManagers.find((t) => t.index === index && t.alive);
  if (taskManager === undefined) return undefined;
  const page = pageFor(query);
  const { segmentBytes, flinkVersion } = cluster.plan;
  const own = { ...HOST, tm_id: labelValue(taskManager.id) };
  for (const [name, value] of taskManagerMetricsOf(taskManager, segmentBytes, flinkVersion, gauges)) {
    page.add("taskmanager", name, own, value);
  }
  for (const job of cluster.jobs) {
    if (job.state === "RUNNING") addTasks(page, desk, job, taskManager.id);
  }
  return page.text();
}

function addTasks(page: Page, desk: Desk, job: JobView, taskManager: string): void {
  for (const vertex of job.vertices) {
    const metrics = desk.metricsOf(job.id, vertex.id);
    if (metrics === undefined || desk.troubles.metricsMissing(job, vertex)) continue;
    for (const subtask of vertex.subtasks) {
      if (subtask.taskManager !== taskManager) continue;
      addSubtask(
        page,
        job,
        vertex.id,
        metrics,
        frameOf(job.id, vertex, subtask, desk.gauges, desk.cluster.now()),
      );
    }
  }
}

function addSubtask(
  page: Page,
  job: JobView,
  vertex: string,
  metrics: VertexMetrics,
  frame: SubtaskFrame,
): void {
  const name = labelValue(metrics.shape.plan.name);
  const execution = createHash("md5").update(`${job.id}/${frame.startedAt}`).digest("hex");
  const scope = { job_id: job.id, task_id: vertex };
  const attempt = { task_attempt_id: `${execution}_${vertex}_${frame.index}_${job.restarts}`, ...HOST };
  const rest = {
    task_name: name,
    task_attempt_num: String(job.restarts),
    job_name: labelValue(job.plan.name),
    tm_id: labelValue(frame.taskManager),
    subtask_index: String(frame.index),
  };
  const task = { ...scope, ...attempt, ...rest };
  const operator = { ...scope, ...attempt, operator_id: vertex, operator_name: name, ...rest };
  const add = (
    prefix: string,
    labels: Record<string, string>,
    list: Iterable<[string, MetricValue]>,
  ): void => {
    for (const [metric, value] of list) page.add(prefix, metric, labels, value);
  };
  add("taskmanager_job_task", task, valuesOf(metrics.ofTask, frame));
  page.addSummary("taskmanager_job_task", MAILBOX_LATENCY, task);
  add("taskmanager_job_task_operator", operator, valuesOf(metrics.ofOperator, frame));
  if (metrics.shape.isSink) {
    add("taskmanager_job_task_operator", operator, [["numRecordsOutErrors", 0]]);
  }
  for (const partition of frame.partitions) {
    const split = { split: `part_${partition}`, ...operator };
    add("taskmanager_job_task_operator_split", split, valuesOf(metrics.ofSplit, frame));
  }
}

/** Histograms are dumped as one number each in REST, and as a summary here. */
function* valuesOf(metrics: VertexMetrics["ofTask"], frame: SubtaskFrame): Generator<[string, MetricValue]> {
  for (const [name, of] of metrics) {
    const value = name.startsWith(`${MAILBOX_LATENCY}_`) ? undefined : of(frame);
    if (value !== undefined) yield [name, value];
  }
}

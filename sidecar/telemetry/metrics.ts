import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "@prometheus-io/client";
import { type JobKey, OWN_METRICS, parseJobKey } from "../../model/index.ts";
import type { JobView } from "../fleet.ts";

/** Outrider's own series. Labels are the parts of the job key, which survive a new Flink job id. */
export interface Metrics {
  /** One pass over one job ended. */
  passed(job: JobKey, seconds: number, ok: boolean): void;
  decided(job: JobKey, reason: string): void;
  /** Replaces the gauges of the job; what is not known has no series, because 0 would be a claim. */
  showJob(view: JobView): void;
  /** Removes every series of a job that is gone. */
  forgetJob(job: JobKey): void;
  /** The page in Prometheus text format. */
  render(): Promise<string>;
  readonly contentType: string;
}

const JOB = ["cluster", "namespace", "job"] as const;
/** From a simulated cluster on this machine (ms) to a slow one behind a gateway (s). */
const PASS_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge<L>({ name, help, labelNames: [...labelNames], registers });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter<L>({ name, help, labelNames: [...labelNames], registers });

  const passes = counter(OWN_METRICS.passes, "Passes over a job, by result (ok, failed).", [
    ...JOB,
    "result",
  ]);
  const passSeconds = new Histogram({
    name: OWN_METRICS.passSeconds,
    help: "Duration of a pass over a job.",
    buckets: PASS_BUCKETS_S,
    registers,
  });
  const decisions = counter(OWN_METRICS.decisions, "Decisions, by reason.", [...JOB, "reason"]);
  const lastPass = gauge(OWN_METRICS.lastPass, "When the last pass over the job ended.", JOB);
  const backlog = gauge(
    OWN_METRICS.backlog,
    "Records pending at sources and in flight; absent if unknown.",
    JOB,
  );
  const running = gauge(OWN_METRICS.jobState, "1 while Flink says RUNNING, else 0.", JOB);
  const parallelism = gauge(OWN_METRICS.parallelism, "Subtasks of the vertex now.", [...JOB, "vertex"]);
  const wanted = gauge(OWN_METRICS.wantedParallelism, "Subtasks held to be right; absent if unknown.", [
    ...JOB,
    "vertex",
  ]);

  /** Label values that were used, because the client removes only a full set of labels. */
  const results = new Map<JobKey, Set<string>>();
  const reasons = new Map<JobKey, Set<string>>();
  const vertices = new Map<JobKey, Set<string>>();
  const removeVertices = (key: JobKey): void => {
    for (const vertex of vertices.get(key) ?? []) {
      parallelism.remove({ ...labelsOf(key), vertex });
      wanted.remove({ ...labelsOf(key), vertex });
    }
    vertices.delete(key);
  };

  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    passed: (key, seconds, ok) => {
      const result = ok ? "ok" : "failed";
      note(results, key, result);
      passes.inc({ ...labelsOf(key), result });
      passSeconds.observe(seconds);
    },
    decided: (key, reason) => {
      note(reasons, key, reason);
      decisions.inc({ ...labelsOf(key), reason });
    },
    showJob: (view) => {
      const labels = labelsOf(view.key);
      removeVertices(view.key);
      running.set(labels, view.state === "RUNNING" ? 1 : 0);
      setOrRemove(backlog, labels, view.lagRecords);
      setOrRemove(lastPass, labels, view.lastPassAt === null ? null : view.lastPassAt / 1_000);
      for (const [vertex, subtasks] of Object.entries(view.parallelism)) {
        note(vertices, view.key, vertex);
        parallelism.set({ ...labels, vertex }, subtasks);
      }
      for (const [vertex, subtasks] of Object.entries(view.wanted ?? {})) {
        note(vertices, view.key, vertex);
        wanted.set({ ...labels, vertex }, subtasks);
      }
    },
    forgetJob: (key) => {
      const labels = labelsOf(key);
      removeVertices(key);
      for (const each of [lastPass, backlog, running]) each.remove(labels);
      for (const result of results.get(key) ?? []) passes.remove({ ...labels, result });
      for (const reason of reasons.get(key) ?? []) decisions.remove({ ...labels, reason });
      results.delete(key);
      reasons.delete(key);
    },
  };
}

type JobLabels = Record<(typeof JOB)[number], string>;

function labelsOf(key: JobKey): JobLabels {
  const name = parseJobKey(key);
  return { cluster: name?.cluster ?? "", namespace: name?.namespace ?? "", job: name?.name ?? key };
}

function setOrRemove(gauge: Gauge<keyof JobLabels>, labels: JobLabels, value: number | null): void {
  if (value === null || !Number.isFinite(value)) gauge.remove(labels);
  else gauge.set(labels, value);
}

function note(used: Map<JobKey, Set<string>>, key: JobKey, value: string): void {
  used.set(key, (used.get(key) ?? new Set()).add(value));
}

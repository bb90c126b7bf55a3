import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "@prometheus-io/client";
import {
  type Candidate,
  type CheckpointReadout,
  type JobKey,
  numberOf,
  OWN_METRIC_FACTS,
  OWN_METRICS,
  type OwnMetricName,
} from "../../model/index.ts";
import type { JobView } from "../fleet.ts";
import { type JobLife, JobLives } from "./job-lives.ts";
import { LabelledSeries, labelsOf } from "./labelled-series.ts";

/** Outrider's own series. Labels are the parts of the job key, which survive a new Flink job id. */
export interface Metrics {
  /** One pass over one job ended. */
  passed(job: JobKey, seconds: number, ok: boolean): void;
  decided(job: JobKey, reason: string): void;
  /** A rescale came to its end. */
  rescaled(job: JobKey, reached: boolean): void;
  /** Replaces the gauges of the job; what is not known has no series, because 0 would be a claim. */
  showJob(view: JobView): void;
  /** Undefined where Flink did not tell: then there is neither age nor interval. */
  showCheckpoints(job: JobKey, checkpoints: CheckpointReadout | undefined): void;
  /** What the job could be restored from, newest first. */
  showSnapshots(job: JobKey, ranked: readonly Candidate[]): void;
  snapshotVerified(job: JobKey, seconds: number): void;
  /** A restore came to its end; `seconds` from the fault until it ran, where it did. */
  recovered(job: JobKey, verdict: string, seconds: number | null): void;
  /** Once per round, before the views of the cluster's jobs. */
  clusterAnswered(cluster: { readonly name: string; readonly namespace: string }, ok: boolean): void;
  /** Removes every series of a job that is gone. */
  forgetJob(job: JobKey): void;
  /** The page in Prometheus text format. */
  render(): Promise<string>;
  readonly contentType: string;
}

/** From a simulated cluster on this machine (ms) to a slow one behind a gateway (s). */
const PASS_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** From a small checkpoint on a local disk to 100,000 files in an object store. */
const VERIFICATION_BUCKETS_S = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120];
/** From a small job on a fast cluster to a large state behind a slow store. */
const RECOVERY_BUCKETS_S = [5, 10, 20, 30, 60, 120, 300, 600, 1_800];
const ENDS = ["FINISHED", "CANCELED", "FAILED"] as const;
const RESULTS = ["reached", "not-reached"] as const;

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const facts = (name: OwnMetricName) => {
    const { help, labels } = OWN_METRIC_FACTS[name];
    return { name, help, labelNames: [...labels] as string[], registers };
  };
  const gauge = (name: OwnMetricName) => new LabelledSeries(new Gauge<string>(facts(name)));
  const counter = (name: OwnMetricName) => new LabelledSeries(new Counter<string>(facts(name)));

  const passes = counter(OWN_METRICS.passes);
  const passSeconds = new Histogram({ ...facts(OWN_METRICS.passSeconds), buckets: PASS_BUCKETS_S });
  const decisions = counter(OWN_METRICS.decisions);
  const rescales = counter(OWN_METRICS.rescales);
  const lastPass = gauge(OWN_METRICS.lastPass);
  const backlog = gauge(OWN_METRICS.backlog);
  const arrivalRate = gauge(OWN_METRICS.arrivalRate);
  const running = gauge(OWN_METRICS.jobState);
  const status = gauge(OWN_METRICS.jobStatus);
  const expected = gauge(OWN_METRICS.jobExpected);
  const starts = counter(OWN_METRICS.jobStarts);
  const ends = counter(OWN_METRICS.jobEnds);
  const lastCheckpoint = gauge(OWN_METRICS.lastCheckpoint);
  const checkpointInterval = gauge(OWN_METRICS.checkpointInterval);
  const checkpointTimeout = gauge(OWN_METRICS.checkpointTimeout);
  const parallelism = gauge(OWN_METRICS.parallelism);
  const wanted = gauge(OWN_METRICS.wantedParallelism);
  const restorePoint = gauge(OWN_METRICS.restorePoint);
  const newestSnapshot = gauge(OWN_METRICS.newestSnapshot);
  const verificationSeconds = new Histogram({
    ...facts(OWN_METRICS.verificationSeconds),
    buckets: VERIFICATION_BUCKETS_S,
  });
  const recoveries = counter(OWN_METRICS.recoveries);
  const recoverySeconds = new Histogram({
    ...facts(OWN_METRICS.recoverySeconds),
    buckets: RECOVERY_BUCKETS_S,
  });
  const diagnosis = gauge(OWN_METRICS.diagnosis);
  const clusterUp = gauge(OWN_METRICS.clusterUp);
  const clusterJobs = gauge(OWN_METRICS.clusterJobs);

  const ofJob = [
    passes,
    decisions,
    rescales,
    lastPass,
    backlog,
    arrivalRate,
    running,
    status,
    expected,
    starts,
    ends,
  ];
  const ofCheckpoints = [lastCheckpoint, checkpointInterval, checkpointTimeout];
  const ofSnapshots = [restorePoint, newestSnapshot, recoveries, diagnosis];
  const lives = new JobLives();
  const show = (
    series: LabelledSeries<{ set(value: number): void }>,
    key: JobKey,
    value: number | null | undefined,
  ): void => {
    series.forget(key);
    if (value !== null && value !== undefined && Number.isFinite(value)) series.at(key).set(value);
  };
  /** Two names that Flink's reporter spells alike share a series: it says 1 only if all of them run. */
  const runs = new Map<string, Map<JobKey, number>>();
  const showRunning = (key: JobKey, runsNow: number | undefined): void => {
    const labels = JSON.stringify(labelsOf(key));
    const namesakes = runs.get(labels) ?? new Map<JobKey, number>();
    if (runsNow === undefined) namesakes.delete(key);
    else namesakes.set(key, runsNow);
    running.forget(key);
    if (namesakes.size === 0) runs.delete(labels);
    else runs.set(labels, namesakes);
    const least = Math.min(...namesakes.values());
    for (const each of namesakes.keys()) running.at(each).set(least);
  };
  const showCheckpoints = (key: JobKey, checkpoints: CheckpointReadout | undefined): void => {
    const seconds = (ms: number | undefined): number | undefined =>
      ms === undefined ? undefined : ms / 1_000;
    show(lastCheckpoint, key, seconds(numberOf(checkpoints?.latestCompletedAt)));
    show(checkpointInterval, key, seconds(numberOf(checkpoints?.intervalMs)));
    show(checkpointTimeout, key, seconds(numberOf(checkpoints?.timeoutMs)));
  };
  const forgetJob = (key: JobKey): void => {
    for (const each of [...ofJob, ...ofCheckpoints, ...ofSnapshots, parallelism, wanted]) each.forget(key);
    lives.forget(key);
    showRunning(key, undefined);
  };
  /** From 0 on, because an increase from nothing to 1 is invisible to Prometheus. */
  const countFromZero = (key: JobKey): void => {
    starts.at(key).inc(0);
    for (const state of ENDS) ends.at(key, { state }).inc(0);
    for (const result of RESULTS) rescales.at(key, { result }).inc(0);
  };
  const showLife = (key: JobKey, life: JobLife, state: JobView["state"]): void => {
    if (life.isNew) countFromZero(key);
    if (life.started) starts.at(key).inc();
    if (life.ended !== undefined) ends.at(key, { state: life.ended }).inc();
    show(expected, key, life.expected === undefined ? null : Number(life.expected));
    // Out of reach an age would only grow: Flink's own pages still tell the true one.
    if (!life.alive || state === "UNREACHABLE") showCheckpoints(key, undefined);
  };
  const showClusterJobs = (key: JobKey): void => {
    const { cluster, namespace } = labelsOf(key);
    const group = JSON.stringify([cluster, namespace]);
    clusterJobs.forget(group);
    for (const [state, count] of lives.statesOf(cluster, namespace)) {
      clusterJobs.with(group, { cluster, namespace, state }).set(count);
    }
  };

  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    passed: (key, seconds, ok) => {
      passes.at(key, { result: ok ? "ok" : "failed" }).inc();
      passSeconds.observe(seconds);
    },
    decided: (key, reason) => decisions.at(key, { reason }).inc(),
    rescaled: (key, reached) => rescales.at(key, { result: reached ? "reached" : "not-reached" }).inc(),
    showJob: (view) => {
      const { key } = view;
      const life = lives.see(view, labelsOf(key));
      if (view.state === "GONE" && life.expected !== true) {
        forgetJob(key);
        showClusterJobs(key);
        return;
      }
      showLife(key, life, view.state);
      showRunning(key, view.state === "RUNNING" ? 1 : 0);
      status.forget(key);
      status.at(key, { state: view.state }).set(1);
      diagnosis.forget(key);
      if (view.diagnosis !== null) diagnosis.at(key, { kind: view.diagnosis.kind }).set(1);
      show(backlog, key, view.lagRecords);
      show(arrivalRate, key, view.arrivalRate);
      show(lastPass, key, view.lastPassAt === null ? null : view.lastPassAt / 1_000);
      for (const [series, byVertex] of [
        [parallelism, view.parallelism],
        [wanted, view.wanted ?? {}],
      ] as const) {
        series.forget(key);
        for (const [vertex, subtasks] of Object.entries(byVertex)) series.at(key, { vertex }).set(subtasks);
      }
      showClusterJobs(key);
    },
    showCheckpoints,
    showSnapshots: (key, ranked) => {
      const takenAt = ranked.find((c) => c.state === "verified")?.takenAt ?? null;
      show(restorePoint, key, takenAt === null ? null : takenAt / 1_000);
      newestSnapshot.forget(key);
      const [newest] = ranked;
      if (newest !== undefined) newestSnapshot.at(key, { state: newest.state }).set(1);
    },
    snapshotVerified: (_key, seconds) => verificationSeconds.observe(seconds),
    recovered: (key, verdict, seconds) => {
      recoveries.at(key, { result: verdict }).inc();
      if (seconds !== null) recoverySeconds.observe(seconds);
    },
    clusterAnswered: ({ name, namespace }, ok) => {
      lives.answered(name, ok);
      clusterUp.with(name, { cluster: name, namespace }).set(ok ? 1 : 0);
    },
    forgetJob: (key) => {
      forgetJob(key);
      showClusterJobs(key);
    },
  };
}

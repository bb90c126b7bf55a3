import { SCALE_REASONS } from "../autoscaler/index.ts";
import {
  type CheckpointReadout,
  type Failure,
  formatDuration,
  type Instant,
  isPaused,
  type JobKey,
  type JobState,
  type ListedJob,
  type Mode,
  numberOf,
  type OutriderEvent,
  parallelismOf,
  type Severity,
} from "../model/index.ts";
import type { DrivenCluster } from "./cluster.ts";
import type { Pass } from "./cycle.ts";
import type { JobView } from "./fleet.ts";
import type { LiveFleet } from "./live-fleet.ts";
import { byName } from "./parallelism-by-name.ts";
import type { Store } from "./store/port.ts";

export interface TellerOptions {
  readonly store: Store;
  readonly fleet: LiveFleet;
  readonly modeOf: (job: JobKey) => Mode;
  /** Every event once it is stored. */
  readonly publish: (event: OutriderEvent) => void;
  readonly shown: (view: JobView) => void;
  /** What a pass learnt of a job's checkpoints; undefined where Flink did not tell. */
  readonly checkpointed?: (job: JobKey, checkpoints: CheckpointReadout | undefined) => void;
  /** Whether the cluster's REST API answered in this round; comes before the views of its jobs. */
  readonly answered?: (cluster: DrivenCluster, ok: boolean) => void;
}

/** What a pass made known, turned into views and events. An event is written on change, not on every pass. */
export class Teller {
  private readonly options: TellerOptions;
  private readonly silent = new Map<string, string>();
  private readonly told = new Map<string, string>();

  constructor(options: TellerOptions) {
    this.options = options;
  }

  clusterAnswered(cluster: DrivenCluster, jobs: number, version: string | undefined, now: Instant): void {
    this.options.answered?.(cluster, true);
    if (this.silent.delete(cluster.name)) {
      this.event(now, undefined, "cluster-answers", "info", `Cluster ${cluster.name} answers again.`);
    }
    this.options.fleet.clusterSaid(
      cluster.name,
      { at: now, ok: true, sentence: `lists ${jobs} jobs` },
      version,
    );
  }

  clusterSilent(cluster: DrivenCluster, sentence: string, now: Instant): void {
    const { fleet } = this.options;
    this.options.answered?.(cluster, false);
    fleet.clusterSaid(cluster.name, { at: now, ok: false, sentence });
    for (const view of fleet.jobs().filter((j) => j.cluster === cluster.name)) {
      const hold = `Hold: ${sentence}.`;
      this.show(
        { ...view, state: "UNREACHABLE", verdict: "unreachable", sentence: hold, lagRecords: null },
        now,
        false,
      );
    }
    if (this.silent.get(cluster.name) === sentence) return;
    this.silent.set(cluster.name, sentence);
    this.event(now, undefined, "cluster-silent", "warning", `Cluster ${cluster.name}: ${sentence}.`);
  }

  /** Jobs that Flink no longer lists are shown as gone; new ones are announced. */
  jobsListed(cluster: DrivenCluster, keys: readonly JobKey[], now: Instant): void {
    const before = this.options.fleet.keysOf(cluster.name);
    for (const key of keys.filter((k) => !before.includes(k))) {
      this.event(now, key, "job-appeared", "info", `Job ${key} is watched from now on.`);
    }
    for (const key of before.filter((k) => !keys.includes(k))) {
      const view = this.options.fleet.job(key);
      if (view === undefined || view.state === "GONE") continue;
      const sentence = "Flink no longer lists this job; its cluster was restarted or the job was removed.";
      this.show({ ...view, state: "GONE", verdict: "gone", sentence, lagRecords: null }, now, true);
      this.event(now, key, "job-gone", "warning", `Job ${key} is gone: ${sentence}`);
    }
  }

  jobEnded(cluster: DrivenCluster, key: JobKey, job: ListedJob, now: Instant): void {
    const sentence = `The job is ${job.state} since it ended; there is nothing to scale.`;
    this.show({ ...this.empty(cluster, key, job, now), verdict: "not-running", sentence }, now, true);
    this.stateEvent(key, job.state, now);
  }

  passFailed(cluster: DrivenCluster, key: JobKey, job: ListedJob, failure: Failure, now: Instant): void {
    const before = this.options.fleet.job(key) ?? this.empty(cluster, key, job, now);
    const sentence = `Hold: ${failure.message}.`;
    const verdict = failure.code === "not-found" ? "gone" : "unreadable";
    this.show(
      { ...before, state: job.state, verdict, sentence, lagRecords: null, lastPassAt: now },
      now,
      false,
    );
    this.options.checkpointed?.(key, undefined);
    this.onChange(`pass ${key}`, failure.message, () =>
      this.event(now, key, "unreadable", "warning", `Job ${key}: ${failure.message}.`),
    );
  }

  passDone(
    cluster: DrivenCluster,
    key: JobKey,
    job: ListedJob,
    namesakes: number,
    pass: Pass,
    now: Instant,
  ): void {
    this.told.delete(`pass ${key}`);
    const { graph, backlog, state } = pass.observation;
    const duplicate = namesakes > 1;
    const known = pass.wanted !== undefined && pass.verdict !== "metric-missing";
    this.show(
      {
        ...this.empty(cluster, key, job, now),
        flinkJobId: pass.observation.flinkJobId,
        state,
        verdict: duplicate ? "duplicate-key" : pass.verdict,
        sentence: duplicate
          ? `${namesakes} running jobs are called ${key}; none is changed until one of them is gone. ${pass.sentence}`
          : pass.sentence,
        parallelism: byName(graph, parallelismOf(graph)),
        wanted: known ? byName(graph, pass.wanted ?? {}) : null,
        lagRecords: numberOf(backlog) ?? null,
        decision: pass.record?.id ?? null,
        lastPassAt: now,
        graph,
      },
      now,
      true,
      namesakes,
    );
    this.options.checkpointed?.(key, pass.checkpoints);
    this.stateEvent(key, state, now);
    if (pass.settled !== undefined) this.decisionEvents(key, pass.settled, now);
    if (pass.record !== undefined) this.decisionEvents(key, pass.record.id, now);
  }

  /** A decision, and each thing that happened to it, is told once. */
  private decisionEvents(key: JobKey, id: string, now: Instant): void {
    const history = this.options.store.decision(id);
    if (history === undefined) return;
    const { record, permits, attempts, outcome } = history;
    if (outcome !== null) {
      this.outcomeEvent(key, id, outcome.verdict === "reached", outcome.sentence, now);
      return;
    }
    const act = record.effective !== null;
    const severity = severityOf(record.reason);
    this.onChange(`decision ${key}`, id, () =>
      this.event(now, key, act ? "decision" : "hold", severity, record.sentence, id),
    );
    const permit = permits.at(-1);
    if (permit !== undefined && permit.code !== "allowed") {
      this.onChange(`permit ${key}`, `${id} ${permit.code}`, () =>
        this.event(now, key, "permit", "info", `Not done, ${permit.sentence}.`, id),
      );
    }
    const attempt = attempts.at(-1);
    if (attempt !== undefined) {
      this.onChange(`attempt ${key}`, `${id} ${attempt.status}`, () =>
        this.event(
          now,
          key,
          "attempt",
          attempt.status === "failed" ? "warning" : "info",
          attempt.sentence,
          id,
        ),
      );
    }
  }

  private outcomeEvent(key: JobKey, id: string, reached: boolean, sentence: string, now: Instant): void {
    this.onChange(`outcome ${key}`, id, () =>
      this.event(now, key, "outcome", reached ? "info" : "warning", sentence, id),
    );
  }

  private stateEvent(key: JobKey, state: JobState, now: Instant): void {
    this.onChange(`state ${key}`, state, () => {
      const severity: Severity = state === "FAILED" ? "critical" : state === "RUNNING" ? "info" : "warning";
      this.event(now, key, "state", severity, `Job ${key} is ${state}.`);
    });
  }

  private empty(cluster: DrivenCluster, key: JobKey, job: ListedJob, now: Instant): JobView {
    const pause = this.options.store.pauseOf(key);
    return {
      key,
      cluster: cluster.name,
      flinkJobId: job.flinkJobId,
      state: job.state,
      mode: this.options.modeOf(key),
      pause: isPaused(pause, now) ? pause : null,
      verdict: "not-assessed",
      sentence: `Not assessed yet; listed as ${job.state} for ${formatDuration(now - job.startTime)}.`,
      parallelism: {},
      wanted: null,
      lagRecords: null,
      decision: null,
      lastPassAt: now,
      graph: null,
    };
  }

  private show(view: JobView, now: Instant, ok: boolean, namesakes = 1): void {
    this.options.fleet.show(view, { at: now, ok, sentence: view.sentence }, namesakes);
    this.options.shown(view);
  }

  private onChange(subject: string, value: string, tell: () => void): void {
    if (this.told.get(subject) === value) return;
    this.told.set(subject, value);
    tell();
  }

  private event(
    at: Instant,
    job: JobKey | undefined,
    type: string,
    severity: Severity,
    sentence: string,
    decision?: string,
  ): void {
    this.options.publish(this.options.store.appendEvent({ at, job, type, severity, sentence, decision }));
  }
}

function severityOf(reason: string): Severity {
  return Object.entries(SCALE_REASONS).find(([code]) => code === reason)?.[1].severity ?? "info";
}

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
  parseJobKey,
  type Severity,
} from "../model/index.ts";
import { Announcer } from "./announcer.ts";
import type { DrivenCluster } from "./cluster.ts";
import type { Pass } from "./cycle.ts";
import type { JobView } from "./fleet.ts";
import { arrivalNow } from "./history.ts";
import type { LiveFleet } from "./live-fleet.ts";
import { byName } from "./parallelism-by-name.ts";
import type { RecoveryPass } from "./restore/recovery.ts";
import type { Store } from "./store/port.ts";
import { decisionEvents } from "./tell-decision.ts";
import { recoveryEvents } from "./tell-recovery.ts";

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
  private readonly recoveries = new Map<JobKey, RecoveryPass>();
  private readonly announcer: Announcer;

  constructor(options: TellerOptions) {
    this.options = options;
    this.announcer = new Announcer(options.store, options.publish);
  }

  clusterAnswered(cluster: DrivenCluster, jobs: number, version: string | undefined, now: Instant): void {
    this.options.answered?.(cluster, true);
    if (this.silent.delete(cluster.name)) {
      this.announcer.event(
        now,
        undefined,
        "cluster-answers",
        "info",
        `Cluster ${cluster.name} answers again.`,
      );
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
        { ...view, state: "UNREACHABLE", verdict: "unreachable", sentence: hold, ...UNREAD },
        now,
        false,
      );
    }
    if (this.silent.get(cluster.name) === sentence) return;
    this.silent.set(cluster.name, sentence);
    this.announcer.event(
      now,
      undefined,
      "cluster-silent",
      "warning",
      `Cluster ${cluster.name}: ${sentence}.`,
    );
  }

  /** Jobs that Flink no longer lists are shown as gone; new ones are announced. */
  jobsListed(cluster: DrivenCluster, keys: readonly JobKey[], now: Instant): void {
    const before = this.options.fleet.keysOf(cluster.name);
    for (const key of keys.filter((k) => !before.includes(k))) {
      this.announcer.event(now, key, "job-appeared", "info", `Job ${key} is watched from now on.`);
    }
    for (const key of before.filter((k) => !keys.includes(k))) {
      const view = this.options.fleet.job(key);
      if (view === undefined || view.state === "GONE") continue;
      this.show({ ...view, state: "GONE", verdict: "gone", sentence: GONE, ...UNREAD }, now, true);
      this.announcer.event(now, key, "job-gone", "warning", `Job ${key} is gone: ${GONE}`);
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
    this.show({ ...before, state: job.state, verdict, sentence, ...UNREAD, lastPassAt: now }, now, false);
    this.options.checkpointed?.(key, undefined);
    this.announcer.onChange(`pass ${key}`, failure.message, () =>
      this.announcer.event(now, key, "unreadable", "warning", `Job ${key}: ${failure.message}.`),
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
    this.announcer.forget(`pass ${key}`);
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
        arrivalRate: arrivalNow(pass.watched.window?.observations ?? [pass.observation]),
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
    for (const id of [pass.settled, pass.record?.id]) {
      if (id !== undefined) decisionEvents(this.announcer, this.options.store, key, id, now);
    }
  }

  /** What was found out of a job's state; comes before the views of its pass, which show it. */
  recoveryDone(key: JobKey, pass: RecoveryPass, now: Instant): void {
    this.recoveries.set(key, pass);
    recoveryEvents(this.announcer, this.options.store, key, pass, now);
  }

  /** What happened to savepoints that were asked for. */
  savepointsDone(key: JobKey, decisions: readonly string[], now: Instant): void {
    for (const id of decisions) decisionEvents(this.announcer, this.options.store, key, id, now);
  }

  /** A job that has to be brought back, and that Flink does not list or that lies behind a silent cluster. */
  jobMissing(cluster: DrivenCluster, key: JobKey, answers: boolean, now: Instant): void {
    const known = this.options.fleet.job(key);
    const flinkJobId = this.recoveries.get(key)?.flinkJobId ?? known?.flinkJobId ?? "";
    const name = parseJobKey(key)?.name ?? key;
    const listed = { flinkJobId, name, state: "FAILED", startTime: now } as const;
    const before = known ?? this.empty(cluster, key, listed, now);
    const view = answers
      ? { ...before, state: "GONE" as const, verdict: "gone", sentence: GONE, ...UNREAD }
      : { ...before, state: "UNREACHABLE" as const, verdict: "unreachable", ...UNREAD };
    this.show(view, now, answers);
  }

  private stateEvent(key: JobKey, state: JobState, now: Instant): void {
    this.announcer.onChange(`state ${key}`, state, () => {
      const severity: Severity = state === "FAILED" ? "critical" : state === "RUNNING" ? "info" : "warning";
      this.announcer.event(now, key, "state", severity, `Job ${key} is ${state}.`);
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
      ...UNREAD,
      decision: null,
      lastPassAt: now,
      graph: null,
      diagnosis: null,
      restorePoint: null,
    };
  }

  /** What is wrong with a job's state is more than what there is to say of its size. */
  private show(view: JobView, now: Instant, ok: boolean, namesakes = 1): void {
    const said = { at: now, ok, sentence: view.sentence };
    const shown = withRecovery(view, this.recoveries.get(view.key));
    this.options.fleet.show(shown, said, namesakes);
    this.options.shown(shown);
  }
}

/** Of a job that Flink told nothing about. */
const UNREAD = { lagRecords: null, arrivalRate: null };

const GONE = "Flink no longer lists this job; its cluster was restarted or the job was removed.";

function withRecovery(view: JobView, pass: RecoveryPass | undefined): JobView {
  if (pass === undefined) return view;
  const { diagnosis, restorePoint, phase, record, sentence } = pass;
  const { kind, since, sentence: wrong } = diagnosis ?? {};
  const known = {
    restorePoint,
    diagnosis: kind === undefined || since === undefined ? null : { kind, since, sentence: wrong ?? "" },
  };
  if (phase === "calm") return { ...view, ...known };
  return {
    ...view,
    ...known,
    verdict: phase === "recovering" ? "recovering" : (record?.reason ?? kind ?? view.verdict),
    sentence,
    decision: record?.id ?? view.decision,
  };
}

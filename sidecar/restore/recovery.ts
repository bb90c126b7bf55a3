import {
  type Candidate,
  type Clock,
  type Diagnosis,
  Failure,
  type FlinkJobId,
  type Instant,
  isTerminal,
  type JobKey,
  type ListedJob,
  type Mode,
  parseJobKey,
  type RestoreRecord,
} from "../../model/index.ts";
import type { RecoveryConfig, RestoreQuestion } from "../../recovery/index.ts";
import type { DrivenCluster } from "../cluster.ts";
import type { RestorePoint } from "../snapshots/index.ts";
import type { Store } from "../store/port.ts";
import { Chooser, QUIET } from "./chooser.ts";
import type { RecoveryDesk } from "./desk.ts";
import { Executor } from "./executor.ts";
import { KnownJobs } from "./known-job.ts";
import { createDesk } from "./order.ts";
import { type Page, pageOf } from "./page.ts";
import type { RestorePermit } from "./permit.ts";
import type { RestorePoints } from "./ports.ts";
import { Reaches } from "./reach.ts";
import { Search } from "./search.ts";
import { type RecoverySubject, type Seen, see } from "./see.ts";

export interface RecoveryOptions {
  readonly store: Store;
  readonly points: RestorePoints;
  readonly modeOf: (job: JobKey) => Mode;
  readonly settingsOf: (job: JobKey) => RecoveryConfig;
  readonly clock: Pick<Clock, "now">;
  /** Asks for the next round soon: something that a decision waits for is known now. */
  readonly wake: () => void;
}

/** What a pass over one job's state came to. */
export interface RecoveryPass {
  readonly diagnosis: Diagnosis | undefined;
  /** `recovering`: a restore is under way. `troubled`: something is wrong, and nothing is under way. */
  readonly phase: "calm" | "troubled" | "recovering";
  readonly sentence: string;
  /** Of the life that is known; undefined: none is. */
  readonly flinkJobId: FlinkJobId | undefined;
  /** Whether the job's size may be looked after meanwhile. */
  readonly mayScale: boolean;
  readonly record: RestoreRecord | undefined;
  readonly restorePoint: RestorePoint | null;
  /** Decisions that came to their end since the last pass. */
  readonly settled: readonly string[];
  readonly page: Page | undefined;
}

/**
 * Recovery as the loop drives it: what is wrong with each job, what is to be done, and the doing. Everything that a
 * restart needs is in the store; the rest of its state may be lost at any moment.
 */
export class Recovery {
  private readonly options: RecoveryOptions;
  private readonly known: KnownJobs;
  private readonly reaches: Reaches;
  private readonly executor: Executor;
  private readonly search: Search;
  private readonly ended = new Map<JobKey, string[]>();
  private readonly seen = new Map<JobKey, Seen>();
  private readonly namesakes = new Map<JobKey, number>();
  private readonly chooser: Chooser;
  /** Where people ask and order. */
  readonly desk: RecoveryDesk;

  constructor(options: RecoveryOptions) {
    const { store, points, clock } = options;
    this.options = options;
    this.known = new KnownJobs(store);
    this.reaches = new Reaches(store);
    this.search = new Search(points, options.wake);
    const namesakesOf = (job: JobKey): number => this.namesakes.get(job) ?? 0;
    this.chooser = new Chooser({ ...options, search: this.search, namesakesOf });
    this.desk = createDesk({ ...options, questionFor: (job, now) => this.questionFor(job, now) });
    this.executor = new Executor({
      store,
      clock,
      verify: (job, path) => points.verifyNow(job, path),
      permit: (record) => this.chooser.permitOf(record, clock.now()),
      answeredAgainAt: (job, cluster) =>
        later(this.known.of(job)?.goneSince ?? null, this.reaches.of(cluster).answeredAgainAt),
      oldWroteAt: (job, life) => newestOf(points.candidates(job), life),
      cancelled: (record) => this.owe(record, true),
      ended: (record, verdict) => {
        if (verdict !== "not-reached") this.owe(record, false);
        this.ended.set(record.job, [...(this.ended.get(record.job) ?? []), record.id]);
        options.wake();
      },
    });
  }

  /** Jobs of a cluster that are looked after whether or not Flink lists them. */
  keysOf(cluster: DrivenCluster): readonly JobKey[] {
    const open = this.options.store.openDecisions("restore").map((d) => d.record.job);
    return [...new Set([...this.known.alive(), ...open])].filter((key) => {
      const parts = parseJobKey(key);
      return (
        parts?.cluster === cluster.name &&
        parts.namespace === cluster.namespace &&
        cluster.includes(parts.name)
      );
    });
  }

  /** The cluster listed its jobs: what else it says is read once for all of them. */
  async clusterAnswered(cluster: DrivenCluster, now: Instant): Promise<void> {
    const readout = await cluster.eyes.readCluster().catch((error: unknown) => {
      if (error instanceof Failure) return undefined;
      throw error;
    });
    this.reaches.answered(cluster.name, readout, now);
  }

  clusterSilent(cluster: DrivenCluster, now: Instant): void {
    this.reaches.silent(cluster.name, now);
  }

  /** One pass over one job's state: look, diagnose, decide, ask the permits, begin or carry on. */
  async pass(subject: RecoverySubject, now: Instant): Promise<RecoveryPass> {
    const { store, points } = this.options;
    const { job } = subject;
    const settings = this.options.settingsOf(job);
    const look = await see(subject, this.known, this.reaches, settings.diagnosis, now);
    const seen = look?.lags === true ? undefined : look;
    this.namesakes.set(job, liveIn(subject, look));
    if (seen === undefined) this.seen.delete(job);
    else this.seen.set(job, seen);
    if (seen?.health !== undefined) points.noted(job, seen.health, seen.known.life);
    const goneSince = seen?.known.goneSince ?? null;
    if (seen !== undefined && goneSince !== null && subject.answers) {
      this.search.scan(job, seen.known.life, goneSince, now);
    }
    const open = store.openDecisions("restore").find((d) => d.record.job === job)?.record;
    const record = open ?? (seen === undefined ? undefined : this.chooser.choose(job, seen, now));
    const permit = open === undefined ? this.chooser.ask(record, now) : ALLOWED;
    if (record !== undefined && permit?.code === "allowed") {
      this.executor.carryOn(subject.cluster, record, settings);
    }
    return this.resultOf(job, seen, record, permit, now);
  }

  private resultOf(
    job: JobKey,
    seen: Seen | undefined,
    record: RestoreRecord | undefined,
    permit: RestorePermit | undefined,
    now: Instant,
  ): RecoveryPass {
    const settled = this.ended.get(job) ?? this.endedBefore(job);
    this.ended.set(job, []);
    const progress = record === undefined ? undefined : this.executor.progressOf(record.id);
    const settings = this.options.settingsOf(job);
    const { diagnosis } = seen ?? {};
    const troubled = record !== undefined || (diagnosis !== undefined && !QUIET.has(diagnosis.kind));
    const doing = progress?.sentence ?? record?.sentence ?? "";
    const phase = permit?.code === "allowed" ? "recovering" : troubled ? "troubled" : "calm";
    return {
      diagnosis,
      phase,
      flinkJobId: seen?.known.life.flinkJobId,
      // More subtasks may be what lets its checkpoints complete.
      mayScale: phase === "calm" || (phase === "troubled" && diagnosis?.kind === "no-checkpoint-progress"),
      sentence:
        phase === "recovering" ? `Recovering: ${doing}` : (record?.sentence ?? diagnosis?.sentence ?? ""),
      record,
      restorePoint: this.options.points.restorePoint(job),
      settled,
      page: pageOf({ record, permit, progress, settings, now }),
    };
  }

  /** The last restore that ended before this process began: killed right after, the one before may not have told it. */
  private endedBefore(job: JobKey): readonly string[] {
    const query = { job, kind: "restore", acts: true, limit: 1 } as const;
    const [last] = this.options.store.decisions(query).items;
    return last === undefined || last.outcome === null ? [] : [last.record.id];
  }

  /** Remembers that we took a job down in order to bring it back, or that this is over. */
  private owe(record: RestoreRecord, owed: boolean): void {
    const known = this.known.of(record.job);
    if (known === undefined || known.owed === owed || known.life.flinkJobId !== record.flinkJobId) return;
    this.known.keep(record.job, { ...known, owed }, this.options.clock.now());
  }

  /** All that a decision about a job would be made from now; undefined where nothing is known of it. */
  questionFor(job: JobKey, now: Instant): RestoreQuestion | undefined {
    const seen = this.seen.get(job);
    return seen === undefined ? undefined : this.chooser.questionOf(job, seen, now);
  }

  forget(job: JobKey): void {
    this.known.forget(job);
    this.options.points.forget(job);
  }

  /** Resolves when no step and no search is under way. */
  async settled(): Promise<void> {
    await this.executor.settled();
    await this.search.settled();
  }
}

const ALLOWED: RestorePermit = { code: "allowed", by: "outrider", sentence: "under way", page: false };

/** Live jobs of the key. Of the job itself the readout counts, which is newer than the list. */
function liveIn({ listed }: RecoverySubject, look: Seen | undefined): number {
  const own = look?.known.life;
  const ended = (j: ListedJob): boolean =>
    j.flinkJobId === own?.flinkJobId ? isTerminal(look?.health?.state ?? j.state) : isTerminal(j.state);
  return listed.filter((j) => !ended(j)).length;
}

const later = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null ? b : b === null ? a : Math.max(a, b);

/** When the newest snapshot of a life was taken. */
function newestOf(candidates: readonly Candidate[], life: FlinkJobId): Instant | null {
  const times = candidates.filter((c) => c.flinkJobId === life).map((c) => c.takenAt ?? 0);
  return times.length === 0 ? null : Math.max(...times);
}

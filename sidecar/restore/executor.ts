import type { Clock, FlinkJobId, Instant, JobKey, RestoreRecord, SnapshotReport } from "../../model/index.ts";
import {
  newJobIdOf,
  nextStep,
  type RestoreConfig,
  type RestoreMove,
  type RestoreView,
} from "../../recovery/index.ts";
import type { DrivenCluster } from "../cluster.ts";
import type { PermitAnswer } from "../permits.ts";
import type { Store } from "../store/port.ts";
import { keepAsked, recallAsked, sameJobManager } from "./asked.ts";
import { type Deed, performStep } from "./perform.ts";
import { clusterOf, liveNamesakes, sight } from "./sight.ts";

/** What a restore needs from around it. */
export interface ExecutorPorts {
  readonly store: Store;
  readonly clock: Pick<Clock, "now">;
  readonly verify: (job: JobKey, path: string) => Promise<SnapshotReport>;
  /** "May we still?": asked before every step that changes something. */
  readonly permit: (record: RestoreRecord) => PermitAnswer;
  /** When the cluster was last seen to answer again, or without this job. */
  readonly answeredAgainAt: (job: JobKey, cluster: string) => Instant | null;
  readonly oldWroteAt: (job: JobKey, flinkJobId: FlinkJobId) => Instant | null;
  readonly cancelled: (record: RestoreRecord) => void;
  readonly ended: (record: RestoreRecord, verdict: "reached" | "not-reached" | "superseded") => void;
}

/** Where a restore stands that is under way. */
export interface Progress {
  readonly sentence: string;
  /** It takes so long that a person has to know. */
  readonly escalate: boolean;
}

/** Steps that one run may take before the next pass looks again: more than a plan has. */
const MOST_STEPS = 16;

/**
 * Carries restores on, one job at a time each, beside the rounds: an upload must not delay the other jobs. What is
 * done next follows from the store and from Flink alone, so that it may be killed anywhere.
 */
export class Executor {
  private readonly ports: ExecutorPorts;
  private readonly running = new Map<JobKey, Promise<void>>();
  private readonly progress = new Map<string, Progress>();
  /** By decision: verified for this restore by this process. */
  private readonly verified = new Map<string, SnapshotReport>();
  private problem: unknown;

  constructor(ports: ExecutorPorts) {
    this.ports = ports;
  }

  isBusy(job: JobKey): boolean {
    return this.running.has(job);
  }

  progressOf(decision: string): Progress | undefined {
    return this.progress.get(decision);
  }

  /** Goes as far as it can without waiting, and returns at once. Throws what ended an earlier run: a defect. */
  carryOn(cluster: DrivenCluster, record: RestoreRecord, settings: RestoreConfig): void {
    if (this.problem !== undefined) throw this.problem;
    if (this.isBusy(record.job)) return;
    const run = this.run(cluster, record, settings)
      .catch((error: unknown) => {
        this.problem = error;
      })
      .finally(() => this.running.delete(record.job));
    this.running.set(record.job, run);
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running.values());
    if (this.problem !== undefined) throw this.problem;
  }

  private async run(cluster: DrivenCluster, record: RestoreRecord, settings: RestoreConfig): Promise<void> {
    for (let step = 0; step < MOST_STEPS; step++) {
      const view = await this.look(cluster, record);
      const attempts = this.ports.store.decision(record.id)?.attempts ?? [];
      const move = nextStep(record, attempts, view, settings, this.ports.clock.now());
      if (move.kind === "end") {
        this.end(record, move);
        return;
      }
      if (move.kind === "wait") {
        this.progress.set(record.id, { sentence: move.sentence, escalate: move.escalate });
        return;
      }
      if (move.step === "run" && (await this.isSuperseded(cluster, record))) return;
      if (!(await this.goOn(cluster, record, move))) return;
    }
  }

  /** Does one step; false when the next pass has to look again. */
  private async goOn(cluster: DrivenCluster, record: RestoreRecord, deed: Deed): Promise<boolean> {
    const held = deed.step === "verify" ? undefined : this.holdOf(record);
    if (held !== undefined) {
      this.progress.set(record.id, { sentence: held, escalate: false });
      return false;
    }
    this.progress.set(record.id, { sentence: UNDER_WAY[deed.step], escalate: false });
    const { store, clock } = this.ports;
    const verify = (path: string) => this.ports.verify(record.job, path);
    // Before Flink is asked: killed in between, the next start still knows that the job is to come back.
    if (deed.step === "cancel" && record.effective?.action === "restore") this.ports.cancelled(record);
    if (deed.step === "run") await this.noteAsked(cluster, record);
    const { end, report } = await performStep({ store, hand: cluster.hand, clock, verify }, record, deed);
    if (report !== undefined) this.verified.set(record.id, report);
    return end !== "open";
  }

  /** Why a step must not be done now. */
  private holdOf(record: RestoreRecord): string | undefined {
    const permit = this.ports.permit(record);
    const { code, by, sentence } = permit;
    this.ports.store.appendPermit({ decision: record.id, at: this.ports.clock.now(), code, by, sentence });
    return permit.code === "allowed" ? undefined : `${permit.sentence}; the restore goes on when it may`;
  }

  /**
   * Looked for right before a job is started. Another job of this name that lives: somebody else brought it back, and
   * a second copy must not be started. True: not to be started, now or for good.
   */
  private async isSuperseded(cluster: DrivenCluster, record: RestoreRecord): Promise<boolean> {
    const ours = [record.flinkJobId, nextIdOf(record)];
    const others = await liveNamesakes(cluster, record.job);
    if (others === undefined) {
      this.progress.set(record.id, {
        sentence: "the cluster does not say which jobs it runs",
        escalate: false,
      });
      return true;
    }
    const stranger = others.find((id) => !ours.includes(id));
    if (stranger === undefined) return false;
    const sentence = `another job of this name runs, ${stranger}; no second copy is started`;
    this.end(record, { kind: "end", verdict: "superseded", sentence, timings: {}, newFlinkJobId: null });
    return true;
  }

  private async look(cluster: DrivenCluster, record: RestoreRecord): Promise<RestoreView> {
    const { job, flinkJobId } = record;
    const [old, next, readout] = await Promise.all([
      sight(cluster, flinkJobId),
      sight(cluster, nextIdOf(record)),
      clusterOf(cluster),
    ]);
    return {
      old,
      next,
      cluster: readout,
      snapshot: this.verified.get(record.id),
      answeredAgainAt: this.ports.answeredAgainAt(job, cluster.name),
      oldWroteAt: this.ports.oldWroteAt(job, flinkJobId),
      ...sameJobManager(recallAsked(this.ports.store, record), readout?.jobManagerProcess),
    };
  }

  /** Which JobManager process is asked to run the job: only that one can have taken it. */
  private async noteAsked(cluster: DrivenCluster, record: RestoreRecord): Promise<void> {
    const readout = await clusterOf(cluster);
    keepAsked(this.ports.store, record, readout?.jobManagerProcess ?? null);
  }

  private end(record: RestoreRecord, move: Extract<RestoreMove, { kind: "end" }>): void {
    const { verdict, sentence, timings, newFlinkJobId } = move;
    this.ports.ended(record, verdict);
    this.ports.store.appendOutcome({
      decision: record.id,
      at: this.ports.clock.now(),
      verdict,
      expected: {},
      observed: {},
      tookMs: timings["running"] ?? null,
      timings,
      ...(newFlinkJobId === null ? {} : { newFlinkJobId }),
      sentence,
    });
    this.progress.delete(record.id);
    this.verified.delete(record.id);
  }
}

const nextIdOf = (record: RestoreRecord): FlinkJobId =>
  record.effective?.newFlinkJobId ?? newJobIdOf(record.id);

const UNDER_WAY = {
  cancel: "Flink is asked to cancel the job",
  verify: "the snapshot is verified again",
  "upload-jar": "the jar is uploaded",
  run: "Flink is asked to run the job",
} as const;

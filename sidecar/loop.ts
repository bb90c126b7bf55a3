import type { AutoscalerConfig } from "../autoscaler/index.ts";
import {
  type Clock,
  Failure,
  type Instant,
  isTerminal,
  type JobKey,
  type JobReadout,
  type ListedJob,
  type Milliseconds,
  type Mode,
  sentenceOf,
} from "../model/index.ts";
import type { DrivenCluster } from "./cluster.ts";
import { cycle, UNWATCHED, type Watched } from "./cycle.ts";
import type { FleetSlots } from "./fleet-slots.ts";
import type { LiveFleet } from "./live-fleet.ts";
import type { Recovery } from "./restore/recovery.ts";
import { groupByKey, type RoundJob } from "./round-jobs.ts";
import type { Savepoints } from "./savepoints/index.ts";
import type { Store } from "./store/port.ts";
import type { Teller } from "./tell.ts";

export interface LoopOptions {
  readonly clusters: readonly DrivenCluster[];
  readonly store: Store;
  readonly fleet: LiveFleet;
  readonly teller: Teller;
  readonly clock: Clock;
  readonly intervalMs: Milliseconds;
  /** Passes that may run side by side in one cluster. */
  readonly concurrency: number;
  readonly modeOf: (job: JobKey) => Mode;
  readonly settingsOf: (job: JobKey) => AutoscalerConfig;
  /** Looks after the state of jobs; without it only their size is looked after. */
  readonly recovery?: Recovery;
  /** Takes savepoints; asks for `recovery`, whose word it waits for. */
  readonly savepoints?: Savepoints;
  /** Counts the slots of all jobs; without it there is no budget of the fleet. */
  readonly slots?: FleetSlots | undefined;
  /** Called with how long a pass took, in the machine's time whatever `clock` is: it is our own effort. */
  readonly passed: (job: JobKey, ms: Milliseconds, ok: boolean) => void;
}

/**
 * Drives passes until `signal` aborts. Every cluster has its own rhythm, so a slow one never delays the others;
 * passes of one job never overlap because a cluster's round ends before its next one starts.
 */
export class Loop {
  private readonly watched = new Map<string, Watched>();
  private readonly options: LoopOptions;
  private nap = new AbortController();

  constructor(options: LoopOptions) {
    this.options = options;
  }

  /** Makes the next round come now: a person approved or changed something. */
  wake(): void {
    const nap = this.nap;
    this.nap = new AbortController();
    nap.abort();
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.options.clusters.map((cluster) => this.drive(cluster, signal)));
  }

  private async drive(cluster: DrivenCluster, signal: AbortSignal): Promise<void> {
    const { clock, intervalMs } = this.options;
    while (!signal.aborted) {
      const started = clock.now();
      await this.round(cluster, started, signal);
      // By the clock that also sleeps, which need not be the wall's. A clock that was set must not make us wait long.
      const rest = Math.min(intervalMs, intervalMs - (clock.now() - started));
      if (!signal.aborted) await clock.sleep(Math.max(50, rest), AbortSignal.any([signal, this.nap.signal]));
    }
  }

  /**
   * One round over one cluster: list, then a pass for every job that is listed or has to be brought back. Never throws
   * for what Flink does.
   */
  async round(cluster: DrivenCluster, now: Instant, signal?: AbortSignal): Promise<void> {
    const { teller, recovery } = this.options;
    let listed: readonly ListedJob[];
    try {
      listed = await cluster.reader.listJobs();
    } catch (error) {
      recovery?.clusterSilent(cluster, now);
      teller.clusterSilent(cluster, sentenceOf(error), now);
      await this.passes(cluster, this.missing(cluster, new Map(), false), now, signal);
      return;
    }
    const [version] = await Promise.all([this.versionOf(cluster), recovery?.clusterAnswered(cluster, now)]);
    teller.clusterAnswered(cluster, listed.length, version, now);
    const groups = groupByKey(cluster, listed);
    teller.jobsListed(cluster, [...groups.keys()], now);
    const present = [...groups].map(([key, jobs]) => ({ key, jobs, answers: true }));
    const missing = this.missing(cluster, groups, true);
    const alive = present.filter(({ jobs }) => jobs.some((job) => !isTerminal(job.state)));
    this.options.slots?.keep(cluster.name, new Set([...alive, ...missing].map(({ key }) => key)));
    await this.passes(cluster, [...present, ...missing], now, signal);
    this.forgetGone(cluster, listed);
  }

  /** Jobs that are known and not listed: gone, or behind a cluster that does not answer. */
  private missing(
    cluster: DrivenCluster,
    groups: ReadonlyMap<JobKey, unknown>,
    answers: boolean,
  ): readonly RoundJob[] {
    const keys = this.options.recovery?.keysOf(cluster) ?? [];
    return keys.filter((key) => !groups.has(key)).map((key) => ({ key, jobs: [], answers }));
  }

  private async passes(
    cluster: DrivenCluster,
    jobs: readonly RoundJob[],
    now: Instant,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const queue = [...jobs];
    const workers = Array.from({ length: Math.min(this.options.concurrency, queue.length) }, async () => {
      for (let next = queue.shift(); next !== undefined && signal?.aborted !== true; next = queue.shift()) {
        await this.passOf(cluster, next, now);
      }
    });
    await Promise.all(workers);
  }

  /** Asked once; a cluster that does not tell is asked again in the next round, and goes on being watched. */
  private async versionOf(cluster: DrivenCluster): Promise<string | undefined> {
    const known = this.options.fleet.clusters().find((c) => c.name === cluster.name)?.flinkVersion;
    return known ?? (await cluster.readVersion().catch(() => undefined));
  }

  /** The pass of a key: over its one live job, over each of several, or over one that has ended or is gone. */
  private async passOf(cluster: DrivenCluster, round: RoundJob, now: Instant): Promise<void> {
    const { teller } = this.options;
    const { key, jobs } = round;
    const [first, second] = jobs;
    if (first === undefined || second !== undefined || isTerminal(first.state)) {
      await this.recover(cluster, round, undefined, now);
    }
    if (first === undefined) {
      teller.jobMissing(cluster, key, round.answers, now);
      return;
    }
    if (isTerminal(first.state)) {
      teller.jobEnded(cluster, key, first, now);
      return;
    }
    const recover = (readout: JobReadout | undefined) => this.recover(cluster, round, readout, now);
    for (const job of jobs) {
      const shared = second === undefined ? recover : async () => true;
      await this.pass(cluster, key, job, jobs.length, shared, now);
    }
  }

  /** Looks after the state of a job; false: the autoscaler keeps off it. */
  private async recover(
    cluster: DrivenCluster,
    { key, jobs, answers }: RoundJob,
    readout: JobReadout | undefined,
    now: Instant,
  ): Promise<boolean> {
    const { recovery, savepoints, teller } = this.options;
    if (recovery === undefined) return true;
    const subject = { job: key, cluster, listed: jobs, answers, graph: readout?.graph };
    const pass = await recovery.pass(subject, now);
    teller.recoveryDone(key, pass, now);
    if (savepoints !== undefined) {
      const calm = pass.phase === "calm";
      const told = await savepoints.pass({ job: key, cluster, listed: jobs, calm }, now);
      teller.savepointsDone(key, told, now);
    }
    return pass.mayScale;
  }

  private async pass(
    cluster: DrivenCluster,
    key: JobKey,
    job: ListedJob,
    namesakes: number,
    recover: (readout: JobReadout | undefined) => Promise<boolean>,
    now: Instant,
  ): Promise<void> {
    const { store, fleet, teller, slots } = this.options;
    const id = `${cluster.name} ${job.flinkJobId}`;
    const started = performance.now();
    try {
      const subject = {
        job: key,
        flinkJobId: job.flinkJobId,
        mode: this.options.modeOf(key),
        namesakes,
        config: this.options.settingsOf(key),
      };
      const ports = { reader: cluster.reader, actuator: cluster.actuator, store, recover, slots };
      const pass = await cycle(ports, subject, this.watched.get(id) ?? UNWATCHED, now);
      this.watched.set(id, pass.watched);
      fleet.observed(key, pass.watched.window);
      teller.passDone(cluster, key, job, namesakes, pass, now);
      this.options.passed(key, performance.now() - started, true);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      teller.passFailed(cluster, key, job, error, now);
      this.options.passed(key, performance.now() - started, false);
      if (error.code === "store-broken") throw error;
    }
  }

  private forgetGone(cluster: DrivenCluster, listed: readonly ListedJob[]): void {
    const present = new Set(listed.map((j) => `${cluster.name} ${j.flinkJobId}`));
    for (const id of this.watched.keys()) {
      if (id.startsWith(`${cluster.name} `) && !present.has(id)) this.watched.delete(id);
    }
  }
}

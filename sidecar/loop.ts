import type { AutoscalerConfig } from "../autoscaler/index.ts";
import {
  type Clock,
  Failure,
  type Instant,
  isTerminal,
  type JobKey,
  jobKey,
  type ListedJob,
  type Milliseconds,
  type Mode,
  sentenceOf,
} from "../model/index.ts";
import type { DrivenCluster } from "./cluster.ts";
import { cycle, UNWATCHED, type Watched } from "./cycle.ts";
import type { LiveFleet } from "./live-fleet.ts";
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

  /** One round over one cluster: list, then a pass for every running job. Never throws for what Flink does. */
  async round(cluster: DrivenCluster, now: Instant, signal?: AbortSignal): Promise<void> {
    let listed: readonly ListedJob[];
    try {
      listed = await cluster.reader.listJobs();
    } catch (error) {
      this.options.teller.clusterSilent(cluster, sentenceOf(error), now);
      return;
    }
    const version = await this.versionOf(cluster);
    this.options.teller.clusterAnswered(cluster, listed.length, version, now);
    const groups = groupByKey(cluster, listed);
    this.options.teller.jobsListed(cluster, [...groups.keys()], now);
    const queue = [...groups].flatMap(([key, jobs]) =>
      jobs.map((job) => ({ key, job, namesakes: jobs.length })),
    );
    const workers = Array.from({ length: Math.min(this.options.concurrency, queue.length) }, async () => {
      for (let next = queue.shift(); next !== undefined && signal?.aborted !== true; next = queue.shift()) {
        await this.pass(cluster, next.key, next.job, next.namesakes, now);
      }
    });
    await Promise.all(workers);
    this.forgetGone(cluster, listed);
  }

  /** Asked once; a cluster that does not tell is asked again in the next round, and goes on being watched. */
  private async versionOf(cluster: DrivenCluster): Promise<string | undefined> {
    const known = this.options.fleet.clusters().find((c) => c.name === cluster.name)?.flinkVersion;
    return known ?? (await cluster.readVersion().catch(() => undefined));
  }

  private async pass(
    cluster: DrivenCluster,
    key: JobKey,
    job: ListedJob,
    namesakes: number,
    now: Instant,
  ): Promise<void> {
    const { store, fleet, teller } = this.options;
    if (isTerminal(job.state)) {
      teller.jobEnded(cluster, key, job, now);
      return;
    }
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
      const ports = { reader: cluster.reader, actuator: cluster.actuator, store };
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

/** Jobs by key; of a key with live jobs only those, of one without only the newest. */
function groupByKey(
  cluster: DrivenCluster,
  listed: readonly ListedJob[],
): ReadonlyMap<JobKey, readonly ListedJob[]> {
  const groups = new Map<JobKey, ListedJob[]>();
  for (const job of listed.filter((j) => cluster.includes(j.name))) {
    const key = jobKey({ cluster: cluster.name, namespace: cluster.namespace, name: job.name });
    groups.set(key, [...(groups.get(key) ?? []), job]);
  }
  for (const [key, jobs] of groups) {
    const live = jobs.filter((j) => !isTerminal(j.state));
    const newest = jobs.toSorted((a, b) => b.startTime - a.startTime).slice(0, 1);
    groups.set(key, live.length > 0 ? live : newest);
  }
  return groups;
}

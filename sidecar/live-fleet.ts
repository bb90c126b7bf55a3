import type { Instant, JobKey, Observation, Window } from "../model/index.ts";
import type { ClusterView, Fleet, JobView, LastSaid } from "./fleet.ts";
import { extendHistory, type HistoryPoint, toPoint } from "./history.ts";

/** The fleet as the process holds it in memory; the loop writes, the HTTP API reads. */
export class LiveFleet implements Fleet {
  private readonly clusterViews = new Map<string, ClusterView>();
  /** Key → its jobs; several only while running jobs share a key. */
  private readonly views = new Map<JobKey, Map<string, JobView>>();
  private readonly windows = new Map<JobKey, Window>();
  private readonly histories = new Map<JobKey, readonly HistoryPoint[]>();
  private readonly said = new Map<JobKey, LastSaid>();

  constructor(clusters: readonly { readonly name: string; readonly url: string }[]) {
    for (const { name, url } of clusters) {
      this.clusterViews.set(name, { name, url, flinkVersion: null, said: null });
    }
  }

  clusters(): readonly ClusterView[] {
    return [...this.clusterViews.values()];
  }

  jobs(): readonly JobView[] {
    return [...this.views.values()].flatMap((m) => [...m.values()]).toSorted((a, b) => compare(a.key, b.key));
  }

  job(key: JobKey): JobView | undefined {
    return this.views.get(key)?.values().next().value;
  }

  observations(key: JobKey): readonly Observation[] {
    return this.windows.get(key)?.observations ?? [];
  }

  history(key: JobKey): readonly HistoryPoint[] {
    return this.histories.get(key) ?? [];
  }

  lastSaid(key: JobKey): LastSaid | undefined {
    return this.said.get(key);
  }

  ready(): boolean {
    return this.clusters().every((c) => c.said !== null);
  }

  clusterSaid(name: string, said: LastSaid, flinkVersion?: string): void {
    const view = this.clusterViews.get(name);
    if (view === undefined) return;
    this.clusterViews.set(name, { ...view, said, flinkVersion: flinkVersion ?? view.flinkVersion });
  }

  observed(key: JobKey, window: Window | undefined): void {
    if (window === undefined) return;
    this.windows.set(key, window);
    const newest = window.observations.at(-1);
    if (newest !== undefined) {
      this.histories.set(key, extendHistory(this.history(key), toPoint(newest)));
    }
  }

  /** Shows a job. A view of another Flink job id stays beside it only while that job runs too. */
  show(view: JobView, said: LastSaid, namesakes: number): void {
    const jobs = namesakes > 1 ? (this.views.get(view.key) ?? new Map<string, JobView>()) : new Map();
    this.views.set(view.key, jobs.set(view.flinkJobId, view));
    this.said.set(view.key, said);
  }

  /** Drops what is known of jobs that are gone and were last seen before `before`; their keys. */
  forgetGone(before: Instant): readonly JobKey[] {
    const gone = this.jobs().filter((j) => j.state === "GONE" && (j.lastPassAt ?? 0) < before);
    for (const { key } of gone) {
      for (const known of [this.views, this.windows, this.histories, this.said]) known.delete(key);
    }
    return gone.map((j) => j.key);
  }

  /** Keys of one cluster, for noticing what is gone. */
  keysOf(cluster: string): readonly JobKey[] {
    return this.jobs()
      .filter((j) => j.cluster === cluster)
      .map((j) => j.key);
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

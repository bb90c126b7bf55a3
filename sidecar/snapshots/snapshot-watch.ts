import {
  type Candidate,
  type HealthReadout,
  type Instant,
  type JobKey,
  type JobLife,
  type Location,
  type Milliseconds,
  type OutriderEvent,
  parseLocation,
} from "../../model/index.ts";
import {
  candidateAt,
  findSnapshots,
  METADATA,
  normalPath,
  type SnapshotStorage,
  storageRootOf,
  type Verification,
  verifySnapshot,
  withReport,
} from "../../recovery/index.ts";
import type { Store } from "../store/port.ts";
import {
  directoriesOf,
  type JobSnapshots,
  keepSnapshots,
  noteReadout,
  rankedCandidates,
  recallSnapshots,
  trimSnapshots,
} from "./job-snapshots.ts";
import { type RestorePoint, restorePointNews, restorePointOf } from "./restore-point.ts";
import { Turns } from "./turns.ts";

export interface SnapshotWatchOptions {
  readonly store: Pick<Store, "remember" | "recall">;
  /** A view of the stores in which these roots may be read, besides what is configured for the job. */
  readonly storageFor: (job: JobKey, roots: readonly Location[], signal: AbortSignal) => SnapshotStorage;
  readonly now: () => Instant;
  /** Stores an event and tells it. */
  readonly tell: (event: Omit<OutriderEvent, "seq">) => void;
  /** Called when something became known of the job's snapshots. */
  readonly shown?: (job: JobKey, ranked: readonly Candidate[]) => void;
  /** Called after each verification; seconds. */
  readonly verified?: (job: JobKey, seconds: number) => void;
  /** A verdict is good for so long; 10 min. */
  readonly recheckAfterMs?: Milliseconds;
  /** Longest time for one verification in the background; 2 min. */
  readonly timeoutMs?: Milliseconds;
  /** Verifications in the background at once; 2. */
  readonly concurrency?: number;
  /** Candidates that are remembered of a job; 20. */
  readonly keep?: number;
}

const RECHECK_AFTER_MS = 600_000;
const TIMEOUT_MS = 120_000;
const CONCURRENCY = 2;
const KEEP = 20;
/** A job that checkpoints every few seconds is not written down each time; a restart verifies anew. */
const KEEP_EVERY_MS = 30_000;
/** A store that did not answer is asked again after this. */
const ASK_AGAIN_MS = 30_000;
/** Verifying takes at most a quarter of the time: after one, its own duration three times over passes. */
const REST_FACTOR = 3;
/** Flink's replies may be older than its deletions by its cache (3 s) and our interval. */
const REPLY_LAG_MS = 6_000;
/** Candidates that are looked at in one go until one of them is proven. */
const MOST_LOOKS = 10;

/**
 * Knows from what each job can be restored. `noted` is told every health readout and verifies the newest snapshot in
 * the background, one at a time per job, skipping those that were overtaken; a verdict holds for `recheckAfterMs`,
 * because files can vanish. `scan` looks through the job's directories when Flink cannot tell. Never throws for what
 * stores do.
 */
export class SnapshotWatch {
  readonly #options: SnapshotWatchOptions;
  readonly #jobs = new Map<JobKey, JobSnapshots>();
  readonly #turns: Turns;
  readonly #closing = new AbortController();
  readonly #running = new Map<JobKey, Promise<void>>();
  readonly #scans = new Map<JobKey, Promise<void>>();
  readonly #restUntil = new Map<JobKey, Instant>();
  /** What went wrong in the background, such as a broken store; the next `noted` throws it. */
  #broken: Error | undefined;
  /** Newest snapshots that were gone when they were looked at: overtaken, unless Flink still tells of them later. */
  readonly #vanished = new Map<JobKey, { readonly path: string; readonly at: Instant }>();

  constructor(options: SnapshotWatchOptions) {
    this.#options = options;
    this.#turns = new Turns(options.concurrency ?? CONCURRENCY);
  }

  /** What Flink told of a job. Starts a verification in the background where one is due. */
  noted(job: JobKey, readout: HealthReadout, life: JobLife | undefined): void {
    if (this.#broken !== undefined) throw this.#broken;
    const known = this.#of(job);
    known.toldAt = this.#options.now();
    if (noteReadout(known, readout, life)) this.#changed(known);
    else this.#options.shown?.(job, rankedCandidates(known));
    this.#prove(known);
  }

  /** Everything that the job could be restored from, newest first. */
  candidates(job: JobKey): readonly Candidate[] {
    return rankedCandidates(this.#of(job));
  }

  /** Whether the candidates are all there are: Flink told, or the directories were looked through, since then. */
  searched(job: JobKey, since: Instant): boolean {
    const { toldAt, searchedAt } = this.#of(job);
    return (toldAt ?? -1) >= since || (searchedAt ?? -1) >= since;
  }

  restorePoint(job: JobKey): RestorePoint | null {
    return restorePointOf(this.candidates(job), this.#options.now());
  }

  /** Verifies one snapshot now, ahead of what waits. Its own storage may be read. */
  async verifyNow(job: JobKey, path: string, signal?: AbortSignal): Promise<Verification> {
    const known = this.#of(job);
    const report = await this.#verify(known, path, signal);
    this.#record(known, report);
    return report;
  }

  /**
   * Looks through the directories of the job and its earlier lives, then verifies from the newest on until one is
   * proven or cannot be asked. Asked again while it runs: the same scan.
   */
  scan(job: JobKey, life: JobLife | undefined): Promise<void> {
    const running = this.#scans.get(job);
    if (running !== undefined) return running;
    const known = this.#of(job);
    known.life = life ?? known.life;
    const scan = this.#scan(known).finally(() => this.#scans.delete(job));
    this.#scans.set(job, scan);
    return scan;
  }

  forget(job: JobKey): void {
    this.#jobs.delete(job);
    this.#vanished.delete(job);
    this.#restUntil.delete(job);
  }

  /** Resolves when nothing is under way in the background. */
  async settled(): Promise<void> {
    while (this.#running.size + this.#scans.size > 0) {
      await Promise.allSettled([...this.#running.values(), ...this.#scans.values()]);
    }
  }

  /** Stops what is under way, waits for its end and writes down what is known. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled([...this.#running.values(), ...this.#scans.values()]);
    if (this.#broken !== undefined) return;
    for (const known of this.#jobs.values()) {
      if (known.isChanged) keepSnapshots(this.#options.store, known, this.#options.now());
    }
  }

  #of(job: JobKey): JobSnapshots {
    const known = this.#jobs.get(job) ?? recallSnapshots(this.#options.store, job);
    this.#jobs.set(job, known);
    return known;
  }

  /** At most one verification of a job is under way; the next readout starts the next. */
  #prove(known: JobSnapshots): void {
    const { job } = known;
    if (this.#running.has(job) || this.#closing.signal.aborted) return;
    if (this.#options.now() < (this.#restUntil.get(job) ?? 0)) return;
    if (this.#nextDue(known, new Set()) === undefined) return;
    const work = this.#turns
      .take(async () => this.#proveNewest(known))
      .catch((error: unknown) => {
        this.#broken = error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => this.#running.delete(job));
    this.#running.set(job, work);
  }

  /** From the newest on until one is proven; those that do not hold are passed. */
  async #proveNewest(known: JobSnapshots): Promise<void> {
    const looked = new Set<string>();
    while (looked.size < MOST_LOOKS && !this.#closing.signal.aborted) {
      const next = this.#nextDue(known, looked);
      if (next === undefined) return;
      looked.add(next.path);
      const report = await this.#verify(known, next.path);
      if (this.#closing.signal.aborted) return;
      if (await this.#isOvertaken(known, report)) continue;
      this.#record(known, report);
    }
  }

  /** The newest candidate whose state has to be found out before an older one matters; undefined: all is known. */
  #nextDue(known: JobSnapshots, looked: ReadonlySet<string>): Candidate | undefined {
    const now = this.#options.now();
    const vanished = this.#vanished.get(known.job);
    for (const candidate of rankedCandidates(known)) {
      const { path, state, checkedAt } = candidate;
      if (vanished?.path === path && now - vanished.at < REPLY_LAG_MS) continue;
      const goodFor = state === "unknown" ? ASK_AGAIN_MS : this.#recheckAfterMs;
      const isDue = state === "unchecked" || now - (checkedAt ?? 0) >= goodFor;
      if (isDue && !looked.has(path)) return candidate;
      if (state === "verified" || state === "unknown") return undefined;
    }
    return undefined;
  }

  /**
   * A snapshot that is gone, or was being deleted while it was looked at, has been overtaken by a newer one that Flink
   * has not told of yet. Only when Flink still tells of it later, it is lost.
   */
  async #isOvertaken(known: JobSnapshots, report: Verification): Promise<boolean> {
    const { job } = known;
    if (report.state !== "incomplete") return false;
    const again = isGone(report) ? report : await this.#verify(known, report.path);
    if (!isGone(again)) return false;
    if (!isTold(known, report.path)) {
      known.remembered.delete(report.path);
      this.#changed(known);
      return true;
    }
    const seen = this.#vanished.get(job);
    if (seen?.path === report.path) return false;
    this.#vanished.set(job, { path: report.path, at: this.#options.now() });
    return true;
  }

  async #verify(known: JobSnapshots, path: string, signal?: AbortSignal): Promise<Verification> {
    const { job } = known;
    const limits = [this.#closing.signal, AbortSignal.timeout(this.#options.timeoutMs ?? TIMEOUT_MS)];
    const stop = AbortSignal.any(signal === undefined ? limits : [...limits, signal]);
    const storage = this.#options.storageFor(job, rootsFor(known, path), stop);
    const started = performance.now();
    const report = await verifySnapshot(storage, path, { now: this.#options.now(), signal: stop });
    const took = performance.now() - started;
    this.#restUntil.set(job, this.#options.now() + REST_FACTOR * took);
    this.#options.verified?.(job, took / 1_000);
    return report;
  }

  #record(known: JobSnapshots, report: Verification): void {
    const before = rankedCandidates(known).find((c) => c.path === report.path);
    const candidate = before ?? candidateAt(report.path, "outrider", report.sentence);
    known.remembered.set(report.path, withReport(candidate, report, known.life));
    this.#changed(known);
  }

  #changed(known: JobSnapshots): void {
    const ranked = rankedCandidates(known);
    const news = restorePointNews(known.job, ranked, known.told);
    if (news !== undefined) known.told = news === "proven" ? "proven" : news.told;
    trimSnapshots(known, this.#options.keep ?? KEEP);
    known.isChanged = true;
    const now = this.#options.now();
    if (news !== undefined || now - (known.keptAt ?? 0) >= KEEP_EVERY_MS) {
      keepSnapshots(this.#options.store, known, now);
    }
    this.#options.shown?.(known.job, ranked);
    if (news === undefined || news === "proven") return;
    const { type, severity, sentence } = news;
    this.#options.tell({
      at: this.#options.now(),
      job: known.job,
      type,
      severity,
      sentence,
      decision: undefined,
    });
  }

  async #scan(known: JobSnapshots): Promise<void> {
    const startedAt = this.#options.now();
    const directories = directoriesOf(known);
    const { signal } = this.#closing;
    const found = await Promise.all(
      directories.map((directory) =>
        findSnapshots(this.#options.storageFor(known.job, rootsFor(known, directory), signal), directory, {
          signal,
          levels: 2,
        }),
      ),
    );
    known.found = {
      exists: found.some((f) => f.exists),
      snapshots: found.flatMap((f) => f.snapshots),
      complete: directories.length > 0 && found.every((f) => f.complete),
      problems: found.flatMap((f) => f.problems),
    };
    if (known.found.complete) known.searchedAt = startedAt;
    await this.#running.get(known.job);
    await this.#proveNewest(known);
  }

  get #recheckAfterMs(): Milliseconds {
    return this.#options.recheckAfterMs ?? RECHECK_AFTER_MS;
  }
}

/** The storage of the snapshot itself and that of the job's checkpoints, which it may share files with. */
function rootsFor(known: JobSnapshots, path: string): readonly Location[] {
  const own = known.life?.checkpointDirectory ?? null;
  const places = own === null ? [path] : [path, own];
  return [...new Set(places.map(storageRootOf))].map(parseLocation);
}

const isGone = (report: Verification): boolean =>
  report.problems.some((p) => p.file === report.path || p.file === `${report.path}/${METADATA}`);

const isTold = ({ health }: JobSnapshots, path: string): boolean =>
  health?.snapshots.some((s) => !s.discarded && normalPath(s.path) === path) ?? false;

import {
  Failure,
  type Instant,
  type JobKey,
  locationText,
  type Milliseconds,
  type OutriderEvent,
  type Severity,
  sentenceOf,
} from "../../model/index.ts";
import {
  directoryOfTarget,
  isAbsent,
  METADATA,
  planRetention,
  type RetentionPlan,
  type SavepointConfig,
} from "../../recovery/index.ts";
import type { DrivenCluster } from "../cluster.ts";
import type { RestorePoints } from "../restore/ports.ts";
import type { Store } from "../store/port.ts";
import {
  changeSavepoint,
  ownSavepoint,
  type Removal,
  recallSavepoints,
  type TakenSavepoint,
} from "./memory.ts";
import type { ReadReferences } from "./references.ts";

export interface RemovalOptions {
  readonly store: Store;
  readonly points: Pick<RestorePoints, "candidates" | "verifyNow">;
  readonly references: ReadReferences;
  readonly tell: (event: Omit<OutriderEvent, "seq">) => void;
}

/** What may not go is looked at again after this. */
const LOOK_EVERY_MS: Milliseconds = 60_000;
const ASK_REFUSED_AGAIN_MS: Milliseconds = 3_600_000;

/**
 * Removes savepoints that Outrider took and that need not stay, one at a time, through Flink's own disposal. The
 * intention is on disk before Flink is asked.
 */
export class Removals {
  readonly #options: RemovalOptions;
  readonly #lookedAt = new Map<JobKey, Instant>();

  constructor(options: RemovalOptions) {
    this.#options = options;
  }

  /** What retention would say now, where nothing else referred to any of them. */
  plan(job: JobKey, settings: SavepointConfig, now: Instant): RetentionPlan {
    return this.#plan(job, settings, new Set(), now);
  }

  /** One step: a removal that is under way comes to its end, or the next one begins. */
  async pass(
    cluster: DrivenCluster,
    flinkJobId: string,
    job: JobKey,
    settings: SavepointConfig,
    now: Instant,
  ) {
    const { store } = this.#options;
    const { taken } = recallSavepoints(store, job);
    const underWay = taken.find((s) => s.removal !== null && s.removal.refusedAt === null);
    if (underWay?.removal) {
      await this.#finish(cluster, job, underWay, underWay.removal, now);
      return;
    }
    const removable = this.plan(job, settings, now).remove.map((path) => taken.find((s) => s.path === path));
    const next = removable.find(
      (s) =>
        s !== undefined && (s.removal === null || now - (s.removal.refusedAt ?? 0) >= ASK_REFUSED_AGAIN_MS),
    );
    if (next === undefined || now - (this.#lookedAt.get(job) ?? 0) < LOOK_EVERY_MS) return;
    if (await this.#mayGo(cluster, flinkJobId, job, next, settings, now))
      await this.#ask(cluster, job, next, now);
    else this.#lookedAt.set(job, now);
  }

  async #mayGo(
    cluster: DrivenCluster,
    flinkJobId: string,
    job: JobKey,
    { path }: TakenSavepoint,
    settings: SavepointConfig,
    now: Instant,
  ): Promise<boolean> {
    const health = await cluster.eyes.readHealth(flinkJobId).catch(ignoreFailure);
    if (health === undefined || health.unread?.includes("checkpoints") === true) return false;
    const others = await this.#options.references(path);
    if (others === null) return false;
    // Until its first checkpoint Flink would start from it again.
    const restored =
      health.restoredFrom === null ? [] : [`${normalOf(health.restoredFrom.path)}/${METADATA}`];
    // Asked again: reading took time, and a restore may have begun.
    if (isRestoring(this.#options.store, job)) return false;
    return this.#plan(job, settings, new Set([...others, ...restored]), now).remove.includes(path);
  }

  async #ask(cluster: DrivenCluster, job: JobKey, savepoint: TakenSavepoint, now: Instant): Promise<void> {
    const asked = { askedAt: now, requestId: null, refusedAt: null };
    this.#note(job, savepoint.path, asked);
    try {
      const requestId = await cluster.hand.disposeSavepoint(savepoint.path);
      this.#note(job, savepoint.path, { ...asked, requestId });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!error.retryable) this.#refused(job, savepoint, asked, sentenceOf(error), now);
    }
  }

  async #finish(
    cluster: DrivenCluster,
    job: JobKey,
    savepoint: TakenSavepoint,
    removal: Removal,
    now: Instant,
  ): Promise<void> {
    const { path } = savepoint;
    const status =
      removal.requestId === null
        ? undefined
        : await cluster.hand.disposalStatus(removal.requestId).catch(ignoreFailure);
    if (status?.kind === "in-progress") return;
    const report = await this.#options.points.verifyNow(job, path);
    if (isAbsent(report)) {
      changeSavepoint(this.#options.store, job, path, () => undefined);
      this.#tell(job, "savepoint-removed", "info", `Savepoint removed: ${path}`, savepoint, now);
      return;
    }
    if (report.state === "unknown" || status === undefined) {
      // Nobody knows whether Flink heard it. To ask once more does no harm.
      if (now - removal.askedAt >= LOOK_EVERY_MS) this.#note(job, path, null);
      return;
    }
    const why =
      status.kind === "failed" ? status.sentence : "Flink says that it is removed, and it is still there";
    this.#refused(job, savepoint, removal, why, now);
  }

  #refused(job: JobKey, savepoint: TakenSavepoint, removal: Removal, why: string, now: Instant): void {
    this.#note(job, savepoint.path, { ...removal, refusedAt: now });
    const sentence = `Savepoint not removed: ${savepoint.path}; ${why}`;
    this.#tell(job, "savepoint-not-removed", "warning", sentence, savepoint, now);
  }

  #plan(
    job: JobKey,
    settings: SavepointConfig,
    referenced: ReadonlySet<string>,
    now: Instant,
  ): RetentionPlan {
    const { store, points } = this.#options;
    return planRetention({
      own: recallSavepoints(store, job).taken.map(ownSavepoint),
      newestProven: points.candidates(job).find((c) => c.state === "verified")?.path ?? null,
      referenced,
      restoring: isRestoring(store, job),
      settings,
      now,
    });
  }

  #note(job: JobKey, path: string, removal: Removal | null): void {
    changeSavepoint(this.#options.store, job, path, (before) => ({ ...before, removal }));
  }

  #tell(
    job: JobKey,
    type: string,
    severity: Severity,
    sentence: string,
    s: TakenSavepoint,
    at: Instant,
  ): void {
    this.#options.tell({ at, job, type, severity, sentence, decision: s.decision });
  }
}

/** A restore of the job is open, or ordered. */
export function isRestoring(store: Store, job: JobKey): boolean {
  const open = store.openDecisions("restore").some((d) => d.record.job === job);
  return open || store.approvedDecisions(job, "restore").length > 0;
}

/** Text of a place that is none goes as it is: it equals no savepoint of ours. */
function normalOf(path: string): string {
  try {
    return locationText(directoryOfTarget(path));
  } catch {
    return path;
  }
}

function ignoreFailure(error: unknown): undefined {
  if (error instanceof Failure) return undefined;
  throw error;
}

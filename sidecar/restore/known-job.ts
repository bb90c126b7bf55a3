import type { Instant, JobKey, JobLife, Milliseconds } from "../../model/index.ts";
import type { HealthTrail } from "../../recovery/index.ts";
import type { Store } from "../store/port.ts";
import { endedOnPurpose } from "./life.ts";

/** What recovery keeps of a job between passes and across restarts of the process. */
export interface KnownJob {
  readonly life: JobLife;
  readonly trail: HealthTrail | undefined;
  /** Since when its cluster answers without knowing it. */
  readonly goneSince: Instant | null;
  /** We cancelled it in order to restore it, and it is not back yet. */
  readonly owed: boolean;
  /** TaskManagers that were registered when every task of it ran last. */
  readonly expectedTaskManagers: number | null;
}

const NAME = "life";
/** A job that only grows older is written down this often: what a kill may lose of its trail. */
const WRITE_EVERY_MS: Milliseconds = 30_000;

/** The jobs that recovery knows, in memory and in the store. */
export class KnownJobs {
  private readonly store: Store;
  private readonly known: Map<JobKey, KnownJob>;
  private readonly writtenAt = new Map<JobKey, Instant>();

  constructor(store: Store) {
    this.store = store;
    this.known = new Map(
      [...store.recallAll(NAME)].flatMap(([job, value]) =>
        isKnownJob(value) ? [[job, { ...EMPTY, ...value }] as const] : [],
      ),
    );
  }

  of(job: JobKey): KnownJob | undefined {
    return this.known.get(job);
  }

  /** Jobs that may have to be brought back: all but those that somebody else ended on purpose. */
  alive(): readonly JobKey[] {
    return [...this.known].filter(([, k]) => k.owed || !endedOnPurpose(k.life.lastState)).map(([job]) => job);
  }

  keep(job: JobKey, after: KnownJob, now: Instant): void {
    const before = this.known.get(job);
    this.known.set(job, after);
    const written = this.writtenAt.get(job);
    const due = written === undefined || now - written >= WRITE_EVERY_MS;
    if (!due && before !== undefined && essence(before) === essence(after)) return;
    this.store.remember(job, NAME, after);
    this.writtenAt.set(job, now);
  }

  forget(job: JobKey): void {
    if (!this.known.delete(job)) return;
    this.writtenAt.delete(job);
    this.store.remember(job, NAME, undefined);
  }
}

const EMPTY = { trail: undefined, goneSince: null, owed: false, expectedTaskManagers: null };

/** Without what changes on every look. */
function essence({ life, trail, ...rest }: KnownJob): string {
  const marks = [trail?.state, trail?.failures.length, trail?.failures.at(-1)?.fault.at];
  return JSON.stringify([{ ...life, lastSeenAt: 0 }, rest, marks]);
}

const isKnownJob = (value: unknown): value is Pick<KnownJob, "life"> =>
  typeof value === "object" && value !== null && "life" in value;

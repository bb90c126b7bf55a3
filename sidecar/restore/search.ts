import type { Instant, JobKey, JobLife, Milliseconds } from "../../model/index.ts";
import type { RestorePoints } from "./ports.ts";

/** What was looked at without a clear answer is looked at again after this: a store comes back, a file appears. */
const AGAIN_MS: Milliseconds = 5_000;

/** Finds out what can be restored of jobs in trouble, beside the passes: a listing may take long. */
export class Search {
  private readonly points: RestorePoints;
  private readonly found: () => void;
  private readonly began = new Map<string, Begun>();
  private readonly underWay = new Map<string, Promise<unknown>>();

  /** `found` is called when an answer has come. */
  constructor(points: RestorePoints, found: () => void) {
    this.points = points;
    this.found = found;
  }

  /** Looks through the directories of a job that Flink cannot tell of. Looks from before `since` prove nothing. */
  scan(job: JobKey, life: JobLife, since: Instant, now: Instant): void {
    this.begin(`scan ${job}`, life.flinkJobId, since, now, () => this.points.scan(job, life));
  }

  /** A first answer may come any moment: what is not known yet is no reason to hold. */
  isLooking(job: JobKey, now: Instant): boolean {
    const what = `scan ${job}`;
    return this.underWay.has(what) && now - (this.began.get(what)?.at ?? now) < AGAIN_MS;
  }

  /** Asks for the verdict on these snapshots, one after the other, the newest first. */
  verify(job: JobKey, paths: readonly string[], now: Instant): void {
    this.begin(`verify ${job}`, paths.join(" "), 0, now, async () => {
      for (const path of paths) await this.points.verifyNow(job, path);
    });
  }

  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay.values());
  }

  /** One thing at a time; the same question (`about`) not sooner than it may have another answer. */
  private begin(
    what: string,
    about: string,
    since: Instant,
    now: Instant,
    work: () => Promise<unknown>,
  ): void {
    if (this.underWay.has(what)) return;
    const before = this.began.get(what);
    if (before?.about === about && before.at >= since && now - before.at < AGAIN_MS) return;
    this.began.set(what, { at: now, about });
    this.underWay.set(
      what,
      work().finally(() => {
        this.underWay.delete(what);
        this.found();
      }),
    );
  }
}

interface Begun {
  readonly at: Instant;
  readonly about: string;
}

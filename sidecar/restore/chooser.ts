import type { Diagnosis, Instant, JobKey, Mode, RestoreDecision, RestoreRecord } from "../../model/index.ts";
import {
  decideRestore,
  type RecoveryConfig,
  type RestoreQuestion,
  snapshotsToVerify,
} from "../../recovery/index.ts";
import type { Store } from "../store/port.ts";
import { earlierRestores } from "./earlier.ts";
import { dueOrder } from "./orders.ts";
import { askRestorePermits, type RestorePermit } from "./permit.ts";
import type { RestorePoints } from "./ports.ts";
import { recordRestore } from "./record.ts";
import type { Search } from "./search.ts";
import type { Seen } from "./see.ts";

export interface ChooserOptions {
  readonly store: Store;
  readonly points: RestorePoints;
  readonly search: Search;
  readonly modeOf: (job: JobKey) => Mode;
  readonly settingsOf: (job: JobKey) => RecoveryConfig;
  /** Live jobs with this key. */
  readonly namesakesOf: (job: JobKey) => number;
}

/** Nothing that calls for a decision. */
export const QUIET: ReadonlySet<Diagnosis["kind"]> = new Set(["well", "ended", "not-assessed"]);
/** Longer than any window of a budget over all jobs. */
const BUDGET_REACHES_BACK_MS = 86_400_000;
/** Verdicts that nobody asked for before come within this time, or the job is held for want of them. */
const FIRST_ANSWER_MS = 5_000;
/** While an act waits, for a person or a budget, its snapshot is looked at again this often. */
const VERDICT_HOLDS_MS = 300_000;

/** What is to be done about a job's state, and whether it may be done. */
export class Chooser {
  private readonly options: ChooserOptions;
  /** Since when a job calls for a decision, by this process. */
  private readonly troubledSince = new Map<JobKey, Instant>();

  constructor(options: ChooserOptions) {
    this.options = options;
  }

  /** The decision of this pass: an order that is due, else what the newest look calls for. */
  choose(job: JobKey, seen: Seen, now: Instant): RestoreRecord | undefined {
    const { store } = this.options;
    const calm = QUIET.has(seen.diagnosis.kind) && !seen.known.owed;
    const fresh = calm ? null : decideRestore(this.questionOf(job, seen, now));
    if (fresh === null) this.troubledSince.delete(job);
    const due = dueOrder(store, seen.known.life, job, fresh, now);
    if (due !== undefined || fresh === null) return due;
    if (!fresh.inputs.searched && this.options.search.isLooking(job, now)) return undefined;
    const since = this.troubledSince.get(job) ?? now;
    this.troubledSince.set(job, since);
    const stale = staleChoice(fresh, Math.max(since, now - VERDICT_HOLDS_MS));
    const waitsFor = stale === undefined ? snapshotsToVerify(fresh) : [stale];
    if (waitsFor.length > 0) this.options.search.verify(job, waitsFor, now);
    // What the choice stands on has to be looked at first; for a moment that is no reason to hold.
    const undecided = stale !== undefined || (waitsFor.length > 0 && now - since < FIRST_ANSWER_MS);
    return undecided ? undefined : recordRestore(store, fresh);
  }

  /** All that a decision about a job is made from; by itself, or because a person asked. */
  questionOf(job: JobKey, { at, known, diagnosis, cluster }: Seen, now: Instant): RestoreQuestion {
    const { store, points } = this.options;
    const settings = this.options.settingsOf(job);
    return {
      job,
      now,
      trigger: "pass",
      from: null,
      diagnosis,
      life: known.life,
      candidates: points.candidates(job),
      searched: points.searched(job, known.goneSince ?? at),
      earlier: earlierRestores(store, { job }),
      cluster,
      spec: settings.restore,
      settings,
      namesakes: this.options.namesakesOf(job),
    };
  }

  /** "May we?"; the answer is kept. Undefined for a hold. */
  ask(record: RestoreRecord | undefined, now: Instant): RestorePermit | undefined {
    if (record === undefined || record.effective === null) return undefined;
    const answer = this.permitOf(record, now);
    const { code, by, sentence } = answer;
    this.options.store.appendPermit({ decision: record.id, at: now, code, by, sentence });
    return answer;
  }

  permitOf(record: RestoreRecord, now: Instant): RestorePermit {
    const { store, modeOf, settingsOf } = this.options;
    const { job, id } = record;
    const approval = store.decision(id)?.approval ?? null;
    const question = {
      mode: modeOf(job),
      namesakes: this.options.namesakesOf(job),
      approval,
      pause: store.pauseOf(job),
    };
    const others = (e: { readonly decision: string }): boolean => e.decision !== id;
    const budget = {
      job,
      earlier: earlierRestores(store, { job }).filter(others),
      all: () => earlierRestores(store, { since: now - BUDGET_REACHES_BACK_MS }).filter(others),
      settings: settingsOf(job),
    };
    return askRestorePermits(question, budget, now);
  }
}

/** The snapshot that would be taken, where its verdict is from before `since`. */
function staleChoice({ effective, inputs }: RestoreDecision, since: Instant): string | undefined {
  const chosen = inputs.candidates.find((c) => c.path === effective?.snapshot);
  return chosen !== undefined && (chosen.checkedAt ?? 0) < since ? chosen.path : undefined;
}

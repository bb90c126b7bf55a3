import { type EarlierRestore, formatDuration, type Instant, type JobKey } from "../../model/index.ts";
import type { RestoreConfig } from "../settings.ts";

export interface BudgetQuestion {
  readonly job: JobKey;
  /** Restores of this job that were begun. */
  readonly earlier: readonly EarlierRestore[];
  /** Those of all jobs, this one's too. */
  readonly all: readonly EarlierRestore[];
  readonly settings: RestoreConfig;
  readonly now: Instant;
}

export interface BudgetAnswer {
  readonly code: "allowed" | "budget-exhausted" | "circuit-open";
  readonly sentence: string;
  /** When it will be allowed, if nothing happens until then; null when it is now, or not before something ends. */
  readonly retryAt: Instant | null;
  /** A person is to be told: it is more than the usual wait between two attempts. */
  readonly page: boolean;
}

const ALLOWED: BudgetAnswer = {
  code: "allowed",
  sentence: "within the budget of restores",
  retryAt: null,
  page: false,
};

/**
 * May another restore be begun? Not more than so many of a job in a window, with a growing wait after each failure;
 * not more than so many of all jobs together (a storm has a cause that restores do not mend); and after failures in a
 * row only one at a time. Of several refusals the longest counts.
 */
export function askBudget(q: BudgetQuestion): BudgetAnswer {
  const refusals = [attempts, delay, storm, jobBreaker, clusterBreaker]
    .map((rule) => rule(q))
    .filter((answer) => answer !== null);
  const longest = (a: BudgetAnswer): number => a.retryAt ?? Number.POSITIVE_INFINITY;
  return refusals.reduce((a, b) => (longest(b) > longest(a) ? b : a), refusals[0] ?? ALLOWED);
}

type Rule = (q: BudgetQuestion) => BudgetAnswer | null;

const attempts: Rule = ({ earlier, settings, now }) => {
  const { maxAttempts, attemptWindowMs } = settings;
  const retryAt = freeAgainAt(earlier, maxAttempts, attemptWindowMs, now);
  if (retryAt === null) return null;
  const sentence = `the job was restored ${maxAttempts} times within ${formatDuration(attemptWindowMs)}, which is all it may; the next one may begin in ${formatDuration(retryAt - now)}`;
  return { code: "budget-exhausted", sentence, retryAt, page: true };
};

/** 10 s after the first failure in a row, 20 s after the second, and so on. */
const delay: Rule = ({ earlier, settings, now }) => {
  const failures = failuresInRow(earlier);
  const last = failures.at(-1);
  if (last === undefined) return null;
  const wait = Math.min(settings.attemptDelayMs * 2 ** (failures.length - 1), settings.attemptWindowMs);
  const retryAt = endOf(last) + wait;
  if (retryAt <= now) return null;
  const sentence = `the last restore failed ${formatDuration(now - endOf(last))} ago; the next one begins in ${formatDuration(retryAt - now)}`;
  return { code: "budget-exhausted", sentence, retryAt, page: false };
};

const storm: Rule = ({ all, settings, now }) => {
  const { maxRestores, windowMs } = settings.storm;
  const retryAt = freeAgainAt(all, maxRestores, windowMs, now);
  if (retryAt === null) return null;
  const sentence = `${maxRestores} restores of all jobs began within ${formatDuration(windowMs)}; so many at once have a cause that restores do not mend; the next one may begin in ${formatDuration(retryAt - now)}`;
  return { code: "circuit-open", sentence, retryAt, page: true };
};

const jobBreaker: Rule = ({ earlier, settings, now }) => {
  const failures = failuresInRow(earlier);
  const count = `${failures.length} restores of this job failed in a row`;
  return breaker(failures, earlier, settings, count, now);
};

/** Other jobs' failures count where each of them is the newest of its job: one broken job does not stop the others. */
const clusterBreaker: Rule = ({ job, all, settings, now }) => {
  const cluster = clusterOf(job);
  const here = all.filter((e) => clusterOf(e.job) === cluster);
  const newest = new Map<JobKey, EarlierRestore>();
  for (const e of byTime(here)) if (e.succeeded !== null) newest.set(e.job, e);
  const row = failuresInRow([...newest.values()]);
  const count = `the last restores of ${row.length} jobs of cluster ${cluster} failed`;
  return breaker(row, here, settings, count, now);
};

/** Open after so many failures; half open after a while: then one may begin, and its outcome decides. */
function breaker(
  failures: readonly EarlierRestore[],
  all: readonly EarlierRestore[],
  settings: RestoreConfig,
  count: string,
  now: Instant,
): BudgetAnswer | null {
  const { failures: limit, halfOpenAfterMs } = settings.breaker;
  const last = failures.at(-1);
  if (failures.length < limit || last === undefined) return null;
  const retryAt = endOf(last) + halfOpenAfterMs;
  if (retryAt > now) {
    const sentence = `${count}; one more may begin in ${formatDuration(retryAt - now)}`;
    return { code: "circuit-open", sentence, retryAt, page: true };
  }
  if (!all.some((e) => e.endedAt === null)) return null;
  return {
    code: "circuit-open",
    sentence: `${count}; the one that is under way has to end first`,
    retryAt: null,
    page: false,
  };
}

/** When the number of restores in the window falls below `most` again; null: it is below. */
function freeAgainAt(
  restores: readonly EarlierRestore[],
  most: number,
  windowMs: number,
  now: Instant,
): Instant | null {
  const begun = restores.map((e) => e.at).filter((at) => at > now - windowMs);
  const leaves = begun.sort((a, b) => a - b).at(-most);
  return leaves === undefined ? null : leaves + windowMs;
}

/** The failed ones after the last that succeeded, oldest first; those open or superseded say nothing. */
function failuresInRow(restores: readonly EarlierRestore[]): readonly EarlierRestore[] {
  const ended = byTime(restores).filter((e) => e.succeeded !== null);
  return ended.slice(ended.findLastIndex((e) => e.succeeded === true) + 1);
}

const endOf = (e: EarlierRestore): Instant => e.endedAt ?? e.at;
const byTime = (restores: readonly EarlierRestore[]): EarlierRestore[] =>
  [...restores].sort((a, b) => endOf(a) - endOf(b));
const clusterOf = (job: JobKey): string => job.slice(0, job.indexOf("/"));

import type { EarlierRestore, Instant, JobKey } from "../../model/index.ts";
import { askBudget, type RestoreConfig } from "../../recovery/index.ts";
import { askPermits, type PermitAnswer, type PermitQuestion } from "../permits.ts";

export interface BudgetQuestion {
  readonly job: JobKey;
  /** Of this job. */
  readonly earlier: readonly EarlierRestore[];
  /** Of every job; a function, because it is needed only where all else allows it. */
  readonly all: () => readonly EarlierRestore[];
  readonly settings: RestoreConfig;
}

export interface RestorePermit extends PermitAnswer {
  /** A person is to be told. */
  readonly page: boolean;
}

/** "May we restore?": what permits ask of every act, and then the budget, which a person's own word is not held to. */
export function askRestorePermits(q: PermitQuestion, budget: BudgetQuestion, now: Instant): RestorePermit {
  const answer = { ...askPermits(q, now), page: false };
  if (answer.code !== "allowed" || q.approval?.verdict === "approved") return answer;
  const { job, earlier, settings } = budget;
  const left = askBudget({ job, earlier, all: budget.all(), settings, now });
  const { code, sentence, page } = left;
  return code === "allowed" ? answer : { code, by: "outrider", sentence, page };
}

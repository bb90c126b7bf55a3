/** Failure → plan: which snapshot is the newest proven one, and how a job comes back from it. */

export { bytesText } from "./bytes-text.ts";
export { type CandidateSources, candidateAt, gatherCandidates, normalPath, withReport } from "./catalogue.ts";
export { choiceSentence } from "./choice-sentence.ts";
export { judgeCompatibility, type RunningJob } from "./compatible.ts";
export { type Classified, classify, type SeenFailure } from "./diagnosis/classify.ts";
export { diagnose } from "./diagnosis/diagnose.ts";
export { firstFault } from "./diagnosis/first-fault.ts";
export type { DiagnosisQuestion } from "./diagnosis/question.ts";
export { faultsReference } from "./diagnosis/reference.ts";
export {
  compileDiagnosisSettings,
  type DiagnosisSettings,
  diagnosisSettings,
} from "./diagnosis/settings.ts";
export { type HealthTrail, keepTrail } from "./diagnosis/trail.ts";
export { type FindOptions, type FoundSnapshot, type FoundSnapshots, findSnapshots } from "./discover.ts";
export {
  findOrphans,
  type Orphan,
  type OrphanOptions,
  type OrphanReport,
  referencedFiles,
} from "./orphans.ts";
export { overrideRecovery, type RecoveryOverrides, recoveryOverrides } from "./overrides.ts";
export type { SnapshotStorage, StoredPage } from "./ports.ts";
export { type Choice, chooseCandidate, rankCandidates, replayOf } from "./rank.ts";
export { askBudget, type BudgetAnswer, type BudgetQuestion } from "./restore/budget.ts";
export {
  decideRestore,
  pageDue,
  redecideRestore,
  restoreDecisionId,
  snapshotsToVerify,
} from "./restore/decide.ts";
export { newJobIdOf } from "./restore/identity.ts";
export type { RestoreMove, RestoreView, RunRequest, Sighting } from "./restore/move.ts";
export { nextStep } from "./restore/next-step.ts";
export { jarNameOf, type RestoreQuestion, type RestoreSubject } from "./restore/question.ts";
export { RESTORE_REASONS, type ReasonText, type RestoreReason } from "./restore/reasons.ts";
export { restoresReference } from "./restore/reference.ts";
export { isDuplicateSubmission } from "./restore/run-request.ts";
export { decideSavepoint, type SavepointQuestion, savepointId } from "./savepoints/decide.ts";
export { dueAt, nextDue } from "./savepoints/due.ts";
export { SAVEPOINT_REASONS, type SavepointReason } from "./savepoints/reasons.ts";
export { type OwnSavepoint, planRetention, type RetentionPlan } from "./savepoints/retention.ts";
export type { Calendar, SavepointConfig } from "./savepoints/settings.ts";
export {
  compileRecoverySettings,
  type RecoveryConfig,
  type RecoverySettings,
  type RestoreConfig,
  recoverySettings,
} from "./settings.ts";
export { isSnapshotPath, jobDirectoryOf, storageRootOf } from "./storage-root.ts";
export {
  directoryOfTarget,
  isAbsent,
  METADATA,
  type Verification,
  type VerifyOptions,
  verifySnapshot,
} from "./verify.ts";

import {
  type FlinkJobId,
  formatInstant,
  type GuardResult,
  type Instant,
  type JobKey,
  type JobState,
  type Milliseconds,
  type SavepointDecision,
  type SavepointFormat,
  type SavepointPlan,
} from "../../model/index.ts";
import { sha256 } from "../restore/sha256.ts";
import type { SavepointReason } from "./reasons.ts";

/** What a decision about a savepoint stands on. */
export interface SavepointQuestion {
  readonly job: JobKey;
  readonly flinkJobId: FlinkJobId;
  readonly at: Instant;
  readonly trigger: SavepointDecision["trigger"];
  /** Who asks: a person's name, `calendar`, or the action that is planned. */
  readonly by: string;
  /** The calendar's instant, where it is the calendar that asks. */
  readonly dueAt: Instant | null;
  readonly state: JobState;
  /** Live jobs with this key, this one included. */
  readonly namesakes: number;
  readonly recovering: boolean;
  /** A savepoint that Outrider asked for is open. */
  readonly snapshotInProgress: boolean;
  readonly directory: string | null;
  readonly flinkDirectory: string | null;
  readonly format: SavepointFormat;
  /** How long the last one of this job took. */
  readonly lastTookMs: Milliseconds | null;
}

/** Whether a savepoint is to be taken now, and why not. Pure: the same question, the same answer. */
export function decideSavepoint(q: SavepointQuestion): SavepointDecision {
  const guards = guardsOf(q);
  const veto = guards.find((g) => g.verdict === "veto");
  const proposal: SavepointPlan = {
    triggerId: triggerIdOf(q),
    targetDirectory: q.directory,
    format: q.format,
  };
  const reason: SavepointReason = veto === undefined ? "savepoint" : (veto.name as SavepointReason);
  return {
    kind: "savepoint",
    version: 1,
    job: q.job,
    flinkJobId: q.flinkJobId,
    at: q.at,
    trigger: q.trigger,
    inputs: { dueAt: q.dueAt, by: q.by, snapshotInProgress: q.snapshotInProgress },
    settings: { directory: q.directory, format: q.format },
    proposal,
    guards,
    effective: veto === undefined ? proposal : null,
    estimate: { durationMs: q.lastTookMs },
    reason,
    sentence: veto === undefined ? takeSentence(q) : `Hold: ${veto.sentence}.`,
  };
}

/** Identity of the record: a calendar's run is one however often a pass is repeated; a person's is the moment. */
export function savepointId(decision: SavepointDecision): string {
  const { job, flinkJobId, trigger, inputs, at, effective, reason } = decision;
  const what = effective === null ? ["hold", at, reason] : [trigger, inputs.by, inputs.dueAt ?? at];
  return `p-${sha256(JSON.stringify([job, flinkJobId, ...what])).slice(0, 20)}`;
}

/** Flink's trigger id (32 hex digits): the same request again, after a kill, triggers no second savepoint. */
function triggerIdOf(q: SavepointQuestion): string {
  return sha256(JSON.stringify(["savepoint", q.job, q.flinkJobId, q.trigger, q.by, q.dueAt ?? q.at])).slice(
    0,
    32,
  );
}

function guardsOf(q: SavepointQuestion): readonly GuardResult[] {
  const guard = (name: SavepointReason, veto: boolean, sentence: string, numbers = {}): GuardResult => ({
    name,
    verdict: veto ? "veto" : "pass",
    sentence,
    numbers,
  });
  const { namesakes } = q;
  return [
    guard("duplicate-key", namesakes > 1, `${namesakes} live jobs have this key`, { namesakes }),
    guard("recovering", q.recovering, q.recovering ? "the job is being restored" : "no restore is under way"),
    guard("not-running", q.state !== "RUNNING", `the job is ${q.state}`),
    guard(
      "snapshot-in-progress",
      q.snapshotInProgress,
      q.snapshotInProgress ? "a savepoint is still being written" : "no savepoint is being written",
    ),
    guard("no-savepoint-directory", q.directory === null && q.flinkDirectory === null, directorySentence(q)),
  ];
}

function directorySentence(q: SavepointQuestion): string {
  const directory = q.directory ?? q.flinkDirectory;
  return directory === null
    ? "nobody has said where savepoints are to be written"
    : `it is written to ${directory}`;
}

function takeSentence(q: SavepointQuestion): string {
  const where = q.directory ?? q.flinkDirectory ?? "Flink's directory";
  const due = q.dueAt === null ? "" : ` (due ${formatInstant(q.dueAt)})`;
  return `Take a ${q.format} savepoint in ${where} for ${q.by}${due}.`;
}

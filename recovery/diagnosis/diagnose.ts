import {
  type Diagnosis,
  type Fault,
  formatDuration,
  type HealthReadout,
  isTerminal,
} from "../../model/index.ts";
import { judgeAlive } from "./alive.ts";
import type { Finding } from "./finding.ts";
import { firstOf } from "./first-fault.ts";
import type { DiagnosisQuestion } from "./question.ts";
import { type HealthTrail, keepTrail, sinceProgress } from "./trail.ts";
import { ago, plural, since, withFault } from "./wording.ts";

/**
 * What is wrong with a job. Total: whatever it is asked, it answers, and what it cannot know is `not-assessed`, never
 * `well`. Pure: the same question has the same answer.
 */
export function diagnose(q: DiagnosisQuestion): Diagnosis {
  const { fault = null, numbers = {}, ...finding } = find(q);
  const known = Object.entries(numbers).filter((e): e is [string, number] => Number.isFinite(e[1]));
  const began = Number.isFinite(finding.since) ? finding.since : q.now;
  return { ...finding, since: began, fault, numbers: Object.fromEntries(known) };
}

function find(q: DiagnosisQuestion): Finding {
  if (q.listedState === "unreachable") return unreachable(q);
  const trail = trailOf(q);
  if (q.listedState === "gone") return gone(q, trail);
  // The list of jobs is never older than the job itself, which Flink caches; but the job is read after the list.
  const state = isTerminal(q.listedState) ? q.listedState : (q.health?.state ?? q.listedState);
  if (state === "FAILED") return failed(q, trail);
  if (state === "CANCELED" || state === "FINISHED") {
    const at = q.health?.enteredAt[state];
    return {
      kind: "ended",
      since: at ?? q.now,
      sentence: `Ended: the job is ${state}${at === undefined ? "" : ` for ${since(at, q.health?.at ?? q.now)}`}.`,
    };
  }
  if (q.health === undefined || trail === undefined) {
    return {
      kind: "not-assessed",
      since: q.now,
      sentence: `Not assessed: the job is listed as ${q.listedState} but could not be read.`,
    };
  }
  return judgeAlive(q, q.health, trail);
}

/** The trail of the job that was read; of it alone where nothing was remembered. */
function trailOf(q: DiagnosisQuestion): HealthTrail | undefined {
  if (q.health === undefined || q.trail?.flinkJobId === q.health.flinkJobId) return q.trail;
  return keepTrail(undefined, q.health, q.now, q.settings.faults);
}

function unreachable(q: DiagnosisQuestion): Finding {
  const began = q.unreachableSince ?? q.now;
  const silentMs = ago(began, q.now);
  const numbers = { unreachableMs: silentMs, unreachableAfterMs: q.settings.unreachableAfterMs };
  if (q.unreachableSince !== null && silentMs >= q.settings.unreachableAfterMs) {
    return {
      kind: "cluster-down",
      since: began,
      sentence: `Cluster down: the JobManager has not answered for ${formatDuration(silentMs)}.`,
      numbers,
    };
  }
  return {
    kind: "not-assessed",
    since: began,
    sentence: `Not assessed: the JobManager does not answer; that counts as down after ${formatDuration(q.settings.unreachableAfterMs)}.`,
    numbers,
  };
}

/** Failures since the job last got somewhere; of a job that is gone they are what is known of its end. */
const troubleOf = (trail: HealthTrail | undefined): Fault | null =>
  trail === undefined ? null : firstOf(sinceProgress(trail.failures, trail.progressAt));

function gone(q: DiagnosisQuestion, trail: HealthTrail | undefined): Finding {
  const { life } = q;
  if (life === undefined) {
    return {
      kind: "not-assessed",
      since: q.goneSince ?? q.now,
      sentence: "Not assessed: the cluster does not know the job, and it was never seen to run here.",
    };
  }
  const began = q.goneSince ?? life.lastSeenAt;
  const last = life.lastState;
  const numbers = { goneMs: ago(began, q.now), lastSeenMs: ago(life.lastSeenAt, q.now) };
  const seen = `last seen ${last} ${since(life.lastSeenAt, q.now)} ago`;
  // Somebody wanted it to end; a JobManager that forgot it since does not change that.
  if (last === "CANCELED" || last === "FINISHED" || last === "CANCELLING") {
    return {
      kind: "ended",
      since: began,
      sentence: `Ended: the cluster has forgotten the job; ${seen}.`,
      numbers,
    };
  }
  const fault = troubleOf(trail);
  if (last === "FAILED" || last === "FAILING") {
    return {
      kind: "failed",
      since: began,
      sentence: `Failed, and the cluster has forgotten it; ${seen}${withFault("; first fault ", fault)}.`,
      fault,
      numbers,
    };
  }
  return {
    kind: "job-gone",
    since: began,
    sentence: `Gone: the cluster answers and does not know the job any more; ${seen}${highAvailability(life.highAvailability)}.`,
    fault,
    numbers,
  };
}

function highAvailability(mode: string | null): string {
  if (mode === null) return "";
  return mode === "none" ? ", without high availability" : `, with high availability by ${mode}`;
}

function failed(q: DiagnosisQuestion, trail: HealthTrail | undefined): Finding {
  const at = q.health?.enteredAt.FAILED;
  const now = q.health?.at ?? q.now;
  const inTrouble = trail === undefined ? [] : sinceProgress(trail.failures, trail.progressAt);
  const fault = firstOf(inTrouble) ?? trail?.failures.at(-1)?.fault ?? null;
  const times = inTrouble.length > 1 ? ` after ${plural(inTrouble.length, "failure")} in a row` : "";
  const words = inTrouble.length > 1 ? "; first fault " : ": ";
  return {
    kind: "failed",
    since: at ?? q.now,
    sentence: `Failed${at === undefined ? "" : ` ${since(at, now)} ago`}${times}${withFault(words, fault) || nothingTold(q.health)}.`,
    fault,
    numbers: { failedMs: at === undefined ? null : ago(at, now), failures: inTrouble.length },
  };
}

const nothingTold = (health: HealthReadout | undefined): string =>
  health === undefined || health.unread?.includes("exceptions") === true
    ? "; its exceptions could not be read"
    : "; Flink tells no exception";

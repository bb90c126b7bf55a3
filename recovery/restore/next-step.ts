import {
  type Attempt,
  formatDuration,
  type Instant,
  type JobState,
  type RestoreRecord,
} from "../../model/index.ts";
import type { RestoreConfig } from "../settings.ts";
import { cancelOldLife } from "./cancel.ts";
import { attempted, begunAt, type Course, end, wait } from "./course.ts";
import type { RestoreMove, RestoreView } from "./move.ts";
import { followNewLife } from "./new-life.ts";
import { isLive, oldLifeOf, silenceMs } from "./old-life.ts";
import { jarReady, snapshotReady } from "./prepare.ts";
import { isDuplicateSubmission, runRequest } from "./run-request.ts";

/**
 * What is done next for a decision to act: from the record, what was asked already and what is seen now, and from
 * nothing else. So it does not matter whether the process was killed in between. Every move is safe to repeat.
 */
export function nextStep(
  record: RestoreRecord,
  attempts: readonly Attempt[],
  view: RestoreView,
  settings: RestoreConfig,
  now: Instant,
): RestoreMove {
  const plan = record.effective;
  if (plan === null) {
    return {
      kind: "end",
      verdict: "not-reached",
      sentence: "a hold has no steps",
      timings: {},
      newFlinkJobId: null,
    };
  }
  const c: Course = { record, plan, attempts, view, config: settings, now };
  return plan.action === "stop" ? untilDead(c) : (afterRun(c) ?? untilDead(c));
}

/** Once the job may have been submitted, the new life is looked at first. Undefined: it certainly was not. */
function afterRun(c: Course): RestoreMove | undefined {
  const { next, old } = c.view;
  if (typeof next === "object") {
    return isLive(next) && isLive(old)
      ? end(
          c,
          "superseded",
          "Flink brought the old job back while the restored one runs: two copies; cancel one",
        )
      : followNewLife(c, next);
  }
  const asked = attempted(c, "run");
  if (asked === undefined) return undefined;
  if (next === "unreachable")
    return wait(c, "run", "Flink does not answer; whether it took the job is not known");
  return notKnown(c, asked);
}

/**
 * Flink was asked to run the job and does not know it. The process that was asked may have taken it before it was
 * lost: then a copy may live as long as any copy behind a lost JobManager.
 */
function notKnown(c: Course, asked: Attempt): RestoreMove | undefined {
  const refused = attempted(c, "run", "failed");
  if (refused !== undefined && !isDuplicateSubmission(refused.sentence)) {
    return end(c, "not-reached", `Flink did not take the job: ${refused.sentence}`);
  }
  const accepted = attempted(c, "run", "accepted");
  if (c.view.sameJobManager === true && accepted === undefined) return undefined;
  const { cluster } = c.view;
  if (cluster === undefined || cluster.unread?.includes("configuration") === true) {
    return wait(c, "run", "Flink does not tell its heartbeat timeout");
  }
  const until = Math.max(asked.at, c.view.answeredAgainAt ?? 0) + silenceMs(cluster, c.config);
  if (c.now < until) {
    return wait(
      c,
      "run",
      "Flink does not know the job that it was asked to run; a copy may live on a while",
      until,
    );
  }
  return accepted === undefined
    ? undefined
    : end(c, "not-reached", "Flink took the job and has lost it since");
}

/** The old life has to be dead, and only then anything is submitted. */
function untilDead(c: Course): RestoreMove {
  const agoMs = c.now - begunAt(c);
  if (agoMs > c.config.deadlineMs && c.view.old !== "unreachable") {
    return end(c, "not-reached", `given up ${formatDuration(agoMs)} after it was begun`);
  }
  const old = oldLifeOf(c.record, c.view, c.config, c.now);
  switch (old.kind) {
    case "alive":
      return c.plan.steps.includes("cancel") ? cancelOldLife(c, old.health) : backAgain(c, old.health.state);
    case "elsewhere":
      return end(
        c,
        "not-reached",
        "the old job has written a checkpoint since: a copy of it runs somewhere else",
      );
    case "unproven":
      return wait(c, "await-dead", old.sentence, old.until);
    case "dead":
      return onceDead(c, old.at);
  }
}

/** It had ended when this was decided. Flink answers for a job out of a cache, so one look is not enough. */
function backAgain(c: Course, state: JobState): RestoreMove {
  const until = begunAt(c) + SHOWN_LATE_MS;
  return c.now < until
    ? wait(c, "await-dead", `Flink shows the old job as ${state}`, until)
    : end(c, "superseded", `Flink has the job back: it is ${state}`);
}

/** Flink's own cache of a job is 3 s old at most, with its standard settings. */
const SHOWN_LATE_MS = 10_000;

function onceDead(c: Course, deadAt: Instant): RestoreMove {
  const state = typeof c.view.old === "object" ? c.view.old.state : undefined;
  const wanted = c.record.inputs.diagnosis.kind === "ended";
  if (state === "FINISHED" && !wanted) return end(c, "superseded", "the old job ran to its end by itself");
  if (state === "CANCELED" && !wanted && attempted(c, "cancel") === undefined) {
    return end(c, "superseded", "the old job was cancelled by somebody else");
  }
  if (c.plan.action === "stop") return end(c, "reached", "the loop is ended, the job's state stays");
  return submit(c, deadAt);
}

function submit(c: Course, deadAt: Instant): RestoreMove {
  const { record, plan, view } = c;
  const jar = jarReady(c);
  if (jar.move !== null) return jar.move;
  const snapshot = snapshotReady(c, deadAt);
  if (snapshot.move !== null) return snapshot.move;
  if (record.inputs.spec === null || plan.newFlinkJobId === null || view.cluster === undefined) {
    return end(c, "not-reached", "how the job is submitted is not known");
  }
  const { spec, life } = record.inputs;
  const body = runRequest(spec, life, snapshot.value, plan.newFlinkJobId, view.cluster);
  return { kind: "do", step: "run", jar: jar.value, body };
}

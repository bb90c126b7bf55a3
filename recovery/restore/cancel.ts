import { formatDuration, type HealthReadout } from "../../model/index.ts";
import { attempted, begunAt, type Course, end, wait } from "./course.ts";
import { keptOnCancel } from "./guards-snapshot.ts";
import type { RestoreMove } from "./move.ts";
import { jarReady, snapshotReady } from "./prepare.ts";

/** The old life runs and is to be ended: everything that may fail without harm comes before the cancel. */
export function cancelOldLife(c: Course, old: HealthReadout): RestoreMove {
  const asked = attempted(c, "cancel");
  if (asked === undefined && c.record.trigger === "pass" && gotSomewhere(c, old)) {
    return end(c, "superseded", "the job runs again by itself, so it is left alone");
  }
  const refused = attempted(c, "cancel", "failed");
  if (refused !== undefined)
    return end(c, "not-reached", `Flink did not cancel the job: ${refused.sentence}`);
  const accepted = attempted(c, "cancel", "accepted");
  const heard = old.state === "CANCELLING" || (accepted !== undefined && c.now - accepted.at < ASK_AGAIN_MS);
  if (asked === undefined || !heard) return beforeCancel(c, old);
  const agoMs = c.now - asked.at;
  return agoMs < c.config.runningDeadlineMs
    ? wait(c, "await-dead", `the old job is ${old.state} ${formatDuration(agoMs)} after its cancellation`)
    : end(
        c,
        "not-reached",
        `the old job is still ${old.state} ${formatDuration(agoMs)} after its cancellation`,
      );
}

/** Also where it was asked and Flink seems not to have heard it: what held then may not hold now. */
function beforeCancel(c: Course, old: HealthReadout): RestoreMove {
  // Retention is read anew: what it was when the decision was made may not be what Flink obeys now.
  const checkpointSettings = old.checkpointSettings ?? null;
  const chosen = c.record.inputs.candidates.find((k) => k.path === c.plan.snapshot) ?? null;
  const life = { ...c.record.inputs.life, checkpointSettings };
  const kept = keptOnCancel({ ...c.record.inputs, life }, chosen);
  if (kept === null) return wait(c, "cancel", "what cancelling does to the job's checkpoints cannot be read");
  if (!kept)
    return end(c, "not-reached", "cancelling the job would delete its checkpoints; it is left as it is");
  if (c.plan.action === "restore") {
    const jar = jarReady(c);
    if (jar.move !== null) return jar.move;
  }
  const snapshot = snapshotReady(c, begunAt(c));
  return snapshot.move ?? { kind: "do", step: "cancel", flinkJobId: c.record.flinkJobId };
}

/**
 * The job needs no help any more, by durations of Flink's clock and of ours. One that was to be restored has completed
 * a checkpoint since; one whose loop was to be ended has not failed since, for a while (in some loops checkpoints complete).
 */
function gotSomewhere(c: Course, old: HealthReadout): boolean {
  const decidedMs = c.now - c.record.at;
  if (c.plan.action === "stop") {
    const ranMs = old.state === "RUNNING" ? old.at - (old.enteredAt.RUNNING ?? old.at) : 0;
    return decidedMs >= CALM_MS && ranMs >= decidedMs;
  }
  const newest = Math.max(
    old.latestCompletedAt ?? Number.NEGATIVE_INFINITY,
    ...old.snapshots.map((s) => s.completedAt ?? Number.NEGATIVE_INFINITY),
  );
  return old.at - newest < decidedMs;
}

const ASK_AGAIN_MS = 10_000;
const CALM_MS = 60_000;

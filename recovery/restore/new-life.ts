import {
  type FlinkException,
  formatDuration,
  type HealthReadout,
  type Instant,
  numberOf,
} from "../../model/index.ts";
import { firstFault } from "../diagnosis/first-fault.ts";
import { faultClause } from "../diagnosis/wording.ts";
import { type Course, end, wait } from "./course.ts";
import type { RestoreMove } from "./move.ts";
import { firstCheckpointAt } from "./timings.ts";
import { nameOf } from "./wording.ts";

/** Flink knows the new life: it is never submitted again, only looked after until it has a checkpoint of its own. */
export function followNewLife(c: Course, life: HealthReadout): RestoreMove {
  switch (life.state) {
    case "FAILED":
      return end(c, "not-reached", `the restored job failed: ${faultOf(life.exceptions)}`);
    case "CANCELED":
      return end(c, "superseded", "the restored job was cancelled by somebody else");
    case "FINISHED":
      return end(c, "reached", `the restored job ran to its end${fromText(c)}`);
    default:
      if (!hasCheckpoint(life) && loops(life)) return endOfLoop(c, life);
      return hasCheckpoint(life) || runs(life) ? awaitCheckpoint(c, life) : awaitRunning(c, life);
  }
}

function awaitRunning(c: Course, life: HealthReadout): RestoreMove {
  const until = askedAt(c) + c.config.runningDeadlineMs;
  const tasks = `${life.tasksRunning} of ${life.tasksTotal} tasks run`;
  if (c.now < until) return wait(c, "await-running", `the restored job is ${life.state}, ${tasks}`, until);
  const after = formatDuration(c.now - askedAt(c));
  return end(c, "not-reached", `${after} after it was submitted the restored job is ${life.state}, ${tasks}`);
}

function awaitCheckpoint(c: Course, life: HealthReadout): RestoreMove {
  const settings = life.checkpointSettings ?? c.record.inputs.life.checkpointSettings;
  const interval = settings?.intervalMs;
  if (hasCheckpoint(life)) {
    return end(c, "reached", `the job runs${fromText(c)} and has completed a checkpoint of its own`);
  }
  if (interval === null || !c.plan.steps.includes("await-checkpoint")) {
    return end(c, "reached", `every task of the job runs${fromText(c)}`);
  }
  // The first checkpoint after NO_CLAIM is a full one: it may take as long as Flink allows any.
  const patience = Math.max(
    LEAST_PATIENCE_MS,
    3 * (interval ?? 0),
    (interval ?? 0) + (settings?.timeoutMs ?? 0),
  );
  const running = Math.max(0, life.at - (life.enteredAt.RUNNING ?? life.at));
  const until = c.now - running + patience;
  const ran = `the restored job has run for ${formatDuration(running)}`;
  // A life that restarts has a new RUNNING each time: the end is counted from its submission then.
  const last = askedAt(c) + c.config.runningDeadlineMs + patience;
  return c.now < Math.min(until, last)
    ? wait(c, "await-checkpoint", `${ran}; its first checkpoint is awaited`, Math.min(until, last))
    : end(c, "not-reached", `${ran} without completing a checkpoint`);
}

/** Restarts with a cause: an adaptive scheduler counts a rescale as one too. */
function loops(life: HealthReadout): boolean {
  return (numberOf(life.restarts) ?? 0) >= LOOP_RESTARTS && firstFault(life.exceptions, null) !== null;
}

/** Waiting longer would tell nothing new; the loop is judged like any other from here on. */
function endOfLoop(c: Course, life: HealthReadout): RestoreMove {
  const times = numberOf(life.restarts) ?? 0;
  return end(
    c,
    "not-reached",
    `the restored job restarted ${times} times without completing a checkpoint: ${faultOf(life.exceptions)}`,
  );
}

const LOOP_RESTARTS = 3;
const LEAST_PATIENCE_MS = 60_000;

function runs(life: HealthReadout): boolean {
  return life.state === "RUNNING" && life.tasksTotal > 0 && life.tasksRunning === life.tasksTotal;
}

function hasCheckpoint(life: HealthReadout): boolean {
  return (
    life.state === "RUNNING" && ((numberOf(life.completed) ?? 0) > 0 || firstCheckpointAt(life) !== null)
  );
}

const askedAt = (c: Course): Instant => c.attempts.find((a) => a.step === "run")?.at ?? c.record.at;
const fromText = ({ plan }: Course): string =>
  plan.snapshot === null ? "" : ` from ${nameOf(plan.snapshot)}`;

function faultOf(exceptions: readonly FlinkException[]): string {
  const fault = firstFault(exceptions, null);
  return fault === null ? "Flink tells no cause" : faultClause(fault);
}

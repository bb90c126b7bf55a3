import { formatDuration, type HealthPart, type HealthReadout, numberOf } from "../../model/index.ts";
import { noCheckpointProgress } from "./checkpoint-progress.ts";
import type { Finding } from "./finding.ts";
import { type Loop, loopOf } from "./loop.ts";
import { processesMissing } from "./processes.ts";
import type { DiagnosisQuestion } from "./question.ts";
import { stuck, underWay } from "./standstill.ts";
import { type HealthTrail, runsInFull } from "./trail.ts";
import { ago, plural, since, withFault } from "./wording.ts";

/** What is wrong with a job that Flink knows and that has not ended. */
export function judgeAlive(q: DiagnosisQuestion, health: HealthReadout, trail: HealthTrail): Finding {
  if (![health.at, health.tasksRunning, health.tasksTotal].every(Number.isFinite)) {
    return {
      kind: "not-assessed",
      since: q.now,
      sentence: `Not assessed: the job is ${health.state}, but its numbers could not be read.`,
    };
  }
  const runs = runsInFull(health);
  const loop = loopOf(trail, q.settings.loop);
  const missing = runs ? null : processesMissing(q, health, trail, loop);
  if (missing?.kind === "cluster-down") return missing;
  if (loop !== null) return restartLoop(health, trail, loop);
  if (!runs) return stuck(q, health, trail) ?? missing ?? underWay(q, health, trail);
  return unreadPart(health) ?? noCheckpointProgress(health, trail) ?? well(health, trail);
}

function restartLoop(health: HealthReadout, trail: HealthTrail, loop: Loop): Finding {
  const slow = loop.rule === "slow";
  const checkpoint =
    health.checkpointSettings?.intervalMs == null
      ? ""
      : slow
        ? ", although checkpoints complete in between"
        : trail.completedAt === null
          ? ", no checkpoint completed yet"
          : `, no checkpoint completed for ${since(trail.completedAt, health.at)}`;
  const told =
    withFault("; first fault ", loop.fault) || "; only echoes of its cause are left in Flink's history";
  return {
    kind: "restart-loop",
    since: loop.from,
    sentence: `Restart loop: ${plural(loop.failures, "failure")} in ${formatDuration(Math.max(loop.spanMs, 1_000))}${checkpoint}${told}.`,
    fault: loop.fault,
    numbers: {
      failures: loop.failures,
      spanMs: loop.spanMs,
      restarts: numberOf(health.restarts),
      checkpointAgeMs: trail.completedAt === null ? null : ago(trail.completedAt, health.at),
    },
  };
}

const PART_NAMES: Readonly<Record<HealthPart, string>> = {
  restarts: "its restart counter",
  exceptions: "its exceptions",
  checkpoints: "its checkpoints",
  checkpointSettings: "its checkpoint settings",
};

/** A job is not called well on what could not be read. */
function unreadPart(health: HealthReadout): Finding | null {
  const missing = new Set(health.unread ?? []);
  if (health.restarts.kind === "missing") missing.add("restarts");
  const checkpointing = health.checkpointSettings !== undefined || health.completed.kind === "value";
  if (checkpointing && health.completed.kind === "missing") missing.add("checkpoints");
  if (checkpointing && health.checkpointSettings === undefined) missing.add("checkpointSettings");
  if (missing.size === 0) return null;
  const names = [...missing].map((part) => PART_NAMES[part]).join(", ");
  return {
    kind: "not-assessed",
    since: health.at,
    sentence: `Not assessed: the job runs, but ${names} could not be read.`,
  };
}

function well(health: HealthReadout, trail: HealthTrail): Finding {
  const runningSince = Math.min(health.at, trail.stateSince);
  const checkpoint =
    trail.completedAt === null
      ? health.checkpointSettings?.intervalMs == null
        ? "it takes no periodic checkpoints"
        : "no checkpoint completed yet"
      : `newest checkpoint ${since(trail.completedAt, health.at)} old`;
  return {
    kind: "well",
    since: runningSince,
    sentence: `Runs for ${since(runningSince, health.at)} with all ${plural(health.tasksTotal, "task")}; ${checkpoint}.`,
    numbers: {
      runningMs: ago(runningSince, health.at),
      tasksTotal: health.tasksTotal,
      checkpointAgeMs: trail.completedAt === null ? null : ago(trail.completedAt, health.at),
    },
  };
}

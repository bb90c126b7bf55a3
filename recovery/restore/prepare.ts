import { formatDuration, type Instant, type Milliseconds } from "../../model/index.ts";
import { attempted, type Course, end, wait } from "./course.ts";
import type { RestoreMove } from "./move.ts";
import { jarNameOf } from "./question.ts";

/** Either what has to happen first, or the thing that was needed. */
export type Ready<T> = { readonly move: RestoreMove } | { readonly move: null; readonly value: T };

/** The jar as Flink has it: its id. Uploaded where Flink's list has none of this name. */
export function jarReady(c: Course): Ready<string> {
  const { cluster } = c.view;
  const { spec } = c.record.inputs;
  if (spec === null) return { move: end(c, "not-reached", "how the job is submitted is not configured") };
  if (cluster === undefined || cluster.unread?.includes("jars") === true) {
    return { move: wait(c, "upload-jar", "Flink does not tell which jars it has") };
  }
  const name = jarNameOf(spec.jar);
  const jar = cluster.jars.find((j) => j.name === name);
  if (jar !== undefined) return { move: null, value: jar.id };
  const refused = attempted(c, "upload-jar", "failed");
  if (refused !== undefined)
    return { move: end(c, "not-reached", `the jar could not be uploaded: ${refused.sentence}`) };
  const accepted = attempted(c, "upload-jar", "accepted");
  const forgotten = accepted !== undefined && (c.view.answeredAgainAt ?? 0) > accepted.at;
  if (accepted === undefined || forgotten)
    return { move: { kind: "do", step: "upload-jar", file: spec.jar } };
  const agoMs = c.now - accepted.at;
  return {
    move:
      agoMs < SHOWN_WITHIN_MS
        ? wait(
            c,
            "upload-jar",
            `${name} was uploaded, Flink does not list it yet`,
            accepted.at + SHOWN_WITHIN_MS,
          )
        : end(
            c,
            "not-reached",
            `${name} was uploaded ${formatDuration(agoMs)} ago, and Flink does not list it`,
          ),
  };
}

/** An uploaded jar is listed at once; a file system below may take a moment. */
const SHOWN_WITHIN_MS: Milliseconds = 30_000;

/**
 * The snapshot, verified for this restore and after `since`, from when on Flink cannot delete it any more. `unknown` is
 * neither good nor bad: it is asked again until there is an answer.
 */
export function snapshotReady(c: Course, since: Instant): Ready<string | null> {
  const path = c.plan.snapshot;
  if (path === null) return { move: null, value: null };
  const report = c.view.snapshot;
  const asked = attempted(c, "verify");
  const verify = { kind: "do", step: "verify", path } as const;
  if (report === undefined || asked === undefined || report.path !== path) return { move: verify };
  const ageMs = c.now - report.checkedAt;
  if (report.checkedAt < Math.max(asked.at, since) || ageMs > HOLDS_FOR_MS) return { move: verify };
  switch (report.state) {
    case "verified":
      return { move: null, value: path };
    case "unknown":
      return ageMs >= ASK_AGAIN_MS
        ? { move: verify }
        : {
            move: wait(c, "verify", `${report.sentence}; it is asked again`, report.checkedAt + ASK_AGAIN_MS),
          };
    default:
      return { move: end(c, "not-reached", `${report.sentence}; another snapshot has to be chosen`) };
  }
}

const ASK_AGAIN_MS: Milliseconds = 10_000;
/** Longer than verifying the largest snapshot takes; `checkedAt` is when it began. */
const HOLDS_FOR_MS: Milliseconds = 600_000;

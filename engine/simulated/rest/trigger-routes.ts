import { createHash } from "node:crypto";
import type { Desk } from "./desk.ts";
import { objectIn } from "./json-body.ts";
import { accepted, badBody, jobNotFound, ok, refusal, type SimulatorReply } from "./reply.ts";
import { type Asked, type Route, route } from "./route.ts";

/** Triggers that are remembered; Flink forgets finished ones after five minutes. */
const KEPT = 1_000;

/** Checkpoints on request. */
export const triggerRoutes: readonly Route[] = [
  route("POST /jobs/:jobid/checkpoints", (asked) => trigger(asked)),
  route("GET /jobs/:jobid/checkpoints/:triggerid", (asked) => status(asked)),
];

const TRIGGER_ID = /^[0-9a-f]{32}$/i;

/** An id of Flink's own making; the same run gives the same ones. */
export function ownTriggerId({ cluster, memory }: Desk): string {
  memory.ownIds.count += 1;
  const words = [cluster.epoch, cluster.jobManager.process, memory.ownIds.count].join();
  return createHash("sha256").update(words).digest("hex").slice(0, 32);
}

/** The id that a client chose for what it asks for, or one of Flink's; undefined where it is none. */
export function triggerIdIn(desk: Desk, given: Readonly<Record<string, unknown>>): string | undefined {
  const id = given["triggerId"] ?? ownTriggerId(desk);
  return typeof id === "string" && TRIGGER_ID.test(id) ? id.toLowerCase() : undefined;
}

function trigger({ desk, at, body }: Asked): SimulatorReply {
  const job = at["jobid"] ?? "";
  const id = triggerIdIn(desk, objectIn(body) ?? { triggerId: "" });
  if (id === undefined) return badBody("CheckpointTriggerRequestBody");
  if (desk.job(job) === undefined) return jobNotFound(job);
  if (!desk.memory.triggers.has(id)) remember(desk, id, job, desk.cluster.triggerCheckpoint(job));
  return accepted({ "request-id": id });
}

function remember({ memory }: Desk, id: string, job: string, checkpoint: number): void {
  memory.triggers.set(id, { job, checkpoint });
  forgetOldest(memory.triggers);
}

/** What was asked for first goes first. */
export function forgetOldest(triggers: Map<string, unknown>): void {
  for (const oldest of triggers.keys()) {
    if (triggers.size <= KEPT) break;
    triggers.delete(oldest);
  }
}

function status({ desk, at }: Asked): SimulatorReply {
  const operation = desk.memory.triggers.get(at["triggerid"] ?? "");
  if (operation === undefined || operation.job !== at["jobid"]) return noSuchOperation("checkpoint", at);
  const { checkpoint } = operation;
  const history = desk.job(operation.job)?.checkpoints.history ?? [];
  const found = history.find((c) => c.id === checkpoint);
  if (found?.status === "IN_PROGRESS") return ok({ status: { id: "IN_PROGRESS" }, operation: null });
  const done = (outcome: unknown) => ok({ status: { id: "COMPLETED" }, operation: outcome });
  if (found?.status !== "FAILED") return done({ checkpointId: checkpoint });
  const thrown = "org.apache.flink.runtime.checkpoint.CheckpointException";
  const trace = `${thrown}: ${found.failure ?? "Checkpoint expired before completing."}\n`;
  return done({ "failure-cause": { class: thrown, "stack-trace": trace, "serialized-throwable": "" } });
}

export const noSuchOperation = (kind: string, at: Asked["at"]): SimulatorReply =>
  refusal(404, `There is no ${kind} operation with triggerId=${at["triggerid"]} for job ${at["jobid"]}.`);

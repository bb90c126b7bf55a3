import { randomUUID } from "node:crypto";
import type { Desk } from "./desk.ts";
import { objectIn } from "./json-body.ts";
import { accepted, badBody, jobNotFound, ok, refusal, type SimulatorReply } from "./reply.ts";
import { type Asked, type Route, route } from "./route.ts";

/** Triggers that are remembered; Flink forgets finished ones after five minutes. */
const KEPT = 1_000;

/** Checkpoints on request. Savepoints are not simulated: asking for one is refused. */
export const triggerRoutes: readonly Route[] = [
  route("POST /jobs/:jobid/checkpoints", (asked) => trigger(asked)),
  route("GET /jobs/:jobid/checkpoints/:triggerid", (asked) => status(asked)),
  route("POST /jobs/:jobid/savepoints", () => refusal(400, "The simulated Flink takes no savepoints.")),
  route("POST /jobs/:jobid/stop", () => refusal(400, "The simulated Flink takes no savepoints.")),
  route("GET /jobs/:jobid/savepoints/:triggerid", ({ at }) => noSuchOperation("savepoint", at)),
];

const TRIGGER_ID = /^[0-9a-f]{32}$/i;

function trigger({ desk, at, body }: Asked): SimulatorReply {
  const job = at["jobid"] ?? "";
  const given = objectIn(body);
  const { triggerId = randomUUID().replaceAll("-", "") } = given ?? {};
  if (given === undefined || typeof triggerId !== "string" || !TRIGGER_ID.test(triggerId)) {
    return badBody("CheckpointTriggerRequestBody");
  }
  if (desk.job(job) === undefined) return jobNotFound(job);
  const id = triggerId.toLowerCase();
  if (!desk.triggers.has(id)) remember(desk, id, job, desk.cluster.triggerCheckpoint(job));
  return accepted({ "request-id": id });
}

function remember({ triggers }: Desk, id: string, job: string, checkpoint: number): void {
  triggers.set(id, { job, checkpoint });
  for (const oldest of triggers.keys()) {
    if (triggers.size <= KEPT) break;
    triggers.delete(oldest);
  }
}

function status({ desk, at }: Asked): SimulatorReply {
  const operation = desk.triggers.get(at["triggerid"] ?? "");
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

const noSuchOperation = (kind: string, at: Asked["at"]): SimulatorReply =>
  refusal(404, `There is no ${kind} operation with triggerId=${at["triggerid"]} for job ${at["jobid"]}.`);

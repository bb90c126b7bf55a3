import type { Operation } from "../physics/operation.ts";
import type { SavepointRequest } from "../view.ts";
import { objectIn } from "./json-body.ts";
import { accepted, badBody, ok, refusal, type SimulatorReply } from "./reply.ts";
import { type Asked, type Route, route } from "./route.ts";
import { forgetOldest, noSuchOperation, ownTriggerId, triggerIdIn } from "./trigger-routes.ts";

/** Savepoints, stopping with one, and disposing of one. All of it goes on after it was accepted. */
export const savepointRoutes: readonly Route[] = [
  route("POST /jobs/:jobid/savepoints", (asked) => {
    const { "target-directory": target, "cancel-job": cancel } = objectIn(asked.body) ?? {};
    return trigger(asked, "SavepointTriggerRequestBody", target, cancel === true ? "cancel" : "run");
  }),
  // Drained or not: the last windows of a simulated job are open either way.
  route("POST /jobs/:jobid/stop", (asked) => {
    const { targetDirectory } = objectIn(asked.body) ?? {};
    return trigger(asked, "StopWithSavepointRequestBody", targetDirectory, "finish");
  }),
  route("GET /jobs/:jobid/savepoints/:triggerid", (asked) => statusOf(asked, asked.at["jobid"] ?? "")),
  route("POST /savepoint-disposal", dispose),
  route("GET /savepoint-disposal/:triggerid", (asked) => statusOf(asked, DISPOSAL)),
];

const DISPOSAL = "savepoint-disposal";
const FORMATS = { CANONICAL: "canonical", NATIVE: "native" } as const;

function trigger(
  { desk, at, body }: Asked,
  shape: string,
  target: unknown,
  then: SavepointRequest["then"],
): SimulatorReply {
  const given = objectIn(body);
  const id = triggerIdIn(desk, given ?? { triggerId: "" });
  const format = formatIn(given?.["formatType"]);
  const isTarget = target === undefined || target === null || typeof target === "string";
  if (id === undefined || format === undefined || !isTarget) return badBody(shape);
  const { storage } = desk.cluster.plan;
  if (storage === undefined) {
    return refusal(400, "The simulated Flink takes no savepoints: its world has no directory for state.");
  }
  if (typeof target !== "string" && storage.savepoints === undefined) {
    return refusal(
      400,
      "Config key [execution.checkpointing.savepoint-dir] is not set. Property [targetDirectory] must be provided.",
    );
  }
  const job = at["jobid"] ?? "";
  const { operations } = desk.memory;
  if (!operations.has(id)) {
    const wish = { target: typeof target === "string" ? target : undefined, format, then };
    operations.set(id, { of: job, operation: desk.cluster.triggerSavepoint(job, wish) });
    forgetOldest(operations);
  }
  return accepted({ "request-id": id });
}

function formatIn(given: unknown): "canonical" | "native" | undefined {
  if (given === undefined || given === null) return "canonical";
  return given === "CANONICAL" || given === "NATIVE" ? FORMATS[given] : undefined;
}

/** Flink gives disposals ids of its own. */
function dispose({ desk, body }: Asked): SimulatorReply {
  const path = objectIn(body)?.["savepoint-path"];
  if (typeof path !== "string") return badBody("SavepointDisposalRequest");
  const id = ownTriggerId(desk);
  const { operations } = desk.memory;
  operations.set(id, { of: DISPOSAL, operation: desk.cluster.disposeSavepoint(path) });
  forgetOldest(operations);
  return ok({ "request-id": id });
}

function statusOf({ desk, at }: Asked, of: string): SimulatorReply {
  const known = desk.memory.operations.get(at["triggerid"] ?? "");
  if (known?.of !== of) {
    return of === DISPOSAL
      ? refusal(404, `There is no savepoint disposal operation with triggerId=${at["triggerid"]}.`)
      : noSuchOperation("savepoint", at);
  }
  const { state } = known.operation;
  if (state.kind === "in-progress") return ok({ status: { id: "IN_PROGRESS" }, operation: null });
  return ok({ status: { id: "COMPLETED" }, operation: outcomeOf(of, state) });
}

function outcomeOf(of: string, state: Exclude<Operation["state"], { kind: "in-progress" }>) {
  if (state.kind === "completed") return of === DISPOSAL ? {} : { location: state.location };
  const [first, ...causes] = state.thrown;
  const lines = [
    `${first?.name ?? ""}: ${first?.message ?? ""}`,
    ...causes.map(({ name, message }) => `Caused by: ${name}: ${message}`),
  ];
  return {
    "failure-cause": {
      class: first?.name ?? "",
      "stack-trace": `${lines.join("\n\tat org.apache.flink.runtime.checkpoint.CheckpointCoordinator.triggerSavepoint(CheckpointCoordinator.java:500)\n")}\n`,
      "serialized-throwable": "",
    },
  };
}

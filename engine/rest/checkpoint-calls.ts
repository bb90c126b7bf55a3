import type { FlinkJobId } from "../../model/index.ts";
import * as checkpoints from "./checkpoint-replies.ts";
import type { Transport } from "./transport.ts";

export interface SavepointRequest {
  /** Chosen by us (32 hex digits), so that asking twice triggers once. */
  readonly triggerId: string;
  /** Absent: Flink's configured default; it answers `rejected` where there is none. */
  readonly targetDirectory?: string;
  readonly formatType?: "CANONICAL" | "NATIVE";
}

/** Checkpoints, savepoints and stopping with one. What is triggered goes on in Flink; its status is asked by id. */
export function checkpointCalls({ call }: Transport) {
  const trigger = async (what: string, path: string[], body: unknown): Promise<string> =>
    (await call({ what, method: "POST", path, body, schema: checkpoints.triggerReply }))["request-id"];
  const status = async (what: string, path: string[]): Promise<checkpoints.OperationStatus> =>
    checkpoints.operationStatus(await call({ what, path, schema: checkpoints.operationReply }));
  return {
    /** `not-supported` when the job does not checkpoint. */
    checkpoints: (id: FlinkJobId) =>
      call({
        what: "read checkpoints",
        path: ["jobs", id, "checkpoints"],
        schema: checkpoints.checkpointsReply,
      }),
    checkpointsConfig: (id: FlinkJobId) =>
      call({
        what: "read the checkpoint settings",
        path: ["jobs", id, "checkpoints", "config"],
        schema: checkpoints.checkpointsConfigReply,
      }),
    /** Returns the request id to poll with: our trigger id. */
    triggerSavepoint: (id: FlinkJobId, asked: SavepointRequest): Promise<string> =>
      trigger("trigger a savepoint", ["jobs", id, "savepoints"], {
        "cancel-job": false,
        ...(asked.targetDirectory === undefined ? {} : { "target-directory": asked.targetDirectory }),
        formatType: asked.formatType ?? "CANONICAL",
        triggerId: asked.triggerId,
      }),
    /** Stops the job once its savepoint is complete. Never drains: windows stay open for the next start. */
    stopWithSavepoint: (id: FlinkJobId, asked: SavepointRequest): Promise<string> =>
      trigger("stop the job with a savepoint", ["jobs", id, "stop"], {
        drain: false,
        ...(asked.targetDirectory === undefined ? {} : { targetDirectory: asked.targetDirectory }),
        formatType: asked.formatType ?? "CANONICAL",
        triggerId: asked.triggerId,
      }),
    /** Of savepoints and stops. `not-found` when unknown, expired (5 min) or after a JobManager failover. */
    savepointStatus: (id: FlinkJobId, triggerId: string) =>
      status("read the savepoint's status", ["jobs", id, "savepoints", triggerId]),
    /**
     * Deletes a savepoint, its files included; any cluster that reaches the store can. Returns the request id: here
     * Flink takes none of ours.
     */
    disposeSavepoint: (savepointPath: string): Promise<string> =>
      trigger("dispose of a savepoint", ["savepoint-disposal"], { "savepoint-path": savepointPath }),
    disposalStatus: (triggerId: string) =>
      status("read the status of a disposal", ["savepoint-disposal", triggerId]),
    triggerCheckpoint: (
      id: FlinkJobId,
      asked: { triggerId: string; checkpointType?: "CONFIGURED" | "FULL" | "INCREMENTAL" },
    ): Promise<string> =>
      trigger("trigger a checkpoint", ["jobs", id, "checkpoints"], {
        checkpointType: asked.checkpointType ?? "CONFIGURED",
        triggerId: asked.triggerId,
      }),
    checkpointStatus: (id: FlinkJobId, triggerId: string) =>
      status("read the checkpoint's status", ["jobs", id, "checkpoints", triggerId]),
  };
}

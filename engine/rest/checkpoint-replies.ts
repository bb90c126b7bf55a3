import { z } from "zod";
import { sentenceOfStack } from "./failures.ts";
import { flinkNumber } from "./replies.ts";

/** Shapes of Flink's replies about checkpoints, savepoints and their triggers. */

const checkpoint = z.object({
  id: z.number(),
  status: z.string(),
  is_savepoint: z.boolean(),
  savepointFormat: z.string().nullish(),
  checkpoint_type: z.string().optional(),
  trigger_timestamp: z.number(),
  latest_ack_timestamp: z.number(),
  checkpointed_size: flinkNumber.optional(),
  state_size: flinkNumber.optional(),
  end_to_end_duration: flinkNumber,
  external_path: z.string().nullish(),
  discarded: z.boolean().optional(),
  failure_timestamp: z.number().nullish(),
  failure_message: z.string().nullish(),
});

const restored = z.object({
  id: z.number(),
  restore_timestamp: z.number(),
  is_savepoint: z.boolean(),
  external_path: z.string().nullish(),
});

export const checkpointsReply = z.object({
  counts: z.object({
    restored: z.number(),
    total: z.number(),
    in_progress: z.number(),
    completed: z.number(),
    failed: z.number(),
  }),
  latest: z
    .object({
      completed: checkpoint.nullish(),
      savepoint: checkpoint.nullish(),
      failed: checkpoint.nullish(),
      restored: restored.nullish(),
    })
    .prefault({}),
  history: z.array(checkpoint).default([]),
});

export const checkpointsConfigReply = z.object({
  mode: z.string(),
  /** Milliseconds; about 9.2e18 when there are no periodic checkpoints. */
  interval: z.number(),
  timeout: z.number(),
  min_pause: z.number().optional(),
  max_concurrent: z.number().optional(),
  externalization: z.object({ enabled: z.boolean(), delete_on_cancellation: z.boolean() }).optional(),
  state_backend: z.string().optional(),
  checkpoint_storage: z.string().optional(),
  unaligned_checkpoints: z.boolean().optional(),
  tolerable_failed_checkpoints: z.number().optional(),
});

export const triggerReply = z.object({ "request-id": z.string() });

const throwable = z.object({ class: z.string().optional(), "stack-trace": z.string().optional() });

export const operationReply = z.object({
  status: z.object({ id: z.enum(["IN_PROGRESS", "COMPLETED"]) }),
  operation: z
    .object({
      location: z.string().nullish(),
      checkpointId: z.number().nullish(),
      "failure-cause": throwable.nullish(),
      failureCause: throwable.nullish(),
    })
    .nullish(),
});

/** How a savepoint, a stop or a triggered checkpoint fares. */
export type OperationStatus =
  | { readonly kind: "in-progress" }
  | {
      readonly kind: "completed";
      readonly location: string | undefined;
      readonly checkpointId: number | undefined;
    }
  | {
      readonly kind: "failed";
      readonly sentence: string;
      /** A savepoint that was completed although stopping the job then failed. */
      readonly salvaged: string | undefined;
    };

/** COMPLETED is not success: the failure hides inside the operation. */
export function operationStatus(reply: z.infer<typeof operationReply>): OperationStatus {
  const { operation } = reply;
  const thrown = operation?.["failure-cause"] ?? operation?.failureCause;
  if (thrown) {
    const stack = thrown["stack-trace"] ?? thrown.class ?? "no reason given";
    const salvaged = /savepoint has been created at:? ([^\s,]+)/i.exec(stack)?.[1];
    return { kind: "failed", sentence: sentenceOfStack(stack), salvaged };
  }
  if (reply.status.id === "IN_PROGRESS") return { kind: "in-progress" };
  return {
    kind: "completed",
    location: operation?.location ?? undefined,
    checkpointId: operation?.checkpointId ?? undefined,
  };
}

export type Checkpoints = z.infer<typeof checkpointsReply>;
export type Checkpoint = Checkpoints["history"][number];
export type CheckpointsConfig = z.infer<typeof checkpointsConfigReply>;

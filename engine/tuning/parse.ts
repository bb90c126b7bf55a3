import { z } from "zod";

/** Flink writes NaN and infinities as strings. */
const number = z.union([z.number(), z.string()]).transform(Number);
const finite = number.refine(Number.isFinite);

export const configSchema = z.object({
  "flink-version": z.string(),
  "refresh-interval": z.number(),
  features: z.object({ "web-rescale": z.boolean().default(false) }).default({ "web-rescale": false }),
});

export const keyValuesSchema = z.array(z.object({ key: z.string(), value: z.string() }));

export const overviewSchema = z.object({ "slots-total": z.number(), "slots-available": z.number() });

export const taskManagersSchema = z.object({
  taskmanagers: z.array(z.object({ id: z.string(), slotsNumber: z.number(), freeSlots: z.number() })),
});

export const metricsSchema = z.array(z.object({ id: z.string(), value: number.optional() }));

export const jobsSchema = z.object({
  jobs: z.array(
    z.object({
      jid: z.string(),
      name: z.string(),
      state: z.string(),
      "start-time": z.number(),
      "end-time": z.number(),
    }),
  ),
});

export const jobSchema = z.object({
  now: z.number(),
  "job-type": z.string().optional(),
  schedulerType: z.string().optional(),
  timestamps: z.record(z.string(), z.number()),
  vertices: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      parallelism: z.number(),
      maxParallelism: z.number(),
      slotSharingGroupId: z.string().default("default"),
    }),
  ),
  plan: z.object({
    nodes: z.array(
      z.object({
        id: z.string(),
        inputs: z.array(z.object({ id: z.string(), ship_strategy: z.string().default("") })).default([]),
      }),
    ),
  }),
});

export const jobConfigSchema = z.object({
  "execution-config": z.object({ "restart-strategy": z.string() }),
});

export const checkpointConfigSchema = z.object({
  interval: z.number(),
  timeout: z.number(),
  min_pause: z.number(),
  externalization: z.object({ enabled: z.boolean(), delete_on_cancellation: z.boolean() }),
  state_backend: z.string(),
  checkpoint_storage: z.string(),
});

const completed = z.object({
  id: z.number(),
  latest_ack_timestamp: z.number(),
  end_to_end_duration: z.number(),
  state_size: z.number(),
});

export const checkpointsSchema = z.object({
  counts: z.object({ completed: z.number(), failed: z.number() }),
  latest: z.object({
    completed: completed.nullish(),
    restored: z.object({ restore_timestamp: z.number() }).nullish(),
  }),
  history: z.array(
    z.object({
      id: z.number(),
      status: z.string(),
      is_savepoint: z.boolean(),
      trigger_timestamp: z.number(),
      failure_message: z.string().nullish(),
    }),
  ),
});

export const exceptionsSchema = z.object({
  exceptionHistory: z.object({
    entries: z.array(
      z.object({ exceptionName: z.string(), stacktrace: z.string().nullish(), timestamp: z.number() }),
    ),
  }),
});

export const vertexSchema = z.object({
  subtasks: z.array(
    z.object({
      subtask: z.number(),
      metrics: z.object({
        "read-records": finite,
        "read-records-complete": z.boolean(),
        "write-records": finite,
        "write-records-complete": z.boolean(),
      }),
    }),
  ),
});

export const backPressureSchema = z.object({
  status: z.string(),
  /** Flink writes null while it has no statistics. */
  subtasks: z
    .array(z.object({ ratio: number, idleRatio: number, busyRatio: number }))
    .nullish()
    .transform((list) => list ?? []),
});

/** The innermost cause of a Java stack trace on one line of at most 200 characters. */
export function causeLine(name: string, stackTrace: string | null | undefined): string {
  const lines = (stackTrace ?? "").split("\n").map((line) => line.trim());
  const cause = lines.findLast((line) => line.startsWith("Caused by: "))?.slice("Caused by: ".length);
  const line = cause ?? (lines[0] || name);
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

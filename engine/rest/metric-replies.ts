import { z } from "zod";
import { flinkNumber } from "./replies.ts";

/** Shapes of Flink's metric endpoints: bare lists of `{id}`, `{id, value}` or `{id, sum, max, …}`. */

export const metricNamesReply = z.array(z.object({ id: z.string() }));

/** Values are strings always: numbers, `NaN`, `true`, or text. */
export const metricValuesReply = z.array(z.object({ id: z.string(), value: z.string() }));

const aggregate = flinkNumber.optional();
export const aggregatesReply = z.array(
  z.object({
    id: z.string(),
    min: aggregate,
    max: aggregate,
    avg: aggregate,
    sum: aggregate,
    skew: aggregate,
  }),
);

/** Values of one metric over subtasks or TaskManagers; only those that were asked for. */
export type Aggregates = Omit<z.infer<typeof aggregatesReply>[number], "id">;
export type Aggregation = keyof Aggregates;

export const backPressureReply = z.object({
  /** `deprecated` means: no data yet. */
  status: z.string(),
  backpressureLevel: z.string().nullish(),
  "end-timestamp": z.number().nullish(),
  subtasks: z
    .array(
      z.object({
        subtask: z.number(),
        backpressureLevel: z.string().nullish(),
        ratio: flinkNumber,
        idleRatio: flinkNumber.optional(),
        busyRatio: flinkNumber.optional(),
      }),
    )
    .nullish(),
});

export const vertexReply = z.object({
  id: z.string(),
  name: z.string(),
  parallelism: z.number(),
  maxParallelism: z.number().optional(),
  now: z.number(),
  subtasks: z.array(
    z.object({
      subtask: z.number(),
      status: z.string(),
      attempt: z.number(),
      "start-time": z.number(),
      "taskmanager-id": z.string().nullish(),
      metrics: z
        .object({
          "read-records": flinkNumber,
          "read-records-complete": z.boolean(),
          "write-records": flinkNumber,
          "accumulated-busy-time": flinkNumber,
          "accumulated-idle-time": flinkNumber,
          "accumulated-backpressured-time": flinkNumber,
        })
        .partial()
        .prefault({}),
    }),
  ),
});

export type BackPressure = z.infer<typeof backPressureReply>;
export type VertexDetails = z.infer<typeof vertexReply>;

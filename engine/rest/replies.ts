import { z } from "zod";
import { JOB_STATES } from "../../model/index.ts";

/**
 * Shapes of Flink's replies about the cluster and its jobs. Only fields that Outrider uses; unknown fields are
 * dropped, so newer versions do not break us.
 */

/** Flink writes numbers that are none as strings. */
export const flinkNumber = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"]).transform(Number)]);

export const anyReply = z.unknown();

export const configReply = z.object({
  "flink-version": z.string(),
  "refresh-interval": z.number().optional(),
  features: z
    .object({
      "web-submit": z.boolean().optional(),
      "web-cancel": z.boolean().optional(),
      "web-rescale": z.boolean().optional(),
    })
    .prefault({}),
});

export const overviewReply = z.object({
  taskmanagers: z.number(),
  "slots-total": z.number(),
  "slots-available": z.number(),
  "jobs-running": z.number(),
  "jobs-finished": z.number(),
  "jobs-cancelled": z.number(),
  "jobs-failed": z.number(),
  "flink-version": z.string(),
});

export const jobStateReply = z.enum(JOB_STATES);

export const jobsOverviewReply = z.object({
  jobs: z.array(
    z.object({ jid: z.string(), name: z.string(), state: jobStateReply, "start-time": z.number() }),
  ),
});

export const jobStatusReply = z.object({ status: jobStateReply });

/** Number of key groups; Flink says -1 where nothing is settled, and no job has 0: below 1 it is unknown. */
const maxParallelism = z.number().transform((n) => (n >= 1 ? n : undefined));

const ioMetrics = z.object({
  "read-records": flinkNumber.optional(),
  "write-records": flinkNumber.optional(),
  "accumulated-busy-time": flinkNumber.optional(),
  "accumulated-idle-time": flinkNumber.optional(),
  "accumulated-backpressured-time": flinkNumber.optional(),
  "read-records-complete": z.boolean().optional(),
  "write-records-complete": z.boolean().optional(),
});

const planNode = z.object({
  id: z.string(),
  inputs: z.array(z.object({ id: z.string(), ship_strategy: z.string().optional() })).nullish(),
});

export const jobReply = z.object({
  jid: z.string(),
  name: z.string(),
  state: jobStateReply,
  "start-time": z.number(),
  now: z.number(),
  maxParallelism: maxParallelism.optional(),
  timestamps: z.record(z.string(), z.number()),
  schedulerType: z.string().optional(),
  "job-type": z.string().optional(),
  vertices: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      maxParallelism,
      parallelism: z.number(),
      status: z.string(),
      slotSharingGroupId: z.string().optional(),
      "start-time": z.number().optional(),
      /** Subtasks by state. */
      tasks: z.record(z.string(), z.number()).optional(),
      metrics: ioMetrics.prefault({}),
    }),
  ),
  /** An initializing job has no plan yet. */
  plan: z
    .object({ nodes: z.array(planNode).default([]) })
    .or(z.literal(""))
    .nullish(),
});

/** `[{key, value}]`, the effective configuration; secrets come masked. */
export const keyValuesReply = z.array(z.object({ key: z.string(), value: z.string() }));

const exceptionInfo = z.object({
  exceptionName: z.string().default(""),
  stacktrace: z.string().default(""),
  timestamp: z.number(),
  taskName: z.string().nullish(),
  taskManagerId: z.string().nullish(),
  failureLabels: z.record(z.string(), z.string()).nullish(),
});

/** What failed at the same time without being what Flink takes for the cause. */
const exceptionEntry = exceptionInfo.extend({
  concurrentExceptions: z.array(exceptionInfo).nullish(),
});

export const exceptionsReply = z.object({
  exceptionHistory: z
    .object({ entries: z.array(exceptionEntry), truncated: z.boolean().default(false) })
    .prefault({ entries: [] }),
});

/** How a job ended; while it runs there is a status only. */
export const executionResultReply = z.object({
  "job-execution-result": z
    .object({
      "failure-cause": z
        .object({ class: z.string().default(""), "stack-trace": z.string().default("") })
        .nullish(),
    })
    .nullish(),
});

export const requirementsReply = z.record(
  z.string(),
  z.object({ parallelism: z.object({ lowerBound: z.number(), upperBound: z.number() }) }),
);

export const taskManagersReply = z.object({
  taskmanagers: z.array(
    z.object({
      id: z.string(),
      path: z.string().default(""),
      slotsNumber: z.number(),
      freeSlots: z.number(),
      timeSinceLastHeartbeat: z.number().optional(),
      hardware: z.object({ cpuCores: flinkNumber, physicalMemory: flinkNumber }).partial().optional(),
      totalResource: z.object({ cpuCores: flinkNumber }).partial().optional(),
      memoryConfiguration: z.record(z.string(), flinkNumber.nullable()).optional(),
    }),
  ),
});

export const jarsReply = z.object({
  files: z.array(z.object({ id: z.string(), name: z.string(), uploaded: z.number() })),
});
export const jarUploadReply = z.object({ filename: z.string() });
export const jarRunReply = z.object({ jobid: z.string() });

export type ClusterConfig = z.infer<typeof configReply>;
export type ClusterOverview = z.infer<typeof overviewReply>;
export type JobDetails = z.infer<typeof jobReply>;
export type JobExceptions = z.infer<typeof exceptionsReply>["exceptionHistory"];
export type TaskManager = z.infer<typeof taskManagersReply>["taskmanagers"][number];
export type Jar = z.infer<typeof jarsReply>["files"][number];

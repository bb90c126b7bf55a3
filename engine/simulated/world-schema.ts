import { z } from "zod";
import { troubleSchema } from "./trouble-schema.ts";
import { vertexSchema } from "./vertex-schema.ts";
import { directory, duration, size, text } from "./world-fields.ts";
import { FLINK_VERSION } from "./world-problems.ts";

/** Bounds of what one world may hold; more is a mistake, or would not run in sensible time. */
export const MAX_JOBS = 100;
export const MAX_VERTICES = 200;
const MAX_TROUBLE = 1_000;

export const clusterSchema = z.strictObject({
  flinkVersion: z
    .string()
    .regex(/^\d{1,2}\.\d{1,3}\.\d{1,3}$/, { error: FLINK_VERSION })
    .default("2.3.0")
    .meta({
      description:
        "Flink version whose behaviour and replies are shown; from 2.0 on a rescale waits for a checkpoint.",
      format: "flink-version",
    }),
  scheduler: z
    .enum(["adaptive", "default"])
    .default("adaptive")
    .describe("`jobmanager.scheduler`; only the adaptive one rescales."),
  taskManagers: z.int().min(1).max(1_000).default(1).describe("Number of TaskManagers."),
  slotsPerTaskManager: z.int().min(1).max(1_000).default(8).describe("`taskmanager.numberOfTaskSlots`."),
  coresPerTaskManager: z
    .number()
    .gt(0)
    .max(1_024)
    .default(4)
    .describe("Cores of each TaskManager; where its subtasks want more, all of them slow down."),
  segmentSize: size(
    "above 0",
    "`taskmanager.memory.segment-size`; it says how much the network swallows.",
  ).prefault("32kb"),
  metricsFetcherInterval: duration("above 0", "`metrics.fetcher.update-interval`.").prefault("10s"),
  webRefreshInterval: duration(
    "above 0",
    "`web.refresh-interval`: how long job replies are cached.",
  ).prefault("3s"),
  rescaleCooldown: duration("0 or more", "Least time between two rescales.").prefault("30s"),
  rescaleMaxDelay: duration("0 or more", "How long a rescale waits for a checkpoint (Flink 2).").prefault(
    "15s",
  ),
  heartbeatTimeout: duration(
    "above 0",
    "`heartbeat.timeout`: how long a lost TaskManager still counts.",
  ).prefault("50s"),
  highAvailability: z
    .enum(["none", "zookeeper", "kubernetes"])
    .default("none")
    .describe("`high-availability.type`: whether the jobs of a lost JobManager come back by themselves."),
  checkpointDirectory: directory(
    "`execution.checkpointing.dir`; without it nothing is written to disk.",
  ).optional(),
  savepointDirectory: directory(
    "`execution.checkpointing.savepoint-dir`; only with `checkpointDirectory`.",
  ).optional(),
});

export const checkpointsSchema = z.strictObject({
  interval: duration("above 0", "`execution.checkpointing.interval`.").prefault("10s"),
  timeout: duration("above 0", "`execution.checkpointing.timeout`.").prefault("10min"),
  minPause: duration("0 or more", "`execution.checkpointing.min-pause`.").prefault("0s"),
  unaligned: z.boolean().default(false).describe("`execution.checkpointing.unaligned.enabled`."),
  sync: duration("0 or more", "Synchronous part at each subtask.").prefault("10ms"),
  uploadPerSecond: size("above 0", "How much state each subtask uploads in a second.").prefault("100mb"),
  retained: z.int().min(1).max(100).default(1).describe("`execution.checkpointing.num-retained`."),
  retention: z
    .enum(["retain", "delete-on-cancel", "none"])
    .default("retain")
    .describe("What becomes of the checkpoints when the job ends; `none` is Flink's own default."),
  incremental: z.boolean().default(false).describe("Checkpoints share files, as those of RocksDB do."),
});

export const restartSchema = z.strictObject({
  pause: duration("0 or more", "Pause of every restart, before any state is read back.").prefault("300ms"),
  restorePerSecond: size("above 0", "How much state each subtask reads back in a second.").prefault("200mb"),
  start: duration("0 or more", "From RUNNING until the tasks read.").prefault("400ms"),
  warmUp: duration("0 or more", "How long records cost more after a start.").prefault("0s"),
  warmUpFactor: z.number().min(1).max(100).default(1).describe("How many times as much they cost at first."),
  strategy: z
    .enum(["none", "fixed-delay", "exponential-delay"])
    .optional()
    .describe(
      "`restart-strategy.type`; without it exponential delay, and none where there are no checkpoints.",
    ),
  attempts: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe("Failures after which the job has failed; without it 1 for fixed delay, else no end."),
  delay: duration("0 or more", "Between failure and restart (fixed delay).").prefault("1s"),
});

const KEY = /^[A-Za-z0-9][\w .:-]{0,99}$/;

export const jobSchema = z.strictObject({
  name: text("Name of the job, different for each."),
  entryClass: text("Main class of its program: running a jar with it starts this job.").optional(),
  checkpoints: z
    .union([z.literal("off").transform(() => undefined), checkpointsSchema], { error: "off or a mapping" })
    .prefault({})
    .describe("Checkpointing, or `off`: then every restart begins anew."),
  restart: restartSchema.prefault({}).describe("What a restart costs."),
  vertices: z
    .record(z.string().regex(KEY, { error: "a name of letters, digits, blanks and _ . : -" }), vertexSchema)
    .refine((all) => Object.keys(all).length > 0, { error: "at least one vertex with source" })
    .refine((all) => Object.keys(all).length <= MAX_VERTICES, { error: `at most ${MAX_VERTICES} vertices` })
    .describe("The graph: vertex key → vertex."),
});

export const worldSchema = z.strictObject({
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1)
    .describe("Same seed, same world: noise and job ids come from it."),
  tick: z
    .enum(["50ms", "100ms", "200ms", "250ms", "500ms", "1s"])
    .default("50ms")
    .describe("Grid of virtual time. A coarser one is faster; pauses and checkpoints round up to it."),
  cluster: clusterSchema.prefault({}).describe("The cluster."),
  jobs: z.array(jobSchema).max(MAX_JOBS).describe("Jobs that run from the start."),
  trouble: z.array(troubleSchema).max(MAX_TROUBLE).prefault([]).describe("What goes wrong, and when."),
});

export type WorldSpec = z.output<typeof worldSchema>;
export type ClusterSpec = z.output<typeof clusterSchema>;
export type JobSpec = z.output<typeof jobSchema>;

import { z } from "zod";
import { SNAPSHOT_DAMAGES } from "./world.ts";
import { cap, duration, text } from "./world-fields.ts";

const at = duration("0 or more", "When, since the start of the world.");
const lasts = duration("above 0", "For how long.");
const jobName = text("Name of the job.");
const vertexKey = text("Key of the vertex in that job.");
const thrown = {
  exception: text("Java class of the exception.").default("java.lang.IllegalStateException"),
  message: text("Its message.").default("simulated failure"),
};

/** One schema for each thing that can go wrong; the last three concern replies. */
export const TROUBLE = [
  z.strictObject({
    kind: z.literal("task-manager-lost"),
    at,
    taskManager: z.int().min(0).default(0).describe("Which one, counted from 0."),
    backAfter: duration("above 0", "When a new one takes its place; without it never.").optional(),
  }),
  z.strictObject({
    kind: z.literal("job-manager-lost"),
    at,
    backAfter: duration("above 0", "When another one answers.").prefault("6s"),
  }),
  z.strictObject({
    kind: z.literal("job-exception"),
    at,
    job: jobName,
    vertex: vertexKey,
    ...thrown,
    terminal: z.boolean().default(false).describe("No restart strategy is asked: the job has failed."),
  }),
  z.strictObject({
    kind: z.literal("poison-record"),
    at,
    job: jobName,
    vertex: vertexKey.describe("Key of the vertex that throws."),
    source: vertexKey.describe("Key of the source that reads the record."),
    position: z.number().min(0).max(1e15).describe("Records of that source that come before it."),
    ...thrown,
  }),
  z.strictObject({
    kind: z.literal("restart-loop"),
    at,
    for: lasts,
    job: jobName,
    vertex: vertexKey,
    every: duration("above 0", "How long after each start it throws.").prefault("5s"),
    ...thrown,
  }),
  z.strictObject({ kind: z.literal("checkpoints-fail"), at, for: lasts, job: jobName }),
  z.strictObject({
    kind: z.literal("snapshot-damaged"),
    at,
    job: jobName,
    damage: z.enum(SNAPSHOT_DAMAGES).describe("What happens to its newest checkpoint."),
  }),
  z.strictObject({ kind: z.literal("storage-down"), at, for: lasts }),
  z.strictObject({
    kind: z.literal("sink-slow"),
    at,
    for: lasts,
    job: jobName,
    vertex: vertexKey,
    cap: cap("Records per second that the outside takes meanwhile."),
  }),
  z.strictObject({
    kind: z.literal("memory-pressure"),
    at,
    for: lasts,
    taskManager: z.int().min(0).optional().describe("Which one, counted from 0; without it all."),
    gcShare: z
      .number()
      .min(0)
      .max(0.95)
      .default(0.5)
      .describe("Share of the time in which collectors stop the tasks."),
    heapShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.95)
      .describe("Share of the heap that is in use after a collection."),
  }),
  z.strictObject({
    kind: z.literal("metrics-missing"),
    at,
    for: lasts,
    job: jobName,
    vertex: vertexKey.optional(),
  }),
  z.strictObject({
    kind: z.literal("rest-slow"),
    at,
    for: lasts,
    delay: duration("above 0", "How much later every reply comes."),
  }),
  z.strictObject({
    kind: z.literal("rest-fails"),
    at,
    for: lasts,
    status: z.int().min(400).max(599).default(503).describe("HTTP status of every reply."),
  }),
] as const;

const KINDS = TROUBLE.map((schema) => schema.shape.kind.value);

export const troubleSchema = z.discriminatedUnion("kind", TROUBLE, { error: `one of ${KINDS.join(", ")}` });
export type TroubleSpec = z.output<typeof troubleSchema>;

import { z } from "zod";
import { SNAPSHOT_STATES } from "../../../model/index.ts";
import { restorePointsOf } from "../../snapshots/index.ts";
import { findJob, keyParams } from "../job.ts";
import { type Route, route } from "../route.ts";

const instant = z.number().describe("Milliseconds since 1970-01-01T00:00:00Z.");
const duration = z.number().describe("Milliseconds.");

const candidateSchema = z
  .object({
    path: z.string(),
    flinkJobId: z.string().nullable().describe("Of the job that wrote it, where it can be told."),
    checkpointId: z.number().int().nullable(),
    kind: z.enum(["checkpoint", "savepoint", "unknown"]),
    format: z.enum(["canonical", "native"]).nullable(),
    takenAt: instant.nullable().describe("Where a restore would resume reading. Null: not known."),
    state: z.enum([...SNAPSHOT_STATES, "unchecked"]),
    checkedAt: instant.nullable(),
    bytes: z.number().nullable(),
    files: z.number().int().nullable(),
    compatible: z.boolean().nullable().describe("Fits the job; null: that cannot be told."),
    sentence: z.string(),
    origin: z.enum(["flink", "directory", "person", "outrider"]).describe("Who told of it first."),
    ageMs: duration.nullable(),
    replay: z
      .object({ from: instant, to: instant, ms: duration })
      .nullable()
      .describe("What a restore that begins now would read again."),
    chosen: z.boolean().describe("A restore would take this one now."),
  })
  .meta({ id: "RestorePoint" });

/** From what a job can be restored. */
export const snapshotRoutes: readonly Route[] = [
  route({
    id: "listSnapshots",
    method: "get",
    path: "/api/v1/jobs/{key}/snapshots",
    access: "viewer",
    tag: "recovery",
    summary: "The snapshots that a job could be restored from, newest first, and which one would be taken",
    params: keyParams,
    reply: z.object({
      items: z.array(candidateSchema),
      next: z.null(),
      choice: z.object({
        snapshot: z.string().nullable().describe("Path of the one that would be taken; null: none, now."),
        sentence: z.string(),
      }),
    }),
    problems: [404],
    handle: ({ params }, { fleet, now, snapshots }) => {
      const { key } = findJob(params.key, { fleet });
      return restorePointsOf(snapshots?.candidates(key) ?? [], now());
    },
  }),
];

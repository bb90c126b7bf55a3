import { z } from "zod";

const seconds = z.number().describe("Seconds.");
const count = z.number().int();

const courseSchema = z
  .object({
    name: z
      .enum(["without", "with", "outrider"])
      .describe("As it is; as asked; where only the load changes, with Outrider at work."),
    parallelism: z.record(z.string(), count).describe("Vertex name → subtasks at the end."),
    points: z.array(
      z.object({
        minute: z.number().describe("End of the stretch, from now."),
        rate: z.number().describe("Records per second that arrive."),
        backlog: z.number().describe("Records that wait, the most in the stretch."),
        lagSeconds: z
          .number()
          .nullable()
          .describe("What waits ÷ what arrives. Null: nothing arrives, but something waits."),
        slots: count,
      }),
    ),
    peakLagSeconds: seconds,
    endLagSeconds: seconds,
    lateSeconds: seconds.describe("Seconds with more lag than the objective of the job."),
    drainSeconds: seconds
      .nullable()
      .describe("Until no more than 2 s of load waits. Null: not within the time."),
    downSeconds: seconds,
    rescales: count,
    slotsBefore: count,
    slotsAfter: count,
    slotHours: z.number(),
  })
  .meta({ id: "Course" });

export const answerSchema = z
  .object({
    job: z.string(),
    at: z.number().describe("Milliseconds since 1970-01-01T00:00:00Z."),
    minutes: count,
    sentence: z.string().describe("The answer, for people."),
    courses: z.array(courseSchema),
    assumed: z.array(z.string()).describe("What stands on an assumption rather than on a measurement."),
  })
  .meta({ id: "Simulation" });

/** A fitted job; also how the command line reads it back. */
export const fitSchema = z
  .object({
    job: z.string(),
    at: z.number().describe("Milliseconds since 1970-01-01T00:00:00Z."),
    rate: z.number().describe("Records per second at all sources together."),
    backlog: z.number(),
    vertices: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        parallelism: count,
        maxParallelism: count,
        slotSharingGroup: z.string(),
        source: z.boolean(),
        partitions: count.nullable().describe("Null: not told."),
        share: z.number().describe("Records read per record at all sources together."),
        capacity: z
          .array(z.tuple([z.number(), z.number()]))
          .describe("[parallelism, records/s at 100 % busy]."),
        cap: z.number().nullable().describe("Records/s that the outside takes at most; null: none is known."),
      }),
    ),
    edges: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        ship: z.enum(["FORWARD", "REBALANCE", "HASH"]),
        selectivity: z.number(),
        hotShare: z.number(),
      }),
    ),
    restartPauseMs: z.number(),
    checkpointIntervalMs: z.number().nullable().describe("Null: not assessed."),
    slots: count.nullable().describe("Its own and the free ones. Null: not assessed."),
    lagObjectiveMs: z.number(),
    load: z
      .object({ from: z.number(), stepMs: z.number(), values: z.array(z.number().nullable()) })
      .nullable()
      .describe("Mean load in even steps; null: nothing learned yet."),
    assumed: z.array(z.string()),
  })
  .meta({ id: "Fit" });

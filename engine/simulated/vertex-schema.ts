import { z } from "zod";
import { loadSchema } from "./load-schema.ts";
import {
  cap,
  duration,
  MAX_PARALLELISM,
  MAX_RATE,
  milliseconds,
  noise,
  parallelism,
  share,
  size,
  text,
} from "./world-fields.ts";

/** Flink's limit of key groups. */
const MAX_KEY_GROUPS = 32_768;

export const sourceSchema = z.strictObject({
  partitions: parallelism("Partitions; a source uses no more subtasks than that.").default(1),
  weights: z
    .array(z.number().min(0).max(MAX_RATE))
    .max(MAX_PARALLELISM)
    .optional()
    .describe("Relative share of each partition in the load; without it all are equal."),
  load: loadSchema.describe("What arrives, whether the job runs or not."),
  reportsPending: z.boolean().default(true).describe("Whether the source reports `pendingRecords`."),
});

const SHIPS = ["rebalance", "hash", "forward", "broadcast"] as const;
const ship = z.enum(SHIPS);

export const edgeSchema = z.strictObject({
  ship: ship
    .default("rebalance")
    .describe(
      "How records travel; forward needs the same parallelism, broadcast sends each to every subtask.",
    ),
  selectivity: z
    .number()
    .min(0)
    .max(1e6)
    .default(1)
    .describe(
      "Records sent per record that the sender has done with. Edges of one sender with the same selectivity carry the same records.",
    ),
  recordBytes: z.number().gt(0).max(1e8).default(100).describe("Bytes of one record."),
  hotShare: share("Share of the records that have one hot key (hash only).").default(0),
});

const edge = z
  .union([ship.transform((way) => edgeSchema.parse({ ship: way })), edgeSchema], {
    error: `${SHIPS.join(", ")}, or a mapping with ship`,
  })
  .describe("How records come from that vertex: `rebalance`, `hash`, `forward`, `broadcast`, or a mapping.");

export const collapseSchema = z.strictObject({
  chance: share("Of each start."),
  to: z.number().gt(0).max(1).default(0.4).describe("What part of its capacity is left then."),
});

export const busyDemandSchema = z.strictObject({
  subtasks: loadSchema.describe("So many subtasks' worth of busy time: a load whose rates are subtasks."),
  records: z
    .number()
    .gt(0)
    .max(MAX_RATE)
    .describe(
      "Records per second that it reads otherwise; with too few subtasks × subtasks ÷ demand, because of its own time.",
    ),
});

export const vertexSchema = z.strictObject({
  name: text("As Flink shows it; without it the key, for sources `Source: <key>`.").optional(),
  id: z
    .string()
    .regex(/^[0-9a-f]{32}$/, { error: "32 hex digits in quotes" })
    .optional()
    .describe("Flink's vertex id (32 hex digits); without it one made from the names of job and vertex."),
  parallelism: parallelism("Subtasks at the start, and the upper bound of the job's requirements.").default(
    1,
  ),
  maxParallelism: z.int().min(1).max(MAX_KEY_GROUPS).default(128).describe("Number of key groups."),
  slotSharingGroup: text("Vertices of one group share slots.").default("default"),
  cpuMs: milliseconds("Core milliseconds per record; they stretch where cores are short.").default(0.01),
  waitMs: milliseconds("Milliseconds per record spent waiting; they never stretch.").default(0),
  capacity: z
    .array(z.tuple([z.int().min(1).max(MAX_PARALLELISM), z.number().gt(0).max(MAX_RATE)]))
    .min(1)
    .max(100)
    .optional()
    .describe(
      "Measured capacity, pairs `[parallelism, records per second of all subtasks]`, joined on logarithmic scales. It replaces the cost per record; cpuMs and waitMs then say only in what proportion a record needs either.",
    ),
  noise: noise("How much the cost varies from second to second (standard deviation of its logarithm)."),
  subtaskNoise: noise("The same between subtasks, drawn once per start."),
  attemptNoise: noise("How much the capacity of the whole vertex varies, drawn once per start."),
  collapse: collapseSchema.optional().describe("Starts that go wrong and stay slow until the next one."),
  busyDemand: busyDemandSchema
    .optional()
    .describe("Busy time that no record causes, spread evenly over the subtasks."),
  cap: cap("Records per second that the outside takes from all subtasks together.").optional(),
  window: duration("above 0", "Length of tumbling panes; records go on when their pane ends.").optional(),
  windowKeys: z
    .int()
    .min(1)
    .max(1e9)
    .optional()
    .describe("With `window`: one result per key and pane, of so many keys; without it one per record."),
  state: size("0 or more", "State of all subtasks together.").prefault("0b"),
  source: sourceSchema.optional().describe("Only for a vertex that reads from outside."),
  from: z.record(z.string(), edge).optional().describe("Where records come from: vertex key → how."),
});

export type VertexSpec = z.output<typeof vertexSchema>;
export type EdgeSpec = z.output<typeof edgeSchema>;

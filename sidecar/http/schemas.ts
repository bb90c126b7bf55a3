/** The shapes of replies. `model` and the ports own the types; these describe them to readers of the document. */
import { z } from "zod";
import {
  ATTEMPT_STATES,
  DIAGNOSES,
  MODES,
  PERMITS,
  RESTORE_STEPS,
  SEVERITIES,
  SNAPSHOT_STATES,
} from "../../model/index.ts";

const instant = z.number().describe("Milliseconds since 1970-01-01T00:00:00Z.");
const duration = z.number().describe("Milliseconds.");
const parallelism = z.record(z.string(), z.number().int());
const number = z.number().nullable().describe("Null: not assessed; never to be read as 0.");
const reading = z
  .union([
    z.object({ kind: z.literal("value"), value: z.number() }),
    z.object({ kind: z.literal("missing"), why: z.enum(["absent", "stale", "nan"]) }),
  ])
  .meta({ id: "Reading", description: "A number from Flink, or why there is none." });

export const modeSchema = z.enum(MODES).meta({ id: "Mode" });

export const pauseSchema = z
  .object({ job: z.string(), owner: z.string(), reason: z.string(), from: instant, until: instant })
  .meta({ id: "Pause" });

export const saidSchema = z
  .object({ at: instant, ok: z.boolean(), sentence: z.string() })
  .meta({ id: "LastSaid", description: "The last thing that Flink answered." });

export const clusterSchema = z
  .object({
    name: z.string(),
    url: z.string(),
    flinkVersion: z.string().nullable(),
    said: saidSchema.nullable(),
  })
  .meta({ id: "Cluster" });

export const jobSchema = z
  .object({
    key: z.string().describe("`cluster/namespace/name`."),
    cluster: z.string(),
    flinkJobId: z.string(),
    state: z.string().describe("Flink's job state, or UNREACHABLE, or GONE."),
    mode: modeSchema,
    pause: pauseSchema.nullable(),
    verdict: z.string().describe("Reason code of the newest decision, or of what keeps us from deciding."),
    sentence: z.string(),
    parallelism: parallelism.describe("Vertex name → subtasks now."),
    wanted: parallelism.nullable(),
    lagRecords: number,
    arrivalRate: number.describe(
      "Records per second that arrive at all sources, read or not. Null: not assessed.",
    ),
    decision: z.string().nullable(),
    lastPassAt: instant.nullable(),
    diagnosis: z
      .object({ kind: z.enum(DIAGNOSES), since: instant, sentence: z.string() })
      .nullable()
      .describe("What is wrong with it, or that it is well."),
    restorePoint: z
      .object({
        path: z.string(),
        state: z.enum([...SNAPSHOT_STATES, "unchecked"]),
        at: instant.nullable(),
        ageMs: number,
        checkedAt: instant.nullable(),
        sentence: z.string(),
      })
      .nullable()
      .describe("What it could be restored from now."),
  })
  .meta({ id: "Job" });

const outcomeVerdict = z.enum(["reached", "not-reached", "superseded"]);
const approvalVerdict = z.enum(["approved", "rejected"]);

/** A job with how far its newest decision has come. */
export const shownJobSchema = jobSchema
  .extend({
    newest: z
      .object({
        id: z.string(),
        at: instant,
        since: instant,
        times: z.number().int(),
        acts: z.boolean().describe("False: it is a hold."),
        permit: z.enum(PERMITS).nullable().describe("The last one; null: the guards held it."),
        approval: approvalVerdict.nullable(),
        attempt: z.enum(ATTEMPT_STATES).nullable(),
        outcome: outcomeVerdict.nullable(),
      })
      .nullable()
      .describe("How far the newest decision has come."),
  })
  .meta({ id: "ShownJob" });

export const historyPointSchema = z
  .object({
    at: instant,
    running: z.boolean(),
    backlog: number,
    arrivalRate: number.describe("Records per second at all sources. Null: not assessed."),
    consumptionRate: number.describe("Records per second at all sources. Null: not assessed."),
    busiestShare: number.describe("Largest busy share of a vertex, 0..1. Null: not assessed."),
    parallelism: parallelism.optional().describe("Vertex name → subtasks; absent: as in the point before."),
  })
  .meta({ id: "HistoryPoint" });

export const topologySchema = z
  .object({
    job: z.string(),
    at: instant.nullable().describe("When the numbers were observed."),
    vertices: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        parallelism: z.number().int(),
        maxParallelism: z.number().int(),
        slotSharingGroup: z.string(),
        inRate: number,
        outRate: number,
        busyShare: number,
        backPressuredShare: number,
        pendingRecords: number,
      }),
    ),
    edges: z.array(z.object({ from: z.string(), to: z.string(), ship: z.string(), inFlight: number })),
  })
  .meta({ id: "Topology" });

const vertexObservation = z.object({
  parallelism: z.number().int(),
  taskMs: reading,
  inRate: reading,
  outRate: reading,
  busyShare: reading,
  idleShare: reading,
  backPressuredShare: reading,
  costMs: reading,
  hottestBusyShare: reading,
  pendingRecords: reading,
  pendingGrowth: reading,
  sourcePartitions: reading,
  readRecords: reading,
});

export const observationSchema = z
  .object({
    job: z.string(),
    flinkJobId: z.string(),
    at: instant,
    state: z.string(),
    runningSince: instant,
    adaptive: z.boolean(),
    vertices: z.record(z.string(), vertexObservation),
    edges: z.array(z.object({ from: z.string(), to: z.string(), inFlight: reading })),
    slotsTotal: reading,
    slotsFree: reading,
    requirements: parallelism.optional(),
    backlog: reading,
  })
  .meta({ id: "Observation" });

const guard = z
  .object({
    name: z.string(),
    verdict: z.enum(["pass", "amend", "veto"]),
    sentence: z.string(),
    numbers: z.record(z.string(), z.number()),
  })
  .meta({ id: "Guard" });

const permit = z
  .object({
    decision: z.string(),
    at: instant,
    code: z.enum(PERMITS),
    by: z.string(),
    sentence: z.string(),
  })
  .meta({ id: "Permit" });

const common = {
  version: z.literal(1),
  job: z.string(),
  flinkJobId: z.string(),
  at: instant,
  trigger: z.string(),
  settings: z.record(z.string(), z.unknown()),
  guards: z.array(guard),
  reason: z.string(),
  sentence: z.string(),
};
const kept = {
  id: z.string(),
  since: instant,
  times: z.number().int().describe("Equal holds in a row are one record."),
};

const scaleDecision = z.looseObject({
  ...common,
  kind: z.literal("scale"),
  inputs: z.looseObject({ vertices: z.record(z.string(), z.looseObject({})) }),
  proposal: parallelism.describe("Vertex id → subtasks, before the guards."),
  effective: parallelism.nullable().describe("What is to be done; null is a hold."),
  estimate: z.looseObject({ pauseMs: duration }),
});

const restorePlan = z
  .looseObject({
    action: z.enum(["restore", "stop"]),
    snapshot: z.string().nullable().describe("Null: empty state."),
    steps: z.array(z.enum(RESTORE_STEPS)),
    newFlinkJobId: z.string().nullable(),
  })
  .nullable();

const diagnosis = z
  .looseObject({ kind: z.enum(DIAGNOSES), since: instant, sentence: z.string() })
  .meta({ id: "Diagnosis" });

/** What was, or would be, decided about a job's state. */
export const restoreDecisionSchema = z
  .looseObject({
    ...common,
    kind: z.literal("restore"),
    inputs: z.looseObject({ diagnosis, candidates: z.array(z.looseObject({ path: z.string() })) }),
    proposal: restorePlan.describe("What would help, before the guards."),
    effective: restorePlan.describe("What is to be done; null is a hold."),
    estimate: z.looseObject({
      replay: z.object({ from: instant, to: instant, ms: duration }).nullable(),
      durationMs: duration.nullable(),
    }),
  })
  .meta({ id: "RestoreDecision" });

const savepointDecision = z.looseObject({ ...common, kind: z.literal("savepoint") });

const record = z
  .discriminatedUnion("kind", [
    scaleDecision.extend(kept),
    restoreDecisionSchema.extend(kept),
    savepointDecision.extend(kept),
  ])
  .meta({ id: "DecisionRecord", description: "Immutable. What happened to it stands beside it." });

export const decisionSchema = z
  .object({
    record,
    permits: z.array(permit),
    approval: z
      .object({
        decision: z.string(),
        at: instant,
        by: z.string(),
        verdict: approvalVerdict,
        reason: z.string().nullable(),
      })
      .nullable(),
    attempts: z.array(
      z.object({
        decision: z.string(),
        at: instant,
        status: z.enum(ATTEMPT_STATES),
        step: z.enum(RESTORE_STEPS).optional().describe("Of a restore."),
        requestId: z.string(),
        sentence: z.string(),
      }),
    ),
    outcome: z
      .object({
        decision: z.string(),
        at: instant,
        verdict: outcomeVerdict,
        expected: parallelism,
        observed: parallelism,
        tookMs: duration.nullable(),
        timings: z.record(z.string(), duration).optional().describe("Of a restore, from the fault on."),
        newFlinkJobId: z.string().optional(),
        location: z.string().optional().describe("Where a savepoint lies."),
        sentence: z.string(),
      })
      .nullable(),
  })
  .meta({ id: "Decision" });

export const explanationSchema = z
  .object({
    job: z.string(),
    state: z.string(),
    mode: modeSchema,
    pause: pauseSchema.nullable(),
    verdict: z.string(),
    sentence: z.string(),
    decision: decisionSchema.nullable().describe("The newest one, with every guard."),
    permits: z.array(permit),
    wouldChange: z.array(z.string()).describe("What would have to change for Outrider to act."),
    said: saidSchema.nullable(),
  })
  .meta({ id: "Explanation" });

export const eventSchema = z
  .object({
    seq: z.number().int(),
    at: instant,
    job: z.string().optional(),
    type: z.string(),
    severity: z.enum(SEVERITIES),
    sentence: z.string(),
    decision: z.string().optional(),
  })
  .meta({ id: "Event" });

/** `{items, next}`: `next` is the cursor of the following page, null at the end. */
export function listOf(item: z.ZodType) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

import { z } from "zod";
import { Failure, SNAPSHOT_STATES } from "../../../model/index.ts";
import type { SavepointDesk, SavepointList } from "../../savepoints/index.ts";
import { findJob, keyParams } from "../job.ts";
import { announce, type HttpDeps, type Route, route } from "../route.ts";
import { decisionSchema } from "../schemas.ts";

const instant = z.number().describe("Milliseconds since 1970-01-01T00:00:00Z.");

const savepointSchema = z
  .object({
    path: z.string(),
    decision: z.string().describe("Id of the decision to take it."),
    flinkJobId: z.string(),
    format: z.enum(["canonical", "native"]),
    takenAt: instant.describe("When Flink was asked for it."),
    state: z.enum([...SNAPSHOT_STATES, "unchecked"]),
    checkedAt: instant.nullable(),
    stays: z.string().nullable().describe("Why it is kept; null: it would be removed."),
    removing: z.boolean().describe("Flink is asked to remove it."),
  })
  .meta({ id: "Savepoint" });

const NONE: SavepointList = { items: [], next: null, nextDueAt: null };

/** Savepoints that Outrider takes: the order, and what became of earlier ones. */
export const savepointRoutes: readonly Route[] = [
  route({
    id: "listSavepoints",
    method: "get",
    path: "/api/v1/jobs/{key}/savepoints",
    access: "viewer",
    tag: "recovery",
    summary: "The savepoints of the job that Outrider took, newest first, and which of them would be removed",
    params: keyParams,
    reply: z.object({
      items: z.array(savepointSchema),
      next: z.null(),
      nextDueAt: instant.nullable().describe("Next run of the calendar; null: there is none."),
    }),
    problems: [404],
    handle: ({ params }, deps) => {
      const { key } = findJob(params.key, deps);
      return deps.savepoints?.list(key, deps.now()) ?? NONE;
    },
  }),
  route({
    id: "takeSavepoint",
    method: "post",
    path: "/api/v1/jobs/{key}/savepoints",
    access: "operator",
    tag: "recovery",
    summary: "Order a savepoint",
    params: keyParams,
    body: z.strictObject({
      format: z
        .enum(["canonical", "native"])
        .optional()
        .describe("canonical: any state backend reads it. As configured when absent."),
      directory: z
        .string()
        .min(1)
        .max(8_000)
        .optional()
        .describe("Where Flink is to write it; as configured when absent."),
    }),
    reply: decisionSchema.describe("The decision that was recorded; a hold says why none is taken."),
    problems: [400, 404, 409],
    handle: async ({ params, body, caller }, deps) => {
      const { key } = findJob(params.key, deps);
      const at = deps.now();
      const wish = { format: body.format ?? null, directory: body.directory ?? null };
      const record = await deskOf(deps).order(key, wish, caller.name, at);
      const sentence = `${caller.name} ordered a savepoint: ${record.sentence}`;
      announce(deps, { at, job: key, type: "ordered", severity: "info", sentence, decision: record.id });
      deps.wake();
      const history = deps.store.decision(record.id);
      if (history === undefined) throw new Failure("not-found", `there is no decision ${record.id}`);
      return history;
    },
  }),
];

function deskOf({ savepoints }: HttpDeps): SavepointDesk {
  if (savepoints === undefined) throw new Failure("conflict", "this Outrider takes no savepoints");
  return savepoints;
}

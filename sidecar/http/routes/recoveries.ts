import { z } from "zod";
import { Failure } from "../../../model/index.ts";
import type { RecoveryDesk } from "../../restore/desk.ts";
import type { DecisionHistory } from "../../store/port.ts";
import { findJob, keyParams } from "../job.ts";
import { announce, type HttpDeps, limitQuery, type Route, route } from "../route.ts";
import { decisionSchema, listOf, restoreDecisionSchema } from "../schemas.ts";

/** Restores: what would be done, the order to do it, and what was done. */
export const recoveryRoutes: readonly Route[] = [
  route({
    id: "listRecoveries",
    method: "get",
    path: "/api/v1/jobs/{key}/recoveries",
    access: "viewer",
    tag: "recovery",
    summary: "Decisions about the job's state, newest first, each with what happened to it",
    params: keyParams,
    query: z.strictObject({
      limit: limitQuery(50, 200),
      before: z.string().max(200).optional().describe("`next` of the page before."),
    }),
    reply: listOf(decisionSchema),
    problems: [404],
    handle: ({ params, query }, deps) => {
      const { limit, before } = query;
      const page = deps.store.decisions({
        job: params.key,
        kind: "restore",
        limit,
        ...(before === undefined ? {} : { before }),
      });
      // A job that is gone keeps its decisions; only a key that was never known is an error.
      if (page.items.length === 0 && before === undefined) findJob(params.key, deps);
      return page;
    },
  }),
  route({
    id: "recoverJob",
    method: "post",
    path: "/api/v1/jobs/{key}/recoveries",
    access: "operator",
    tag: "recovery",
    summary: "Order a restore, or see what it would do",
    params: keyParams,
    body: z.strictObject({
      from: z
        .string()
        .min(1)
        .max(8_000)
        .optional()
        .describe("Directory of the snapshot to restore from; without it the newest that is proven."),
      plan: z.boolean().default(false).describe("Only say what would be done; nothing is written or done."),
    }),
    reply: z
      .union([decisionSchema, restoreDecisionSchema])
      .describe("The decision that was recorded (a hold says why nothing is done), or the plan alone."),
    problems: [400, 404, 409],
    handle: async ({ params, body, caller }, deps) => {
      const { key } = findJob(params.key, deps);
      const at = deps.now();
      if (body.plan) return await deskOf(deps).plan(key, body.from ?? null, at);
      const record = await deskOf(deps).order(key, body.from ?? null, caller.name, at);
      const sentence = `${caller.name} ordered a restore: ${record.sentence}`;
      announce(deps, { at, job: key, type: "ordered", severity: "info", sentence, decision: record.id });
      deps.wake();
      return findHistory(record.id, deps);
    },
  }),
];

function deskOf({ recovery }: HttpDeps): RecoveryDesk {
  if (recovery === undefined)
    throw new Failure("conflict", "this Outrider does not look after the state of jobs");
  return recovery;
}

function findHistory(id: string, { store }: HttpDeps): DecisionHistory {
  const found = store.decision(id);
  if (found === undefined) throw new Failure("not-found", `there is no decision ${id}`);
  return found;
}

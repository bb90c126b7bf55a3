import { z } from "zod";
import { Failure } from "../../../model/index.ts";
import type { DecisionHistory } from "../../store/port.ts";
import { refuseSuperseded } from "../approval.ts";
import { findJob } from "../job.ts";
import { announce, type HttpDeps, limitQuery, type Route, route } from "../route.ts";
import { decisionSchema, listOf } from "../schemas.ts";
import type { Caller } from "../security.ts";

const idParams = z.strictObject({ id: z.string().max(200) });

/** The decision records, and people's word on them. */
export const decisionRoutes: readonly Route[] = [
  route({
    id: "listDecisions",
    method: "get",
    path: "/api/v1/decisions",
    access: "viewer",
    tag: "decisions",
    summary: "Decisions, newest first, each with what happened to it",
    query: z.strictObject({
      job: z.string().max(2000).optional().describe("A job key."),
      limit: limitQuery(50, 200),
      before: z.string().max(200).optional().describe("`next` of the page before."),
    }),
    reply: listOf(decisionSchema),
    problems: [404],
    handle: ({ query }, deps) => {
      const { job, limit, before } = query;
      const page = deps.store.decisions({
        limit,
        ...(job === undefined ? {} : { job }),
        ...(before === undefined ? {} : { before }),
      });
      // A job that is gone keeps its decisions; only a key that was never known is an error.
      if (job !== undefined && page.items.length === 0 && before === undefined) findJob(job, deps);
      return page;
    },
  }),
  route({
    id: "getDecision",
    method: "get",
    path: "/api/v1/decisions/{id}",
    access: "viewer",
    tag: "decisions",
    summary: "One decision with everything that happened to it",
    params: idParams,
    reply: decisionSchema,
    problems: [404],
    handle: ({ params }, deps) => findDecision(params.id, deps),
  }),
  route({
    id: "approveDecision",
    method: "post",
    path: "/api/v1/decisions/{id}/approve",
    access: "operator",
    tag: "decisions",
    summary: "Allow Outrider to carry a decision out",
    params: idParams,
    reply: decisionSchema,
    problems: [404, 409],
    handle: ({ params, caller }, deps) => say(params.id, "approved", null, caller, deps),
  }),
  route({
    id: "rejectDecision",
    method: "post",
    path: "/api/v1/decisions/{id}/reject",
    access: "operator",
    tag: "decisions",
    summary: "Forbid Outrider to carry a decision out",
    params: idParams,
    body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
    reply: decisionSchema,
    problems: [400, 404, 409],
    handle: ({ params, body, caller }, deps) => say(params.id, "rejected", body.reason, caller, deps),
  }),
];

function findDecision(id: string, { store }: Pick<HttpDeps, "store">): DecisionHistory {
  const found = store.decision(id);
  if (!found) throw new Failure("not-found", `there is no decision ${id}; the list is at /api/v1/decisions`);
  return found;
}

function say(
  id: string,
  verdict: "approved" | "rejected",
  reason: string | null,
  caller: Caller,
  deps: HttpDeps,
): DecisionHistory {
  const history = findDecision(id, deps);
  refuseSuperseded(history, verdict, deps);
  const at = deps.now();
  deps.store.appendApproval({ decision: id, at, by: caller.name, verdict, reason });
  if (history.approval === null) {
    const sentence = `${caller.name} ${verdict} the decision${reason === null ? "" : `: ${reason}`}`;
    const { job } = history.record;
    announce(deps, { at, job, type: verdict, severity: "info", sentence, decision: id });
  }
  deps.wake();
  return findDecision(id, deps);
}

import { z } from "zod";
import { Failure } from "../../../model/index.ts";
import type { JobView } from "../../fleet.ts";
import { pointsAfter } from "../../history.ts";
import { explain } from "../explain.ts";
import { findJob, keyParams, presentJob } from "../job.ts";
import { newestDecision } from "../newest-decision.ts";
import { type HttpDeps, limitQuery, type Route, route } from "../route.ts";
import {
  clusterSchema,
  explanationSchema,
  historyPointSchema,
  listOf,
  observationSchema,
  saidSchema,
  shownJobSchema,
  topologySchema,
} from "../schemas.ts";
import { topologyOf } from "../topology.ts";

/** Everything about a job that is only looked at. */
export const jobRoutes: readonly Route[] = [
  route({
    id: "listClusters",
    method: "get",
    path: "/api/v1/clusters",
    access: "viewer",
    tag: "jobs",
    summary: "The Flink clusters and what each said last",
    reply: listOf(clusterSchema),
    handle: (_input, { fleet }) => ({ items: fleet.clusters(), next: null }),
  }),
  route({
    id: "listJobs",
    method: "get",
    path: "/api/v1/jobs",
    access: "viewer",
    tag: "jobs",
    summary: "All jobs with their verdict, by key",
    query: z.strictObject({
      limit: limitQuery(500, 1000),
      after: z.string().max(2000).optional().describe("`next` of the page before."),
    }),
    reply: listOf(shownJobSchema),
    handle: ({ query }, deps) => {
      const sorted = [...deps.fleet.jobs()].sort((a, b) => (a.key < b.key ? -1 : 1));
      const rest = sorted.filter((j) => query.after === undefined || j.key > query.after);
      const items = rest.slice(0, query.limit);
      return {
        items: items.map((j) => shownJob(j, deps)),
        next: rest.length > items.length ? (items.at(-1)?.key ?? null) : null,
      };
    },
  }),
  route({
    id: "getJob",
    method: "get",
    path: "/api/v1/jobs/{key}",
    access: "viewer",
    tag: "jobs",
    summary: "One job with its verdict",
    params: keyParams,
    reply: shownJobSchema,
    problems: [404],
    handle: ({ params }, deps) => shownJob(findJob(params.key, deps), deps),
  }),
  route({
    id: "getTopology",
    method: "get",
    path: "/api/v1/jobs/{key}/topology",
    access: "viewer",
    tag: "jobs",
    summary:
      "The vertices and edges of a job with the newest numbers of each, at most 30 s before the last pass",
    params: keyParams,
    reply: topologySchema,
    problems: [404, 409],
    handle: ({ params }, { fleet }) => {
      const job = findJob(params.key, { fleet });
      const observations = fleet.observations(job.key);
      const graph = observations.at(-1)?.graph ?? job.graph;
      if (!graph)
        throw new Failure("conflict", `the topology of ${job.key} is not known yet: it was never read`);
      return { job: job.key, ...topologyOf(graph, observations) };
    },
  }),
  route({
    id: "listObservations",
    method: "get",
    path: "/api/v1/jobs/{key}/observations",
    access: "viewer",
    tag: "jobs",
    summary: "What was observed of a job, the newest ones, oldest first",
    params: keyParams,
    query: z.strictObject({ limit: limitQuery(60, 500) }),
    reply: listOf(observationSchema),
    problems: [404],
    handle: ({ params, query }, { fleet }) => {
      const all = fleet.observations(findJob(params.key, { fleet }).key);
      const items = all.slice(-query.limit).map(({ graph: _graph, ...rest }) => rest);
      return { items, next: null };
    },
  }),
  route({
    id: "listHistory",
    method: "get",
    path: "/api/v1/jobs/{key}/history",
    access: "viewer",
    tag: "jobs",
    summary: "What charts show of a job, oldest first: each pass of the last 10 minutes, coarser up to a day",
    params: keyParams,
    query: z.strictObject({
      since: z.coerce.number().int().min(0).optional().describe("Only points after this moment."),
    }),
    reply: listOf(historyPointSchema),
    problems: [404],
    handle: ({ params, query }, { fleet }) => ({
      items: pointsAfter(fleet.history(findJob(params.key, { fleet }).key), query.since ?? 0),
      next: null,
    }),
  }),
  route({
    id: "explainJob",
    method: "get",
    path: "/api/v1/jobs/{key}/explain",
    access: "viewer",
    tag: "jobs",
    summary: "Why Outrider does, or does not do, something about a job",
    params: keyParams,
    reply: explanationSchema,
    problems: [404],
    handle: ({ params }, deps) => explain(findJob(params.key, deps), deps),
  }),
  route({
    id: "getLastSaid",
    method: "get",
    path: "/api/v1/jobs/{key}/said",
    access: "viewer",
    tag: "jobs",
    summary: "The last thing that Flink answered about a job",
    params: keyParams,
    reply: z.object({ job: z.string(), said: saidSchema.nullable() }),
    problems: [404],
    handle: ({ params }, { fleet }) => {
      const { key } = findJob(params.key, { fleet });
      return { job: key, said: fleet.lastSaid(key) ?? null };
    },
  }),
];

const shownJob = (job: JobView, deps: HttpDeps) => ({
  ...presentJob(job, deps),
  newest: newestDecision(job, deps),
});

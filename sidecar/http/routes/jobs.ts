import { z } from "zod";
import { Failure, numberOf, type Reading } from "../../../model/index.ts";
import { explain } from "../explain.ts";
import { findJob, keyParams, presentJob } from "../job.ts";
import { limitQuery, type Route, route } from "../route.ts";
import {
  clusterSchema,
  explanationSchema,
  jobSchema,
  listOf,
  observationSchema,
  saidSchema,
  topologySchema,
} from "../schemas.ts";

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
    reply: listOf(jobSchema),
    handle: ({ query }, deps) => {
      const sorted = [...deps.fleet.jobs()].sort((a, b) => (a.key < b.key ? -1 : 1));
      const rest = sorted.filter((j) => query.after === undefined || j.key > query.after);
      const items = rest.slice(0, query.limit);
      return {
        items: items.map((j) => presentJob(j, deps)),
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
    reply: jobSchema,
    problems: [404],
    handle: ({ params }, deps) => presentJob(findJob(params.key, deps), deps),
  }),
  route({
    id: "getTopology",
    method: "get",
    path: "/api/v1/jobs/{key}/topology",
    access: "viewer",
    tag: "jobs",
    summary: "The vertices and edges of a job with the newest numbers of each",
    params: keyParams,
    reply: topologySchema,
    problems: [404, 409],
    handle: ({ params }, { fleet }) => {
      const job = findJob(params.key, { fleet });
      const newest = fleet.observations(job.key).at(-1);
      const graph = newest?.graph ?? job.graph;
      if (!graph)
        throw new Failure("conflict", `the topology of ${job.key} is not known yet: it was never read`);
      const number = (r: Reading | undefined) => numberOf(r) ?? null;
      return {
        job: job.key,
        at: newest?.at ?? null,
        vertices: graph.vertices.map((v) => {
          const seen = newest?.vertices[v.id];
          return {
            ...v,
            inRate: number(seen?.inRate),
            outRate: number(seen?.outRate),
            busyShare: number(seen?.busyShare),
            backPressuredShare: number(seen?.backPressuredShare),
            pendingRecords: number(seen?.pendingRecords),
          };
        }),
        edges: graph.edges.map((e) => ({
          ...e,
          inFlight: number(newest?.edges.find((o) => o.from === e.from && o.to === e.to)?.inFlight),
        })),
      };
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

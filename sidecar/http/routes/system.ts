import { z } from "zod";
import { HttpProblem } from "../problem.ts";
import { type Route, route } from "../route.ts";

/** What machines ask: probes and metrics. */
export const systemRoutes: readonly Route[] = [
  route({
    id: "livez",
    method: "get",
    path: "/livez",
    access: "open",
    tag: "system",
    summary: "Whether the process runs",
    reply: z.object({ status: z.literal("ok"), version: z.string() }),
    handle: (_input, { version }) => ({ status: "ok", version }),
  }),
  route({
    id: "readyz",
    method: "get",
    path: "/readyz",
    access: "open",
    tag: "system",
    summary: "Whether every cluster was asked at least once",
    reply: z.object({ status: z.literal("ok") }),
    problems: [503],
    handle: (_input, { fleet }) => {
      if (fleet.ready()) return { status: "ok" };
      throw new HttpProblem("not-ready", "not every Flink cluster was asked yet", { "Retry-After": "2" });
    },
  }),
  route({
    id: "metrics",
    method: "get",
    path: "/metrics",
    access: "viewer",
    tag: "system",
    summary: "Outrider's own metrics for Prometheus",
    reply: z.string(),
    contentType: "text/plain; version=0.0.4; charset=utf-8",
    handle: (_input, { metrics }) => metrics(),
  }),
];

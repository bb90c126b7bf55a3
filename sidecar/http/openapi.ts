import { STATUS_CODES } from "node:http";
import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import settings from "../../package.json" with { type: "json" };
import { problemSchema } from "./problem.ts";
import { type Route, route } from "./route.ts";
import { allRoutes } from "./routes/index.ts";

const DESCRIPTION = `Outrider rides beside Apache Flink jobs. Without tokens it listens on loopback only and answers
its own machine; with tokens send \`Authorization: Bearer TOKEN\`. Roles: viewer < operator < admin; each operation
names the one it needs in \`x-role\`. Lists are \`{items, next}\`; errors are \`application/problem+json\`.`;

/** Every route that is served: the document describes itself, too. */
export const servedRoutes = (): readonly Route[] => [documentRoute, ...allRoutes()];

const documentRoute: Route = route({
  id: "getOpenApi",
  method: "get",
  path: "/api/v1/openapi.json",
  access: "viewer",
  tag: "system",
  summary: "This document",
  reply: z.looseObject({ openapi: z.string() }),
  handle: () => openApiDocument(),
});

/** The OpenAPI 3.1 document of every route; the same bytes for the same version. */
export function openApiDocument(): object {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of servedRoutes()) {
    const path = paths[route.path] ?? {};
    path[route.method] = operation(route);
    paths[route.path] = path;
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Outrider",
      version: settings.version,
      description: DESCRIPTION.replaceAll("\n", " "),
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths: paths as ZodOpenApiPathsObject,
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  });
}

function operation(route: Route): ZodOpenApiOperationObject {
  const statuses = new Set([...route.problems, ...(route.access === "open" ? [] : [401, 403])]);
  if (Object.keys(route.query.shape).length > 0 || route.body) statuses.add(400);
  if (route.body) for (const s of [413, 415]) statuses.add(s);
  const problems = [...statuses].sort().map((status) => [
    String(status),
    {
      description: STATUS_CODES[status] ?? "Problem",
      content: { "application/problem+json": { schema: problemSchema } },
    },
  ]);
  const content = {
    [route.contentType]: { schema: route.reply },
    ...(route.stream ? { "text/event-stream": { schema: z.string() } } : {}),
  };
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [route.tag],
    ...(route.access === "open"
      ? { security: [] }
      : { security: [{}, { token: [] }], "x-role": route.access }),
    requestParams: {
      path: route.params,
      query: route.query,
      ...(route.stream
        ? {
            header: z.object({
              "Last-Event-ID": z.string().optional().describe("Replay from this `seq` on."),
            }),
          }
        : {}),
    },
    ...(route.body
      ? { requestBody: { required: true, content: { "application/json": { schema: route.body } } } }
      : {}),
    responses: { "200": { description: "OK", content }, ...Object.fromEntries(problems) },
  };
}

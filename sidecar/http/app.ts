import express, { type Express, type NextFunction, type Request, type Response } from "express";
import { z } from "zod";
import { STREAM_LIMITS, type StreamLimits, startOf, streamEvents } from "./event-stream.ts";
import { servedRoutes } from "./openapi.ts";
import { HttpProblem, toProblem } from "./problem.ts";
import type { HttpDeps, Route } from "./route.ts";
import { type Caller, createGatekeeper } from "./security.ts";

const BODY_LIMIT = "64kb";
/** App setting: a function by which `listen` ends the open event streams at once. */
export const END_STREAMS = "outrider end streams";
/** App setting: without tokens only a loopback address may be listened on. */
export const LOOPBACK_ONLY = "outrider loopback only";

const streamQuery = z.object({ after: z.number().optional(), job: z.string().optional() });
const NOBODY: Caller = { name: "nobody", role: "viewer" };

/** The HTTP API as an Express app that does not listen yet; see `listen`. */
export function createHttpApp(deps: HttpDeps, limits: StreamLimits = STREAM_LIMITS): Express {
  const app = express();
  const gatekeeper = createGatekeeper(deps.tokens);
  const streams = new Set<() => void>();
  app.set(END_STREAMS, () => {
    for (const end of streams) end();
  });
  app.set(LOOPBACK_ONLY, deps.tokens.length === 0);
  app.disable("x-powered-by");
  app.set("query parser", "simple");
  app.set("case sensitive routing", true);
  app.use((_req, res, next) => {
    res.set({ "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store" });
    next();
  });

  const json = express.json({ limit: BODY_LIMIT });
  const table = servedRoutes();
  for (const route of table) {
    const guard = (req: Request, res: Response, next: NextFunction): void => {
      res.locals["caller"] = route.access === "open" ? NOBODY : gatekeeper(req, route.access);
      next();
    };
    const answer = async (req: Request, res: Response): Promise<void> => {
      if (route.stream && wantsStream(req)) {
        const query = streamQuery.parse(route.checkQuery(req.query));
        openStream(req, res, deps, { ...query, after: startOf(req, query.after) }, limits, streams);
        return;
      }
      const caller = res.locals["caller"] as Caller;
      const raw = { params: req.params, query: req.query, body: req.body as unknown, caller };
      const reply = await route.handle(raw, deps);
      res.type(route.contentType);
      res.send(typeof reply === "string" ? reply : JSON.stringify(reply));
    };
    const chain = route.method === "get" ? [guard, answer] : [guard, requireJson, json, answer];
    app[route.method](toExpress(route.path), ...chain);
  }
  for (const [path, methods] of methodsByPath(table)) {
    app.all(toExpress(path), (req) => {
      const allow = methods.join(", ");
      throw new HttpProblem("method-not-allowed", `${req.method} is not for ${path}; it knows ${allow}`, {
        Allow: allow,
      });
    });
  }
  for (const router of deps.routers ?? []) app.use(router);
  addLast(app, deps.log);
  return app;
}

/** What must come after every route: the 404 and the error handler. */
function addLast(app: Express, log: HttpDeps["log"]): void {
  app.use((req) => {
    throw new HttpProblem("no-such-address", `${req.path} is not known; see /api/v1/openapi.json`);
  });
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
    const { body, headers, correlation } = toProblem(error);
    if (correlation !== null) {
      log.error(
        { err: error, correlation, method: req.method, path: req.path },
        "Request failed for an unknown cause",
      );
    }
    if (res.headersSent) {
      res.destroy();
      return;
    }
    res.status(body.status).set(headers).type("application/problem+json").send(JSON.stringify(body));
  });
}

const toExpress = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

const wantsStream = (req: Request): boolean => (req.headers.accept ?? "").includes("text/event-stream");

function methodsByPath(table: readonly Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of table) {
    methods.set(path, [
      ...(methods.get(path) ?? []),
      ...(method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()]),
    ]);
  }
  return methods;
}

function openStream(
  req: Request,
  res: Response,
  deps: HttpDeps,
  query: { after?: number | undefined; job?: string | undefined },
  limits: StreamLimits,
  streams: Set<() => void>,
): void {
  if (streams.size >= limits.clients) {
    throw new HttpProblem("not-ready", `already ${limits.clients} readers follow the events`, {
      "Retry-After": "10",
    });
  }
  const end = streamEvents(req, res, deps, query, limits);
  streams.add(end);
  res.on("close", () => streams.delete(end));
}

/** A form on a foreign page can post text, but not JSON without asking first; so JSON is all we take. */
function requireJson(req: Request, _res: Response, next: NextFunction): void {
  const hasBody =
    req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;
  if (hasBody && !req.is("application/json")) {
    throw new HttpProblem("not-json", "send the body with Content-Type: application/json");
  }
  next();
}

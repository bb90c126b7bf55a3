import type { RequestHandler } from "express";
import { z } from "zod";
import type { Candidate, Instant, JobKey, Mode, OutriderEvent } from "../../model/index.ts";
import type { Fleet } from "../fleet.ts";
import type { RecoveryDesk } from "../restore/desk.ts";
import type { SavepointDesk } from "../savepoints/index.ts";
import type { Store } from "../store/port.ts";
import type { Caller, Role, Token } from "./security.ts";

/** What the HTTP layer needs of a logger; pino has this shape. */
export interface HttpLog {
  error(fields: object, message: string): void;
  info(fields: object, message: string): void;
}

/** What the HTTP API needs from the process around it. */
export interface HttpDeps {
  readonly fleet: Fleet;
  readonly store: Store;
  readonly now: () => Instant;
  /** The Prometheus page of our own metrics. */
  readonly metrics: () => Promise<string>;
  readonly tokens: readonly Token[];
  /** The mode in force: the job's own, else the configured one. */
  readonly modeOf: (key: JobKey) => Mode;
  /** Asks for the next pass soon; called after approve, reject, pause, resume and mode. */
  readonly wake: () => void;
  /** What jobs could be restored from, newest first; absent: nothing watches them. */
  readonly snapshots?: { candidates(job: JobKey): readonly Candidate[] };
  /** People's questions and orders about a job's state; absent: nothing looks after it. */
  readonly recovery?: RecoveryDesk;
  /** People's questions and orders about savepoints; absent: nobody takes any. */
  readonly savepoints?: SavepointDesk;
  readonly log: HttpLog;
  readonly version: string;
  /** Mounted behind the API and before the 404; they do not pass the gatekeeper. */
  readonly routers?: readonly RequestHandler[];
  readonly events: {
    subscribe(listener: (e: OutriderEvent) => void): () => void;
    /** Stores an event and tells all subscribers; without it, events of people's acts are stored only. */
    publish?(event: Omit<OutriderEvent, "seq">): void;
  };
}

export interface RouteInput<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly caller: Caller;
}

/** A request as Express has it, before its parts are checked. */
export type RawInput = RouteInput<unknown, unknown, unknown>;

/** One row of the table that drives both Express and the OpenAPI document. */
export interface Route {
  readonly id: string;
  readonly method: "get" | "post" | "put";
  /** OpenAPI spelling: `/api/v1/jobs/{key}`. */
  readonly path: string;
  /** `open`: no token is asked for, from anywhere. */
  readonly access: Role | "open";
  readonly tag: string;
  readonly summary: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** Absent: the request has no body. */
  readonly body: z.ZodObject | undefined;
  readonly reply: z.ZodType;
  /** Of the reply; JSON unless said otherwise. */
  readonly contentType: string;
  /** May also be asked for as `text/event-stream`. */
  readonly stream: boolean;
  /** Statuses other than 200 that the route may answer by itself. */
  readonly problems: readonly number[];
  readonly handle: (raw: RawInput, deps: HttpDeps) => unknown;
  readonly checkQuery: (query: unknown) => unknown;
}

const NOTHING = z.strictObject({});

interface RouteSpec<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject> {
  id: string;
  method: Route["method"];
  path: string;
  access: Route["access"];
  tag: string;
  summary: string;
  params?: P;
  query?: Q;
  body?: B;
  reply: z.ZodType;
  contentType?: string;
  stream?: boolean;
  problems?: readonly number[];
  handle(input: RouteInput<z.output<P>, z.output<Q>, z.output<B>>, deps: HttpDeps): unknown;
}

/** Makes a row of the table: the handler sees only what its schemas let through. */
export function route<
  P extends z.ZodObject = typeof NOTHING,
  Q extends z.ZodObject = typeof NOTHING,
  B extends z.ZodObject = typeof NOTHING,
>(spec: RouteSpec<P, Q, B>): Route {
  const parse = <S extends z.ZodObject>(schema: S | undefined, value: unknown): z.output<S> =>
    (schema ?? NOTHING).parse(value ?? {}) as z.output<S>;
  return {
    id: spec.id,
    method: spec.method,
    path: spec.path,
    access: spec.access,
    tag: spec.tag,
    summary: spec.summary,
    params: spec.params ?? NOTHING,
    query: spec.query ?? NOTHING,
    body: spec.body,
    reply: spec.reply,
    contentType: spec.contentType ?? "application/json",
    stream: spec.stream ?? false,
    problems: spec.problems ?? [],
    checkQuery: (query) => parse(spec.query, query),
    handle: (raw, deps) =>
      spec.handle(
        {
          params: parse(spec.params, raw.params),
          query: parse(spec.query, raw.query),
          body: parse(spec.body, raw.body),
          caller: raw.caller,
        },
        deps,
      ),
  };
}

/** A bounded `?limit`. */
export function limitQuery(standard: number, most: number) {
  return z.coerce
    .number()
    .int()
    .min(1)
    .max(most)
    .default(standard)
    .describe(`How many at most, up to ${most}.`);
}

/** Writes down what a person did, so that it is seen where all events are. */
export function announce(deps: HttpDeps, event: Omit<OutriderEvent, "seq">): void {
  if (deps.events.publish) deps.events.publish(event);
  else deps.store.appendEvent(event);
}

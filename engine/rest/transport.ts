import { Agent, type FormData, request } from "undici";
import type { z } from "zod";
import { Failure } from "../../model/index.ts";
import { type Asked, failure, failureOfNetwork, failureOfStatus } from "./failures.ts";

/** How to reach one Flink REST API. */
export interface FlinkRestOptions {
  /** Base address; a path prefix (a proxy) is kept. User and password in it are used and never shown. */
  readonly url: string;
  /** Deadline of one call with all its retries; 5000. */
  readonly timeoutMs?: number;
  /** Largest reply that is read; 32 MiB. */
  readonly maxBytes?: number;
  readonly auth?: { readonly bearer: string } | { readonly username: string; readonly password: string };
  /** In place of `auth`: the Authorization header, asked for at every call, because mounted tokens are rotated. */
  readonly authorization?: () => string | undefined;
  readonly tls?: { readonly ca?: string; readonly rejectUnauthorized?: boolean };
  /** Further tries of a GET after a failure that may pass; 1. */
  readonly retries?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One call: what for, where, and the shape of a good reply. */
export interface Call<T> {
  readonly what: string;
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path segments; each is escaped. */
  readonly path: readonly string[];
  readonly query?: string;
  readonly body?: unknown;
  readonly form?: FormData;
  readonly schema: z.ZodType<T>;
  readonly timeoutMs?: number;
}

export interface Transport {
  call<T>(call: Call<T>): Promise<T>;
  /** Ends all connections, also those in use. */
  close(): Promise<void>;
}

const RETRY_PAUSE_MS = 100;

interface Base {
  readonly origin: string;
  readonly prefix: string;
  readonly headers: Readonly<Record<string, string>>;
}

function baseOf(options: FlinkRestOptions): Base {
  const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    const shown = options.url.replace(/\/\/[^/@]*@/, "//<secret>@").replace(/\?.*$/, "?…");
    throw new Failure(
      "bad-config",
      `cannot use the address of Flink: got ${shown}; expected http(s)://host:port`,
    );
  }
  const auth =
    options.auth ??
    (url.username === ""
      ? undefined
      : { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) });
  const headers = { accept: "application/json", ...options.headers, ...authorization(auth) };
  return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, ""), headers };
}

function authorization(auth: FlinkRestOptions["auth"]): Record<string, string> {
  if (auth === undefined) return {};
  const value =
    "bearer" in auth
      ? `Bearer ${auth.bearer}`
      : `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString("base64")}`;
  return { authorization: value };
}

/** Makes calls to one Flink REST API: bounded in time and size, failures in our words. */
export function createTransport(options: FlinkRestOptions): Transport {
  const { timeoutMs = 5_000, maxBytes = 32 * 1024 * 1024, retries = 1 } = options;
  const base = baseOf(options);
  const agent = new Agent({
    connections: 16,
    keepAliveTimeout: 10_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 0, ...options.tls },
  });

  async function once<T>(call: Call<T>, asked: Asked, path: string, signal: AbortSignal): Promise<T> {
    const body = call.form ?? (call.body === undefined ? null : JSON.stringify(call.body));
    const authorized = options.authorization?.();
    const headers = {
      ...base.headers,
      ...(authorized === undefined ? {} : { authorization: authorized }),
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
    };
    const reply = await request(base.origin + path, {
      method: call.method ?? "GET",
      dispatcher: agent,
      signal,
      headers,
      body,
    });
    const text = await readBounded(asked, reply.body, maxBytes);
    if (reply.statusCode >= 300 && reply.statusCode < 400) {
      throw failure(
        "rejected",
        asked,
        `a redirect (${reply.statusCode})`,
        "Flink's REST API itself, not a login page",
      );
    }
    if (reply.statusCode >= 400) throw failureOfStatus(asked, reply.statusCode, text);
    return parseReply(asked, text, call.schema);
  }

  return {
    async call<T>(call: Call<T>): Promise<T> {
      const method = call.method ?? "GET";
      const path = `${base.prefix}/${call.path.map(encodeURIComponent).join("/")}${call.query ?? ""}`;
      const shownPath = path.length > 160 ? `${path.slice(0, 160)}…` : path;
      const asked = { what: call.what, which: `${method} ${base.origin}${shownPath}` };
      const deadline = call.timeoutMs ?? timeoutMs;
      const signal = AbortSignal.timeout(deadline);
      const attempt = () =>
        once(call, asked, path, signal).catch((error: unknown) => {
          throw failureOfNetwork(asked, error, signal.aborted, deadline);
        });
      return retrying(attempt, method === "GET" ? retries : 0, signal);
    },
    close: () => agent.destroy(),
  };
}

async function retrying<T>(attempt: () => Promise<T>, retries: number, signal: AbortSignal): Promise<T> {
  for (let left = retries; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      const mayPass = error instanceof Failure && error.retryable && !signal.aborted;
      if (left <= 0 || !mayPass) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
    }
  }
}

async function readBounded(asked: Asked, body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop by a throw destroys the stream, so an endless reply costs no more than the limit.
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) {
      throw failure("too-large", asked, `more than ${maxBytes} bytes`, "a reply within the limit");
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Parses and checks a reply; the message of a failure names the path inside the reply that is wrong. */
export function parseReply<T>(asked: Asked, text: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text === "" ? "null" : text);
  } catch (cause) {
    const got = /^\s*</.test(text) ? "a web page" : `text that is not JSON (${text.length} characters)`;
    throw failure("bad-reply", asked, got, "JSON from Flink", { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = shownPath(issue?.path ?? []);
  const wanted = issue?.code === "invalid_type" ? issue.expected : (issue?.message ?? "another shape");
  throw failure("bad-reply", asked, `${kindAt(json, issue?.path ?? [])} at ${path}`, wanted);
}

/** `jobs[1].state`; the top where the whole reply is wrong. */
function shownPath(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text === "" ? "the top" : text.replace(/^\./, "");
}

function kindAt(json: unknown, path: readonly PropertyKey[]): string {
  let value: unknown = json;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return "nothing";
    value = Reflect.get(value, key);
  }
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : JSON.stringify(value).slice(0, 60);
}

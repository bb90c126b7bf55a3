import { setTimeout as sleep } from "node:timers/promises";
import { Agent, type Dispatcher, request } from "undici";
import { Failure } from "../../model/index.ts";
import { failureOfNetwork, saidBy, storageFailure } from "./failures.ts";
import type { ByteRange } from "./object-store.ts";

const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 100;
/** A page of 1,000 names of 1,024 bytes, six bytes each at worst, and what stands around them. */
const MOST_TEXT_BYTES = 16 << 20;

/** A reply with its whole text. */
export interface HttpReply {
  readonly status: number;
  header(name: string): string | undefined;
  readonly text: string;
}

/** What a store over HTTP is made of. */
export interface HttpStoreOptions {
  readonly connections: number;
  /** Headers of every request, asked for each time because tokens grow old. */
  readonly headers: (what: string) => Promise<Readonly<Record<string, string>>>;
  /** What a status that is no success means. */
  readonly refuse: (what: string, reply: HttpReply) => Failure;
  readonly onRequest?: ((name: string) => void) | undefined;
}

/** One request. */
export interface HttpCall {
  /** What is being done, for sentences. */
  readonly what: string;
  readonly url: string;
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Requests to a store that speaks HTTP with JSON: bounded in size, repeated while that may help. */
export interface HttpStore {
  /** The reply; throws what `refuse` makes of one that is no success. */
  text(call: HttpCall): Promise<HttpReply>;
  /** The bytes of a file. One that ends too early is a failure. A range past the end is empty. */
  bytes(call: HttpCall, range: ByteRange): AsyncGenerator<Uint8Array>;
  close(): void;
}

/** Makes a pool of connections and the calls over it. */
export function httpStore({ connections, headers, refuse, onRequest }: HttpStoreOptions): HttpStore {
  // Whoever calls holds the clock: every call comes with a signal that ends it.
  const agent = new Agent({ connections, headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 0 } });

  async function once(call: HttpCall): Promise<Dispatcher.ResponseData> {
    const { what, url, method = "GET", signal } = call;
    try {
      const sent = { ...(await headers(what)), ...call.headers };
      onRequest?.(method);
      return await request(url, { method, headers: sent, signal, dispatcher: agent });
    } catch (error) {
      throw failureOfRequest(what, error);
    }
  }

  async function good(call: HttpCall): Promise<Dispatcher.ResponseData> {
    const reply = await once(call);
    if (reply.statusCode < 300) return reply;
    throw refuse(call.what, replyOf(reply, await textOf(reply, call.what)));
  }

  return {
    text: (call) =>
      repeated(call.signal, async () => {
        const reply = await good(call);
        return replyOf(reply, await textOf(reply, call.what));
      }),
    async *bytes(call, range) {
      const start = range.start ?? 0;
      if (range.end !== undefined && range.end <= start) return;
      const wanted = `bytes=${start}-${range.end === undefined ? "" : range.end - 1}`;
      const whole = start === 0 && range.end === undefined;
      const ranged = whole ? call : { ...call, headers: { ...call.headers, range: wanted } };
      const reply = await repeated(call.signal, () => good(ranged)).catch((error: unknown) => {
        if (error instanceof Failure && error.details["status"] === 416) return undefined;
        throw error;
      });
      if (reply !== undefined) yield* wholeBody(reply, call.what);
    },
    close: () => void agent.destroy().catch(() => undefined),
  };
}

/** Tries again what may pass, while there is time. */
async function repeated<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      const mayPass = error instanceof Failure && error.retryable && error.code !== "bad-reply";
      if (attempt >= ATTEMPTS || !mayPass || signal.aborted) throw error;
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal });
    }
  }
}

function replyOf(reply: Dispatcher.ResponseData, text: string): HttpReply {
  return {
    status: reply.statusCode,
    header: (name) => {
      const value = reply.headers[name];
      return typeof value === "string" ? value : value?.[0];
    },
    text,
  };
}

async function textOf(reply: Dispatcher.ResponseData, what: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of reply.body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_TEXT_BYTES)
        throw storageFailure("bad-reply", what, `more than ${MOST_TEXT_BYTES} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw failureOfRequest(what, error);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function* wholeBody(reply: Dispatcher.ResponseData, what: string): AsyncGenerator<Uint8Array> {
  const length = reply.headers["content-length"];
  const chunked = length === undefined && reply.headers["transfer-encoding"] === "chunked";
  let bytes = 0;
  try {
    for await (const chunk of reply.body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw failureOfRequest(what, error);
  }
  // The last chunk says that it is the last; without chunks and length nothing tells a file that was cut.
  if (!chunked && bytes !== Number(length)) {
    throw storageFailure(
      "unreachable",
      what,
      `the end after ${bytes} of ${length ?? "an unknown number of"} bytes`,
      {
        expected: "the whole file",
      },
    );
  }
}

function failureOfRequest(what: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const network = failureOfNetwork(what, error);
  return network ?? storageFailure("unreachable", what, saidBy(error), { cause: error });
}

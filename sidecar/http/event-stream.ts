import type { Request, Response } from "express";
import type { HttpDeps } from "./route.ts";

export interface StreamLimits {
  /** A comment line this often, so that proxies keep the connection. */
  readonly heartbeatMs: number;
  /** A client whose buffer did not drain for this long is dropped; it comes back with `Last-Event-ID`. */
  readonly stalledMs: number;
  readonly clients: number;
}
export const STREAM_LIMITS: StreamLimits = { heartbeatMs: 15_000, stalledMs: 30_000, clients: 200 };

/** Events read from the store at a time. With the socket's own buffer this bounds what one client can hold. */
const PAGE = 100;

/**
 * Sends events as server-sent events. The store is the journal: a live event only says "look again", so that
 * nothing is lost or doubled between replay and live, and a slow client costs one page of memory.
 * `after` undefined: only what happens from now on. Returns the function that ends the stream.
 */
export function streamEvents(
  req: Request,
  res: Response,
  deps: Pick<HttpDeps, "store" | "events" | "log">,
  query: { after?: number | undefined; job?: string | undefined },
  limits: StreamLimits = STREAM_LIMITS,
): () => void {
  let cursor = query.after;
  let blocked: NodeJS.Timeout | undefined;
  let ended = false;

  res.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
  });
  res.flushHeaders();

  const drop = (): void => {
    deps.log.info({ seq: cursor }, "Dropped a reader of the event stream that does not keep up");
    res.destroy();
  };
  const write = (text: string): void => {
    if (!res.write(text)) blocked ??= setTimeout(drop, limits.stalledMs);
  };
  const pump = (): void => {
    while (!ended && blocked === undefined && cursor !== undefined) {
      const page = deps.store.eventsAfter(cursor, PAGE, query.job);
      const newest = page.at(-1);
      if (newest === undefined) return;
      cursor = newest.seq;
      write(page.map((e) => `id: ${e.seq}\ndata: ${JSON.stringify(e)}\n\n`).join(""));
    }
  };
  const safePump = (): void => {
    try {
      pump();
    } catch (error) {
      deps.log.error({ err: error }, "Cannot read events for the event stream");
      res.destroy();
    }
  };

  const unsubscribe = deps.events.subscribe((e) => {
    cursor ??= e.seq - 1;
    safePump();
  });
  const heartbeat = setInterval(() => {
    if (blocked === undefined) write(": still here\n\n");
  }, limits.heartbeatMs);
  const stop = (): void => {
    ended = true;
    unsubscribe();
    clearInterval(heartbeat);
    clearTimeout(blocked);
  };
  res.on("drain", () => {
    clearTimeout(blocked);
    blocked = undefined;
    safePump();
  });
  res.on("close", stop);
  res.on("error", stop);
  write(": welcome\n\n");
  // A reader of another store (a restarted demo, a restored file) would wait for numbers that may never come.
  const newest = deps.store.eventsBefore(undefined, 1)[0]?.seq ?? 0;
  if (cursor !== undefined && cursor > newest) {
    cursor = newest;
    write(`id: ${newest}\nevent: reset\ndata: ${JSON.stringify({ newest })}\n\n`);
  }
  safePump();
  return () => {
    stop();
    res.end();
    req.socket.destroySoon();
  };
}

/** Where a reader wants to go on: the header (which a reconnecting reader sends) before the query. */
export function startOf(req: Request, after: number | undefined): number | undefined {
  const header = req.headers["last-event-id"];
  return typeof header === "string" && /^\d{1,15}$/.test(header) ? Number(header) : after;
}

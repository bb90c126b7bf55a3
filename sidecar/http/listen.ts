import { createServer } from "node:http";
import type { Express } from "express";
import { Failure } from "../../model/index.ts";
import { END_STREAMS, LOOPBACK_ONLY } from "./app.ts";
import { isLoopback } from "./security.ts";

export interface Listening {
  /** With the port that was really taken. */
  readonly url: string;
  /** Ends event streams at once and gives other requests a second. Idempotent. */
  close(): Promise<void>;
}

const GRACE_MS = 1_000;

/** Starts to serve an app; port 0 takes a free one. Throws `Failure("bad-config")` when that cannot be. */
export async function listen(app: Express, at: { host: string; port: number }): Promise<Listening> {
  if (app.get(LOOPBACK_ONLY) === true && !isLoopback(at.host)) {
    throw new Failure(
      "bad-config",
      `cannot listen on ${at.host}: without tokens Outrider listens on loopback only; configure a token or use 127.0.0.1`,
    );
  }
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, app);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      const message = `cannot listen on ${at.host}:${at.port}: ${error.message}`;
      reject(new Failure("bad-config", message, { cause: error }));
    });
    server.listen(at.port, at.host.replace(/^\[|\]$/g, ""), resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : at.port;
  const host = at.host.includes(":") && !at.host.startsWith("[") ? `[${at.host}]` : at.host;
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      const endStreams: unknown = app.get(END_STREAMS);
      if (typeof endStreams === "function") endStreams();
      server.closeIdleConnections();
    });
  return {
    url: `http://${host}:${port}`,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

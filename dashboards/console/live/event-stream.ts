import type { OutriderEvent } from "../../../model/index.ts";
import { type ApiProblem, authorization, problemOf } from "../api/client.ts";
import { createEventParser, type StreamMessage } from "./event-parser.ts";

/** How the stream is. `retryAt`: when it is tried again, in milliseconds since 1970. */
export type StreamState =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | { readonly kind: "lost"; readonly why: string; readonly retryAt: number };

/** Heartbeats come every 15 s; silence longer than this is a lost stream. */
const SILENCE_MS = 40_000;
const LONGEST_WAIT_MS = 30_000;

/** 1, 2, 4 … 30 s. */
export function waitBefore(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** Math.min(10, Math.max(0, failures - 1)));
}

/** Where to go on after a message; `anew`: the numbers are those of another run, all that was read before is void. */
export function placeAfter(
  last: number | undefined,
  said: StreamMessage,
): { readonly last: number; readonly anew: boolean } {
  if (said.kind === "reset") return { last: said.newest, anew: true };
  const { seq } = said.event;
  return { last: seq, anew: last !== undefined && seq <= last };
}

/**
 * Follows the events with `fetch`, which can carry a token. After a loss it goes on behind the last event seen, so
 * that nothing is missed or doubled. `reset`: a server with another past answers now. Ends when `signal` aborts.
 */
export async function followEvents(
  on: { event(e: OutriderEvent): void; reset(): void; state(s: StreamState): void },
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  let last: number | undefined;
  while (!signal.aborted) {
    on.state({ kind: "connecting" });
    let why = "the connection ended";
    try {
      await readOnce(last, signal, {
        open: () => {
          failures = 0;
          on.state({ kind: "live" });
        },
        said: (message) => {
          const place = placeAfter(last, message);
          last = place.last;
          if (place.anew) on.reset();
          if (message.kind === "event") on.event(message.event);
        },
      });
    } catch (error) {
      why =
        error instanceof Error && error.name === "ApiProblem" ? error.message : "Outrider does not answer";
    }
    if (signal.aborted) return;
    failures += 1;
    const wait = waitBefore(failures);
    on.state({ kind: "lost", why, retryAt: Date.now() + wait });
    await sleep(wait, signal);
  }
}

/** Resolves at the end of one connection; throws when it could not be made or broke. */
async function readOnce(
  last: number | undefined,
  signal: AbortSignal,
  on: { open(): void; said(message: StreamMessage): void },
): Promise<void> {
  const quiet = new AbortController();
  let timer = setTimeout(() => quiet.abort(), SILENCE_MS);
  try {
    const reply = await fetch("/api/v1/events", {
      headers: {
        ...authorization(),
        Accept: "text/event-stream",
        ...(last === undefined ? {} : { "Last-Event-ID": String(last) }),
      },
      signal: AbortSignal.any([signal, quiet.signal]),
    });
    if (!reply.ok || reply.body === null) throw (await problemOf(reply)) satisfies ApiProblem;
    on.open();
    const parser = createEventParser();
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), SILENCE_MS);
      for (const message of parser.push(value)) on.said(message);
    }
  } finally {
    clearTimeout(timer);
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

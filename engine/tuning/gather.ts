import { sentenceOf } from "../../model/index.ts";
import type { Call, Transport } from "../rest/transport.ts";
import { type Part, read, unread } from "./report.ts";

/** Asks Flink for parts of a report: a failed call gives an unread part, and never a throw. */
export interface Gatherer {
  /** Throws a `Failure`, for what nothing can go on without. */
  must<T>(call: Call<T>): Promise<T>;
  ask<T>(call: Call<T>): Promise<Part<T>>;
  remainingMs(): number;
}

const CALLS_AT_ONCE = 12;
const CALL_MS = 5_000;

/** At most twelve calls at once, five seconds each, `deadlineMs` for all of them together. */
export function createGatherer(transport: Pick<Transport, "call">, deadlineMs: number): Gatherer {
  const started = performance.now();
  const waiting: (() => void)[] = [];
  let free = CALLS_AT_ONCE;
  const remainingMs = (): number => deadlineMs - (performance.now() - started);

  async function must<T>(call: Call<T>): Promise<T> {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      const timeoutMs = Math.max(1, Math.round(Math.min(CALL_MS, remainingMs())));
      return await transport.call({ ...call, timeoutMs });
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  }

  return {
    must,
    remainingMs,
    async ask<T>(call: Call<T>): Promise<Part<T>> {
      if (remainingMs() <= 0) return unread(`no time was left to ${call.what}`);
      try {
        return read(await must(call));
      } catch (error) {
        return unread(sentenceOf(error));
      }
    },
  };
}

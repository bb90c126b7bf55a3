import { formatDuration } from "../../model/index.ts";
import { storageFailure } from "./failures.ts";
import type { Bounds } from "./object-store.ts";

/**
 * Does something that must end within `ms` and stops it (by the signal that `run` gets) when it does not, or when the
 * caller's signal says so. Rejects then at once with a `Failure` `timeout`, whether `run` heeds the signal or not.
 */
export async function within<T>(
  ms: number,
  what: string,
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = (got: string) =>
    controller.abort(storageFailure("timeout", what, got, { expected: "an answer in time" }));
  const stopped = new Promise<never>((_, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason), { once: true });
  });
  const giveUp = () => stop("the order to stop before the answer came");
  const timer = setTimeout(() => stop(`no answer in ${formatDuration(ms)}`), ms);
  outer?.addEventListener("abort", giveUp, { once: true });
  if (outer?.aborted === true) giveUp();
  try {
    return await Promise.race([stopped, runUnlessStopped(controller.signal, run)]);
  } catch (error) {
    // What an aborted call throws is only an echo of why it was stopped.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", giveUp);
  }
}

async function runUnlessStopped<T>(
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  return run(signal);
}

/**
 * The chunks of a file, each within its time and all within theirs. However it ends, the signal that `open` gets is
 * aborted then: a source that hangs must let go of its connection by that.
 */
export async function* chunksWithin(
  open: (signal: AbortSignal) => AsyncIterable<Uint8Array>,
  what: string,
  bounds: Bounds,
  outer: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const controller = new AbortController();
  const iterator = open(controller.signal)[Symbol.asyncIterator]();
  const deadline = performance.now() + bounds.readTimeoutMs;
  try {
    for (;;) {
      const left = Math.max(0, Math.min(bounds.pageTimeoutMs, deadline - performance.now()));
      const next = await within(left, what, outer, () => iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    controller.abort();
    // Not awaited: a source that hangs ends later, or never.
    void iterator.return?.().catch(() => undefined);
  }
}

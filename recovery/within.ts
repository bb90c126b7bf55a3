import { Failure } from "../model/index.ts";

/**
 * The work's own end, or a `timeout` as soon as the signal says so: a store that never answers keeps nobody. The work
 * itself goes on unheard.
 */
export function within<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(stopped());
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** Every value of an iteration until the signal ends it; leaving early closes the iteration without waiting for it. */
export async function* eachWithin<T>(
  values: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  const iterator = values[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await within(iterator.next(), signal);
      if (step.done === true) return;
      yield step.value;
    }
  } finally {
    iterator.return?.()?.catch(() => undefined);
  }
}

function stopped(): Failure {
  return new Failure("timeout", "the look was stopped before its end");
}

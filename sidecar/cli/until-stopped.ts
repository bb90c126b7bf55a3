import type { Milliseconds } from "../../model/index.ts";

/** One press of Ctrl-C can come twice: the terminal sends it, and npm passes it on. */
const ONE_PRESS_MS: Milliseconds = 500;
/** How often to look whether npm is still there. */
const LOOK_EVERY_MS: Milliseconds = 500;
/** What a shell shows for a process that Ctrl-C ended. */
const INTERRUPTED = 130;

export interface StopOptions {
  /** Ends it by itself after this long. */
  readonly afterMs?: Milliseconds | undefined;
  /** When the process ends by itself; a rejection is thrown on. */
  readonly done?: Promise<void>;
}

/**
 * Waits until SIGINT, SIGTERM, the given time, or the end of `done`. From the first signal on the caller ends what
 * it started; a second one ends the process at once. Under npm the end of whoever started us counts as a signal:
 * npm's shell keeps a SIGTERM for itself, dies of it and would leave us behind with the port.
 */
export async function untilStopped({ afterMs, done }: StopOptions): Promise<void> {
  const starter = process.ppid;
  let timer: NodeJS.Timeout | undefined;
  let look: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      let first: number | undefined;
      const heard = (): void => {
        first ??= performance.now();
        if (performance.now() - first > ONE_PRESS_MS) process.exit(INTERRUPTED);
        resolve();
      };
      process.on("SIGINT", heard);
      process.on("SIGTERM", heard);
      if (afterMs !== undefined) timer = setTimeout(resolve, afterMs);
      if (process.env["npm_lifecycle_event"] !== undefined) {
        look = setInterval(() => process.ppid !== starter && resolve(), LOOK_EVERY_MS);
      }
      done?.then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    clearInterval(look);
  }
}

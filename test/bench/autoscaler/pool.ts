import { Worker } from "node:worker_threads";
import type { ContestResult, ContestTask, RunName, Told } from "./run-contest.ts";

/** What a thread says of the contest that it is at. */
type Message =
  | { readonly run: RunName; readonly moves: readonly string[] }
  | { readonly result: ContestResult }
  | { readonly failed: string };

/**
 * Runs contests on several threads; results in the order of the tasks, however they end. Rejects with the first
 * contest that could not be run.
 */
export async function runAll(
  tasks: readonly ContestTask[],
  threads: number,
  told: Told,
): Promise<readonly ContestResult[]> {
  const results: ContestResult[] = [];
  let next = 0;
  const drive = async (): Promise<void> => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url));
    try {
      for (let i = next++; i < tasks.length; i = next++) {
        const task = tasks[i];
        if (task !== undefined) results[i] = await ask(worker, task, told);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, tasks.length) }, drive));
  return results;
}

function ask(worker: Worker, task: ContestTask, told: Told): Promise<ContestResult> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: Message): void => {
      if ("run" in message) {
        told(message.run, message.moves);
        return;
      }
      stop();
      if ("result" in message) resolve(message.result);
      else reject(new Error(message.failed));
    };
    const onError = (error: Error): void => {
      stop();
      reject(error);
    };
    const stop = (): void => {
      worker.off("message", onMessage);
      worker.off("error", onError);
    };
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.postMessage(task);
  });
}

import { parentPort } from "node:worker_threads";
import { Failure, sentenceOf } from "../../../model/index.ts";
import { type ContestTask, runTask } from "./run-contest.ts";

/** A thread of the bench: one contest at a time, rows as they come, then all of it. */
const port = parentPort;
if (port === null) throw new TypeError("this file is a worker of the bench; run npm run bench:autoscaler");

port.on("message", (task: ContestTask) => {
  runTask(task, (run, moves) => port.postMessage({ run, moves })).then(
    (result) => port.postMessage({ result }),
    (error: unknown) => port.postMessage({ failed: wordsOf(error) }),
  );
});

/** Where it is a fault of ours, where it happened as well. */
const wordsOf = (error: unknown): string =>
  error instanceof Error && !(error instanceof Failure) ? `${error.stack}` : sentenceOf(error);

import { isTerminal } from "../../../model/index.ts";
import type { GraphCopy } from "../metrics/graph-cache.ts";
import type { ExceptionView } from "../view.ts";
import { badQueryParameter, ok, type SimulatorReply } from "./reply.ts";

const MAX_EXCEPTIONS = 20;

/** `/jobs/:id/exceptions`. Before 2.0 the fields of the old exception list are there too, mostly empty. */
export function exceptionsOf(graph: GraphCopy, maximum: string | null, flinkMajor: number): SimulatorReply {
  if (maximum !== null && !/^-?\d{1,9}$/.test(maximum)) return badQueryParameter("maxExceptions", maximum);
  const most = maximum === null ? MAX_EXCEPTIONS : Number(maximum);
  const shown = graph.exceptions.slice(0, Math.max(0, most));
  const truncated = shown.length < graph.exceptions.length;
  const history = { exceptionHistory: { entries: shown.map(entryOf), truncated } };
  if (flinkMajor >= 2) return ok(history);
  const root = isTerminal(graph.state) ? graph.exceptions[0] : undefined;
  return ok({
    "root-exception": root === undefined ? null : rootOf(graph, root),
    timestamp: root?.at ?? null,
    "all-exceptions": [],
    truncated: false,
    ...history,
  });
}

function entryOf(exception: ExceptionView) {
  const { taskName, taskManager } = exception;
  return {
    exceptionName: exception.name,
    stacktrace: traceOf(exception),
    timestamp: exception.at,
    ...(taskName === undefined ? {} : { taskName }),
    ...(taskManager === undefined ? {} : { endpoint: `${taskManager}:6122`, taskManagerId: taskManager }),
    failureLabels: {},
    concurrentExceptions: [],
  };
}

const FRAMES = [
  "org.apache.flink.streaming.runtime.tasks.StreamTask.invoke(StreamTask.java:1000)",
  "org.apache.flink.runtime.taskmanager.Task.run(Task.java:562)",
];

/** As Java prints it, causes below. */
function traceOf({ name, message, frames = FRAMES, causes = [] }: ExceptionView): string {
  const at = (lines: readonly string[]): string => lines.map((line) => `\n\tat ${line}`).join("");
  const below = causes.map((c) => `\nCaused by: ${c.name}: ${c.message}${at(c.frames ?? [])}`).join("");
  return `${name}: ${message}${at(frames)}${below}\n`;
}

/** What the job as a whole died of: that its restart strategy gave up. */
function rootOf(graph: GraphCopy, exception: ExceptionView): string {
  const name = "org.apache.flink.runtime.JobException";
  return `${name}: Recovery is suppressed by ${graph.strategyName}\nCaused by: ${traceOf(exception)}`;
}

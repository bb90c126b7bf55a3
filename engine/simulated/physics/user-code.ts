import type { ExceptionView } from "../view.ts";
import type { UserFault } from "./bad-luck.ts";
import type { VertexRun } from "./vertex-run.ts";

/** What Flink records of something that a job's own code threw. */
export function userException(
  fault: UserFault,
  vertices: readonly VertexRun[],
  job: string,
): Omit<ExceptionView, "at"> {
  const vertex = vertexNamed(vertices, fault.vertex);
  const { name, message } = fault;
  return { name, message, frames: framesOf(job, vertex), ...taskOf(vertex === undefined ? [] : [vertex]) };
}

/** A vertex by its name, its id, or the key under which a world file has it. */
export const vertexNamed = (vertices: readonly VertexRun[], name: string): VertexRun | undefined =>
  vertices.find(({ id, plan }) => id === name || plan.name === name || plan.name === `Source: ${name}`);

/** The first subtask of the first vertex, as exceptions name tasks. */
export function taskOf(vertices: readonly VertexRun[]): Pick<ExceptionView, "taskName" | "taskManager"> {
  const [vertex] = vertices;
  if (vertex === undefined) return { taskName: undefined, taskManager: undefined };
  return {
    taskName: `${vertex.plan.name} (1/${vertex.parallelism})`,
    taskManager: vertex.subtasks[0]?.taskManager,
  };
}

/** The code of a job that never was: one class a vertex. */
function framesOf(job: string, vertex: VertexRun | undefined): readonly string[] {
  const name = classOf(vertex?.plan.name.replace(/^Source: /, "") ?? "work");
  return [
    `com.example.${classOf(job).toLowerCase()}.${name}.map(${name}.java:67)`,
    "org.apache.flink.streaming.api.operators.StreamMap.processElement(StreamMap.java:37)",
    "org.apache.flink.streaming.runtime.tasks.StreamTask.invoke(StreamTask.java:1000)",
    "org.apache.flink.runtime.taskmanager.Task.run(Task.java:562)",
  ];
}

function classOf(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("") || "Job";
}

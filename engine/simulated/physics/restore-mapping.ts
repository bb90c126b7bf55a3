import type { VertexId } from "../../../model/index.ts";
import type { JobPlan } from "../world.ts";
import type { ReadOperator, RestorePoint } from "./restore-point.ts";
import { StateFault } from "./state-fault.ts";

/**
 * What a job begins with when its state comes out of a snapshot. Throws `StateFault` in Flink's words where state
 * belongs to no vertex of the job, or was dealt out over other key groups.
 */
export function originOf(
  plan: JobPlan,
  operators: readonly ReadOperator[],
  options: { readonly path: string; readonly allowNonRestoredState: boolean },
): RestorePoint {
  const positions = new Map<VertexId, Float64Array>();
  const point: RestorePoint = {
    id: operators[0]?.checkpoint ?? 0,
    positions,
    windows: new Map(),
    inFlight: new Map(),
    processed: new Map(),
    parallelism: new Map(operators.map((o) => [o.id, o.parallelism])),
  };
  for (const operator of operators) {
    const vertex = plan.vertices.find((v) => v.id === operator.id);
    if (vertex === undefined) {
      if (operator.hasState && !options.allowNonRestoredState) throw notMapped(operator.id, options.path);
      continue;
    }
    if (operator.hasState && operator.maxParallelism !== vertex.maxParallelism)
      throw otherKeyGroups(operator, vertex.maxParallelism, options.path);
    fill(point, positions, operator);
  }
  return point;
}

function fill(point: RestorePoint, positions: Map<VertexId, Float64Array>, operator: ReadOperator): void {
  const { id, state } = operator;
  if (state === undefined) return;
  if (state.positions !== undefined) positions.set(id, Float64Array.from(state.positions));
  if (state.processed !== undefined) point.processed.set(id, state.processed);
  if (state.window !== undefined) point.windows.set(id, state.window);
  for (const [from, records] of Object.entries(state.inFlight ?? {}))
    point.inFlight.set(`${from}>${id}`, records);
}

const FRAMES = [
  "org.apache.flink.runtime.checkpoint.Checkpoints.loadAndValidateCheckpoint(Checkpoints.java:190)",
  "org.apache.flink.runtime.checkpoint.CheckpointCoordinator.restoreSavepoint(CheckpointCoordinator.java:1860)",
];

function notMapped(operator: VertexId, path: string): StateFault {
  return new StateFault({
    name: "java.lang.IllegalStateException",
    message: `Failed to rollback to checkpoint/savepoint ${path}. Cannot map checkpoint/savepoint state for operator ${operator} to the new program, because the operator is not available in the new program. If you want to allow to skip this, you can set the --allowNonRestoredState option on the CLI.`,
    frames: FRAMES,
  });
}

function otherKeyGroups(operator: ReadOperator, now: number, path: string): StateFault {
  return new StateFault({
    name: "java.lang.IllegalStateException",
    message: `Failed to rollback to checkpoint/savepoint ${path}. Max parallelism mismatch between checkpoint/savepoint state and new program. Cannot map operator ${operator.id} with max parallelism ${operator.maxParallelism} to new program with max parallelism ${now}. This indicates that the program has been changed in a non-compatible way after the checkpoint/savepoint.`,
    frames: FRAMES,
  });
}

import type { VertexId } from "../../model/index.ts";
import type { FlinkOptions } from "./flink-options.ts";
import type { FlinkTopology } from "./topology.ts";

/** What a TaskManager is: cores, bytes, slots; null: not known. */
export interface TaskManagerSpec {
  readonly cpu: number | null;
  readonly memory: number | null;
  readonly slots: number;
}

export interface ParallelismChange {
  readonly from: number;
  readonly to: number;
}

export type ParallelismChanges = Readonly<Record<VertexId, ParallelismChange>>;

/** What a rescale would take by the autoscaler's own reckoning. */
export interface QuotaVerdict {
  readonly slots: number;
  readonly taskManagers: number;
  /** Null where the TaskManager's own size is not known. */
  readonly cpu: number | null;
  readonly memory: number | null;
  readonly exceeded: boolean;
}

/**
 * Slots = sum over sharing groups of the largest parallelism of the vertices *that change*; TaskManagers = slots ÷
 * slots of each, rounded down. Only growth is refused. Both roundings are the Java autoscaler's: the quota can be
 * overshot by almost a TaskManager. Null: no groups or no slots are known, so nothing is refused.
 */
export function quotaVerdict(
  topology: FlinkTopology,
  changes: ParallelismChanges,
  taskManager: TaskManagerSpec,
  options: Pick<FlinkOptions, "quotaCpu" | "quotaMemory">,
): QuotaVerdict | null {
  const grouped = topology.filter((v) => v.slotSharingGroup !== null);
  if (grouped.length === 0 || taskManager.slots < 1) return null;
  const slotsBy = (of: (change: ParallelismChange) => number): number => {
    const largest = new Map<string | null, number>();
    for (const { id, slotSharingGroup } of grouped) {
      const change = changes[id];
      if (change === undefined) continue;
      largest.set(slotSharingGroup, Math.max(largest.get(slotSharingGroup) ?? 0, of(change)));
    }
    return [...largest.values()].reduce((sum, n) => sum + n, 0);
  };
  const slots = slotsBy((c) => c.to);
  const taskManagers = Math.floor(slots / taskManager.slots);
  const before = Math.floor(slotsBy((c) => c.from) / taskManager.slots);
  const cpu = taskManager.cpu === null ? null : taskManager.cpu * taskManagers;
  const memory = taskManager.memory === null ? null : taskManager.memory * taskManagers;
  const above = (need: number | null, quota: number | null): boolean =>
    need !== null && quota !== null && need > quota;
  const exceeded =
    taskManagers > before && (above(cpu, options.quotaCpu) || above(memory, options.quotaMemory));
  return { slots, taskManagers, cpu, memory, exceeded };
}

/**
 * Slots after a rescale: the largest parallelism if all vertices share slots now (the present largest equals the
 * slots in use), else their sum.
 */
export function slotsAfter(
  present: Readonly<Record<VertexId, number>>,
  changes: ParallelismChanges,
  slotsUsed: number,
): number {
  const ids = Object.keys(present);
  const next = ids.map((id) => changes[id]?.to ?? present[id] ?? 0);
  const largestNow = Math.max(0, ...ids.map((id) => present[id] ?? 0));
  return largestNow === slotsUsed ? Math.max(0, ...next) : next.reduce((sum, p) => sum + p, 0);
}

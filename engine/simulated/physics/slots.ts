import type { Requirements, VertexPlan } from "../world.ts";
import type { TaskManager } from "./task-managers.ts";

/** Where the subtasks of a job run: by vertex, the TaskManager of each. */
export interface Placement {
  readonly parallelism: ReadonlyMap<string, number>;
  /** By slot sharing group, the TaskManager of each slot. */
  readonly slots: ReadonlyMap<string, readonly number[]>;
}

/**
 * The parallelism a job gets with `free` slots: of each sharing group at most its even part, where not all wishes
 * fit; `undefined` where even the lower bounds do not. (Flink's `SlotSharingSlotAllocator`.)
 */
export function parallelismFor(
  vertices: readonly VertexPlan[],
  requirements: Requirements,
  free: number,
): ReadonlyMap<string, number> | undefined {
  const groups = new Map<string, { least: number; wanted: number }>();
  for (const vertex of vertices) {
    const bounds = requirements[vertex.id] ?? { lowerBound: 1, upperBound: 1 };
    const group = groups.get(vertex.slotSharingGroup) ?? { least: 0, wanted: 0 };
    group.least = Math.max(group.least, bounds.lowerBound);
    group.wanted = Math.max(group.wanted, bounds.upperBound);
    groups.set(vertex.slotSharingGroup, group);
  }
  const granted = grant(groups, free);
  if (granted === undefined) return undefined;
  return new Map(
    vertices.map((vertex) => {
      const upper = requirements[vertex.id]?.upperBound ?? 1;
      return [vertex.id, Math.min(upper, granted.get(vertex.slotSharingGroup) ?? 1)];
    }),
  );
}

/** Slots by group: the smallest wishes first, each at most an even part of what is left. */
function grant(
  groups: ReadonlyMap<string, { readonly least: number; readonly wanted: number }>,
  free: number,
): ReadonlyMap<string, number> | undefined {
  const needed = [...groups.values()].reduce((sum, g) => sum + g.least, 0);
  if (needed > free) return undefined;
  let left = free;
  let leastLeft = needed;
  const granted = new Map<string, number>();
  const rest = [...groups].sort(([, a], [, b]) => a.wanted - b.wanted);
  for (const [index, [name, { least, wanted }]] of rest.entries()) {
    leastLeft -= least;
    const even = Math.floor(left / (rest.length - index));
    const slots = Math.max(least, Math.min(wanted, even, left - leastLeft));
    granted.set(name, slots);
    left -= slots;
  }
  return granted;
}

/** Takes slots of live TaskManagers, one TaskManager after the other, as Flink does by default. */
export function place(
  job: string,
  vertices: readonly VertexPlan[],
  parallelism: ReadonlyMap<string, number>,
  taskManagers: readonly TaskManager[],
): Placement {
  const needed = new Map<string, number>();
  for (const { id, slotSharingGroup } of vertices) {
    needed.set(slotSharingGroup, Math.max(needed.get(slotSharingGroup) ?? 0, parallelism.get(id) ?? 1));
  }
  const slots = new Map([...needed].map(([group, count]) => [group, takeSlots(job, count, taskManagers)]));
  return { parallelism, slots };
}

function takeSlots(job: string, count: number, taskManagers: readonly TaskManager[]): readonly number[] {
  const taken: number[] = [];
  for (const tm of taskManagers) {
    const some = tm.alive ? Math.min(tm.freeSlots, count - taken.length) : 0;
    if (some <= 0) continue;
    tm.used.set(job, (tm.used.get(job) ?? 0) + some);
    for (let i = 0; i < some; i++) taken.push(tm.index);
  }
  return taken;
}

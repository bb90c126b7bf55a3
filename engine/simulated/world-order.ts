import type { ClusterSpec, JobSpec } from "./world-schema.ts";

/** Slots without which a job does not run at all. */
export function leastSlots(cluster: ClusterSpec, job: JobSpec): number {
  return slotsOf(job, (parallelism) => (cluster.scheduler === "adaptive" ? 1 : parallelism));
}

/** Slots that a job takes at its start, if there are so many: every group as many as its largest vertex. */
export const firstSlots = (job: JobSpec): number => slotsOf(job, (parallelism) => parallelism);

function slotsOf(job: JobSpec, subtasksOf: (parallelism: number) => number): number {
  const largest = new Map<string, number>();
  for (const { slotSharingGroup, parallelism } of Object.values(job.vertices)) {
    const subtasks = subtasksOf(parallelism);
    largest.set(slotSharingGroup, Math.max(largest.get(slotSharingGroup) ?? 0, subtasks));
  }
  return [...largest.values()].reduce((sum, n) => sum + n, 0);
}

/** Keys so that inputs come first, and a cycle if there is one: `[a, b, a]`. Edges from nowhere are passed over. */
export function inOrder(job: JobSpec): { order: readonly string[]; cycle?: readonly string[] } {
  const done = new Set<string>();
  const path: string[] = [];
  let cycle: readonly string[] | undefined;
  const visit = (key: string): void => {
    if (cycle !== undefined || done.has(key)) return;
    if (path.includes(key)) {
      cycle = [...path.slice(path.indexOf(key)), key].reverse();
      return;
    }
    path.push(key);
    const inputs = Object.keys(job.vertices[key]?.from ?? {});
    for (const input of inputs) if (Object.hasOwn(job.vertices, input)) visit(input);
    path.pop();
    done.add(key);
  };
  for (const key of Object.keys(job.vertices)) visit(key);
  return cycle === undefined ? { order: [...done] } : { order: [...done], cycle };
}

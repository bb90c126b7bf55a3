import type { Instant, VertexId } from "../../model/index.ts";

export interface Recommended {
  readonly at: Instant;
  readonly parallelism: number;
  /** Whether the vertex was outside its bounds when this was recommended. */
  readonly outside: boolean;
}

/** A scale-down that waits: since when, and what was recommended meanwhile, falling from the oldest to the newest. */
export interface Delayed {
  readonly since: Instant;
  readonly queue: readonly Recommended[];
}

export type DelayedScaleDowns = Readonly<Record<VertexId, Delayed>>;

/**
 * Adds a recommendation. Older ones that are not larger can never be the largest again and go; an equal one is
 * renewed thereby.
 */
export function delay(waiting: Delayed | undefined, next: Recommended): Delayed {
  const queue = (waiting?.queue ?? []).filter((r) => r.parallelism > next.parallelism);
  return { since: waiting?.since ?? next.at, queue: [...queue, next] };
}

/** Forgets what was recommended before `windowStart`. */
export const evict = (waiting: Delayed, windowStart: Instant): Delayed => ({
  ...waiting,
  queue: waiting.queue.filter((r) => r.at >= windowStart),
});

/** The largest recommendation of the window; undefined: nothing was recommended in it. */
export const largest = (waiting: Delayed, windowStart: Instant): Recommended | undefined =>
  evict(waiting, windowStart).queue[0];

export function without(delayed: DelayedScaleDowns, id: VertexId): DelayedScaleDowns {
  if (!Object.hasOwn(delayed, id)) return delayed;
  return Object.fromEntries(Object.entries(delayed).filter(([other]) => other !== id));
}

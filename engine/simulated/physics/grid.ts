import type { Milliseconds } from "../../../model/index.ts";

/** Grid of virtual time, where a world names no other. Everything happens on it, so a run does not depend on how it is advanced. */
export const TICK_MS: Milliseconds = 50;

/** Grids that a world may have: whole numbers of them make a second, in which noise is drawn anew. */
export const TICKS_MS: readonly Milliseconds[] = [50, 100, 200, 250, 500, 1_000];

/** The next point of the grid after a length of time. */
export const onGrid = (ms: Milliseconds, tickMs: Milliseconds): Milliseconds =>
  Math.ceil(ms / tickMs) * tickMs;

import type { Milliseconds } from "../../../model/index.ts";

/** Grid of virtual time. Everything happens on it, so a run does not depend on how it is advanced. */
export const TICK_MS: Milliseconds = 50;

/** The next point of the grid after a length of time. */
export const onGrid = (ms: Milliseconds): Milliseconds => Math.ceil(ms / TICK_MS) * TICK_MS;

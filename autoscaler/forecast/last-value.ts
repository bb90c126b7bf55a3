import type { Method } from "./method.ts";

/** Same as now. The measure of every other method, and the best one for what does not repeat. */
export function lastValue(): Method {
  return { name: "last-value", seasonal: false, see: () => undefined, ahead: (past) => past.at() };
}

import { combine, type Reading, type VertexReadout } from "../model/index.ts";

/** Below this much task time per subtask a difference is mostly rounding; the reading waits for the next one. */
const LEAST_TASK_MS = 500;
/** A task clock that went back by more than this per subtask began anew, whatever the record counters say. */
const MOST_BACK_MS = 5_000;

/** A vertex whose clock did not advance enough keeps what it is measured against. */
export const nextBaseline = <T>(d: Difference, before: T | undefined, now: T): T =>
  d.kind === "waiting" ? (before ?? now) : now;

/** Counter differences of one vertex, or why there are none yet. */
export type Difference =
  | { readonly kind: "first" | "waiting" }
  | {
      readonly kind: "advanced";
      readonly taskMs: number;
      readonly read: Reading;
      readonly written: Reading;
      readonly busy: number;
      readonly idle: number;
      readonly backPressured: number;
    };

/** Of one attempt: counters of different attempts must never be subtracted from each other. */
export function differenceOf(
  before: VertexReadout | undefined,
  now: VertexReadout,
  parallelism: number,
): Difference {
  if (before === undefined) return { kind: "first" };
  const busy = combine([now.busyMs, before.busyMs], (a, b) => a - b);
  const idle = combine([now.idleMs, before.idleMs], (a, b) => a - b);
  const backPressured = combine([now.backPressuredMs, before.backPressuredMs], (a, b) => a - b);
  if (busy.kind === "missing" || idle.kind === "missing" || backPressured.kind === "missing") {
    return { kind: "first" };
  }
  const read = combine([now.readRecords, before.readRecords], (a, b) => a - b);
  const written = combine([now.writeRecords, before.writeRecords], (a, b) => a - b);
  const taskMs = (busy.value + idle.value + backPressured.value) / Math.max(1, parallelism);
  const wentBack = (r: Reading) => r.kind === "value" && r.value < 0;
  if (wentBack(read) || wentBack(written) || taskMs < -MOST_BACK_MS) return { kind: "first" };
  // accumulated-busy-time may fall by up to a second without any restart (seen on 1.20.5 and 2.3.0), so a clock
  // that went back a little waits instead of starting over, and a busy difference below 0 is 0.
  if (taskMs < LEAST_TASK_MS) return { kind: "waiting" };
  return {
    kind: "advanced",
    taskMs,
    read,
    written,
    busy: Math.max(0, busy.value),
    idle: Math.max(0, idle.value),
    backPressured: backPressured.value,
  };
}

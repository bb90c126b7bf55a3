import type { PastRescale } from "../../model/index.ts";
import { NOW } from "./scale-inputs.ts";

/** A growth of src and work that was decided at `NOW`, with changes. */
export const aRescale = (changes: Partial<PastRescale> = {}): PastRescale => ({
  at: NOW,
  from: { src: 1, work: 1 },
  to: { src: 1, work: 2 },
  direction: "up",
  reason: "scale-up",
  pauseMs: 1_000,
  consumedBefore: null,
  consumedAfter: null,
  effect: "unknown",
  ...changes,
});

/** The same growth or its undoing, so many minutes ago, under a load that it did not change. */
export const aRescaleAgo = (
  minutesAgo: number,
  direction: PastRescale["direction"],
  load: number | null = 100,
  changes: Partial<PastRescale> = {},
): PastRescale => {
  const [less, more] = [{ work: 1 }, { work: 2 }];
  return aRescale({
    at: NOW - minutesAgo * 60_000,
    from: direction === "up" ? less : more,
    to: direction === "up" ? more : less,
    direction,
    reason: `scale-${direction}`,
    consumedBefore: load,
    consumedAfter: load,
    effect: "helped",
    ...changes,
  });
};

import type { TopologyVertex } from "../api/replies.ts";

/** How loaded a vertex is, in words that the legend explains. */
export const LOADS = ["unknown", "calm", "working", "full", "held"] as const;
export type Load = (typeof LOADS)[number];

export const LOAD_WORDS: Readonly<Record<Load, string>> = {
  unknown: "not assessed",
  calm: "up to 60 % busy",
  working: "60–90 % busy",
  full: "over 90 % busy",
  held: "held back by what follows",
};

export interface Shares {
  readonly busy: number;
  readonly held: number;
  readonly idle: number;
}

/** Shares of task time, each 0..1 and together 1; null when one of them is missing. */
export function sharesOf(v: Pick<TopologyVertex, "busyShare" | "backPressuredShare">): Shares | null {
  if (v.busyShare === null || v.backPressuredShare === null) return null;
  const busy = Math.min(1, Math.max(0, v.busyShare));
  const held = Math.min(1 - busy, Math.max(0, v.backPressuredShare));
  return { busy, held, idle: Math.max(0, 1 - busy - held) };
}

/** A vertex that is held back most of the time is not the one that is too small. */
export function loadOf(v: Pick<TopologyVertex, "busyShare" | "backPressuredShare">): Load {
  if (v.busyShare === null) return "unknown";
  if ((v.backPressuredShare ?? 0) > 0.1 && (v.backPressuredShare ?? 0) >= v.busyShare) return "held";
  if (v.busyShare > 0.9) return "full";
  return v.busyShare > 0.6 ? "working" : "calm";
}

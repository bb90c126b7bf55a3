import type { Milliseconds, PastRescale, Window } from "../model/index.ts";
import { effectOf } from "./effect.ts";
import type { Learned } from "./learned.ts";
import { boundsAfter } from "./outside-bounds.ts";
import { MOST_SPREAD } from "./straying-work.ts";

/** Costs of an honest vertex stray by less with one parallelism. */
const SOME_SPREAD = 0.1;
/** What a rescale brought is looked at for this long. */
const JUDGED_MS: Milliseconds = 180_000;

/**
 * Judges the newest rescale, and keeps what it taught of vertices that the outside bounds. That it helped shows sooner
 * than that a part of it was in vain: the look goes on for a while, and then has the last word.
 */
export function learnEffects(learned: Learned, window: Window): Learned {
  const newest = learned.rescales.at(-1);
  let found: Learned["bounds"] = {};
  let rescales = learned.rescales;
  if (newest !== undefined && window.to - newest.at < JUDGED_MS && newest.effect !== "no-effect") {
    const { effect, consumedAfter, bounds } = effectOf(newest, window, learned.rescales.at(-2));
    found = withoutStraying(learned, newest, bounds);
    const inVain = Object.keys(found).length > 0;
    // Without a vertex that was found bound nothing is known to have been in vain.
    const seen = effect === "no-effect" && !inVain ? "unknown" : effect;
    const judged = inVain ? "no-effect" : newest.effect === "unknown" ? seen : newest.effect;
    if (judged !== newest.effect) {
      rescales = [...learned.rescales.slice(0, -1), { ...newest, effect: judged, consumedAfter }];
    }
  }
  const bounds = boundsAfter(learned.bounds, found, window, rescales);
  const same = JSON.stringify(bounds) === JSON.stringify(learned.bounds);
  if (rescales === learned.rescales && same) return learned;
  return { ...learned, rescales, bounds: same ? learned.bounds : bounds };
}

/**
 * Whose work does not follow its records seems to have grown in vain whenever the work grew as well: nothing is
 * learned from that. It strays with all sizes where it was seen to stray much with one, and with the two of the rescale
 * where it strays a little with them.
 */
function withoutStraying(
  learned: Learned,
  { from, to }: PastRescale,
  bounds: Learned["bounds"],
): Learned["bounds"] {
  const strays = (id: string): boolean =>
    (learned.capacity[id] ?? []).some(({ parallelism, spread = 0 }) => {
      const isOfRescale = parallelism === from[id] || parallelism === to[id];
      return spread > (isOfRescale ? SOME_SPREAD : MOST_SPREAD);
    });
  return Object.fromEntries(Object.entries(bounds).filter(([id]) => !strays(id)));
}

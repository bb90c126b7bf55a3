import type { Observation, Window } from "../model/index.ts";
import { countedOnce } from "./counted-once.ts";
import { learnCapacity } from "./learn-capacity.ts";
import { learnEffects } from "./learn-effects.ts";
import { learnLoad } from "./learn-load.ts";
import { learnPause } from "./learn-pause.ts";
import { learnSurges } from "./learn-surges.ts";
import type { Learned } from "./learned.ts";

const MOST_STARTS = 20;

/**
 * What one more observation teaches: the load of its time, how fast each vertex is with its parallelism, when the job
 * started. Pure; costs O(vertices), and once per `LOAD_STEP_MS` a new forecast. `seen` ends with that observation.
 */
export function learn(learned: Learned, seen: Window): Learned {
  const window = countedOnce(seen);
  const newest = window.observations.at(-1);
  if (newest === undefined) return learned;
  const before = window.observations.at(-2);
  const withStart = learnStart(learned, newest);
  const withLoad = learnLoad(withStart, window.observations);
  const withSurges = learnSurges(withLoad, window, newest);
  return learnEffects(learnPause(learnCapacity(withSurges, window, newest, before), newest), window);
}

function learnStart(learned: Learned, { runningSince }: Observation): Learned {
  if (learned.starts.at(-1) === runningSince || runningSince <= (learned.starts.at(-1) ?? 0)) return learned;
  return { ...learned, starts: [...learned.starts, runningSince].slice(-MOST_STARTS) };
}

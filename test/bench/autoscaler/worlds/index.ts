import { didYouMean, Failure } from "../../../../model/index.ts";
import type { BenchWorld } from "../../../../sidecar/whatif/contest.ts";
import { chain, diamond, wordcount } from "./classic.ts";
import { loadSimulation } from "./load-simulation.ts";
import { nexmarkWorlds } from "./nexmark.ts";

/** The jobs that policies are measured on. */
export const benchWorlds: readonly BenchWorld[] = [
  chain,
  wordcount,
  diamond,
  ...nexmarkWorlds,
  loadSimulation,
];

/** One of them by its name; throws `Failure("not-found")` with all names. */
export function benchWorldNamed(name: string): BenchWorld {
  const found = benchWorlds.find((world) => world.name === name);
  if (found !== undefined) return found;
  const names = benchWorlds.map((world) => world.name);
  const near = didYouMean(name, names);
  const expected = `expected one of ${names.join(", ")}`;
  const advice = near === undefined ? expected : `did you mean ${near}? ${expected}`;
  throw new Failure(
    "not-found",
    `cannot find the bench world: got ${JSON.stringify(name.slice(0, 100))}; ${advice}`,
  );
}

import { Failure } from "../../../model/index.ts";
import type { Entrant } from "../../../sidecar/whatif/contest.ts";
import { createOutrider } from "../../../sidecar/whatif/outrider.ts";
import { opponents } from "./policies/index.ts";

/** Every policy of the bench, Outrider first. */
export const entrants: readonly Entrant[] = [
  { name: "outrider", create: createOutrider },
  { name: "outrider (first day)", withoutHistory: true, create: createOutrider },
  ...opponents,
];

export function entrantNamed(name: string): Entrant {
  const entrant = entrants.find((e) => e.name === name);
  if (entrant !== undefined) return entrant;
  const names = entrants.map((e) => e.name).join(", ");
  throw new Failure("bad-request", `cannot run a contest: policy; got ${name}; expected one of ${names}`);
}

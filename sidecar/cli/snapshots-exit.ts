import type { Candidate } from "../../model/index.ts";
import { EXIT } from "./exit.ts";

/** Exit codes for what a snapshot is. */
export const SNAPSHOT_EXIT: Readonly<Record<Candidate["state"], number>> = {
  verified: EXIT.yes,
  incomplete: 3,
  corrupt: 3,
  unsupported: 4,
  unknown: 5,
  unchecked: 5,
};

/** The code that comes first counts for several: damage that is certain, then what cannot be judged or asked. */
const WORST_FIRST = [3, 4, 5];

/** For a list the worst one counts. */
export function worstExit(states: readonly Candidate["state"][]): number {
  const codes = states.map((state) => SNAPSHOT_EXIT[state]);
  return WORST_FIRST.find((code) => codes.includes(code)) ?? EXIT.yes;
}

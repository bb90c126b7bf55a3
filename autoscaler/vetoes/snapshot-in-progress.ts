import type { ScaleInputs } from "../../model/index.ts";
import { type Asked, pass, type Verdict, veto } from "./verdict.ts";

/** A rescale would abort the savepoint that somebody asked us for. */
export function snapshotInProgress({ pressure }: ScaleInputs, { direction }: Asked): Verdict {
  return pressure.snapshotInProgress && direction !== "none"
    ? veto("a savepoint is being taken, which a rescale would abort; it goes on when the savepoint is done")
    : pass("no savepoint is in the way");
}

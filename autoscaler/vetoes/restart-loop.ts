import type { ScaleInputs } from "../../model/index.ts";
import { type Asked, pass, type Verdict, veto } from "./verdict.ts";

/** So many starts within 10 minutes that nobody asked for are a loop. */
const LOOP = 3;

/** A job that restarts by itself again and again is not sized: its numbers are those of starts, and a rescale is one more. */
export function restartLoop({ pressure }: ScaleInputs, { direction }: Asked): Verdict {
  const numbers = { foreignStarts: pressure.foreignStarts };
  if (pressure.foreignStarts < LOOP) return pass("the job does not restart by itself", numbers);
  const then = direction === "none" ? "its numbers say little" : "a rescale would be one restart more";
  return veto(
    `the job started ${pressure.foreignStarts} times within 10 min without us and ${then}: mend what makes it fail first`,
    numbers,
  );
}

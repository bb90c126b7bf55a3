import type { Fault, FlinkException, Instant } from "../../model/index.ts";
import { failureOf, type SeenFailure } from "./classify.ts";
import type { FaultSetting } from "./settings.ts";

/**
 * The fault that began the present trouble: of all failures since the job last got somewhere, the oldest that is not
 * an echo of another one. Echoes that keep a loop going are never named: with nothing else there is no fault to name.
 * `since`: when the job last got somewhere; null: it never did.
 */
export function firstFault(
  exceptions: readonly FlinkException[],
  since: Instant | null,
  faults: readonly FaultSetting[] = [],
): Fault | null {
  const oldestFirst = exceptions.toSorted((a, b) => a.at - b.at).map((e) => failureOf(e, faults));
  return firstOf(oldestFirst.filter((f) => since === null || f.fault.at > since));
}

/** The same of failures that were classified before, oldest first. */
export function firstOf(failures: readonly SeenFailure[]): Fault | null {
  const first = failures.find((f) => f.echo === null) ?? failures.find((f) => f.echo === "weak");
  return first?.fault ?? null;
}

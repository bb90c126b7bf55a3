import { formatDuration, type Milliseconds } from "../../model/index.ts";
import type { Shortage } from "../bearable.ts";
import { type Asked, pass, percent, type Verdict, veto } from "./verdict.ts";

const seconds = (ms: Milliseconds): string => `${(ms / 1_000).toFixed(1)} s`;

/** A small shortage whose lag stays well inside the objective is left as it is, until it does not any more. */
export function shortageBorne({ direction, config }: Asked, borne: Shortage | null): Verdict {
  if (borne === null) return pass("no shortage is left as it is");
  const { utilization, lagMs, thenMs, mostMs } = borne;
  const numbers = { utilization, lagMs, thenMs, mostMs };
  if (direction !== "none") return pass("a vertex is a little short; the change has another reason", numbers);
  return veto(
    `${percent(utilization)} of the capacity is needed; the lag is ${seconds(lagMs)} and, after one more minute and a restart, ` +
      `would be ${seconds(thenMs)} of ${formatDuration(config.lagObjectiveMs)}: not worth a restart yet`,
    numbers,
  );
}

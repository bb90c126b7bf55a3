import type { ContestRow } from "../autoscaler/contest-row.ts";
import { KEEPS, percent } from "../autoscaler/goals.ts";

/** Outrider against another policy in one contest, each as `better`, `same` or `worse` and the two figures. */
export interface Verdict {
  readonly objective: string;
  readonly slotHours: string;
  readonly rescales: string;
}

/** Differences below these are none: share of the seconds, and of the slot-hours. */
const SAME_SHARE = 0.0001;
const SAME_COST = 0.01;

type Figures = Pick<ContestRow, "inObjective" | "slotHours" | "rescales">;

/** `*` marks slot-hours that the other one saved by not keeping the objective where Outrider keeps it. */
export function verdictOf(own: Figures, peer: Figures): Verdict {
  const saved = own.inObjective >= KEEPS && peer.inObjective < KEEPS && peer.slotHours < own.slotHours;
  const cost = compared(peer.slotHours - own.slotHours, SAME_COST * peer.slotHours);
  return {
    objective: `${compared(own.inObjective - peer.inObjective, SAME_SHARE)}: ${percent(own.inObjective)}, ${percent(peer.inObjective)}`,
    slotHours: `${cost}${saved && cost === "worse" ? "*" : ""}: ${own.slotHours.toFixed(1)}, ${peer.slotHours.toFixed(1)}`,
    rescales: `${compared(peer.rescales - own.rescales, 0)}: ${own.rescales}, ${peer.rescales}`,
  };
}

function compared(ahead: number, same: number): "better" | "same" | "worse" {
  if (Math.abs(ahead) <= same) return "same";
  return ahead > 0 ? "better" : "worse";
}

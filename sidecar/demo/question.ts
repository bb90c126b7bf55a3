import type { ScaleDecision, ScaleInputs } from "../../model/index.ts";
import { sourceRate } from "./wording.ts";

/** What a question to a person stood on when it was told. */
export interface Question {
  /** Records/s at the sources. */
  readonly rate: number;
  /** Subtasks wanted, all vertices together. */
  readonly subtasks: number;
}

/** A load that differs this much from that of the question explains why the question went. */
const LOAD_SHARE = 0.1;

export const questionOf = ({ inputs, effective, proposal }: ScaleDecision): Question => ({
  rate: sourceRate(inputs),
  subtasks: Object.values(effective ?? proposal).reduce((sum, n) => sum + n, 0),
});

/** Why a question went although nobody answered it, from what is known now: `its load fell`. */
export function whyGone(question: Question, now: ScaleInputs): string {
  const change = sourceRate(now) / question.rate - 1;
  if (Math.abs(change) < LOAD_SHARE) return "what it has is enough";
  return `its load ${change < 0 ? "fell" : "rose"}`;
}

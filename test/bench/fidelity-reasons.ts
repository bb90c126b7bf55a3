import { keyOf, type Row } from "./fidelity-result.ts";

/** Why some figures of the simulated Flink differ from the real one by more than the limit. */
export interface Reason {
  /** Keys of figures, `plan | group | name`. */
  readonly figures: readonly string[];
  /** Only on these versions; on all when absent. */
  readonly versions?: readonly string[];
  /** One or two sentences: what the simulation leaves out, and what follows for decisions. */
  readonly reason: string;
}

/** None at present: every figure lies within its limit. */
export const REASONS: readonly Reason[] = [];

/** `undefined` for a difference that nobody has explained yet. */
export function reasonFor(row: Row, version: string): Reason | undefined {
  return REASONS.find((r) => r.figures.includes(keyOf(row)) && (r.versions?.includes(version) ?? true));
}

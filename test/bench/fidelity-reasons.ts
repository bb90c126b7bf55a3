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

export const REASONS: readonly Reason[] = [
  {
    figures: [
      "overload | drain at 5/3 | in flight gen → work, median",
      "overload | drain at 5/3 | in flight gen → work, highest",
      "overload | steady at 1,500/s, 5/3 | in flight gen → work, highest",
      "overload | the step to 1,500/s | backlog gone after",
      "quick | the step to 1,500/s | highest pending",
      "quick | the step to 1,500/s | backlog gone after",
    ],
    reason:
      "Inside one TaskManager an edge of Flink holds what its sender may buffer, (2 × receivers + 8) segments for all " +
      "receivers together; the simulation gives (2 × senders + 8) to each receiver. One source before five subtasks " +
      "has 18 segments there and 50 here, so about 2,600 records more leave the source at once: fewer are pending, " +
      "and the backlog, as far as `pendingRecords` shows it, is gone sooner. With equal numbers of senders and " +
      "receivers both rules agree.",
  },
];

/** `undefined` for a difference that nobody has explained yet. */
export function reasonFor(row: Row, version: string): Reason | undefined {
  return REASONS.find((r) => r.figures.includes(keyOf(row)) && (r.versions?.includes(version) ?? true));
}

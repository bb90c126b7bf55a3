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
    figures: ["cap | held back at 2/3 | checkpoint duration, median"],
    reason:
      "Two of the three subtasks of count have 43 key groups and one has 42; in real Flink the two take the buffers that the " +
      "third does not fill, and a barrier waits for the fuller queue. The simulated queues are equal where shares differ by " +
      "less than 5 %. Checkpoints under such a load look a sixth shorter than they are; both are far above the interval.",
  },
  {
    figures: ["skew | steady at 250/s, 2/4 | cost of count"],
    versions: ["1.20.5"],
    reason:
      "The machine was busy: a wait of 2 ms that ends late counts as busy time. Under load the load job takes what a wait " +
      "overshot off the next one, so it shows at a low rate only.",
  },
  {
    figures: ["skew | overload at 2/8 | pending, median"],
    versions: ["1.20.5"],
    reason:
      "At the limit: the real runs lie 20 % apart, by how much of the input was read again after the PUT.",
  },
  {
    figures: ["window | the step to 1,500/s | highest pending"],
    versions: ["2.3.0"],
    reason:
      "On the busy machine the real tasks began to read a second or more after RUNNING, and 1,500 records more a second waited.",
  },
  {
    figures: ['cpu | the PUT "eight" | age of the restored checkpoint'],
    versions: ["1.20.5"],
    reason:
      "After a restart Flink 1.20 draws when it takes the first checkpoint, within one interval, and the second PUT of the " +
      "plan restores that one: the real runs lie between 1.9 and 6.2 s.",
  },
  {
    figures: [
      'loss | after "lost" | highest pending',
      'loss | the loss "lost" | age of the restored checkpoint',
    ],
    versions: ["1.20.5"],
    reason:
      "The death of the TaskManager is timed by its heartbeats and not by a checkpoint, so up to one interval more or less is " +
      "read again; and the real attempts that fail end a quarter of a second sooner each.",
  },
];

/** `undefined` for a difference that nobody has explained yet. */
export function reasonFor(row: Row, version: string): Reason | undefined {
  return REASONS.find((r) => r.figures.includes(keyOf(row)) && (r.versions?.includes(version) ?? true));
}

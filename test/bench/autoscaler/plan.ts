import type { DailyLoad } from "./daily-load.ts";

/** What one contest is made of, by names, so that it can be handed to another thread. */
export interface PlannedContest {
  readonly world: string;
  /** The name of a shape, or a recorded day. */
  readonly load: string | DailyLoad;
  readonly trouble: string;
  /** `few`: only the policies that people choose between; the rest is in the full run. */
  readonly policies?: "few";
}

/** A recorded load and how its peak is spread: peak ÷ mean. */
export interface PlannedTrace {
  readonly name: string;
  readonly peakToMean: number;
  readonly worlds: readonly string[];
  readonly policies?: "few";
}

const shapes = (load: string, ...worlds: readonly string[]): readonly PlannedContest[] =>
  worlds.map((world) => ({ world, load, trouble: "none" }));

const troubled = (world: string, load: string, ...names: readonly string[]): readonly PlannedContest[] =>
  names.map((trouble) => ({ world, load, trouble }));

const few = (contests: readonly PlannedContest[]): readonly PlannedContest[] =>
  contests.map((contest) => ({ ...contest, policies: "few" }));

/** Who takes part where a contest is for few. */
export const FEW_POLICIES = ["outrider", "flink", "ds2", "static-peak"] as const;

/** The set that is run by default: every shape and every trouble once, in about ten minutes on two cores. */
export const DEFAULT_CONTESTS: readonly PlannedContest[] = [
  ...shapes("step", "chain"),
  ...few(shapes("step", "nexmark-q5", "wordcount", "diamond", "nexmark-q3")),
  ...few(shapes("ramp", "nexmark-q1")),
  ...few(shapes("spike", "nexmark-q2")),
  ...few(shapes("outage", "chain")),
  ...few(shapes("sine", "chain")),
  ...few(shapes("random-walk", "nexmark-q11")),
  ...few(shapes("own", "load-simulation")),
  // What comes without notice cannot be met by a restart of three minutes; a day can.
  ...few(troubled("chain", "sine", "slow-restart")),
  ...few(troubled("chain", "step", "noise", "skew", "sink-bound", "metric-delay", "metrics-missing")),
];

/** The recorded days of the default set; a trace that is not there is left out, and said. */
export const DEFAULT_TRACES: readonly PlannedTrace[] = [
  { name: "taxi", peakToMean: 2, worlds: ["nexmark-q5"] },
  { name: "wiki_de", peakToMean: 3, worlds: ["chain"] },
  { name: "alibaba", peakToMean: 5, worlds: ["diamond"], policies: "few" },
  { name: "retailrocket", peakToMean: 2, worlds: ["nexmark-q8"], policies: "few" },
];

export const SHAPES = ["step", "ramp", "spike", "outage", "sine", "random-walk"] as const;
/** What `--full` makes of every trace. */
export const PEAKS_TO_MEAN = [2, 3, 5] as const;
/** A load file without `--world` is run on these. */
export const WORLDS_FOR_FILES = ["chain", "nexmark-q5"] as const;
export const DEFAULT_SEEDS = [1, 2, 3] as const;

/** Every world under every shape, and the first of them under every trouble. */
export function fullContests(
  worlds: readonly string[],
  troubles: readonly string[],
): readonly PlannedContest[] {
  return worlds.flatMap((world) =>
    world === "load-simulation"
      ? shapes("own", world)
      : [
          ...SHAPES.flatMap((load) => shapes(load, world)),
          ...troubled(world, "step", ...troubles.filter((t) => t !== "none")),
        ],
  );
}

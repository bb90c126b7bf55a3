/** The prefix of every key, and the one that the operator used at first; the latter is still read, after the former. */
export const PREFIX = "job.autoscaler.";
export const LEGACY_PREFIX = "kubernetes.operator.job.autoscaler.";

export type OptionKind = "boolean" | "number" | "integer" | "duration" | "list" | "memory" | "text";

/** What becomes of a key here: it is obeyed, or read and named as having no counterpart. */
export type OptionEffect = "obeyed" | "no-effect";

export interface OptionSpec {
  readonly kind: OptionKind;
  /** As Flink would write it; null: no default. */
  readonly standard: string | null;
  /** Names that older releases had, in the order in which they are looked for. */
  readonly formerly?: readonly string[];
  readonly effect?: OptionEffect;
  readonly meaning: string;
}

/** Every option of the Apache Flink autoscaler by its key below the prefix (releases 1.10 to 1.15 and what follows). */
export const FLINK_OPTIONS = {
  enabled: {
    kind: "boolean",
    standard: "false",
    meaning: "Whether the job is scaled; off forgets its state.",
  },
  "scaling.enabled": {
    kind: "boolean",
    standard: "true",
    meaning: "False: collect, evaluate and recommend only.",
  },
  "metrics.window": {
    kind: "duration",
    standard: "15 min",
    meaning: "Window that everything is averaged over.",
  },
  "stabilization.interval": {
    kind: "duration",
    standard: "5 min",
    meaning: "After a start of the job its samples do not count for the window for this long.",
  },
  "excluded.periods": {
    kind: "list",
    standard: "",
    meaning: "Times without scaling: Quartz cron and/or HH:mm:ss-HH:mm:ss joined by &&; `;` between entries.",
  },
  "utilization.target": {
    kind: "number",
    standard: "0.7",
    formerly: ["target.utilization"],
    meaning: "Utilization that the new parallelism is sized for.",
  },
  "target.utilization.boundary": {
    kind: "number",
    standard: "0.3",
    meaning: "Deprecated: upper and lower bound are target ± this where they are not set.",
  },
  "utilization.max": {
    kind: "number",
    standard: null,
    meaning: "Above this utilization a vertex scales up.",
  },
  "utilization.min": {
    kind: "number",
    standard: null,
    meaning: "Below this utilization a vertex scales down.",
  },
  "scale-down.interval": {
    kind: "duration",
    standard: "1 h",
    formerly: ["scale-up.grace-period"],
    meaning:
      "A scale-down waits this long and then takes the largest recommendation of that time; 0: at once.",
  },
  "vertex.min-parallelism": {
    kind: "integer",
    standard: "1",
    meaning: "Lower bound, unless the vertex is below.",
  },
  "vertex.max-parallelism": {
    kind: "integer",
    standard: "200",
    meaning: "Upper bound, unless the vertex is above.",
  },
  "scale-down.max-factor": {
    kind: "number",
    standard: "0.6",
    meaning: "Largest share taken away in one step.",
  },
  "scale-up.max-factor": {
    kind: "number",
    standard: "100000",
    meaning: "Largest growth in one step: 1 + this.",
  },
  "catch-up.duration": {
    kind: "duration",
    standard: "30 min",
    meaning: "Time in which lag, and what a restart adds, should be worked off; 0: lag is ignored.",
  },
  "restart.time": {
    kind: "duration",
    standard: "5 min",
    meaning: "Outage of a rescale that is reckoned with.",
  },
  "restart.time-tracking.enabled": {
    kind: "boolean",
    standard: "false",
    meaning: "Use the longest outage that was measured instead.",
  },
  "restart.time-tracking.limit": {
    kind: "duration",
    standard: "15 min",
    meaning: "Most that tracking may give.",
  },
  "backlog-processing.lag-threshold": {
    kind: "duration",
    standard: "5 min",
    meaning: "A lag worth more than this suspends scaling down.",
  },
  "observed-true-processing-rate.lag-threshold": {
    kind: "duration",
    standard: "30 s",
    meaning: "Lag that a source needs for its speed to be observed.",
  },
  "observed-true-processing-rate.switch-threshold": {
    kind: "number",
    standard: "0.15",
    meaning: "Busy time that promises this much more than observed gives way to it.",
  },
  "observed-true-processing-rate.min-observations": {
    kind: "integer",
    standard: "2",
    meaning: "Observations that are needed for a mean.",
  },
  "observed-scalability.enabled": {
    kind: "boolean",
    standard: "false",
    meaning: "Ask for more subtasks where the history shows less than linear growth.",
  },
  "observed-scalability.min-observations": {
    kind: "integer",
    standard: "3",
    meaning: "Rescales needed for it.",
  },
  "observed-scalability.coefficient-min": { kind: "number", standard: "0.5", meaning: "Least coefficient." },
  "scaling.effectiveness.detection.enabled": {
    kind: "boolean",
    standard: "false",
    meaning: "Refuse a scale-up after one that did not help (it is told of in any case).",
  },
  "scaling.effectiveness.threshold": {
    kind: "number",
    standard: "0.1",
    meaning: "Share of the expected gain below which a scale-up did not help.",
  },
  "memory.gc-pressure.threshold": {
    kind: "number",
    standard: "1",
    meaning: "GC share above which nothing scales.",
  },
  "memory.heap-usage.threshold": {
    kind: "number",
    standard: "1",
    meaning: "Heap share above which nothing scales.",
  },
  "memory.tuning.enabled": {
    kind: "boolean",
    standard: "false",
    effect: "no-effect",
    meaning: "Resizes TaskManagers (operator only); Outrider changes no memory.",
  },
  "memory.tuning.overhead": {
    kind: "number",
    standard: "0.2",
    effect: "no-effect",
    meaning: "Head-room of it.",
  },
  "memory.tuning.maximize-managed-memory": {
    kind: "boolean",
    standard: "false",
    effect: "no-effect",
    meaning: "Savings go to managed memory.",
  },
  "memory.tuning.scale-down-compensation.enabled": {
    kind: "boolean",
    standard: "true",
    effect: "no-effect",
    meaning: "More heap where fewer TaskManagers remain.",
  },
  "quota.cpu": {
    kind: "number",
    standard: null,
    effect: "no-effect",
    meaning:
      "Refuses rescales above this many cores; a TaskManager's cores are not known here, `maxSlots` bounds the job.",
  },
  "quota.memory": {
    kind: "memory",
    standard: null,
    effect: "no-effect",
    meaning: "Refuses rescales above this much memory; likewise.",
  },
  "history.max.count": { kind: "integer", standard: "3", meaning: "Rescales remembered per vertex." },
  "history.max.age": { kind: "duration", standard: "24 h", meaning: "For how long." },
  "metrics.busy-time.aggregator": {
    kind: "text",
    standard: "MAX",
    meaning: "MAX or MIN over subtasks (a gauge), or AVG (the counter).",
  },
  "vertex.exclude.ids": {
    kind: "list",
    standard: "",
    meaning: "Vertex ids (hex) that are left alone; `;` between.",
  },
  "scaling.event.interval": {
    kind: "duration",
    standard: "30 min",
    meaning: "Equal messages are not repeated within.",
  },
  "flink.rest-client.timeout": {
    kind: "duration",
    standard: "10 s",
    effect: "no-effect",
    meaning: "Time-out of a request; here it is `clusters[].timeout`.",
  },
  "scaling.parallelism-alignment.mode": {
    kind: "text",
    standard: "BALANCED",
    meaning: "BALANCED, EVENLY_SPREAD or OFF; newer than 1.15. A mode that is not known counts as BALANCED.",
  },
  "scaling.key-group.partitions.adjust.mode": {
    kind: "text",
    standard: null,
    meaning:
      "EVENLY_SPREAD (what 1.15 does unless told otherwise) or MAXIMIZE_UTILISATION; used where the newer key is not set.",
  },
  "metrics.custom-evaluators": {
    kind: "list",
    standard: "",
    effect: "no-effect",
    meaning: "Java plugins.",
  },
  "scaling.custom-executors": {
    kind: "list",
    standard: "",
    effect: "no-effect",
    meaning: "Java plugins.",
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;

export type OptionName = keyof typeof FLINK_OPTIONS;

/** Keys of plugins carry a name of the user's: `metrics.custom-evaluator.NAME.class`. */
export const PLUGIN_KEYS =
  /^(?:metrics\.custom-evaluator|scaling\.custom-executor|scaling\.parallelism-alignment\.mode)\.[^.]+\..+$/;

export const OPTION_NAMES = Object.keys(FLINK_OPTIONS) as readonly OptionName[];

/** The spec of an option in its general form, with the optional fields. */
export const specOf = (name: OptionName): OptionSpec => FLINK_OPTIONS[name];

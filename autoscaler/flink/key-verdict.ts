/** What became of a key that somebody gave. */
export interface KeyVerdict {
  readonly key: string;
  /** The option that it stands for, below the prefix; null: none. */
  readonly option: string | null;
  /**
   * `obeyed`; `legacy-prefix` and `renamed`: obeyed under an older name; `overridden`: another key of the same option
   * wins; `no-effect`: known, but nothing corresponds to it here; `unknown`; `never-existed`: of a prefix that no
   * release has read; `not-autoscaler`: a key of something else.
   */
  readonly verdict:
    | "obeyed"
    | "legacy-prefix"
    | "renamed"
    | "overridden"
    | "no-effect"
    | "unknown"
    | "never-existed"
    | "not-autoscaler";
  readonly sentence: string;
}

/** Prefix that tutorials show and that no release of operator or autoscaler has ever read. */
const NEVER = /^kubernetes\.operator\.(?:auto-scaling|autoscaling|auto-scaler|autoscaler)\./;
const STANDALONE = "autoscaler.standalone.";

/** Time between two looks of the standalone autoscaler: the only one of its own keys that bears on decisions. */
export const LOOP_KEY = `${STANDALONE}control-loop.interval`;

/** What is meant most likely by the tail of a key that never existed. */
const MEANT: readonly (readonly [RegExp, string])[] = [
  [/metrics\.(?:jvm|operator)|num-records/, "nothing: the numbers are always collected"],
  [
    /scale-?up.*(?:cool|grace|delay|stabili)|(?:cool|grace).*scale-?up/,
    "cooldownUp of policy outrider; the Java autoscaler has no such key",
  ],
  [
    /scale-?down.*(?:cool|grace|delay|interval|stabili)|(?:cool|grace).*scale-?down/,
    "job.autoscaler.scale-down.interval",
  ],
  [/utili[sz]ation|cpu|memory/, "job.autoscaler.utilization.target"],
  [/window/, "job.autoscaler.metrics.window"],
  [/delay|stabili/, "job.autoscaler.stabilization.interval"],
  [
    /min.*(?:replica|parallelism)|(?:replica|parallelism).*min/,
    "job.autoscaler.vertex.min-parallelism, or a least number of TaskManagers",
  ],
  [
    /max.*(?:replica|parallelism)|(?:replica|parallelism).*max/,
    "job.autoscaler.vertex.max-parallelism, or slotmanager.number-of-slots.max",
  ],
  [/restart/, "job.autoscaler.restart.time"],
  [/catch/, "job.autoscaler.catch-up.duration"],
  [/enabled/, "job.autoscaler.enabled"],
];

/** Judges a key outside the prefixes of the autoscaler. */
export function judgeForeignKey(key: string): KeyVerdict {
  if (key === LOOP_KEY) {
    return {
      key,
      option: null,
      verdict: "obeyed",
      sentence: "Time between two samples; a pass between them repeats the last answer.",
    };
  }
  if (NEVER.test(key)) {
    const tail = key.replace(NEVER, "").toLowerCase();
    const meant = MEANT.find(([pattern]) => pattern.test(tail))?.[1];
    const hint = meant === undefined ? "" : ` What was meant is likely ${meant}.`;
    return {
      key,
      option: null,
      verdict: "never-existed",
      sentence: `No release has ever read this prefix; Flink ignores it silently.${hint}`,
    };
  }
  if (key.startsWith(STANDALONE)) {
    return {
      key,
      option: null,
      verdict: "no-effect",
      sentence: "Concerns the standalone process of the Java autoscaler.",
    };
  }
  return {
    key,
    option: null,
    verdict: "not-autoscaler",
    sentence: "Not a key of the autoscaler; set it where Flink reads it.",
  };
}

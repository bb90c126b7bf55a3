import type { Milliseconds } from "../../../model/index.ts";

/**
 * A share of time in ms per second over the last 60 s, sampled every 5 s (`TimerGauge`). Over less than 60 s it is
 * the mean of the samples there are; before the first one it is 0.
 */
export interface Share {
  /** `total`: the accumulated time; `age`: how long the task has run. */
  sample(total: Milliseconds, age: Milliseconds): void;
  msPerSecond(): number;
}

const SAMPLE_MS = 5_000;
const SAMPLES = 12;
/**
 * Seen on Flink 1.20.5 and 2.3.0: the first sample holds idle time of before the task's first record. A task that
 * found a backlog has waited for nothing and shows none of it, so it comes in proportion to the sample's own.
 */
const EARLY_SHARE = 2_500 / 3_750;

/** `start` says whether the time before a task's first record counts: it does for the idle time. */
export function createShare(start: "exact" | "waits before its first record"): Share {
  const samples: Milliseconds[] = [];
  let before: Milliseconds = 0;
  let first = true;
  return {
    sample(total, age) {
      // A task that is younger than one sample has none yet.
      if (age >= SAMPLE_MS) {
        const early = first && start !== "exact" ? EARLY_SHARE : 0;
        first = false;
        samples.push((total - before) * (1 + early));
        if (samples.length > SAMPLES) samples.shift();
      }
      before = total;
    },
    msPerSecond() {
      if (samples.length === 0) return 0;
      const sum = samples.reduce((a, b) => a + b, 0);
      return Math.min(1_000, Math.max(0, (sum / (samples.length * SAMPLE_MS)) * 1_000));
    },
  };
}

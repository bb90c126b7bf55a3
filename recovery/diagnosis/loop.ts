import type { Fault, Instant, Milliseconds } from "../../model/index.ts";
import type { SeenFailure } from "./classify.ts";
import { firstOf } from "./first-fault.ts";
import type { DiagnosisSettings } from "./settings.ts";
import { CALM, type HealthTrail, isCalm, sinceProgress, type TrailFailure } from "./trail.ts";

/** Which rule found it: one fault again and again; many failures; either, although checkpoints complete in between. */
export type LoopRule = "same-fault" | "restarts" | "slow";

export interface Loop {
  readonly rule: LoopRule;
  readonly failures: number;
  readonly from: Instant;
  readonly spanMs: Milliseconds;
  /** Null: only echoes of it are left. */
  readonly fault: Fault | null;
}

/**
 * A loop in the failures of a trail, or null. It was recognised once failures came densely, and lasts until the job has
 * got somewhere: Flink's growing pauses between restarts do not end it. Rescales are not failures. A completed checkpoint
 * does not count where the job failed again after one: some jobs complete one right after each restart.
 */
export function loopOf(trail: HealthTrail, settings: DiagnosisSettings["loop"]): Loop | null {
  const fruitless = sinceProgress(trail.failures, trail.progressAt);
  const rule = ruleFor(fruitless, settings);
  if (rule !== null) return described(rule, fruitless, settings);
  const recent = trail.failures.filter((f) => trail.at - f.fault.at <= settings.slowWindowMs);
  if (relapses(recent) === 0 || isCalm(trail, recent, CALM.withCheckpoints)) return null;
  const again =
    sameFaultAgain(recent, settings.sameFault, settings.sameFaultWindowMs) ||
    sameFaultAgain(recent, settings.restarts, settings.windowMs) ||
    recent.length >= settings.slow;
  return again ? described("slow", recent, settings) : null;
}

function ruleFor(failures: readonly TrailFailure[], settings: DiagnosisSettings["loop"]): LoopRule | null {
  if (sameFaultAgain(failures, settings.sameFault, settings.sameFaultWindowMs)) return "same-fault";
  return dense(failures, settings.restarts, settings.windowMs) ? "restarts" : null;
}

/** How often the job failed again after it had got somewhere. */
function relapses(failures: readonly TrailFailure[]): number {
  return failures.filter((f, i) => {
    const previous = failures[i - 1];
    return previous !== undefined && f.progressBefore !== null && f.progressBefore > previous.fault.at;
  }).length;
}

/** `count` failures in a row within `windowMs`, anywhere among them. */
function dense(failures: readonly SeenFailure[], count: number, windowMs: Milliseconds): boolean {
  return failures.some((f, i) => {
    const last = failures[i + count - 1];
    return last !== undefined && last.fault.at - f.fault.at <= windowMs;
  });
}

/** Processes that are lost one after another (a drained node) look alike without being one fault. */
function sameFaultAgain(failures: readonly SeenFailure[], count: number, windowMs: Milliseconds): boolean {
  const telling = failures.filter((f) => f.fault.class !== "process-lost");
  const byFingerprint = Map.groupBy(telling, (f) => f.fault.fingerprint);
  return [...byFingerprint.values()].some((same) => dense(same, count, windowMs));
}

function described(
  rule: LoopRule,
  failures: readonly SeenFailure[],
  settings: DiagnosisSettings["loop"],
): Loop {
  const from = failures[0]?.fault.at ?? 0;
  return {
    rule,
    failures: failures.length,
    from,
    spanMs: (failures.at(-1)?.fault.at ?? from) - from,
    fault: sustaining(failures, settings.sameFault) ?? firstOf(failures),
  };
}

/** What the newest failures agree on: then mending the first one, if it was another, would not end the loop. */
function sustaining(failures: readonly SeenFailure[], count: number): Fault | null {
  const newest = failures.slice(-count);
  const last = newest.at(-1);
  if (last === undefined || newest.length < count || last.echo !== null) return null;
  const fingerprint = last.fault.fingerprint;
  if (newest.some((f) => f.fault.fingerprint !== fingerprint)) return null;
  return failures.find((f) => f.fault.fingerprint === fingerprint)?.fault ?? null;
}

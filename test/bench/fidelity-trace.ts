import type { VertexName } from "./fidelity-plan.ts";

/** What riding a plan saw, before anything is computed from it. All times are the target's own, in milliseconds. */
export interface Trace {
  readonly plan: string;
  readonly target: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly acts: readonly { readonly name: string; readonly atMs: number }[];
  readonly samples: readonly Sample[];
  /** The job's state, each time it was seen to differ. */
  readonly states: readonly { readonly atMs: number; readonly state: string }[];
  readonly checkpoints: readonly SeenCheckpoint[];
  /** What each restart began from, once each. */
  readonly restores: readonly { readonly seenMs: number; readonly checkpoint: number }[];
}

/** One look at the job. What Flink did not say is `undefined`. */
export interface Sample {
  readonly atMs: number;
  /** When the attempt began to run, by Flink's own stamp. */
  readonly runningSinceMs: number | undefined;
  readonly vertices: Readonly<Partial<Record<VertexName, Counters>>>;
  readonly source: SourceSample | undefined;
}

/** Counters of the current attempt, summed over subtasks. */
export interface Counters {
  readonly parallelism: number;
  readonly read: number | undefined;
  readonly written: number | undefined;
  readonly busyMs: number | undefined;
  readonly idleMs: number | undefined;
  readonly backPressuredMs: number | undefined;
}

/** From one reply, so the two agree in time. */
export interface SourceSample {
  readonly pending: number | undefined;
  readonly consumed: number | undefined;
}

export interface SeenCheckpoint {
  readonly id: number;
  readonly triggeredMs: number;
  readonly durationMs: number;
}

/** Milliseconds that the subtasks of a vertex have lived in this attempt; `undefined` where a part is missing. */
export function taskClockOf(c: Counters | undefined): number | undefined {
  if (c?.busyMs === undefined || c.idleMs === undefined || c.backPressuredMs === undefined) return undefined;
  return c.busyMs + c.idleMs + c.backPressuredMs;
}

import type { z } from "zod";
import type { Milliseconds, Promql, Severity } from "../model/index.ts";
import type { RuleCase } from "./rule-case.ts";
import type { Terms } from "./terms.ts";

export const GROUPS = ["flink", "outrider"] as const;
/** The file that holds an alert: `flink` needs Flink's pages only, `outrider` also those of Outrider. */
export type Group = (typeof GROUPS)[number];

/** How `{value}` of a text is shown. */
export type ValueFormat = "percent" | "seconds" | "count";

/**
 * One alert. `expr`, `fires` and `quiet` are written in the terms of the settings in force, so that a changed
 * threshold changes the condition and its tests together.
 */
export interface Alert {
  readonly name: string;
  /** Which of the twelve wanted alerts it answers. */
  readonly answers: readonly Wanted[];
  readonly group: Group;
  readonly severity: Severity;
  /** How long the condition must hold; undefined for an event, which is over in no time. */
  readonly forMs: Milliseconds | undefined;
  /** Numbers that may be set, with defaults and the limits behind which the alert never or always fires. */
  readonly thresholds: Readonly<Record<string, z.ZodType<number>>>;
  /** Times of the condition that may be set: windows that series are looked at over, and ages (`isAge`). */
  readonly windows: Readonly<Record<string, AlertWindow>>;
  /** Labels of the firing alert; none of them changes with a new Flink job id. */
  readonly labels: readonly string[];
  readonly value: ValueFormat;
  /** One sentence, the same for all instances. */
  readonly summary: string;
  /** With `{label}` and `{value}`; `{culprit}` is the busiest task that nobody holds back. */
  readonly description: string;
  readonly expr: (terms: Terms) => Promql;
  /** Series with which it fires, and series close to that with which it does not. */
  readonly fires: (terms: Terms) => RuleCase | readonly RuleCase[];
  readonly quiet: (terms: Terms) => RuleCase | readonly RuleCase[];
}

export interface AlertWindow {
  readonly ms: Milliseconds;
  readonly help: string;
  /** Something is compared with it; as nothing is counted over it, it may be shorter than a few scrapes. */
  readonly isAge?: true;
}

/** The alerts that were asked for, whether or not this release has them. */
export const WANTED = {
  FlinkJobFailed: "an alert",
  ClusterDown: "an alert",
  DataLoss: "an alert",
  CheckpointFailure: "an alert",
  HighCheckpointDuration: "an alert",
  HighBackpressure: "an alert",
  HighMemoryUsage: "an alert",
  LowThroughput: "an alert",
  JobStarted: "an event",
  JobCompleted: "an event",
  ScalingEvent: "an event",
  BackupCompleted: "an event",
} as const;

export type Wanted = keyof typeof WANTED;

/** Alerts that need parts of Outrider which do not exist yet, and when they come. */
export const LATER: Readonly<Record<string, string>> = {
  BackupCompleted: "from the backup release on",
  BackupMissed: "from the backup release on",
};

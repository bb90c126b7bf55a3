import { appendFileSync } from "node:fs";
import type { FlinkVersion } from "../flink/fetch.ts";
import { type RestoreHistory, restoresOf, told } from "./asking.ts";
import type { Drill } from "./drill.ts";
import { flinkJob, missingRecords } from "./records.ts";
import { livesIn, overlaps } from "./witness.ts";

/** What a drill showed; times in seconds, null where it did not come so far or nothing was to come. */
export interface DrillFigures {
  readonly drill: string;
  readonly version: FlinkVersion;
  /** What Outrider did about the fault. */
  readonly did: "restored" | "ended the loop" | "refused" | "left it to Flink";
  /** From the fault until Outrider's first decision about it. */
  readonly detectS: number | null;
  /** From there until a snapshot was chosen and the first request was about to leave. */
  readonly chooseS: number | null;
  /** From there until the request to run the job: the old copy is dead, the jar there, the snapshot verified again. */
  readonly prepareS: number | null;
  /** From the request until Flink says RUNNING. */
  readonly runningS: number | null;
  /** From the fault until RUNNING. */
  readonly totalS: number | null;
  readonly snapshot: string | null;
  readonly sentence: string;
  /** Produced minus counted by the job's own state: above 0 lost, below 0 counted twice. */
  readonly missingRecords: number | null;
  /** Lives of the job that overlapped in time. */
  readonly copies: readonly string[];
  /** Every decision until then, in Outrider's words. */
  readonly told: readonly string[];
}

const seconds = (from: number | undefined, to: number | undefined): number | null =>
  from === undefined || to === undefined ? null : Math.round((to - from) / 10) / 100;

/** Reads the figures of a restore that reached its end, and lets the job count its records to the last. */
export async function restoreFigures(
  drill: Drill,
  what: Pick<DrillFigures, "drill" | "version">,
  faultAt: number,
  done: RestoreHistory,
): Promise<DrillFigures> {
  const all = await restoresOf(drill);
  const first = all[0] ?? done;
  const { effective, sentence } = done.record;
  const newId = effective?.newFlinkJobId ?? undefined;
  const begun = done.attempts[0]?.at;
  const run = done.attempts.find((a) => a.step === "run")?.at;
  const running =
    newId === undefined ? undefined : (await flinkJob(drill.cluster, newId))?.timestamps["RUNNING"];
  return publish({
    ...what,
    did: "restored",
    detectS: seconds(faultAt, first.record.since),
    chooseS: seconds(first.record.since, begun),
    prepareS: seconds(begun, run),
    runningS: seconds(run, running),
    totalS: seconds(faultAt, running),
    snapshot: effective?.snapshot?.split("/").at(-1) ?? null,
    sentence,
    missingRecords: newId === undefined ? null : await missingRecords(drill, newId),
    copies: overlaps(livesIn(drill.witnessDir)),
    told: all.map(told),
  });
}

/** The figures of a drill in which no job was started. */
export async function standFigures(
  drill: Drill,
  what: Pick<DrillFigures, "drill" | "version" | "did">,
  faultAt: number | null,
  about: RestoreHistory | undefined,
): Promise<DrillFigures> {
  const all = await restoresOf(drill);
  return publish({
    ...what,
    detectS: seconds(faultAt ?? undefined, all[0]?.record.since),
    chooseS: null,
    prepareS: null,
    runningS: null,
    totalS: null,
    snapshot: null,
    sentence: about?.record.sentence ?? "",
    missingRecords: null,
    copies: overlaps(livesIn(drill.witnessDir)),
    told: all.map(told),
  });
}

/** One line of JSON, to be seen, and for docs/benchmarks/recovery.md in the file that RECOVERY_FIGURES names. */
function publish(figures: DrillFigures): DrillFigures {
  const line = `${JSON.stringify(figures)}\n`;
  process.stdout.write(line);
  const file = process.env["RECOVERY_FIGURES"];
  if (file !== undefined) appendFileSync(file, line);
  return figures;
}

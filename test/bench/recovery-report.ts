import type { DrillFigures } from "../real/recovery/figures.ts";

/** Everything that one ride of the drills showed, and on what it was ridden. */
export interface RecoveryBench {
  readonly at: string;
  readonly machine: string;
  readonly drills: readonly DrillFigures[];
}

/** What we want, in seconds: to see the fault, to choose, and to have the job RUNNING after it was asked for. */
export const GOALS = { detectS: 15, chooseS: 5, runningS: 10 } as const;

/** Drills in which nobody can hurry: a JobManager or a store has to answer again, an old copy to be dead. */
const AWAY = /^(?:JobManager lost|store away)/;
/** Here there is no slot for the job as long as its TaskManager is frozen. */
const FROZEN = /its TaskManager frozen/;

/** What a drill missed, as words. */
export function missedBy(drill: DrillFigures): readonly string[] {
  const name = `${drill.drill} on ${drill.version}`;
  const slow = Object.entries(GOALS).flatMap(([key, goal]) => {
    const took = drill[key as keyof typeof GOALS];
    const hopeless = key === "runningS" ? FROZEN : AWAY;
    if (took === null || took <= goal || hopeless.test(drill.drill)) return [];
    return [`${name}: ${key.slice(0, -1)} took ${took} s; goal ${goal} s`];
  });
  const missing = drill.missingRecords ?? 0;
  const wrong = Math.abs(missing) > ROUNDING ? [`${name}: ${missing} records missing`] : [];
  return [...slow, ...wrong, ...drill.copies.map((copy) => `${name}: two copies, ${copy}`)];
}

/** Records that may stand between two roundings of the load's integral. */
const ROUNDING = 2;

/** The result as a page of the documentation. */
export function renderRecovery(bench: RecoveryBench): string {
  const drills = bench.drills.toSorted((a, b) => order(a).localeCompare(order(b)));
  const restored = drills.filter((drill) => drill.did === "restored");
  const others = drills.filter((drill) => drill.did !== "restored");
  return [
    "# How fast a broken job is back",
    "",
    "<!-- written by npm run bench:recovery from recovery.json -->",
    "",
    `${bench.at}, ${bench.machine}.`,
    "",
    "The newest ride of each drill of `test/real/recovery*.test.ts`: real Flink, the load job (250 records/s, checkpoints",
    "every 2 s, where one is to be broken every 10 s), and Outrider with default settings, but loops are ended after 15 s in",
    "place of 5 min and a failed restore is followed by the next after 2 s. Nobody touches anything after the fault.",
    "",
    "*Detect*: from the fault to the first decision. *Choose*: from there until a proven snapshot is chosen, no old copy of",
    "the job can live any more, and the first request leaves; behind a lost JobManager an old copy lives for as long as",
    "Flink's heartbeat timeout (by default 50 s, and so where the TaskManager is alive; 5 s in the short pass and where one",
    "is killed or frozen). *Prepare*: until the request to run the job; the snapshot is verified again then, and the jar",
    "there. *Flink*: until all is RUNNING. *Missing*: records produced less those that the job's own state has counted once",
    "everything was read; 0 is exactly once. *Copies*: lives of the job that processed records at the same time, by what",
    "its tasks wrote themselves.",
    "",
    `Goals: detect ${GOALS.detectS} s, choose ${GOALS.chooseS} s, Flink ${GOALS.runningS} s; the first two where JobManager and store answer.`,
    "",
    "| fault | Flink | detect | choose | prepare | Flink | from fault to RUNNING | restored from | missing | copies |",
    "|---|---|--:|--:|--:|--:|--:|---|--:|--:|",
    ...restored.map(restoredLine),
    "",
    "## Where no job was started",
    "",
    "| fault | Flink | Outrider | its last word |",
    "|---|---|---|---|",
    ...others.map(otherLine),
    "",
    ...missedLines(drills),
  ].join("\n");
}

const order = ({ drill, version }: DrillFigures): string => `${drill} ${version}`;

function restoredLine(drill: DrillFigures): string {
  const { detectS, chooseS, prepareS, runningS, totalS } = drill;
  const cells = [
    drill.drill,
    drill.version,
    ...[detectS, chooseS, prepareS, runningS, totalS].map(seconds),
    drill.snapshot ?? "–",
    drill.missingRecords ?? "–",
    drill.copies.length,
  ];
  return row(cells);
}

function otherLine({ drill, version, did, sentence, told }: DrillFigures): string {
  return row([drill, version, did, sentence || (told.at(-1) ?? "nothing to say")]);
}

function missedLines(drills: readonly DrillFigures[]): readonly string[] {
  const missed = drills.flatMap(missedBy);
  return missed.length === 0
    ? ["No goal is missed.", ""]
    : ["Missed:", "", ...missed.map((words) => `- ${words}`), ""];
}

const seconds = (value: number | null): string => (value === null ? "–" : `${value.toFixed(1)} s`);

const row = (cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;

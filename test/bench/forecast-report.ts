import type { PathRow } from "./forecast-path.ts";
import type { ForecastRow } from "./forecast-run.ts";

/** What we want of the recorded loads: percent on average by minutes ahead, and at most so far behind the best method. */
export const GOALS = {
  average: { 5: 2.2, 15: 2.7, 60: 3.9 } as Readonly<Record<number, number>>,
  behindBest: 1.02,
};

const OUTRIDER = "outrider";
/** Columns of the table, in this order; the others only count for the best. */
const SHOWN = [
  OUTRIDER,
  "last-value",
  "drift",
  "seasonal-naive",
  "holt-winters",
  "holt-winters-multiplicative",
];

export interface ForecastBench {
  readonly at: string;
  readonly machine: string;
  readonly seconds: number;
  readonly rows: readonly ForecastRow[];
  readonly paths: readonly PathRow[];
  readonly costs: readonly { readonly days: number; readonly ms: number }[];
}

interface Cell {
  readonly load: string;
  readonly horizonMinutes: number;
  readonly wapes: ReadonlyMap<string, number | null>;
}

function cellsOf(rows: readonly ForecastRow[]): readonly Cell[] {
  const cells = new Map<string, Cell & { wapes: Map<string, number | null> }>();
  for (const { load, horizonMinutes, method, wape } of rows) {
    const key = `${horizonMinutes} ${load}`;
    const cell = cells.get(key) ?? { load, horizonMinutes, wapes: new Map<string, number | null>() };
    cell.wapes.set(method, wape);
    cells.set(key, cell);
  }
  return [...cells.values()].sort(
    (a, b) => a.horizonMinutes - b.horizonMinutes || (a.load < b.load ? -1 : 1),
  );
}

/** The best of the methods that Outrider is held against, and their name. */
function bestOf({ wapes }: Cell): { readonly method: string; readonly wape: number } | null {
  let best: { method: string; wape: number } | null = null;
  for (const [method, wape] of wapes) {
    if (method === OUTRIDER || wape === null) continue;
    if (best === null || wape < best.wape) best = { method, wape };
  }
  return best;
}

const percent = (wape: number | null | undefined): string =>
  wape === null || wape === undefined ? "–" : wape.toFixed(2);

function lineOf(cell: Cell): readonly string[] {
  const best = bestOf(cell);
  const own = cell.wapes.get(OUTRIDER) ?? null;
  const ratio = best === null || own === null || best.wape === 0 ? "–" : (own / best.wape).toFixed(3);
  return [
    `${cell.horizonMinutes} min`,
    cell.load,
    ...SHOWN.map((method) => percent(cell.wapes.get(method))),
    best === null ? "–" : `${percent(best.wape)} ${best.method}`,
    ratio,
  ];
}

/** Means over the loads, by horizon. */
function averageLines(cells: readonly Cell[]): readonly (readonly string[])[] {
  const horizons = [...new Set(cells.map((c) => c.horizonMinutes))];
  return horizons.map((minutes) => {
    const of = cells.filter((c) => c.horizonMinutes === minutes);
    return [`${minutes} min`, "mean", ...SHOWN.map((method) => percent(meanOf(of, method))), "", ""];
  });
}

function meanOf(cells: readonly Cell[], method: string): number | null {
  const wapes = cells.map((c) => c.wapes.get(method)).filter((w) => typeof w === "number");
  return wapes.length === 0 ? null : wapes.reduce((sum, w) => sum + w, 0) / wapes.length;
}

const HEADER = ["ahead", "load", ...SHOWN, "best of the others", "ratio to it"];

/** The goals that the rows miss, as words; none for rows that are no subject of them. */
export function missedBy(rows: readonly ForecastRow[]): readonly string[] {
  const cells = cellsOf(rows);
  const missed: string[] = [];
  for (const cell of cells) {
    const [best, own] = [bestOf(cell), cell.wapes.get(OUTRIDER) ?? null];
    if (best === null || own === null || own <= GOALS.behindBest * best.wape) continue;
    missed.push(
      `${cell.load}, ${cell.horizonMinutes} min: ${percent(own)} %, best ${percent(best.wape)} % (${best.method}); goal within 2 % of it`,
    );
  }
  return missed;
}

/** Means that miss the goal: meant for the recorded loads as they are. */
export function meansMissedBy(rows: readonly ForecastRow[]): readonly string[] {
  const cells = cellsOf(rows);
  return Object.entries(GOALS.average).flatMap(([minutes, goal]) => {
    const mean = meanOf(
      cells.filter((c) => c.horizonMinutes === Number(minutes)),
      OUTRIDER,
    );
    return mean === null || mean <= goal
      ? []
      : [`mean at ${minutes} min: ${percent(mean)} %; goal ${goal} %`];
  });
}

/** The result as a table for a terminal. */
export function renderText(rows: readonly ForecastRow[]): string {
  const cells = cellsOf(rows);
  const lines = [HEADER, ...cells.map(lineOf), ...averageLines(cells)];
  const widths = HEADER.map((_, c) => Math.max(...lines.map((line) => line[c]?.length ?? 0)));
  const text = (line: readonly string[]) =>
    line
      .map((cell, c) => (c < 2 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0)))
      .join("  ")
      .trimEnd();
  return `${lines.map(text).join("\n")}\n`;
}

/** The result as a page of the documentation. */
export function renderPage(bench: ForecastBench): string {
  const cells = cellsOf(bench.rows);
  const table = (line: readonly string[]) => `| ${line.join(" | ")} |`;
  const missed = [...missedBy(bench.rows), ...meansMissedBy(bench.rows)];
  return [
    "# How good the forecast of the load is",
    "",
    "<!-- written by npm run bench:forecast -- --write -->",
    "",
    `${bench.at}, ${bench.machine}. The points below took ${bench.seconds.toFixed(0)} s.`,
    "",
    "## Points ahead",
    "",
    "At every step each method says what the value will be 5, 15 and 60 minutes later, from what was seen until then and",
    "nothing else; the second half of each load is scored. Figures: WAPE, Σ|y − ŷ| / Σ|y| in percent; lower is better. A",
    "method that has nothing to say yet counts as last value. `outrider` mixes all the methods by how each did on this load",
    "at this horizon so far; *best of the others* is the best single one of all 16, known only afterwards, and most often",
    "one of our own regressions. `seasonal-naive`: a day ago, from two weeks on a week ago. `holt-winters`: daily season,",
    "smoothing constants chosen online per horizon.",
    "",
    table(HEADER),
    table(HEADER.map((_, c) => (c < 2 ? "---" : "--:"))),
    ...cells.map((cell) => table(lineOf(cell))),
    ...averageLines(cells).map((line) => table(line.map((cell) => (cell === "" ? "" : `**${cell}**`)))),
    "",
    "Goals: within 2 % of the best of the others everywhere; on average at most 2.2, 2.7 and 3.9 %.",
    missed.length === 0 ? "All are met." : `Missed: ${missed.join("; ")}.`,
    "",
    "## The path of the next day",
    "",
    "What a decision uses: 96 quarters of an hour, made every 4 hours of the second half from 14 days at most. *Covered*: the",
    "share of steps whose highest 5-minute mean stayed below the upper edge, meant to be 95 %. A season of which less than",
    "two weeks were seen can surprise: loads with few days are covered less. Spikes shorter than 5 minutes are not in it.",
    "",
    "| load | paths | covered, first hour | covered, later | upper edge ÷ mean load | WAPE of the middle | one call |",
    "|---|--:|--:|--:|--:|--:|--:|",
    ...bench.paths.map(pathLine),
    "",
    `CPU time of one call by days of history: ${bench.costs.map((c) => `${c.days} days ${c.ms.toFixed(0)} ms`).join(", ")}. It`,
    "grows with the values up to 15 days; what is older is not looked at. It is made once per 5 minutes and job.",
    "",
    "## What it does not do",
    "",
    "It knows days and weeks, no holidays. Under a day and a half it knows no season. After a change of level that no method",
    "explains, the path is the last value with a band that widens, until the season holds again or a day has passed. The",
    "loads are real and were squeezed by their publisher to a peak of 1.3 to 1.7 times the mean; `--peak-to-mean 5` spreads",
    "them. Spread so far, an hour ahead, a mixture can be some percent behind the one method that suits best, because a few",
    "peaks decide the figure.",
    "",
  ].join("\n");
}

function pathLine(row: PathRow): string {
  const share = (x: number) => `${(100 * x).toFixed(1)} %`;
  const cells = [
    row.load,
    row.paths,
    share(row.covered.hour),
    share(row.covered.later),
    row.upperOverMean.toFixed(3),
    `${row.wape.toFixed(2)} %`,
    `${row.ms.toFixed(0)} ms`,
  ];
  return `| ${cells.join(" | ")} |`;
}

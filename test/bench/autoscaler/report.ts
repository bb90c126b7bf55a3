import type { ContestRow } from "./contest-row.ts";
import type { DayCurve } from "./curves.ts";
import { goalsOf, KEEPS, percent } from "./goals.ts";
import { plotOf } from "./plot.ts";

/** Rows of one contest and policy over its seeds. */
interface Line {
  readonly world: string;
  readonly load: string;
  readonly policy: string;
  readonly rows: readonly ContestRow[];
}

/** In the order of world, load, policy (Outrider first), seed. */
export function sorted(rows: readonly ContestRow[]): readonly ContestRow[] {
  const first = (r: ContestRow): number => (r.policy.startsWith("outrider") ? 0 : 1);
  return rows.toSorted(
    (a, b) =>
      a.world.localeCompare(b.world) ||
      a.load.localeCompare(b.load) ||
      first(a) - first(b) ||
      a.policy.localeCompare(b.policy) ||
      a.seed - b.seed,
  );
}

function linesOf(rows: readonly ContestRow[]): readonly Line[] {
  const groups = Map.groupBy(rows, (r) => `${r.world}\n${r.load}\n${r.policy}`);
  return [...groups.values()].flatMap((group) => {
    const [row] = group;
    return row === undefined ? [] : [{ world: row.world, load: row.load, policy: row.policy, rows: group }];
  });
}

const HEAD = [
  "policy",
  "in objective",
  "slot-hours",
  "÷ oracle",
  "rescales",
  "down s",
  "steps",
  "first s",
  "wrong",
  "oscillations",
] as const;

/** Median over the seeds, and behind it the worst where that is another. */
function cellsOf({ policy, rows }: Line): readonly string[] {
  const both = (
    of: (row: ContestRow) => number | null,
    show: (value: number) => string,
    worst: "least" | "most",
  ): string => {
    const values = rows.map(of).filter((v) => v !== null);
    if (values.length === 0) return "–";
    const [middle, far] = [
      show(median(values)),
      show(worst === "least" ? Math.min(...values) : Math.max(...values)),
    ];
    return middle === far ? middle : `${middle} (${far})`;
  };
  const whole = (value: number): string => value.toFixed(0);
  return [
    policy,
    both((r) => r.inObjective, percent, "least"),
    both(
      (r) => r.slotHours,
      (v) => v.toFixed(1),
      "most",
    ),
    both(
      (r) => (r.oracleSlotHours === null ? null : r.slotHours / r.oracleSlotHours),
      (v) => v.toFixed(2),
      "most",
    ),
    both((r) => r.rescales, whole, "most"),
    both((r) => r.downSeconds, whole, "most"),
    both((r) => r.stepsToConverge, whole, "most"),
    both((r) => r.firstDecisionSeconds, whole, "most"),
    both((r) => r.wrongDirection, whole, "most"),
    both((r) => r.oscillations, whole, "most"),
  ];
}

export function median(values: readonly number[]): number {
  const order = values.toSorted((a, b) => a - b);
  const middle = (order.length - 1) / 2;
  return ((order[Math.floor(middle)] ?? Number.NaN) + (order[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

function titleOf(lines: readonly Line[]): string {
  const [line] = lines;
  const possible = lines.flatMap((l) => l.rows.map((r) => r.possible));
  const word = possible.includes(false) ? " (not possible: no plan keeps the objective)" : "";
  return `${line?.world ?? ""}, ${line?.load ?? ""}${word}`;
}

const contestsOf = (rows: readonly ContestRow[]): readonly (readonly Line[])[] => [
  ...Map.groupBy(linesOf(rows), (l) => `${l.world}\n${l.load}`).values(),
];

/** For a terminal. */
export function renderText(rows: readonly ContestRow[]): string {
  const parts = contestsOf(rows).map((lines) => {
    const cells = [HEAD, ...lines.map(cellsOf)];
    const widths = HEAD.map((_, c) => Math.max(...cells.map((row) => row[c]?.length ?? 0)));
    const text = cells.map((row) =>
      row
        .map((cell, c) => (c === 0 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0)))
        .join("  "),
    );
    return [titleOf(lines), ...text].join("\n");
  });
  return `${[...parts, goalLines(rows, "").join("\n")].join("\n\n")}\n`;
}

function goalLines(rows: readonly ContestRow[], mark: string): readonly string[] {
  const own = rows.filter((r) => r.policy === "outrider");
  if (own.length === 0) return [];
  return goalsOf(own).map(({ name, rows: about, missed }) => {
    if (about === 0) return `${mark}${name}: not asked by these contests`;
    const some = missed.slice(0, 6).join("; ");
    const more = missed.length > 6 ? ` and ${missed.length - 6} more` : "";
    return missed.length === 0
      ? `${mark}${name}: met in all ${about}`
      : `${mark}${name}: not met in ${missed.length} of ${about} (${some}${more})`;
  });
}

interface Report {
  readonly rows: readonly ContestRow[];
  readonly curves: readonly DayCurve[];
  readonly minutes: number;
  readonly command: string;
}

/** The page docs/benchmarks/autoscaler.md and its plots. */
export function renderReport({ rows, curves, minutes, command }: Report): {
  readonly page: string;
  readonly plots: readonly { readonly file: string; readonly svg: string }[];
} {
  const seeds = [...new Set(rows.map((r) => r.seed))].join(", ");
  const plots = plotsOf(curves);
  const page = [
    "# Autoscaler: policies side by side",
    "",
    "<!-- Written by `npm run bench:autoscaler -- --write`: do not edit. -->",
    "",
    `Made with \`npm run -s bench:autoscaler -- ${command}\` in ${minutes.toFixed(0)} minutes; seeds ${seeds}. What every`,
    "column means and how it is counted: [definitions](../benchmarks.md#definitions). Cells are medians over the seeds, with",
    "the worst seed in brackets where it differs.",
    "",
    "## Goals",
    "",
    ...goalLines(rows, "- "),
    "",
    "## All contests together",
    "",
    ...overallOf(rows),
    "",
    "## Contests",
    ...contestsOf(rows).flatMap(tableOf),
    ...(plots.length === 0 ? [] : ["", "## A day", ""]),
    ...plots.flatMap(({ file, title }) => [`![${title}](${file})`, ""]),
  ];
  return { page: `${page.join("\n").trimEnd()}\n`, plots };
}

function tableOf(lines: readonly Line[]): readonly string[] {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    "",
    `### ${titleOf(lines)}`,
    "",
    row(HEAD),
    row(HEAD.map((_, i) => (i === 0 ? "---" : "---:"))),
    ...lines.map((line) => row(cellsOf(line))),
  ];
}

/** Per policy: in how many runs it kept the objective, and at what cost where it did. */
function overallOf(rows: readonly ContestRow[]): readonly string[] {
  const groups = Map.groupBy(
    rows.filter((r) => r.possible !== false),
    (r) => r.policy,
  );
  const lines = [...groups].map(([policy, own]) => {
    const kept = own.filter((r) => r.inObjective >= KEEPS);
    const costs = kept.flatMap((r) => (r.oracleSlotHours === null ? [] : [r.slotHours / r.oracleSlotHours]));
    const sum = (of: (row: ContestRow) => number): number => own.reduce((total, r) => total + of(r), 0);
    const cost = costs.length === 0 ? "–" : `${median(costs).toFixed(2)} (${Math.max(...costs).toFixed(2)})`;
    return `| ${policy} | ${kept.length} of ${own.length} | ${cost} | ${sum((r) => r.rescales)} | ${sum((r) => r.wrongDirection)} | ${sum((r) => r.oscillations)} |`;
  });
  return [
    "Contests that are possible, every seed a run. Cost: slot-hours ÷ oracle of the runs that kept the objective, median",
    "(worst).",
    "",
    "| policy | kept the objective | cost where kept | rescales | wrong direction | oscillations |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...lines,
  ];
}

const MOST_PLOTS = 4;

function plotsOf(curves: readonly DayCurve[]) {
  const contests = [...Map.groupBy(curves, (c) => `${c.world}, ${c.load}`)].slice(0, MOST_PLOTS);
  return contests.map(([title, group], i) => ({
    file: `autoscaler-day-${i + 1}.svg`,
    title,
    svg: plotOf(title, group),
  }));
}

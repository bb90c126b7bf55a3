import type { Figure } from "./fidelity-figures.ts";
import type { Unit } from "./fidelity-measures.ts";
import { medianOf } from "./fidelity-snapshots.ts";

export const KINDS = ["real", "simulated"] as const;
export type Kind = (typeof KINDS)[number];

/** What all runs gave, as it is kept in `docs/benchmarks/fidelity.json`. */
export interface FidelityResult {
  /** When and on what each side was run, by `<kind> <version>`. */
  readonly recorded: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

/** One figure; `null` is a run in which it could not be seen. */
export interface Row {
  readonly plan: string;
  readonly group: string;
  readonly name: string;
  readonly unit: Unit;
  readonly runs: Readonly<Record<string, Partial<Record<Kind, readonly (number | null)[]>>>>;
}

/** The figures of all runs of one plan on one target. */
export interface PlanRuns {
  readonly plan: string;
  readonly kind: Kind;
  readonly version: string;
  readonly runs: readonly (readonly Figure[])[];
}

export interface Comparison {
  readonly real: number;
  readonly realLow: number;
  readonly realHigh: number;
  readonly simulated: number;
  /** Simulated less real. */
  readonly difference: number;
  readonly within: boolean;
  /** The figure is large enough that a simulated 0 would be outside. */
  readonly canFail: boolean;
}

export const EMPTY_RESULT: FidelityResult = { recorded: {}, rows: [] };

/** As the repository formats JSON: runs in one line. */
export function jsonOf(result: FidelityResult): string {
  const text = JSON.stringify(result, null, 2);
  const inOneLine = text.replaceAll(/\[[\d\s.,null-]*\]/g, (runs) =>
    runs.replaceAll(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]"),
  );
  return `${inOneLine}\n`;
}

/** A figure's name in `fidelity-reasons.ts`. */
export const keyOf = (row: Pick<Row, "plan" | "group" | "name">): string =>
  `${row.plan} | ${row.group} | ${row.name}`;

/** The result with these runs in place of older ones; figures that the plan no longer asks for are dropped. */
export function withRuns(result: FidelityResult, added: PlanRuns, recorded: string): FidelityResult {
  const { plan, kind, version } = added;
  const kept = new Map(result.rows.map((row) => [keyOf(row), row]));
  const rows = (added.runs[0] ?? []).map(({ group, name, unit }): Row => {
    const runs = kept.get(keyOf({ plan, group, name }))?.runs ?? {};
    const values = added.runs.map((run) => roundedOf(run.find((f) => f.group === group && f.name === name)));
    return { plan, group, name, unit, runs: { ...runs, [version]: { ...runs[version], [kind]: values } } };
  });
  return {
    recorded: { ...result.recorded, [`${kind} ${version}`]: recorded },
    rows: [...result.rows.filter((row) => row.plan !== plan), ...rows],
  };
}

/** Enough digits for every unit, few enough to read. */
function roundedOf(figure: Figure | undefined): number | null {
  return figure?.value === undefined ? null : Math.round(figure.value * 1_000) / 1_000;
}

/** Medians side by side; `undefined` while a side has not been run, or never saw the figure. */
export function compare(row: Row, version: string): Comparison | undefined {
  const sides = row.runs[version];
  const [runs, others] = [knownOf(sides?.real), knownOf(sides?.simulated)];
  const [real, simulated] = [medianOf(runs), medianOf(others)];
  if (real === undefined || simulated === undefined) return undefined;
  const difference = simulated - real;
  return {
    real,
    realLow: Math.min(...runs),
    realHigh: Math.max(...runs),
    simulated,
    difference,
    within: Math.abs(difference) <= limitOf(row.unit, real),
    canFail: Math.abs(real) > limitOf(row.unit, real),
  };
}

export const knownOf = (values: readonly (number | null)[] | undefined): readonly number[] =>
  (values ?? []).filter((v) => v !== null);

/** Differences up to 10 % or this much count as none: below it the figure says nothing to a decision. */
export const FLOORS: Readonly<Record<Unit, number>> = {
  records: 500,
  s: 2,
  "records/s": 0,
  "ms/record": 0.1,
  share: 0.1,
};

export function limitOf(unit: Unit, real: number): number {
  return Math.max(Math.abs(real) * 0.1, FLOORS[unit]);
}

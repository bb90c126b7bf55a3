import type { ContestRow } from "./contest-row.ts";
import { MOST_RESCALES } from "./oracle-row.ts";

/** Share of seconds inside the lag objective that keeps it. */
export const KEEPS = 0.995;
/** Goal: at most this much of the oracle's slot-hours. */
const COST = 1.15;
const DAY_MINUTES = 1_440;

/** Rounding of the oracle's grid: a row under it by less than this has not beaten it. */
const ORACLE_ROUNDING = 0.01;

export interface Goal {
  readonly name: string;
  /** Rows that the goal is about. */
  readonly rows: number;
  /** The ones that miss it: contest, seed and figure. */
  readonly missed: readonly string[];
}

/** Rows in which a policy keeps the objective for less than the oracle: either is wrong then, and the bench fails. */
export function cheaperThanOracle(rows: readonly ContestRow[]): readonly ContestRow[] {
  return rows.filter(
    (r) =>
      r.inObjective >= KEEPS &&
      r.oracleSlotHours !== null &&
      r.rescales <= MOST_RESCALES &&
      r.slotHours < r.oracleSlotHours * (1 - ORACLE_ROUNDING),
  );
}

/** The goals for one policy's rows, in the order of the issue that set them. */
export function goalsOf(rows: readonly ContestRow[]): readonly Goal[] {
  const possible = rows.filter((r) => r.possible === true);
  const goal = (
    name: string,
    about: readonly ContestRow[],
    isMet: (row: ContestRow) => boolean,
    figure: (row: ContestRow) => string,
  ): Goal => ({
    name,
    rows: about.length,
    missed: about.filter((r) => !isMet(r)).map((r) => `${r.world}, ${r.load}, seed ${r.seed}: ${figure(r)}`),
  });
  return [
    goal(
      "≥ 99.5 % of seconds inside the objective where that is possible",
      possible,
      (r) => r.inObjective >= KEEPS,
      (r) => percent(r.inObjective),
    ),
    goal(
      "≤ 1.15 × the slot-hours of the oracle with as many rescales",
      possible.filter((r) => r.oracleSlotHours !== null),
      (r) => r.slotHours <= COST * (r.oracleSlotHours ?? 0),
      (r) => ratioText(r),
    ),
    goal(
      "1 rescale after a step, ≤ 2 at worst",
      rows.filter((r) => r.firstDecisionSeconds !== null),
      (r) => r.stepsToConverge <= 2,
      (r) => `${r.stepsToConverge}`,
    ),
    goal(
      "≤ 4 rescales a day on daily loads",
      rows.filter((r) => r.minutes >= DAY_MINUTES),
      (r) => r.rescales <= 4,
      (r) => `${r.rescales}`,
    ),
    goal(
      "0 moves in the wrong direction",
      rows,
      (r) => r.wrongDirection === 0,
      (r) => `${r.wrongDirection}`,
    ),
    goal(
      "0 oscillations",
      rows,
      (r) => r.oscillations === 0,
      (r) => `${r.oscillations}`,
    ),
    goal(
      "first decision ≤ 15 s after a step",
      rows.filter((r) => r.firstDecisionSeconds !== null && !r.load.includes("metric-delay")),
      (r) => (r.firstDecisionSeconds ?? 0) <= 15,
      (r) => `${r.firstDecisionSeconds?.toFixed(1)} s`,
    ),
  ];
}

export const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

export const ratioText = ({ slotHours, oracleSlotHours }: ContestRow): string =>
  oracleSlotHours === null ? "–" : (slotHours / oracleSlotHours).toFixed(2);

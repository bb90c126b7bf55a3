import { formatDuration } from "../../model/index.ts";
import type { Backtest, BacktestRow } from "../whatif/backtest.ts";
import { table } from "./output.ts";

/** The answer first, then one line for each policy. */
export function backtestText(result: Backtest): string {
  const { load, minutes, historyMinutes, missingShare, peakRate, meanRate, rows } = result;
  const priced = rows.some((r) => r.cost !== null);
  const head = [
    "POLICY",
    "IN OBJECTIVE",
    "PEAK LAG",
    "RESCALES",
    "DOWN",
    "SLOT-HOURS",
    ...(priced ? ["COST"] : []),
  ];
  const past = historyMinutes > 0 ? `, after ${formatDuration(historyMinutes * 60_000)} to learn from` : "";
  const count = (n: number): string => Math.round(n).toLocaleString("en-US");
  const lines = [
    answerOf(rows),
    "",
    `${load}: ${formatDuration(minutes * 60_000)}${past}; mean ${count(meanRate)} records/s, peak ${count(peakRate)}.`,
    "",
    table(
      head,
      rows.map((r) => cellsOf(r, priced)),
    ),
  ];
  if (missingShare > 0)
    lines.push(
      "",
      `${percent(missingShare)} of that time is missing in the record; the value before was held for it.`,
    );
  return lines.join("\n");
}

/** The cheapest of those that keep the objective best, beside the dearest of the others. */
function answerOf(rows: readonly BacktestRow[]): string {
  const good = rows.filter((r) => r.inObjective >= 0.995).toSorted((a, b) => a.slotHours - b.slotHours);
  const [best] = good;
  if (best === undefined) return "No policy keeps the lag objective in 99.5 % of the time.";
  const others = good
    .slice(1)
    .map((r) => `${r.policy} ${(r.slotHours / best.slotHours).toFixed(2)} times that`);
  const than =
    rows.length === 1 ? "" : others.length === 0 ? "; no other policy keeps it" : ` (${others.join(", ")})`;
  return `${best.policy} keeps the lag objective in ${percent(best.inObjective)} of the time for the fewest slot-hours: ${best.slotHours.toFixed(1)}${than}.`;
}

const percent = (share: number): string => `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`;

function cellsOf(row: BacktestRow, priced: boolean): readonly string[] {
  return [
    row.policy,
    percent(row.inObjective),
    row.peakLagSeconds < 1 ? "0 s" : formatDuration(Math.round(row.peakLagSeconds) * 1_000),
    `${row.rescales}`,
    row.downSeconds === 0 ? "0 s" : formatDuration(row.downSeconds * 1_000),
    row.slotHours.toFixed(1),
    ...(priced ? [row.cost === null ? "" : row.cost.toFixed(2)] : []),
  ];
}

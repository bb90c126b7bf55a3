import type { Unit } from "./fidelity-measures.ts";
import { CHECKPOINT_PHASE_S, FIDELITY_PLANS } from "./fidelity-plan.ts";
import { type Reason, reasonFor } from "./fidelity-reasons.ts";
import {
  type Comparison,
  compare,
  type FidelityResult,
  FLOORS,
  knownOf,
  type Row,
} from "./fidelity-result.ts";
import { medianOf } from "./fidelity-snapshots.ts";

/** `docs/benchmarks/fidelity.md`: what was run, the figures side by side, and why some differ. */
export function renderReport(result: FidelityResult): string {
  const versions = [...new Set(result.rows.flatMap((row) => Object.keys(row.runs)))].toSorted();
  const notes = new Notes();
  const tables = FIDELITY_PLANS.flatMap((plan) => {
    const rows = result.rows.filter((row) => row.plan === plan.name);
    if (rows.length === 0) return [];
    return [`## ${plan.name}: ${plan.title}`, "", ...tableOf(rows, versions, notes), ""];
  });
  return [...introduction(result, versions), ...tables, ...notes.lines()].join("\n").trimEnd().concat("\n");
}

function introduction(result: FidelityResult, versions: readonly string[]): readonly string[] {
  const compared = result.rows.flatMap((row) => versions.flatMap((version) => compare(row, version) ?? []));
  const within = compared.filter((c) => c.within).length;
  const telling = compared.filter((c) => c.canFail).length;
  const score =
    `${within} of ${compared.length} figures lie within the limit; ${telling} of them are large enough to fail it ` +
    "(a simulated 0 would).";
  return [
    "# Fidelity: the simulated Flink beside the real one",
    "",
    "<!-- written by npm run bench:fidelity from fidelity.json -->",
    "",
    "Scripted loads and PUTs, no autoscaler, on the load job (work 2 ms, count 1 ms, 24 partitions unless the plan says",
    "otherwise) with the settings of",
    "`test/real/flink/config.ts` (4 KiB segments, metrics refreshed every 2 s, checkpoints every 5 s, 2 s between rescales).",
    "Real Flink and simulated Flink are read by the same code over REST. Numbers are medians of the runs; in brackets",
    "the lowest and highest real run. Parallelism is written work/count; the sink has that of count.",
    `Plans start ${CHECKPOINT_PHASE_S} s after a checkpoint's trigger, and so do the PUTs.`,
    "The simulated worlds (`test/bench/worlds`) hold costs, record size and pauses as seen on the real side; what follows",
    "from them (throughput under back-pressure, what hides in the network, what is replayed) is the model's own.",
    "Known to differ below the limits: where nothing is held back, real buffers hold some dozens of records for a moment",
    "and simulated ones none.",
    "",
    "A difference (simulated less real) counts when it exceeds 10 % and also 500 records, 2 s, 0.1 ms per record or",
    `10 percentage points; it is then **bold** with the number of its reason below. ${compared.length === 0 ? "" : score}`.trimEnd(),
    "",
    ...Object.entries(result.recorded).map(([what, when]) => `- ${what}: ${when}`),
    "",
  ];
}

function tableOf(rows: readonly Row[], versions: readonly string[], notes: Notes): readonly string[] {
  const heads = versions.flatMap((v) => [`Flink ${v}`, "simulated", "difference"]);
  const lines = [`| | ${heads.join(" | ")} |`, `|---|${heads.map(() => "--:|").join("")}`];
  let group = "";
  for (const row of rows) {
    if (row.group !== group) lines.push(`| **${row.group}** |${" |".repeat(heads.length)}`);
    group = row.group;
    const cells = versions.flatMap((version) => cellsOf(row, version, notes));
    lines.push(`| ${row.name} (${unitLabel(row.unit)}) | ${cells.join(" | ")} |`);
  }
  return lines;
}

function cellsOf(row: Row, version: string, notes: Notes): readonly string[] {
  const real = knownOf(row.runs[version]?.real);
  const simulated = medianOf(knownOf(row.runs[version]?.simulated));
  const comparison = compare(row, version);
  const difference =
    comparison && `${signed(row.unit, comparison.difference)}${percent(row.unit, comparison)}`;
  const marked =
    difference === undefined || comparison?.within !== false
      ? (difference ?? "–")
      : `**${difference}** ${notes.markOf(reasonFor(row, version))}`;
  return [withRange(row.unit, real), simulated === undefined ? "–" : shown(row.unit, simulated), marked];
}

function withRange(unit: Unit, runs: readonly number[]): string {
  const median = medianOf(runs);
  if (median === undefined) return "–";
  const [low, high] = [shown(unit, Math.min(...runs)), shown(unit, Math.max(...runs))];
  return low === high ? shown(unit, median) : `${shown(unit, median)} (${low}–${high})`;
}

const unitLabel = (unit: Unit): string => (unit === "share" ? "%" : unit);

function shown(unit: Unit, value: number): string {
  if (unit === "share") return String(Math.round(value * 100));
  if (unit === "ms/record") return value.toFixed(2);
  if (unit === "s") return value.toFixed(Math.abs(value) < 10 ? 2 : 1);
  const whole = Math.round(value);
  return (whole === 0 ? 0 : whole).toLocaleString("en-US");
}

const signed = (unit: Unit, difference: number): string => {
  const text = shown(unit, Math.abs(difference));
  return /^[0.]+$/.test(text) ? "0" : `${difference > 0 ? "+" : "−"}${text}`;
};

/** A percentage of next to nothing would only alarm. */
function percent(unit: Unit, { real, difference }: Pick<Comparison, "real" | "difference">): string {
  const share = Math.round((Math.abs(difference) / Math.abs(real)) * 100);
  if (unit === "share" || Math.abs(real) <= FLOORS[unit] || share === 0) return "";
  return ` (${difference > 0 ? "+" : "−"}${share} %)`;
}

/** Reasons in the order of their first use; equal ones share a number. */
class Notes {
  private readonly used: (Reason | undefined)[] = [];

  markOf(reason: Reason | undefined): string {
    if (!this.used.includes(reason)) this.used.push(reason);
    return `[${this.used.indexOf(reason) + 1}]`;
  }

  lines(): readonly string[] {
    if (this.used.length === 0) return [];
    const texts = this.used.map((reason, i) => `${i + 1}. ${reason?.reason ?? "Not explained yet."}`);
    return ["## Why these differ", "", ...texts];
  }
}

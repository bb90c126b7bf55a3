import type { VertexId } from "../../model/index.ts";
import type { ScalingSummary } from "./scale-job.ts";

/** Headers of the report that other tools parse, word by word as the Java autoscaler writes them. */
const HEADERS = {
  enabled: "Scaling execution enabled, begin scaling vertices:",
  disabled: "Scaling execution disabled by config ",
} as const;

/** One vertex as the report says it; rates in records/s. */
export interface ReportLine {
  readonly id: VertexId;
  readonly from: number;
  readonly to: number;
  readonly capacity: number;
  readonly expected: number;
  readonly target: number;
}

/** The report in the Java autoscaler's words, which tools parse. Two decimals, `Infinity` spelled out. */
export function scalingReport(
  summaries: Readonly<Record<VertexId, ScalingSummary>>,
  header: keyof typeof HEADERS = "enabled",
): string {
  const lines = Object.entries(summaries).map(
    ([id, s]) =>
      `{ Vertex ID ${id} | Parallelism ${s.from} -> ${s.to} | Processing capacity ${decimals(s.trueProcessingRate)} -> ${decimals(s.expectedRate)} | Target data rate ${decimals(s.targetRate)}}`,
  );
  return HEADERS[header] + lines.join("");
}

const decimals = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : String(value));

const NUMBER = String.raw`(-?\d+(?:\.\d+)?|-?Infinity|NaN)`;
const LINE = new RegExp(
  String.raw`\{ Vertex ID (\w+) \| Parallelism (\d+) -> (\d+) \| Processing capacity ${NUMBER} -> ${NUMBER} \| Target data rate ${NUMBER}\}`,
  "g",
);

/** The vertices of a report, by id. */
export function parseScalingReport(text: string): readonly ReportLine[] {
  return [...text.matchAll(LINE)]
    .map(([, id = "", from, to, capacity, expected, target]) => ({
      id,
      from: Number(from),
      to: Number(to),
      capacity: Number(capacity),
      expected: Number(expected),
      target: Number(target),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

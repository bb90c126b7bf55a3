import type { MetricValue } from "../metrics/vertex-shape.ts";

/** A page in text format 0.0.4 as Flink's reporter writes it; series of one name stand together. */
export interface Page {
  /** `scope`: Flink's logical scope, such as `taskmanager_job_task`; `name`: the metric below it. */
  add(scope: string, name: string, labels: Readonly<Record<string, string>>, value: MetricValue): void;
  /** A histogram of zeros. */
  addSummary(scope: string, name: string, labels: Readonly<Record<string, string>>): void;
  text(): string;
}

const QUANTILES = ["0.5", "0.75", "0.95", "0.98", "0.99", "0.999"];

/** `wanted`: the series to keep, by full name; undefined keeps all. */
export function createPage(wanted: ReadonlySet<string> | undefined): Page {
  const families = new Map<string, string[]>();
  const linesOf = (scope: string, name: string, type: string): string[] | undefined => {
    const family = seriesName(scope, name);
    const known = families.get(family);
    if (known !== undefined) return known;
    if (wanted !== undefined && !wanted.has(family)) return undefined;
    const dot = name.lastIndexOf(".");
    const where = dot < 0 ? scope : `${scope}_${sanitized(name.slice(0, dot))}`;
    const lines = [`# HELP ${family} ${name.slice(dot + 1)} (scope: ${where})`, `# TYPE ${family} ${type}`];
    families.set(family, lines);
    return lines;
  };
  return {
    add(scope, name, labels, value) {
      linesOf(scope, name, "gauge")?.push(
        `${seriesName(scope, name)}${labelsOf(labels)} ${numberText(value)}`,
      );
    },
    addSummary(scope, name, labels) {
      const series = seriesName(scope, name);
      linesOf(scope, name, "summary")?.push(
        `${series}_count${labelsOf(labels)} 0.0`,
        ...QUANTILES.map((quantile) => `${series}${labelsOf({ ...labels, quantile })} 0.0`),
      );
    },
    text: () => [...families.values()].map((lines) => `${lines.join("\n")}\n`).join(""),
  };
}

const sanitized = (text: string): string => text.replaceAll(/[^a-zA-Z0-9:_]/g, "_");

/** The reporter replaces everything but letters, digits, colons and underscores. */
export const labelValue = sanitized;

export const seriesName = (scope: string, name: string): string => `flink_${scope}_${sanitized(name)}`;

/** With a comma after the last label, as the reporter's library writes it. */
const labelsOf = (labels: Readonly<Record<string, string>>): string =>
  `{${Object.entries(labels)
    .map(([key, value]) => `${key}="${value}",`)
    .join("")}}`;

/** Truth becomes 1 or 0, other text 0: that is all a gauge can say. */
function numberText(value: MetricValue): string {
  if (value === "true") return "1.0";
  const number = Number(value);
  if (Number.isNaN(number)) return "0.0";
  return Number.isInteger(number) && Math.abs(number) < 1e7
    ? `${number}.0`
    : String(number).replace("e+", "E");
}

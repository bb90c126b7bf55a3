/**
 * Prometheus text format 0.0.4 as Flink's metric reporter writes it. One pass over the text; lines that are no
 * samples (comments, garbage, a cut last line) are skipped and counted, so that half a page still gives its half.
 */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** NaN and ±Infinity are possible. */
  readonly value: number;
}

export interface Exposition {
  readonly samples: readonly Sample[];
  /** Lines that look like samples and could not be read. */
  readonly malformed: number;
  /** True when the limit of lines ended the reading. */
  readonly truncated: boolean;
}

export interface ExpositionLimits {
  /** 200,000; a TaskManager with 12 subtasks writes about 2,000. */
  readonly maxLines?: number;
  /** Longer lines count as malformed; 16,384 characters. */
  readonly maxLineLength?: number;
}

/** Reads a page. Linear in its length, bounded by the limits, never throws. */
export function parseExposition(text: string, limits: ExpositionLimits = {}): Exposition {
  const { maxLines = 200_000, maxLineLength = 16_384 } = limits;
  const samples: Sample[] = [];
  let malformed = 0;
  let lines = 0;
  for (let start = 0; start < text.length; ) {
    if (lines === maxLines) return { samples, malformed, truncated: true };
    lines += 1;
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const line = end - start > maxLineLength ? undefined : text.slice(start, end).trim();
    start = end + 1;
    if (line === "" || line?.startsWith("#")) continue;
    const sample = line === undefined ? undefined : parseSample(line);
    if (sample === undefined) malformed += 1;
    else samples.push(sample);
  }
  return { samples, malformed, truncated: false };
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"/y;

function parseSample(line: string): Sample | undefined {
  const name = NAME.exec(line)?.[0];
  if (name === undefined) return undefined;
  let at = skipSpace(line, name.length);
  const labels = new Map<string, string>();
  if (line[at] === "{") {
    const end = parseLabels(line, at + 1, labels);
    if (end === undefined) return undefined;
    at = end;
  } else if (at === name.length) return undefined;
  // A timestamp may follow the value; Flink writes none.
  const [word = "", timestamp] = line.slice(at).trim().split(/\s+/);
  const value = numberOf(word);
  if (value === undefined || (timestamp !== undefined && numberOf(timestamp) === undefined)) return undefined;
  return { name, labels: Object.fromEntries(labels), value };
}

/** Reads labels up to `}` (a comma before it is allowed) and returns the position after it. */
function parseLabels(line: string, from: number, labels: Map<string, string>): number | undefined {
  let at = skipSpace(line, from);
  while (line[at] !== "}") {
    LABEL.lastIndex = at;
    const label = LABEL.exec(line);
    const key = label?.[1];
    if (label === null || key === undefined) return undefined;
    const quoted = parseQuoted(line, LABEL.lastIndex);
    if (quoted === undefined) return undefined;
    labels.set(key, quoted.text);
    at = skipSpace(line, quoted.end);
    if (line[at] === ",") at = skipSpace(line, at + 1);
    else if (line[at] !== "}") return undefined;
  }
  return at + 1;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", '"': '"', "\\": "\\" };

/** Text up to the closing quote, with `\n`, `\"` and `\\` resolved; other escapes stay as they are written. */
function parseQuoted(line: string, from: number): { text: string; end: number } | undefined {
  let text = "";
  let plainFrom = from;
  for (let at = from; at < line.length; at += 1) {
    const char = line[at];
    if (char === '"') return { text: text + line.slice(plainFrom, at), end: at + 1 };
    if (char !== "\\") continue;
    const next = line[at + 1] ?? "";
    text += line.slice(plainFrom, at) + (ESCAPES[next] ?? `\\${next}`);
    at += 1;
    plainFrom = at + 1;
  }
  return undefined;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const SPECIAL: ReadonlyMap<string, number> = new Map([
  ["nan", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["+inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
  ["infinity", Number.POSITIVE_INFINITY],
  ["+infinity", Number.POSITIVE_INFINITY],
  ["-infinity", Number.NEGATIVE_INFINITY],
]);

function numberOf(word: string): number | undefined {
  return NUMBER.test(word) ? Number(word) : SPECIAL.get(word.toLowerCase());
}

function skipSpace(line: string, from: number): number {
  let at = from;
  while (line[at] === " " || line[at] === "\t") at += 1;
  return at;
}

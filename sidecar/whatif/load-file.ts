import { readFileSync, statSync } from "node:fs";
import { basename, extname } from "node:path";
import { Failure } from "../../model/index.ts";

/** A load that was recorded: even steps, null where there was no usable value. Unit of the values: records per second. */
export interface LoadFile {
  /** File name without folder and extension. */
  readonly name: string;
  readonly stepMinutes: number;
  readonly values: readonly (number | null)[];
}

const MOST_BYTES = 32 * 2 ** 20;
/** Two years of 5 minutes. */
const MOST_STEPS = 220_000;
const DAY_MINUTES = 1_440;
/** The step of a file whose own one is uneven or does not divide a day. */
const USUAL_STEP = 5;
/** A file has its own step when so many of the distances between its rows are whole multiples of it. */
const EVEN_SHARE = 0.9;
const NEAR = 1e-6;

interface Row {
  readonly minute: number;
  readonly rate: number | null;
}

/**
 * Reads a CSV file with the columns `minute` (since any start) and `rate`; others are left alone. Rows may come in any
 * order. A rate that is empty, negative or no number is missing; so is a minute without a row. Several rows of one step
 * are averaged. Throws a `Failure` that names file and line where the file is not such a table, or too large.
 */
export function readLoadFile(path: string): LoadFile {
  const rows = parseRows(path, textOf(path));
  const stepMinutes = stepOf(rows);
  return { name: basename(path, extname(path)), stepMinutes, values: onSteps(path, rows, stepMinutes) };
}

function textOf(path: string): string {
  let size: number;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new Error("not a file");
    size = stat.size;
  } catch (cause) {
    throw new Failure("not-found", `cannot read load: ${path}; got no such file; expected a CSV file`, {
      cause,
    });
  }
  if (size > MOST_BYTES) {
    throw new Failure(
      "too-large",
      `cannot read load: ${path}; got ${size} bytes; expected at most ${MOST_BYTES}`,
    );
  }
  return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
}

const cellsOf = (line: string): string[] =>
  line.split(",").map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));

function parseRows(path: string, text: string): readonly Row[] {
  const lines = text.split(/\r\n|\n|\r/);
  const header = cellsOf(lines[0] ?? "").map((cell) => cell.toLowerCase());
  const [minuteAt, rateAt] = [header.indexOf("minute"), header.indexOf("rate")];
  if (minuteAt < 0 || rateAt < 0) {
    const got = JSON.stringify((lines[0] ?? "").slice(0, 60));
    throw new Failure(
      "bad-request",
      `cannot read load: ${path}, line 1; got ${got}; expected the columns minute,rate`,
    );
  }
  const rows: Row[] = [];
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (line.trim() === "") continue;
    const cells = cellsOf(line);
    const minute = numberIn(cells[minuteAt]);
    if (minute === null) {
      const got = JSON.stringify(line.slice(0, 60));
      throw new Failure(
        "bad-request",
        `cannot read load: ${path}, line ${i + 1}; got ${got}; expected a minute`,
      );
    }
    const rate = numberIn(cells[rateAt]);
    rows.push({ minute, rate: rate === null || rate < 0 ? null : rate });
  }
  if (!rows.some((r) => r.rate !== null)) {
    throw new Failure("bad-request", `cannot read load: ${path}; got no row with a rate; expected some`);
  }
  return rows.sort((a, b) => a.minute - b.minute);
}

function numberIn(cell: string | undefined): number | null {
  const value = cell === undefined || cell === "" ? Number.NaN : Number(cell);
  return Number.isFinite(value) ? value : null;
}

/** The smallest common distance between rows, when nearly all of them keep it and a day is a multiple of it. */
function stepOf(rows: readonly Row[]): number {
  const distances: number[] = [];
  for (let i = 1; i < rows.length; i++) {
    const distance = (rows[i]?.minute ?? 0) - (rows[i - 1]?.minute ?? 0);
    if (distance > NEAR) distances.push(distance);
  }
  const sorted = distances.toSorted((a, b) => a - b);
  const usual = sorted[Math.floor(sorted.length / 2)];
  if (usual === undefined || !isMultiple(DAY_MINUTES, usual)) return USUAL_STEP;
  const even = distances.filter((d) => isMultiple(d, usual)).length;
  return even >= EVEN_SHARE * distances.length ? usual : USUAL_STEP;
}

function isMultiple(of: number, step: number): boolean {
  const times = of / step;
  return Math.abs(times - Math.round(times)) < 1e-3 && Math.round(times) >= 1;
}

function onSteps(path: string, rows: readonly Row[], step: number): readonly (number | null)[] {
  const first = rows[0]?.minute ?? 0;
  const length = Math.floor(((rows.at(-1)?.minute ?? 0) - first) / step + NEAR) + 1;
  if (length > MOST_STEPS) {
    const expected = `at most ${MOST_STEPS}; is minute in minutes?`;
    throw new Failure(
      "too-large",
      `cannot read load: ${path}; got ${length} steps of ${step} min; expected ${expected}`,
    );
  }
  const sums = new Float64Array(length);
  const counts = new Uint32Array(length);
  for (const { minute, rate } of rows) {
    if (rate === null) continue;
    const i = Math.min(length - 1, Math.floor((minute - first) / step + NEAR));
    sums[i] = (sums[i] ?? 0) + rate;
    counts[i] = (counts[i] ?? 0) + 1;
  }
  return Array.from(counts, (count, i) => (count === 0 ? null : (sums[i] ?? 0) / count));
}

import { readFileSync, statSync } from "node:fs";
import { basename, extname } from "node:path";
import { Failure } from "../../model/index.ts";
import { type CsvRow, csvRows } from "./csv-rows.ts";

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
/** The year 2160 in minutes since 1970, and 1973 in seconds: what was recorded lies below the one, above the other. */
const MOST_MINUTE = 1e8;
/** What a larger number can only be: up to where, in which unit, and how many of them make a minute. */
const SINCE_1970 = [
  { below: 1e11, unit: "seconds", perMinute: 60 },
  { below: 1e14, unit: "milliseconds", perMinute: 60_000 },
];

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
  try {
    const stat = statSync(path);
    if (!stat.isFile())
      throw refused(path, stat.isDirectory() ? "a folder" : "something other than a file", "a CSV file");
    if (stat.size > MOST_BYTES) {
      throw new Failure(
        "too-large",
        `cannot read load: ${path}; got ${stat.size} bytes; expected at most ${MOST_BYTES}`,
      );
    }
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    if (code !== "ENOENT" && code !== "ENOTDIR")
      throw refused(path, `no access to it (${code})`, "a CSV file that may be read");
    throw new Failure("not-found", `cannot read load: ${path}; got no such file; expected a CSV file`, {
      cause,
    });
  }
}

function parseRows(path: string, text: string): readonly Row[] {
  const records = csvRows(text);
  if (typeof records === "string") throw new Failure("bad-request", `cannot read load: ${path}, ${records}`);
  const [head, ...body] = records;
  const header = (head?.cells ?? []).map((cell) => cell.toLowerCase());
  const [minuteAt, rateAt] = [header.indexOf("minute"), header.indexOf("rate")];
  if (minuteAt < 0 || rateAt < 0)
    throw refused(`${path}, line ${head?.line ?? 1}`, shown(head), "the columns minute,rate");
  const rows = body.map((record): Row => {
    const rate = numberIn(record.cells[rateAt]);
    return { minute: minuteIn(path, record, minuteAt), rate: rate === null || rate < 0 ? null : rate };
  });
  if (!rows.some((r) => r.rate !== null)) {
    const such = body.map((r) => r.cells[rateAt] ?? "").find((cell) => cell !== "");
    const got = `no row with a rate${such === undefined ? "" : `, but ${JSON.stringify(such.slice(0, 60))}`}`;
    throw refused(path, got, "some, as numbers such as 1100.5");
  }
  return rows.sort((a, b) => a.minute - b.minute);
}

/** Throws where the cell is no minute, or can only be a moment in other units. */
function minuteIn(path: string, record: CsvRow, at: number): number {
  const minute = numberIn(record.cells[at]);
  const where = `${path}, line ${record.line}`;
  if (minute === null) throw refused(where, shown(record), "a minute");
  if (Math.abs(minute) <= MOST_MINUTE) return minute;
  const epoch = SINCE_1970.find(({ below }) => Math.abs(minute) < below);
  throw epoch === undefined
    ? refused(where, `minute ${minute}`, `minutes, up to ${MOST_MINUTE}`)
    : refused(
        where,
        `minute ${minute}, which can only be ${epoch.unit} since 1970`,
        `minutes: divide the column by ${epoch.perMinute}`,
      );
}

const shown = (record: CsvRow | undefined): string =>
  JSON.stringify((record?.cells ?? []).join(",").slice(0, 60));

const refused = (where: string, got: string, expected: string): Failure =>
  new Failure("bad-request", `cannot read load: ${where}; got ${got}; expected ${expected}`);

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
  // 0.4 − 0.3 is a little less than 0.1: the step is the part of a day that it nearly is.
  const step = DAY_MINUTES / Math.round(DAY_MINUTES / usual);
  return even >= EVEN_SHARE * distances.length ? step : USUAL_STEP;
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

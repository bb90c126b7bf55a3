/** Fields of local time that a cron expression looks at. */
export interface LocalTime {
  readonly year: number;
  /** 1..12 */
  readonly month: number;
  /** 1..31 */
  readonly day: number;
  /** Quartz counts from Sunday: 1 = Sunday … 7 = Saturday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

type Test = (time: LocalTime) => boolean;

interface Field {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const SECOND: Field = { min: 0, max: 59, names: [] };
const HOUR: Field = { min: 0, max: 23, names: [] };
const DAY: Field = { min: 1, max: 31, names: [] };
const MONTH: Field = { min: 1, max: 12, names: MONTHS };
const WEEKDAY: Field = { min: 1, max: 7, names: WEEKDAYS };
const YEAR: Field = { min: 1970, max: 2299, names: [] };
const LONGEST = 500;

/**
 * The seconds that a Quartz cron expression matches (6 or 7 fields: second, minute, hour, day of month, month, day of
 * week, year); undefined: not an expression. As in Quartz one of the two days must be `?`. `L`, `W` and `#` are known.
 */
export function parseQuartz(text: string): Test | undefined {
  const fields = text.trim().toUpperCase().split(/\s+/);
  if (text.length > LONGEST || fields.length < 6 || fields.length > 7) return undefined;
  const [second = "", minute = "", hour = "", day = "", month = "", weekday = "", year = "*"] = fields;
  if ((day === "?") === (weekday === "?")) return undefined;
  const tests = [
    compose(second, SECOND, (t) => t.second),
    compose(minute, SECOND, (t) => t.minute),
    compose(hour, HOUR, (t) => t.hour),
    day === "?" ? always : parseDay(day),
    compose(month, MONTH, (t) => t.month),
    weekday === "?" ? always : parseWeekday(weekday),
    compose(year, YEAR, (t) => t.year),
  ];
  const sound: Test[] = [];
  for (const test of tests) {
    if (test === undefined) return undefined;
    sound.push(test);
  }
  return (time) => sound.every((test) => test(time));
}

const always: Test = () => true;

function compose(text: string, field: Field, of: (time: LocalTime) => number): Test | undefined {
  const values = parseField(text, field);
  return values === undefined ? undefined : (time) => values.has(of(time));
}

/** `*`, `5`, `1-5`, `MON-FRI`, `0/15`, `5-20/5` and lists of them; a range may wrap round (`FRI-MON`). */
function parseField(text: string, field: Field): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^([^/]+)(?:\/(\d+))?$/.exec(part);
    const range = match?.[1] === undefined ? undefined : rangeOf(match[1], field, match[2] !== undefined);
    const step = Number(match?.[2] ?? 1);
    if (range === undefined || step < 1) return undefined;
    const width = field.max - field.min + 1;
    const end = range[1] >= range[0] ? range[1] : range[1] + width;
    for (let v = range[0]; v <= end; v += step) values.add(v > field.max ? v - width : v);
  }
  return values;
}

function rangeOf(text: string, field: Field, stepped: boolean): readonly [number, number] | undefined {
  if (text === "*") return [field.min, field.max];
  const [first = "", last, ...rest] = text.split("-");
  const from = fieldValue(first, field);
  if (from === undefined || rest.length > 0) return undefined;
  if (last === undefined) return [from, stepped ? field.max : from];
  const to = fieldValue(last, field);
  return to === undefined ? undefined : [from, to];
}

function fieldValue(text: string, field: Field): number | undefined {
  const named = field.names.indexOf(text);
  if (named >= 0) return named + field.min;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= field.min && value <= field.max ? value : undefined;
}

/** Day of month: also `L` (last), `L-3`, `LW` (last weekday) and `15W` (the weekday nearest to the 15th). */
function parseDay(text: string): Test | undefined {
  const last = /^L(?:-(\d{1,2}))?(W)?$/.exec(text);
  if (last !== null) {
    const back = Number(last[1] ?? 0);
    return (t) => t.day === nearest(t, daysIn(t) - back, last[2] !== undefined);
  }
  const near = /^(\d{1,2})W$/.exec(text);
  if (near?.[1] === undefined) return compose(text, DAY, (t) => t.day);
  const wanted = fieldValue(near[1], DAY);
  return wanted === undefined ? undefined : (t) => t.day === nearest(t, wanted, true);
}

/** Day of week: also `6L` (the last Friday) and `6#3` (the third one). A plain `L` is Saturday. */
function parseWeekday(text: string): Test | undefined {
  if (text === "L") return (t) => t.weekday === 7;
  const last = /^(\w+)L$/.exec(text);
  const lastDay = last?.[1] === undefined ? undefined : fieldValue(last[1], WEEKDAY);
  if (lastDay !== undefined) return (t) => t.weekday === lastDay && t.day + 7 > daysIn(t);
  const nth = /^(\w+)#([1-5])$/.exec(text);
  if (nth?.[1] === undefined) return compose(text, WEEKDAY, (t) => t.weekday);
  const day = fieldValue(nth[1], WEEKDAY);
  return day === undefined ? undefined : (t) => t.weekday === day && Math.ceil(t.day / 7) === Number(nth[2]);
}

const daysIn = (t: LocalTime): number => new Date(Date.UTC(t.year, t.month, 0)).getUTCDate();

/** The day itself, or with `weekdayOnly` the weekday of the same month that is nearest to it. */
function nearest(t: LocalTime, day: number, weekdayOnly: boolean): number {
  if (!weekdayOnly) return day;
  const weekday = new Date(Date.UTC(t.year, t.month - 1, day)).getUTCDay();
  if (weekday === 6) return day > 1 ? day - 1 : day + 2;
  if (weekday === 0) return day < daysIn(t) ? day + 1 : day - 2;
  return day;
}

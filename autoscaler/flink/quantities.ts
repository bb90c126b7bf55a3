import type { Milliseconds } from "../../model/index.ts";

/** Labels of `TimeUtils` and how many milliseconds each is; finer ones than a millisecond are rounded away. */
const TIME_UNITS: readonly (readonly [Milliseconds, readonly string[]])[] = [
  [86_400_000, ["d", "day", "days"]],
  [3_600_000, ["h", "hour", "hours"]],
  [60_000, ["m", "min", "minute", "minutes"]],
  [1_000, ["s", "sec", "secs", "second", "seconds"]],
  [1, ["", "ms", "milli", "millis", "millisecond", "milliseconds"]],
  [1e-3, ["µs", "us", "micro", "micros", "microsecond", "microseconds"]],
  [1e-6, ["ns", "nano", "nanos", "nanosecond", "nanoseconds"]],
];

/** Labels of `MemorySize`: powers of 1024, whatever the letter suggests. */
const MEMORY_UNITS: readonly (readonly [number, readonly string[]])[] = [
  [1024 ** 4, ["t", "tb", "tebibytes"]],
  [1024 ** 3, ["g", "gb", "gibibytes"]],
  [1024 ** 2, ["m", "mb", "mebibytes"]],
  [1024, ["k", "kb", "kibibytes"]],
  [1, ["", "b", "bytes"]],
];

const ISO = /^([+-])?P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;

/** A duration as Flink reads it: `"15 min"`, `"90s"`, `"500"` (ms) or ISO-8601 `"PT1M30S"`; undefined: neither. */
export function parseFlinkDuration(text: string): Milliseconds | undefined {
  const trimmed = text.trim();
  const plain = withUnit(trimmed, TIME_UNITS);
  return plain === undefined ? parseIso(trimmed) : Math.floor(plain);
}

function parseIso(text: string): Milliseconds | undefined {
  const match = ISO.exec(text);
  if (match === null || !/\d/.test(text)) return undefined;
  const [days, hours, minutes, seconds] = match.slice(2).map((part) => Number(part ?? 0));
  const ms =
    (days ?? 0) * 86_400_000 + (hours ?? 0) * 3_600_000 + (minutes ?? 0) * 60_000 + (seconds ?? 0) * 1_000;
  return match[1] === "-" ? -ms : ms;
}

/** Bytes of a memory size as Flink reads it (`"2g"`, `"30 gb"`, `"1024"`); undefined: it is none. */
export function parseMemory(text: string): number | undefined {
  return withUnit(text.trim(), MEMORY_UNITS);
}

/** As Flink writes a memory size: the largest unit that divides it, `"13760 kb"`, `"0 bytes"`. */
export function formatMemory(bytes: number): string {
  for (const [size, [, label]] of MEMORY_UNITS) {
    if (size > 1 && bytes >= size && bytes % size === 0) return `${bytes / size} ${label}`;
  }
  return `${bytes} bytes`;
}

function withUnit(
  text: string,
  units: readonly (readonly [number, readonly string[]])[],
): number | undefined {
  const match = /^(\d+)\s*([a-zµ]*)$/.exec(text.toLowerCase());
  if (match?.[1] === undefined) return undefined;
  const label = match[2] ?? "";
  const unit = units.find(([, labels]) => labels.includes(label));
  return unit === undefined ? undefined : Number(match[1]) * unit[0];
}

import type { Milliseconds } from "../../model/index.ts";

/** Flink's units (`org.apache.flink.util.TimeUtils`) in milliseconds; a bare number is milliseconds. */
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:d|days?)$/, 86_400_000],
  [/^(?:h|hours?)$/, 3_600_000],
  [/^(?:m|min|minutes?)$/, 60_000],
  [/^(?:s|sec|secs|seconds?)$/, 1_000],
  [/^(?:|ms|millis?|milliseconds?)$/, 1],
  [/^(?:µs|micros?|microseconds?)$/, 1e-3],
  [/^(?:ns|nanos?|nanoseconds?)$/, 1e-6],
];
const ISO = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;

/** A duration as Flink's configuration writes it: `50 s`, `50000`, `PT50S`; `undefined` when it is none. */
export function parseFlinkDuration(text: string): Milliseconds | undefined {
  const trimmed = text.trim();
  const plain = /^(\d+)\s*([a-zµ]*)$/i.exec(trimmed);
  if (plain !== null) {
    const factor = UNITS.find(([unit]) => unit.test((plain[2] ?? "").toLowerCase()))?.[1];
    return factor === undefined ? undefined : Number(plain[1]) * factor;
  }
  const iso = ISO.exec(trimmed);
  if (iso === null || /^PT?$/i.test(trimmed)) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = iso.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1_000;
}

/** Milliseconds since 1970-01-01T00:00:00Z. Pure code is handed `now: Instant` and never reads a clock. */
export type Instant = number;

/** A length of time in milliseconds. */
export type Milliseconds = number;

/** The only way to time: one real implementation lives in `sidecar`, a hand-driven one in tests. */
export interface Clock {
  now(): Instant;
  /** Resolves after `ms`, or at once when `signal` aborts; never rejects. */
  sleep(ms: Milliseconds, signal?: AbortSignal): Promise<void>;
}

const UNITS: readonly (readonly [string, number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
];

/** `90_000` → `1 min 30 s`, `450` → `450 ms`, `-60_000` → `-1 min`; at most two units, for sentences that people read. */
export function formatDuration(ms: Milliseconds): string {
  if (!Number.isFinite(ms)) return "unknown";
  // Two clocks that differ can put what has passed into the future.
  if (ms < 0) return ms > -0.5 ? "0 ms" : `-${formatDuration(-ms)}`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  let rest = Math.round(ms / 1_000) * 1_000;
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count === 0) {
      if (parts.length > 0) break;
      continue;
    }
    parts.push(`${count} ${unit}`);
    rest -= count * size;
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}

/** `1795216289465` → `2026-11-20T22:31:29Z`. */
export function formatInstant(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

const FACTORS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  sec: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `"500ms"`, `"10 s"`, `"5min"`, `"1.5h"`, `"30d"` → milliseconds; `undefined` when it is not a duration. */
export function parseDuration(text: string): Milliseconds | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/.exec(text);
  const unit = match?.[2] ?? "";
  const factor = Object.hasOwn(FACTORS, unit) ? FACTORS[unit] : undefined;
  return match?.[1] === undefined || factor === undefined ? undefined : Number(match[1]) * factor;
}

/** What stands where a number is missing. It is never 0. */
export const MISSING = "–";

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const SHORT_UNITS: readonly (readonly [number, string])[] = [
  [1e9, " G"],
  [1e6, " M"],
  [1e3, " k"],
];

/** `4039` → `4,039`; large ones short: `5312000` → `5.31 M`. */
export function formatCount(n: number | null | undefined): string {
  if (n === null || n === undefined || !Number.isFinite(n)) return MISSING;
  return Math.abs(n) < 100_000 ? WHOLE.format(n) : shorten(n);
}

/** For narrow places: `1500` → `1.5 k`. */
export function shorten(n: number | null | undefined): string {
  if (n === null || n === undefined || !Number.isFinite(n)) return MISSING;
  const [size, unit] = SHORT_UNITS.find(([s]) => Math.abs(n) >= s) ?? [1, ""];
  const value = n / size;
  const digits = Math.abs(value) >= 100 || size === 1 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${Number(value.toFixed(digits))}${unit}`;
}

/** `83393` → `83.4 kB`. */
export function formatBytes(n: number | null | undefined): string {
  if (n === null || n === undefined || !Number.isFinite(n)) return MISSING;
  const text = shorten(n);
  return /[kMG]$/.test(text) ? `${text}B` : `${text} B`;
}

/** Records per second: below 10 with one digit, so that 0.4 is not told as 0. */
export function formatRate(n: number | null | undefined): string {
  if (n === null || n === undefined || !Number.isFinite(n)) return MISSING;
  const text = n > 0 && n < 10 ? String(Number(n.toFixed(1))) : formatCount(n);
  return `${text}/s`;
}

/** `0.523` → `52 %`. */
export function formatShare(share: number | null | undefined): string {
  return share === null || share === undefined || !Number.isFinite(share)
    ? MISSING
    : `${Math.round(share * 100)} %`;
}

/** A name shortened in its middle, where long generated names differ least. */
export function shortenName(name: string, most: number): string {
  if (name.length <= most) return name;
  const head = Math.ceil((most - 1) * 0.6);
  return `${name.slice(0, head)}…${name.slice(name.length - (most - 1 - head))}`;
}

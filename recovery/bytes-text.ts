const UNITS = ["kB", "MB", "GB", "TB", "PB"];

/** `83393` → `83.4 kB`, in powers of ten as Flink's console and the stores count; for sentences that people read. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  let value = bytes;
  let unit = -1;
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${value.toFixed(value < 99.95 ? 1 : 0)} ${UNITS[unit]}`;
}

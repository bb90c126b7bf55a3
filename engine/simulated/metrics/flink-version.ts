/** `2.3.0` → 2. What differs between the versions is asked for by this number, nowhere by text. */
export function majorOf(flinkVersion: string): number {
  const major = Number.parseInt(flinkVersion, 10);
  return Number.isNaN(major) ? 2 : major;
}

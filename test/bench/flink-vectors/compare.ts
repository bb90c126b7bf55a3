import { isRecord, type Json } from "./case.ts";

/** Derived values are rounded by whoever wrote them down, to 3 decimals at least. */
const DERIVED_TOLERANCE = 1e-3;
const TOLERANCE = 1e-9;

/** Maps that must have no other entries than those expected: an override or a request too many is a mistake. */
const WHOLE = new Set(["applied", "put", "overrides", "overridesStill", "recommendedParallelism", "outputs"]);

/** What differs, each as `field: expected …, got …`; none: the case passes. Fields of `derived` count like the others. */
export function differences(expected: unknown, got: Json): readonly string[] {
  if (!isRecord(expected)) return [`expected: ${JSON.stringify(expected)}, which is no object`];
  const differing: string[] = [];
  for (const [field, value] of Object.entries(expected)) {
    if (field === "derived" && isRecord(value)) {
      for (const [name, derived] of Object.entries(value)) {
        if (!equal(derived, got[name], DERIVED_TOLERANCE))
          differing.push(say(`derived.${name}`, derived, got[name]));
      }
    } else if (!equal(value, got[field], TOLERANCE) || hasMore(field, value, got[field])) {
      differing.push(say(field, value, got[field]));
    }
  }
  return differing;
}

const say = (field: string, expected: unknown, got: unknown): string =>
  `${field}: expected ${show(expected)}, got ${show(got)}`;

/** JSON with the numbers that JSON lacks. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  return JSON.stringify(value, (_, v: unknown) =>
    typeof v === "number" && !Number.isFinite(v) ? String(v) : v,
  );
}

function equal(expected: unknown, got: unknown, tolerance: number): boolean {
  const number = numberIn(expected);
  if (number !== undefined) return typeof got === "number" && near(number, got, tolerance);
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length) return false;
    return expected.every((e, i) => equal(e, got[i], tolerance));
  }
  if (isRecord(expected)) return isRecord(got) && equalRecords(expected, got, tolerance);
  return expected === got;
}

const hasMore = (field: string, expected: unknown, got: unknown): boolean =>
  WHOLE.has(field) &&
  isRecord(expected) &&
  isRecord(got) &&
  Object.keys(got).length !== Object.keys(expected).length;

/** Every field that is expected; of an empty map that nothing is there. */
function equalRecords(expected: Json, got: Json, tolerance: number): boolean {
  const names = Object.keys(expected);
  if (names.length === 0 && Object.keys(got).length > 0) return false;
  return names.every((name) => equal(expected[name], got[name], tolerance));
}

const numberIn = (value: unknown): number | undefined => {
  if (typeof value === "number") return value;
  return value === "Infinity" || value === "-Infinity" || value === "NaN" ? Number(value) : undefined;
};

function near(expected: number, got: number, tolerance: number): boolean {
  if (Object.is(expected, got) || expected === got) return true;
  return Math.abs(expected - got) <= tolerance * Math.max(1, Math.min(Math.abs(expected), 1 / tolerance));
}

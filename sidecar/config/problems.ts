import type { z } from "zod";
import { didYouMean } from "../../model/index.ts";
import { childSchema, HIDDEN, type JsonSchema } from "./secret.ts";

/** `clusters[0].name` */
export function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) =>
      /^\d+$/.test(String(part)) ? `[${String(part)}]` : `${i === 0 ? "" : "."}${String(part)}`,
    )
    .join("");
}

export interface Problem {
  readonly path: readonly PropertyKey[];
  /** True when the path itself is what is wrong: a key that does not exist. */
  readonly unknownKey: boolean;
  readonly text: string;
}

/** zod's issues as sentences of the form `which: got …; expected …`. Values of secrets are never shown. */
export function toProblems(issues: readonly z.core.$ZodIssue[], raw: unknown, schema: JsonSchema): Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => unknownKey([...issue.path, key], schema));
    }
    const value = issue.path.reduce<unknown>(valueAt, raw);
    const target = issue.path.reduce<JsonSchema | undefined>((s, key) => childSchema(s, String(key)), schema);
    const got = target?.writeOnly === true && value !== undefined ? HIDDEN : show(value);
    const text = `${formatPath(issue.path) || "the whole"}: got ${got}; expected ${expectation(issue)}`;
    return [{ path: issue.path, unknownKey: false, text }];
  });
}

function unknownKey(path: readonly PropertyKey[], schema: JsonSchema): Problem {
  const parent = path
    .slice(0, -1)
    .reduce<JsonSchema | undefined>((s, key) => childSchema(s, String(key)), schema);
  const known = Object.keys(parent?.properties ?? {});
  const near = didYouMean(String(path.at(-1)), known);
  const advice = near === undefined ? `expected one of ${known.join(", ")}` : `did you mean ${near}?`;
  return { path, unknownKey: true, text: `${formatPath(path)}: unknown key; ${advice}` };
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return TYPES[issue.expected] ?? issue.expected;
    case "invalid_value":
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(", ")}`;
    case "too_small":
      return `${issue.inclusive ? "at least" : "more than"} ${issue.minimum}${UNITS[issue.origin] ?? ""}`;
    case "too_big":
      return `${issue.inclusive ? "at most" : "less than"} ${issue.maximum}${UNITS[issue.origin] ?? ""}`;
    default:
      return issue.message.replace(/^expected /i, "");
  }
}

const TYPES: Readonly<Record<string, string>> = {
  array: "a list",
  object: "a mapping",
  record: "a mapping",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

const UNITS: Readonly<Record<string, string>> = { array: " entries", string: " characters" };

/** A value for people: short, without the inside of lists and mappings, and without `user:password@`. */
function show(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value !== "string") return String(value);
  const safe = JSON.stringify(value.replaceAll(/[^\s/]+@/g, `${HIDDEN}@`));
  return safe.length > 80 ? `${safe.slice(0, 80)}…` : safe;
}

function valueAt(value: unknown, key: PropertyKey): unknown {
  if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<PropertyKey, unknown>)[key];
}

import type { z } from "zod";
import { didYouMean, Failure } from "../../model/index.ts";

/** What is wrong, and where: the path is also looked up in the text for its line. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  /** `got …; expected …` */
  readonly text: string;
}

/** The part of JSON Schema that the schema of a world becomes. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: readonly string[];
}

export const problem = (path: readonly PropertyKey[], got: string, expected: string): Problem => ({
  path,
  text: `got ${got}; expected ${expected}`,
});

export const MAX_PROBLEMS = 20;
const LONGEST_SHOWN = 80;

/** One `Failure("bad-config")` that shows the first 20 problems and says how many there are. */
export function refusal(name: string, problems: readonly string[], total = problems.length): Failure {
  const count = total === 1 ? "1 problem" : `${total} problems`;
  const shown = problems.slice(0, MAX_PROBLEMS);
  const more = total > shown.length ? [`and ${total - shown.length} more`] : [];
  const lines = [`cannot use ${name}: ${count}`, ...[...shown, ...more].map((line) => `  ${line}`)];
  return new Failure("bad-config", lines.join("\n"), { details: { problems: shown } });
}

/** `jobs[0].vertices.work.cpuMs`; a key that is not a plain word is quoted. */
export function formatPath(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => {
    if (typeof part === "number") return `[${part}]`;
    const key = String(part);
    return /^[\w-]{1,80}$/.test(key) ? `.${key}` : `[${quote(key)}]`;
  });
  return parts.join("").replace(/^\./, "") || "the whole";
}

/** zod's issues as problems, in their order; `writtenAs` is how a value stands in the file (`1.20`, where 1.2 was read). */
export function toProblems(
  issues: readonly z.core.$ZodIssue[],
  raw: unknown,
  schema: JsonSchema,
  writtenAs: (path: readonly PropertyKey[]) => string | undefined = () => undefined,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const issue of issues.flatMap((one) => unfold(one))) {
    const value = issue.path.reduce<unknown>(valueAt, raw);
    const targets = schemasAt(schema, raw, issue.path);
    if (issue.code === "unrecognized_keys") {
      const known = targets.flatMap((target) => Object.keys(target.properties ?? {}));
      problems.push(...issue.keys.map((key) => unknownKey([...issue.path, key], known)));
    } else {
      const written = Number.isFinite(value) ? writtenAs(issue.path) : undefined;
      const got = written?.slice(0, LONGEST_SHOWN) ?? show(value);
      problems.push({ path: issue.path, text: `got ${got}; ${advice(issue, value, targets, got)}` });
    }
  }
  return problems;
}

/** A word that should have been one of `known`, as the last part of a path. */
export function unknownKey(path: readonly PropertyKey[], known: readonly string[]): Problem {
  return { path, text: `unknown key; ${adviceOn(String(path.at(-1)), known)}` };
}

/** `did you mean work?`, or the list where nothing is near. */
export function adviceOn(word: string, known: readonly string[]): string {
  const near = didYouMean(word, known);
  if (near !== undefined) return `did you mean ${near}?`;
  if (known.length === 0) return "expected nothing here";
  const list = known.slice(0, 20).join(", ");
  return `expected one of ${list}${known.length > 20 ? ", …" : ""}`;
}

/** A value for people: short, and without the inside of lists and mappings. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return Object.keys(value).length === 0 ? "an empty mapping" : "a mapping";
  return typeof value === "string" ? quote(value) : String(value).slice(0, LONGEST_SHOWN);
}

function quote(text: string): string {
  const short = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
  return JSON.stringify(short);
}

/** Of a choice between shapes, the problems of the one that was meant: the shape whose outside fits. */
function unfold(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const meant = issue.errors.find((errors) => errors.every((e) => e.path.length > 0 || e.code === "custom"));
  if (meant === undefined || meant.length === 0) return [issue];
  return meant.flatMap((inner) => unfold({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** What to write instead; of words that are allowed, the one that was meant. */
function advice(
  issue: z.core.$ZodIssue,
  value: unknown,
  targets: readonly JsonSchema[],
  got: string,
): string {
  const expected = `expected ${expectation(issue, targets)}`;
  if (typeof value === "string") {
    const near = didYouMean(value, wordsIn(targets));
    if (near === undefined) return expected;
    // A mapping may stand there as well.
    return targets.some((target) => target.type === "object")
      ? `${expected} (did you mean ${near}?)`
      : `did you mean ${near}?`;
  }
  const plainText = expected === `expected ${TYPES["string"]}`;
  return plainText && typeof value === "number" ? `${expected} (quote it: "${got}")` : expected;
}

const wordsIn = (targets: readonly JsonSchema[]): readonly string[] =>
  targets
    .flatMap((target) => target.enum ?? (target.const === undefined ? [] : [target.const]))
    .filter((word) => typeof word === "string");

function expectation(issue: z.core.$ZodIssue, targets: readonly JsonSchema[]): string {
  const format = targets.find((target) => target.format !== undefined)?.format;
  switch (issue.code) {
    case "invalid_type":
      return FORMATS[format ?? ""] ?? TYPES[issue.expected] ?? issue.expected;
    case "invalid_value":
      return `one of ${issue.values.join(", ")}`;
    case "invalid_key":
      return issue.issues[0]?.message ?? "another key";
    case "too_small":
      return `${issue.inclusive ? "at least" : "more than"} ${issue.minimum}${UNITS[issue.origin] ?? ""}`;
    case "too_big":
      return `${issue.inclusive ? "at most" : "less than"} ${issue.maximum}${UNITS[issue.origin] ?? ""}`;
    default:
      return issue.message;
  }
}

/** Of three numbers, so that YAML never takes it for one. */
export const FLINK_VERSION = "a Flink version of three numbers such as 2.3.0";

const FORMATS: Readonly<Record<string, string>> = {
  duration: 'a duration such as "500ms", "30s" or "5min"',
  size: 'a size such as "32kb" or "10mb"',
  "flink-version": FLINK_VERSION,
};

const TYPES: Readonly<Record<string, string>> = {
  array: "a list",
  tuple: "a pair [minute, rate]",
  object: "a mapping",
  record: "a mapping",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

const UNITS: Readonly<Record<string, string>> = { array: " entries", string: " characters" };

function valueAt(value: unknown, key: PropertyKey): unknown {
  if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<PropertyKey, unknown>)[key];
}

/** The schemas that may stand at a path; where the value says its `kind`, only the one of that kind. */
function schemasAt(root: JsonSchema, raw: unknown, path: readonly PropertyKey[]): readonly JsonSchema[] {
  let value = raw;
  let schemas = branches(root, value);
  for (const part of path) {
    value = valueAt(value, part);
    schemas = schemas
      .map((schema) => childOf(schema, part))
      .flatMap((child) => (child === undefined ? [] : branches(child, value)));
  }
  return schemas;
}

function branches(schema: JsonSchema, value: unknown): readonly JsonSchema[] {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices === undefined) return [schema];
  const kind = valueAt(value, "kind");
  const fitting = choices.filter((choice) => {
    const wanted = choice.properties?.["kind"]?.const;
    return wanted === undefined || wanted === kind;
  });
  return fitting.length > 0 ? fitting : choices;
}

function childOf(schema: JsonSchema, part: PropertyKey): JsonSchema | undefined {
  if (typeof part === "number") return schema.items;
  const key = String(part);
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, key)) return schema.properties[key];
  return typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
}

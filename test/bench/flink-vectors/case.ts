/** One numeric fact about the Apache Flink autoscaler: what goes in, what comes out. */
export interface VectorCase {
  readonly suite: string;
  readonly name: string;
  readonly inputs: unknown;
  readonly expected: unknown;
}

export type Json = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** No job has so many subtasks or partitions; what counts up to a larger number would not come to an end. */
const MOST_COUNT = 1_000_000;
/** A look at a job costs a thousand times more than a subtask. */
const MOST_LOOKS = 1_000;
/** Java's largest int stands for "no limit". */
const NO_LIMIT = 2_147_483_647;

/** A file of cases, or what is wrong with it. */
export function casesOf(document: unknown): readonly VectorCase[] | string {
  const list = isRecord(document) ? document["cases"] : document;
  if (!Array.isArray(list)) return `vector file: got ${typeof document}; expected a list of cases`;
  if (list.length === 0) return "vector file: got an empty list; expected at least one case";
  const cases: VectorCase[] = [];
  for (const [index, entry] of list.entries()) {
    if (!isRecord(entry) || typeof entry["suite"] !== "string" || typeof entry["name"] !== "string") {
      return `vector file: case ${index}; got no suite or name; expected {suite, name, inputs, expected}`;
    }
    const { suite, name, inputs, expected } = entry as Json & { suite: string; name: string };
    cases.push({ suite, name, inputs, expected });
  }
  return cases;
}

/** The inputs have a shape that the runner of the suite does not know. */
export class Unforeseen extends Error {}

/** Numbers may be the strings `Infinity` and `NaN`, and NaN may be null where a number is asked for. */
export function asNumber(value: unknown, what: string): number {
  if (typeof value === "number") return value;
  if (value === "Infinity" || value === "-Infinity" || value === "NaN") return Number(value);
  if (typeof value === "string" && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)) return Number(value);
  throw new Unforeseen(`input ${what}: got ${JSON.stringify(value)}; expected a number`);
}

/** Subtasks or partitions: what loops count up to. */
export function asCount(value: unknown, what: string, most = MOST_COUNT): number {
  const count = asNumber(value, what);
  if (Number.isInteger(count) && count >= 0 && count <= most) return count;
  throw new Unforeseen(
    `input ${what}: got ${JSON.stringify(value)}; expected a whole number from 0 to ${most}`,
  );
}

/** The inputs of a case, which remember what was looked at: what nobody read was not understood. */
export class Inputs {
  readonly #values: Json;
  readonly #read = new Set<string>();

  constructor(values: unknown) {
    if (!isRecord(values)) throw new Unforeseen(`inputs: got ${JSON.stringify(values)}; expected an object`);
    this.#values = values;
  }

  /** True where the field is there, be it null. */
  has(name: string): boolean {
    return Object.hasOwn(this.#values, name);
  }

  get(name: string): unknown {
    this.#read.add(name);
    return this.#values[name];
  }

  number(name: string, standard?: number): number {
    const value = this.get(name);
    if (value === undefined && standard !== undefined) return standard;
    return asNumber(value, name);
  }

  count(name: string, standard?: number): number {
    return asCount(this.get(name) ?? standard, name);
  }

  /** How often a job is looked at. */
  looks(name: string, standard?: number): number {
    return asCount(this.get(name) ?? standard, name, MOST_LOOKS);
  }

  /** A count, or Java's largest int for none. */
  limit(name: string, standard?: number): number {
    const value = this.get(name) ?? standard;
    return value === NO_LIMIT ? value : asCount(value, name);
  }

  /** Null and absent are both null. */
  numberOrNull(name: string): number | null {
    const value = this.get(name);
    return value === undefined || value === null ? null : asNumber(value, name);
  }

  text(name: string, standard?: string): string {
    const value = this.get(name) ?? standard;
    if (typeof value !== "string")
      throw new Unforeseen(`input ${name}: got ${JSON.stringify(value)}; expected a text`);
    return value;
  }

  flag(name: string, standard = false): boolean {
    return (this.get(name) ?? standard) === true;
  }

  list(name: string): readonly unknown[] {
    const value = this.get(name) ?? [];
    if (!Array.isArray(value))
      throw new Unforeseen(`input ${name}: got ${JSON.stringify(value)}; expected a list`);
    return value;
  }

  numbers(name: string): readonly number[] {
    return this.list(name).map((v, i) => asNumber(v, `${name}[${i}]`));
  }

  texts(name: string): readonly string[] {
    return this.list(name).map(String);
  }

  records(name: string): readonly Json[] {
    return this.list(name).map((v) => {
      if (!isRecord(v)) throw new Unforeseen(`input ${name}: got ${JSON.stringify(v)}; expected objects`);
      return v;
    });
  }

  record(name: string): Json {
    const value = this.get(name);
    if (!isRecord(value))
      throw new Unforeseen(`input ${name}: got ${JSON.stringify(value)}; expected an object`);
    return value;
  }

  /** Fields that nobody looked at. */
  unread(): readonly string[] {
    return Object.keys(this.#values).filter((name) => !this.#read.has(name));
  }
}

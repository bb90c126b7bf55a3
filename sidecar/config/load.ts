import { readFileSync, statSync } from "node:fs";
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import { Failure, sentenceOf } from "../../model/index.ts";
import { type Setting, settingsFromEnv } from "./environment.ts";
import { type Problem, toProblems } from "./problems.ts";
import { type Config, configJsonSchema, configSchema } from "./schema.ts";

export interface LoadOptions {
  /** Path of a YAML file; without it, and without `text`, only environment and overrides count. */
  readonly file?: string | undefined;
  /** The YAML itself, in place of reading `file`, which then only names it in messages. */
  readonly text?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** What flags say, by dotted path such as `server.port`; they win over everything. `undefined` is not set. */
  readonly overrides?: Readonly<Record<string, unknown>> | undefined;
}

export interface Loaded {
  readonly config: Config;
  readonly warnings: readonly string[];
}

/** A configuration larger than this is somebody's mistake. */
const MAX_BYTES = 1024 * 1024;
/** Bounds what YAML aliases may unfold to. */
const MAX_ALIASES = 100;

/** File, then environment, then flags; throws one `Failure("bad-config")` that names every problem. */
export function loadConfig(options: LoadOptions): Loaded {
  const name = options.file ?? "the configuration";
  const source = readSource(options, name);
  const schema = configJsonSchema();
  const settings = [
    ...settingsFromEnv(options.env ?? {}, schema),
    ...Object.entries(options.overrides ?? {})
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ({ path: key.split("."), value, origin: `flag for ${key}` })),
  ];
  const raw = settings.reduce<unknown>((tree, s) => {
    try {
      return withValue(tree, s.path, s.value);
    } catch (error) {
      throw refusal(name, [`${s.origin}: ${sentenceOf(error)}`]);
    }
  }, source.value ?? {});
  const parsed = configSchema.safeParse(withShortForms(raw));
  if (!parsed.success) {
    const problems = toProblems(parsed.error.issues, raw, schema);
    throw refusal(
      name,
      problems.map((problem) => `${originOf(problem, settings, source)}${problem.text}`),
    );
  }
  return { config: parsed.data, warnings: warningsFor(parsed.data) };
}

/** `store: FILE` is short for `store: {path: FILE}`. */
function withShortForms(raw: unknown): unknown {
  if (typeof raw !== "object" || raw === null || !("store" in raw)) return raw;
  return typeof raw.store === "string" ? { ...raw, store: { path: raw.store } } : raw;
}

interface Source {
  readonly value: unknown;
  readonly document?: Document;
  readonly lines?: LineCounter;
  readonly name: string;
}

function readSource(options: LoadOptions, name: string): Source {
  const text = options.text ?? (options.file === undefined ? "" : readText(options.file));
  if (Buffer.byteLength(text) > MAX_BYTES)
    throw refusal(name, ["got more than 1 MiB; expected a small YAML file"]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map(
      (error) => `line ${lines.linePos(error.pos[0]).line}: ${wording(error)}`,
    );
    throw refusal(name, problems);
  }
  const value = unfold(document, name);
  if (value !== null && !isMap(document.contents)) {
    throw refusal(name, ["got YAML that is not a mapping at its top; expected keys such as clusters"]);
  }
  return { value, document, lines, name };
}

function readText(file: string): string {
  try {
    if (statSync(file).size > MAX_BYTES)
      throw refusal(file, ["got more than 1 MiB; expected a small YAML file"]);
    return readFileSync(file, "utf8");
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const message = `cannot read the configuration: ${file}; got ${sentenceOf(cause)}; expected a readable YAML file`;
    throw new Failure("bad-config", message, { cause });
  }
}

function unfold(document: Document, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw refusal(name, [`got YAML that cannot be unfolded (${withoutSource(error)}); expected few aliases`]);
  }
}

function wording(error: { code: string; message: string }): string {
  if (error.code === "DUPLICATE_KEY") return "got a key twice; expected every key once in its mapping";
  if (error.code === "TAB_AS_INDENT") return "got a tab; expected spaces as indentation";
  return `got YAML that cannot be read (${withoutSource(error)}); expected valid YAML`;
}

/** What comes behind a colon may repeat the text of the file, and with it a secret. */
function withoutSource(error: unknown): string {
  return sentenceOf(error).split(/[:\n]/)[0] ?? "";
}

/** A copy of `tree` with `value` at `path`; lists are entered by index. */
function withValue(tree: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const inside = tree !== null && typeof tree === "object" ? tree : undefined;
  const next = withValue((inside as Record<string, unknown> | undefined)?.[key], rest, value);
  if (/^\d+$/.test(key) && (inside === undefined || Array.isArray(inside))) {
    const list = Array.isArray(inside) ? [...(inside as unknown[])] : [];
    if (Number(key) > list.length) {
      throw new RangeError(`got index ${key}; expected at most ${list.length}, because a list has no gaps`);
    }
    list[Number(key)] = next;
    return list;
  }
  return { ...inside, [key]: next };
}

/** `outrider.yaml:12: `, `OUTRIDER_SERVER__PORT: `, or nothing where the value is simply not there. */
function originOf(problem: Problem, settings: readonly Setting[], source: Source): string {
  const covers = (s: Setting) =>
    s.path.every((part, i) => i >= problem.path.length || part === String(problem.path[i]));
  const setting = settings.findLast((s) => covers(s) && s.path.length <= problem.path.length);
  if (setting !== undefined) return `${setting.origin}: `;
  const line = lineOf(problem, source);
  return line === undefined ? "" : `line ${line}: `;
}

/** The line of the key at the path, or of the nearest thing around it that is written. */
function lineOf({ path }: Problem, { document, lines }: Source): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const offset = offsetOf(document, path.slice(0, length));
    if (offset !== undefined) return lines?.linePos(offset).line;
  }
  return undefined;
}

function offsetOf(document: Document | undefined, path: readonly PropertyKey[]): number | undefined {
  const key = path.at(-1);
  const parent = path.length === 1 ? document?.contents : document?.getIn(path.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find((p) => isScalar(p.key) && String(p.key.value) === key)
    : undefined;
  const node = (pair?.key ?? document?.getIn(path, true)) as Node | undefined;
  return node?.range?.[0];
}

function warningsFor(config: Config): string[] {
  return config.clusters.flatMap((cluster) => [
    ...(cluster.tls?.rejectUnauthorized === false
      ? [
          `cluster ${cluster.name}: tls.rejectUnauthorized is false, so anyone in between can pose as the cluster`,
        ]
      : []),
    ...(cluster.auth !== undefined && cluster.url.startsWith("http:")
      ? [`cluster ${cluster.name}: auth over http sends the credentials readable for everyone in between`]
      : []),
  ]);
}

function refusal(name: string, problems: readonly string[]): Failure {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new Failure(
    "bad-config",
    [`cannot use ${name}: ${count}`, ...problems.map((p) => `  ${p}`)].join("\n"),
    {
      details: { problems },
    },
  );
}

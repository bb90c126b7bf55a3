import {
  type Document,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml";
import { sentenceOf } from "../../model/index.ts";
import { MAX_PROBLEMS, refusal, show } from "./world-problems.ts";

/** The text as plain values, and where in it they stand. */
export interface YamlText {
  readonly value: unknown;
  /** The line (from 1) of a path, or of the nearest thing around it that is written. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
  /** A plain value as it is written: `1.20`, which YAML reads as 1.2. */
  writtenAs(path: readonly PropertyKey[]): string | undefined;
}

const MAX_BYTES = 1024 * 1024;
/** Bounds what YAML aliases may unfold to. */
const MAX_ALIASES = 100;
/** A world is about eight deep. */
const MAX_DEPTH = 100;

/** Reads YAML that is a mapping at its top; throws `Failure("bad-config")` with line and column otherwise. */
export function readYaml(text: string, name: string): YamlText {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw refusal(name, ["got more than 1 MiB; expected a small YAML file"]);
  }
  refuseDepth(text, name);
  const lines = new LineCounter();
  const document = parse(text, name, lines);
  if (document.errors.length > 0) {
    const shown = document.errors.slice(0, MAX_PROBLEMS);
    const problems = shown.map((error) => `${place(lines, error.pos[0])}: ${wording(error)}`);
    throw refusal(name, problems, document.errors.length);
  }
  if (!isMap(document.contents)) {
    throw refusal(name, [
      "got YAML that is not a mapping at its top; expected keys such as cluster and jobs",
    ]);
  }
  refuseKeys(document, name, lines);
  const value = unfold(document, name);
  return {
    value,
    lineOf: (path) => lineOf(path, document, lines),
    writtenAs: (path) => {
      const node = document.getIn(path, true);
      return isScalar(node) ? node.source : undefined;
    },
  };
}

/** The parser calls itself for every level, so that a text of brackets alone would exhaust the stack. */
function refuseDepth(text: string, name: string): void {
  let deepest = 0;
  let depth = 0;
  for (const match of text.matchAll(/[[\]{}]/g)) {
    depth += match[0] === "[" || match[0] === "{" ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  const indented = [...text.matchAll(/^[ \t?:-]+/gm)].reduce((most, m) => Math.max(most, m[0].length), 0);
  if (deepest > MAX_DEPTH || indented > MAX_DEPTH) {
    throw refusal(name, [
      `got YAML that is more than ${MAX_DEPTH} deep; expected jobs, vertices and their fields`,
    ]);
  }
}

function parse(text: string, name: string, lines: LineCounter): Document {
  try {
    return parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: "error",
    });
  } catch (error) {
    throw refusal(name, [`got YAML that cannot be read (${firstLine(error)}); expected valid YAML`]);
  }
}

/** Keys twice in a mapping (the parser's own check takes quadratic time), and keys that would get lost in silence. */
function refuseKeys(document: Document, name: string, lines: LineCounter): void {
  const found: string[] = [];
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const wrong = wrongKey(key, seen);
        const offset = (isScalar(key) ? key.range : map.range)?.[0] ?? 0;
        if (wrong !== undefined) {
          found.push(`${place(lines, offset)}: got ${wrong}; expected every key once in its mapping`);
        }
      }
    },
  });
  if (found.length > 0) throw refusal(name, found);
}

function wrongKey(key: unknown, seen: Set<string>): string | undefined {
  if (!isScalar(key)) return "a key that is not a text";
  const text = String(key.value);
  if (text === "__proto__") return "the key __proto__";
  if (seen.has(text)) return `the key ${show(text)} twice`;
  seen.add(text);
  return undefined;
}

function unfold(document: Document, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw refusal(name, [`got YAML that cannot be unfolded (${firstLine(error)}); expected few aliases`]);
  }
}

function wording(error: YAMLError): string {
  if (error.code === "TAB_AS_INDENT") return "got a tab; expected spaces as indentation";
  return `got YAML that cannot be read (${firstLine(error)}); expected valid YAML`;
}

const firstLine = (error: unknown): string => (sentenceOf(error).split("\n")[0] ?? "").slice(0, 200);

function place(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `line ${line}, column ${col}`;
}

function lineOf(path: readonly PropertyKey[], document: Document, lines: LineCounter): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const offset = offsetOf(document, path.slice(0, length));
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return undefined;
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  const key = String(path.at(-1));
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find((p) => isScalar(p.key) && String(p.key.value) === key)
    : undefined;
  const node = (pair?.key ?? document.getIn(path, true)) as Node | undefined;
  return node?.range?.[0];
}

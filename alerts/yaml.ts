/** What our files are made of; a key that is undefined is left out. */
export type Yaml = string | number | boolean | readonly Yaml[] | { readonly [key: string]: Yaml | undefined };

/** A block-style YAML document. Texts are quoted as JSON, which YAML 1.2 reads, unless they are plain words. */
export function toYaml(value: Yaml, head: readonly string[] = []): string {
  return [...head.map((line) => `# ${line}`), ...lines(value, "")].join("\n").concat("\n");
}

const PLAIN = /^[A-Za-z_][A-Za-z0-9_:./-]*$/;
/** Words that YAML 1.1 readers take for something else than text. */
const NOT_TEXT = /^(?:true|false|yes|no|on|off|null|y|n|.*:)$/i;

function lines(value: Yaml, indent: string): readonly string[] {
  if (isList(value)) return value.flatMap((item) => listItem(item, indent));
  if (typeof value === "object") return entries(value, indent);
  return [`${indent}${scalar(value)}`];
}

function entries(map: { readonly [key: string]: Yaml | undefined }, indent: string): readonly string[] {
  return Object.entries(map).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const name = `${indent}${scalar(key)}:`;
    if (typeof value !== "object") return asBlock(name, value, indent) ?? [`${name} ${scalar(value)}`];
    if (isEmpty(value)) return [`${name} ${isList(value) ? "[]" : "{}"}`];
    return [name, ...lines(value, `${indent}  `)];
  });
}

function listItem(item: Yaml, indent: string): readonly string[] {
  if (typeof item !== "object" || isEmpty(item)) {
    return [`${indent}- ${typeof item === "object" ? (isList(item) ? "[]" : "{}") : scalar(item)}`];
  }
  const [first = "", ...rest] = lines(item, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

/** A text full of quotes reads better as a block. */
function asBlock(name: string, value: Yaml, indent: string): readonly string[] | undefined {
  if (typeof value !== "string" || !/["\\]/.test(value) || !/^\S(?:[\x20-\x7e]*\S)?$/.test(value))
    return undefined;
  return [`${name} |-`, `${indent}  ${value}`];
}

function scalar(value: string | number | boolean): string {
  if (typeof value !== "string") return String(value);
  return PLAIN.test(value) && !NOT_TEXT.test(value) ? value : JSON.stringify(value);
}

const isList = (value: Yaml): value is readonly Yaml[] => Array.isArray(value);
const isEmpty = (value: object): boolean => Object.values(value).every((item) => item === undefined);

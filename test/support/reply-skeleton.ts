/** What a JSON reply consists of: the path of every leaf and its type; elements of a list count as one. */
export type Skeleton = ReadonlyMap<string, ReadonlySet<string>>;

const HEX_KEY = /^[0-9a-f]{32}$/;
const FLINK_NUMBER = /^(NaN|-?Infinity)$/;

export function skeletonOf(value: unknown): Skeleton {
  const found = new Map<string, Set<string>>();
  walk(value, "$", found);
  return found;
}

function walk(value: unknown, path: string, found: Map<string, Set<string>>): void {
  const children = childrenOf(value, path);
  if (children.length > 0) for (const [at, item] of children) walk(item, at, found);
  else found.set(path, (found.get(path) ?? new Set<string>()).add(typeOf(value)));
}

function childrenOf(value: unknown, path: string): (readonly [string, unknown])[] {
  if (Array.isArray(value)) return value.map((item) => [`${path}[]`, item] as const);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).map(([key, item]) => [`${path}.${HEX_KEY.test(key) ? "ID" : key}`, item]);
}

function typeOf(value: unknown): string {
  if (typeof value === "object") return "nothing";
  return typeof value === "string" && FLINK_NUMBER.test(value) ? "number" : typeof value;
}

/**
 * Where two replies differ in structure; empty lists, empty objects and null agree with everything below them.
 * `optional`: paths that may be missing.
 */
export function differences(ours: unknown, theirs: unknown, optional: readonly RegExp[] = []): string[] {
  const [a, b] = [skeletonOf(ours), skeletonOf(theirs)];
  const open = [...a, ...b].filter(([, types]) => types.has("nothing")).map(([path]) => path);
  const isOpen = (path: string): boolean =>
    open.some((p) => path === p || path.startsWith(`${p}.`) || path.startsWith(`${p}[]`)) ||
    optional.some((pattern) => pattern.test(path));
  const lacking = (of: Skeleton, than: Skeleton, word: string): string[] =>
    [...of].flatMap(([path, types]) => {
      if (isOpen(path)) return [];
      const other = than.get(path);
      if (other === undefined) return [`${word} ${path}`];
      return [...types].every((t) => other.has(t)) ? [] : [`${word} ${path}: ${[...types]} / ${[...other]}`];
    });
  return [...lacking(a, b, "only ours:"), ...lacking(b, a, "only Flink's:")];
}

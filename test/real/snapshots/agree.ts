import { isDeepStrictEqual } from "node:util";
import type { SnapshotContent } from "../../../model/index.ts";
import { asFlink } from "./oracle/as-flink.ts";
import { contentOf, type LoadedContent } from "./oracle/content.ts";
import { flinkPath } from "./oracle/flink-path.ts";
import type { FlinkReading } from "./oracle/reading.ts";
import type { Subject } from "./subject.ts";

/**
 * How our reading of some bytes relates to Flink's. `stricter`: we refuse what Flink loads; `laxer`: we call good what
 * Flink refuses; `differs`: both read it and not the same in it.
 */
export interface Comparison {
  readonly verdict: "same" | "stricter" | "laxer" | "differs";
  /** Why, in the words of whoever refused, or the two texts where they part; empty for `same`. */
  readonly words: string;
}

const SAME: Comparison = { verdict: "same", words: "" };

/** Compares what our reader and our parser make of the bytes with what Flink made of them. */
export function compare(bytes: Uint8Array, flink: FlinkReading, { parse, read }: Subject): Comparison {
  const parsed = parse(bytes);
  const reading = read(bytes);
  if (!flink.ok) {
    const words = `${flink.error}: ${flink.message}`;
    return reading.ok ? { verdict: "laxer", words } : SAME;
  }
  if (!reading.ok) return { verdict: "stricter", words: reading.defect.sentence };
  if (!parsed.ok) return { verdict: "differs", words: `the parser alone refuses: ${parsed.defect.sentence}` };
  const { checkpointId, masters, operators } = flink;
  const words = parting(asFlink(parsed.snapshot), { checkpointId, masters, operators });
  if (words !== undefined) return { verdict: "differs", words };
  const parted = parting(asLoaded(reading.content), contentOf(flink));
  return parted === undefined ? SAME : { verdict: "differs", words: parted };
}

/** What our reader says, as it is said of what Flink loaded. */
function asLoaded(content: SnapshotContent): LoadedContent {
  const { checkpointId, kind, format, operators, inlineBytes } = content;
  const needed: Record<string, number> = {};
  const shared = new Set<string>();
  const compressible = new Set<string>();
  for (const reference of content.references) {
    const path = reference.relative ? `./${reference.path}` : flinkPath(reference.path);
    needed[path] = Math.max(needed[path] ?? 0, reference.needed);
    if (reference.scope === "shared") shared.add(path);
    if (reference.compressible === true) compressible.add(path);
  }
  return {
    checkpointId,
    kind,
    format,
    operators,
    needed,
    shared: [...shared].sort(),
    compressible: [...compressible].sort(),
    inlineBytes,
  };
}

const AROUND = 120;

/** Where two values part, as text; undefined where they are equal. */
function parting(ours: object, flinks: object): string | undefined {
  // Through JSON, as Flink's came: a field that is undefined is none.
  const [a, b] = [JSON.stringify(ours), JSON.stringify(flinks)];
  if (isDeepStrictEqual(JSON.parse(a), JSON.parse(b))) return undefined;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const near = (text: string) => text.slice(Math.max(0, at - AROUND), at + AROUND);
  return `ours …${near(a)}…\nFlink …${near(b)}…`;
}

import { parseSnapshot, type RawSnapshot, writeMetadata } from "../../../engine/snapshot/index.ts";

/**
 * The same snapshot in other bytes: read by our parser and written by our writer, with its operators the other way
 * round and the files in its own directory named absolutely, below `directory`. Flink minds neither.
 */
export function rewritten(bytes: Uint8Array, directory: string): Uint8Array {
  const parsed = parseSnapshot(bytes);
  if (!parsed.ok) throw new Error(`cannot write a snapshot anew: ${parsed.defect.sentence}`);
  const operators = parsed.snapshot.operators.toReversed();
  return writeMetadata(absolute({ ...parsed.snapshot, operators }, directory));
}

/** Every relative handle in any depth becomes one of a file. */
function absolute(snapshot: RawSnapshot, directory: string): RawSnapshot {
  const change = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(change);
    if (value === null || typeof value !== "object" || value instanceof Uint8Array) return value;
    const fields = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]));
    if (fields["kind"] !== "relative-file") return fields;
    return { ...fields, kind: "file", path: `${directory}/${fields["path"]}` };
  };
  return change(snapshot) as RawSnapshot;
}

import type { ReferenceScope } from "../../model/index.ts";
import type { Cursor } from "./cursor.ts";
import { corrupt } from "./defect.ts";
import type { RawOperator } from "./raw.ts";
import type { FileHandle, RelativeFileHandle, SegmentHandle } from "./raw-handles.ts";

/** A handle that needs a file in a store. */
export type StoredHandle = FileHandle | RelativeFileHandle | SegmentHandle;

/** What state a file belongs to: `log` is the log of changes, which is shared and may be compressed. */
export type StateRole = ReferenceScope | "log";

/** Who wants to know what a walk over a `_metadata` file passes by. */
export interface Findings {
  stored(handle: StoredHandle, role: StateRole, offset: number): void;
  /** Bytes of state inside `_metadata`. */
  inline(bytes: number): void;
  /** An operator begins; what is found until its end is its own. */
  operator(offset: number): void;
  /** `kept`: null for a subtask that had finished, else whether it carries state. */
  subtask(kept: boolean | null): void;
  operatorEnd(operator: RawOperator): void;
}

/**
 * One walk over a `_metadata` file. The grammar is written once: with `keep` it builds the whole raw model, without it
 * lists stay empty and inline bytes are skipped, so that memory does not grow with the file.
 */
export interface Walk {
  readonly cursor: Cursor;
  readonly keep: boolean;
  readonly findings: Findings;
}

/** Yielded when more bytes must be fed; the reading goes on when the walk is resumed. */
export const MORE = Symbol("more bytes are wanted");
export type Reading<T> = Generator<typeof MORE, T, undefined>;

/** Keyed state in keyed state in keyed state …: Flink itself nests twice. */
export const MOST_LEVELS = 64;

export function checkDepth(walk: Walk, depth: number): void {
  const { offset } = walk.cursor;
  if (depth > MOST_LEVELS)
    throw corrupt(offset, `more than ${MOST_LEVELS} handles in one another at byte ${offset}`);
}

const NO_BYTES = new Uint8Array(0);

/** The next bytes: a copy of them, or nothing when the walk does not keep. */
export function readBytes(walk: Walk, length: number): Uint8Array {
  if (walk.keep) return walk.cursor.bytes(length);
  walk.cursor.skip(length);
  return NO_BYTES;
}

/** The next `count` longs, or nothing when the walk does not keep. */
export function readLongs(walk: Walk, count: number): readonly bigint[] {
  if (walk.keep) return Array.from({ length: count }, () => walk.cursor.long());
  walk.cursor.skip(count * 8);
  return [];
}

/** A list: `each` is called `count` times, with fresh bytes before each. */
export function* readList<T>(walk: Walk, atLeast: number, each: () => Reading<T>): Reading<readonly T[]> {
  if (walk.cursor.low) yield MORE;
  const count = walk.cursor.count(atLeast);
  const items: T[] = [];
  for (let i = 0; i < count; i++) {
    if (walk.cursor.low) yield MORE;
    const item = yield* each();
    if (walk.keep) items.push(item);
  }
  if (walk.cursor.low) yield MORE;
  return items;
}

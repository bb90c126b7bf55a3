import { corrupt } from "./defect.ts";
import {
  DISTRIBUTION_MODES,
  type MergedDirectories,
  type OperatorHandle,
  type PartitionedState,
} from "./raw-handles.ts";
import { readPath, readStream, unknownHandle } from "./read-stream.ts";
import { MORE, type Reading, readList, readLongs, type Walk } from "./walk.ts";

/** Type bytes of operator state handles. */
export const PARTITIONABLE = 4;
export const MERGED_PARTITIONABLE = 17;

/** A count (0 or 1), then a handle if it is 1. */
export function* readOptionalOperatorState(walk: Walk): Reading<OperatorHandle | null> {
  if (walk.cursor.low) yield MORE;
  const { offset } = walk.cursor;
  const there = walk.cursor.int();
  if (there !== 0 && there !== 1)
    throw corrupt(offset, `a count of ${there} operator states at byte ${offset}; expected 0 or 1`);
  return there === 1 ? yield* readOperatorState(walk) : null;
}

function* readOperatorState(walk: Walk): Reading<OperatorHandle> {
  const { offset } = walk.cursor;
  const type = walk.cursor.byte();
  if (type === 0) throw corrupt(offset, `no operator state at byte ${offset}, though one is announced`);
  if (type !== PARTITIONABLE && type !== MERGED_PARTITIONABLE) throw unknownHandle(type, offset);
  const states = yield* readList(walk, 7, () => readPartitionedState(walk));
  const merged = type === MERGED_PARTITIONABLE ? readDirectories(walk) : null;
  const streamAt = walk.cursor.offset;
  const stream = yield* readStream(walk, "exclusive");
  if (merged !== null && stream.kind !== "segment" && stream.kind !== "empty-segment")
    throw corrupt(
      streamAt,
      `merged operator state at byte ${streamAt} lies in a ${stream.kind}; expected a segment`,
    );
  return { states, merged, stream };
}

// biome-ignore lint/correctness/useYield: an item of a list may ask for bytes; this one never has to
function* readPartitionedState(walk: Walk): Reading<PartitionedState> {
  const name = walk.cursor.text();
  const { offset } = walk.cursor;
  const code = walk.cursor.byte();
  const mode = DISTRIBUTION_MODES[code];
  if (mode === undefined)
    throw corrupt(offset, `a distribution mode ${code} at byte ${offset}; expected 0, 1 or 2`);
  return { name, mode, offsets: readLongs(walk, walk.cursor.count(8)) };
}

function readDirectories(walk: Walk): MergedDirectories {
  const taskOwned = readPath(walk);
  const shared = readPath(walk);
  const { offset } = walk.cursor;
  const empty = walk.cursor.byte();
  if (empty > 1) throw corrupt(offset, `a truth value of ${empty} at byte ${offset}; expected 0 or 1`);
  return { taskOwned, shared, empty: empty === 1 };
}

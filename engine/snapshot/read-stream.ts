import { corrupt, unsupported } from "./defect.ts";
import { pathFault, relativePathFault } from "./flink-path.ts";
import type {
  ByteStreamHandle,
  FileHandle,
  KeyGroupOffsets,
  KeyGroupRange,
  RelativeFileHandle,
  SegmentHandle,
  StreamHandle,
} from "./raw-handles.ts";
import { checkDepth, MORE, type Reading, readBytes, readLongs, type StateRole, type Walk } from "./walk.ts";

/** Type bytes of stream handles; 0 is none. */
export const STREAM_TYPES = {
  "byte-stream": 1,
  file: 2,
  "key-groups-stream": 3,
  "relative-file": 6,
  segment: 15,
  "empty-segment": 16,
} as const;

/** Of a path that is told in a sentence. */
const MOST_SHOWN = 200;

/** A stream handle that must be there. */
export function* readStream(walk: Walk, role: StateRole, depth = 0): Reading<StreamHandle> {
  if (walk.cursor.low) yield MORE;
  if (walk.cursor.peek() !== STREAM_TYPES["key-groups-stream"]) {
    const leaf = readLeaf(walk, role);
    if (walk.cursor.low) yield MORE;
    return leaf;
  }
  checkDepth(walk, depth);
  walk.cursor.byte();
  const keyGroups = readKeyGroups(walk);
  return { kind: "key-groups-stream", keyGroups, stream: yield* readStream(walk, role, depth + 1) };
}

/** A stream handle that holds no other; may leave the window behind it. */
export function readLeaf(walk: Walk, role: StateRole): StreamHandle {
  const { offset } = walk.cursor;
  const type = walk.cursor.byte();
  switch (type) {
    case 0:
      throw corrupt(offset, `no state handle at byte ${offset}, where one must be`);
    case STREAM_TYPES["byte-stream"]:
      return readByteStream(walk);
    case STREAM_TYPES.file:
      return readFile(walk, role);
    case STREAM_TYPES["relative-file"]:
      return readRelativeFile(walk, role);
    case STREAM_TYPES.segment:
      return readSegment(walk, role);
    case STREAM_TYPES["empty-segment"]:
      return { kind: "empty-segment" };
    default:
      throw unknownHandle(type, offset);
  }
}

/** For a type byte that is not in the grammar at this place. */
export function unknownHandle(type: number, offset: number): Error {
  return unsupported(
    offset,
    `the state handle type ${type} at byte ${offset} is none that Flink 1.13–2.3 writes there`,
  );
}

export function readByteStream(walk: Walk): ByteStreamHandle {
  const name = walk.cursor.text();
  const length = walk.cursor.count(1);
  walk.findings.inline(length);
  return { kind: "byte-stream", name, bytes: readBytes(walk, length) };
}

function readFile(walk: Walk, role: StateRole): FileHandle {
  const { offset } = walk.cursor;
  const size = readSize(walk);
  const path = readPath(walk);
  const handle: FileHandle = { kind: "file", size, path };
  walk.findings.stored(handle, role, offset);
  return handle;
}

function readRelativeFile(walk: Walk, role: StateRole): RelativeFileHandle {
  const { offset } = walk.cursor;
  const path = walk.cursor.text();
  checkPath(path, offset, relativePathFault(path));
  const size = readSize(walk);
  const handle: RelativeFileHandle = { kind: "relative-file", path, size };
  walk.findings.stored(handle, role, offset);
  return handle;
}

function readSegment(walk: Walk, role: StateRole): SegmentHandle {
  const { cursor } = walk;
  const { offset } = cursor;
  const start = cursor.long();
  const size = cursor.long();
  if (start < 0n || size < 0n)
    throw corrupt(offset, `a segment of ${size} bytes from ${start} at byte ${offset}`);
  const scopeAt = cursor.offset;
  const scope = (["exclusive", "shared"] as const)[cursor.int()];
  if (scope === undefined)
    throw corrupt(scopeAt, `a segment at byte ${scopeAt} is neither exclusive nor shared`);
  const path = readPath(walk);
  const logicalFile = cursor.text();
  const handle: SegmentHandle = { kind: "segment", start, size, scope, path, logicalFile };
  walk.findings.stored(handle, role, offset);
  return handle;
}

function readSize(walk: Walk): bigint {
  const { offset } = walk.cursor;
  const size = walk.cursor.long();
  if (size < -1n) throw corrupt(offset, `a file of ${size} bytes at byte ${offset}`);
  return size;
}

/** An absolute path, or one that Flink resolves against its default file system. */
export function readPath(walk: Walk): string {
  const { offset } = walk.cursor;
  const path = walk.cursor.text();
  checkPath(path, offset, pathFault(path));
  return path;
}

function checkPath(path: string, offset: number, fault: string | undefined): void {
  if (fault !== undefined)
    throw corrupt(
      offset,
      `the path at byte ${offset} ${fault}: ${JSON.stringify(path.slice(0, MOST_SHOWN))}`,
    );
}

export function readKeyGroupRange(walk: Walk): KeyGroupRange {
  const { offset } = walk.cursor;
  const start = walk.cursor.int();
  const count = walk.cursor.int();
  if (count < 0 || start + count > 0x7fffffff || (count > 0 && start < 0))
    throw corrupt(offset, `a range of ${count} key groups from ${start} at byte ${offset}`);
  return { start, count };
}

/** A range with an offset for each key group; may leave the window behind it. */
export function readKeyGroups(walk: Walk): KeyGroupOffsets {
  const { offset } = walk.cursor;
  const range = readKeyGroupRange(walk);
  const { remaining } = walk.cursor;
  if (range.count * 8 > remaining)
    throw corrupt(
      offset + 4,
      `a count of ${range.count} at byte ${offset + 4}, though only ${remaining} bytes remain`,
    );
  return { ...range, offsets: readLongs(walk, range.count) };
}

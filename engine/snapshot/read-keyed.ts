import type { ReferenceScope } from "../../model/index.ts";
import { corrupt } from "./defect.ts";
import type {
  ChangelogBytesHandle,
  ChangelogFile,
  ChangelogFilesHandle,
  ChangelogHandle,
  ChangelogIncrement,
  IncrementalHandle,
  KeyedHandle,
  KeyGroupsHandle,
  LocalFile,
  StateChange,
} from "./raw-handles.ts";
import { readKeyGroupRange, readKeyGroups, readStream, unknownHandle } from "./read-stream.ts";
import { checkDepth, MORE, type Reading, readBytes, readList, type Walk } from "./walk.ts";

/** Type byte of changes that lie inside `_metadata`. The other kinds of keyed state carry their type byte. */
export const CHANGELOG_BYTES = 9;

/** A keyed state handle, or null for none. `scope`: of the state around it; what a changelog holds is shared. */
export function* readKeyed(
  walk: Walk,
  scope: ReferenceScope = "exclusive",
  depth = 0,
): Reading<KeyedHandle | null> {
  if (walk.cursor.low) yield MORE;
  checkDepth(walk, depth);
  const { offset } = walk.cursor;
  const type = walk.cursor.byte();
  switch (type) {
    case 0:
      return null;
    case 3:
    case 7:
    case 12:
      return yield* readKeyGroupsState(walk, type, scope);
    case 5:
    case 11:
      return yield* readIncremental(walk, type, scope);
    case 8:
    case 14:
      return yield* readChangelog(walk, type, depth);
    case CHANGELOG_BYTES:
      return yield* readChangelogBytes(walk);
    case 10:
    case 13:
      return yield* readChangelogFiles(walk, type);
    default:
      throw unknownHandle(type, offset);
  }
}

function* readKeyGroupsState(walk: Walk, type: 3 | 7 | 12, scope: ReferenceScope): Reading<KeyGroupsHandle> {
  const keyGroups = readKeyGroups(walk);
  const stream = yield* readStream(walk, scope);
  const id = type === 12 ? walk.cursor.text() : "";
  return { kind: "key-groups", type, keyGroups, stream, id };
}

function* readIncremental(walk: Walk, type: 5 | 11, scope: ReferenceScope): Reading<IncrementalHandle> {
  const { cursor } = walk;
  const checkpointId = cursor.long();
  const backendId = cursor.text();
  const range = readKeyGroupRange(walk);
  const checkpointedSize = type === 11 ? cursor.long() : -1n;
  const meta = yield* readStream(walk, scope);
  const shared = yield* readList(walk, 3, () => readLocalFile(walk, "shared"));
  const own = yield* readList(walk, 3, () => readLocalFile(walk, scope));
  const id = type === 11 ? cursor.text() : "";
  return {
    kind: "incremental",
    type,
    checkpointId,
    backendId,
    range,
    checkpointedSize,
    meta,
    shared,
    private: own,
    id,
  };
}

function* readLocalFile(walk: Walk, scope: ReferenceScope): Reading<LocalFile> {
  return { localPath: walk.cursor.text(), stream: yield* readStream(walk, scope) };
}

function* readChangelog(walk: Walk, type: 8 | 14, depth: number): Reading<ChangelogHandle> {
  const { cursor } = walk;
  const rangeAt = cursor.offset;
  const range = readKeyGroupRange(walk);
  if (range.count === 0) throw corrupt(rangeAt, `a changelog of no key groups at byte ${rangeAt}`);
  const checkpointedSize = cursor.long();
  const materialized = yield* readList(walk, 1, () => readPart(walk, depth + 1));
  const increments = yield* readList(walk, 1, () => readIncrement(walk, depth + 1));
  const materializationId = cursor.long();
  const checkpointId = type === 14 ? cursor.long() : materializationId;
  const id = cursor.text();
  return {
    kind: "changelog",
    type,
    range,
    checkpointedSize,
    materialized,
    increments,
    materializationId,
    checkpointId,
    id,
  };
}

function* readPart(walk: Walk, depth: number): Reading<KeyedHandle> {
  const { offset } = walk.cursor;
  const handle = yield* readKeyed(walk, "shared", depth);
  if (handle === null) throw corrupt(offset, `no state handle at byte ${offset}, where one must be`);
  return handle;
}

function* readIncrement(walk: Walk, depth: number): Reading<ChangelogIncrement> {
  const { offset } = walk.cursor;
  const handle = yield* readPart(walk, depth);
  if (handle.kind === "changelog-bytes" || handle.kind === "changelog-files") return handle;
  throw corrupt(offset, `the increment of a changelog at byte ${offset} is of kind ${handle.kind}`);
}

function* readChangelogBytes(walk: Walk): Reading<ChangelogBytesHandle> {
  const range = readKeyGroupRange(walk);
  const { offset } = walk.cursor;
  const from = walk.cursor.long();
  const to = walk.cursor.long();
  if (from < 0n || to < 0n)
    throw corrupt(offset, `changes ${from} to ${to} at byte ${offset}; expected no minus`);
  const changes = yield* readList(walk, 8, () => readChange(walk));
  return { kind: "changelog-bytes", range, from, to, changes, id: walk.cursor.text() };
}

// biome-ignore lint/correctness/useYield: an item of a list may ask for bytes; this one never has to
function* readChange(walk: Walk): Reading<StateChange> {
  const { offset } = walk.cursor;
  const keyGroup = walk.cursor.int();
  if (keyGroup < -1) throw corrupt(offset, `a change of key group ${keyGroup} at byte ${offset}`);
  const length = walk.cursor.count(1);
  walk.findings.inline(length);
  return { keyGroup, bytes: readBytes(walk, length) };
}

function* readChangelogFiles(walk: Walk, type: 10 | 13): Reading<ChangelogFilesHandle> {
  const { cursor } = walk;
  const range = readKeyGroupRange(walk);
  const files = yield* readList(walk, 9, () => readChangelogFile(walk));
  const size = cursor.long();
  const checkpointedSize = cursor.long();
  const id = cursor.text();
  const storage = type === 13 ? cursor.text() : "filesystem";
  return { kind: "changelog-files", type, range, files, size, checkpointedSize, id, storage };
}

function* readChangelogFile(walk: Walk): Reading<ChangelogFile> {
  return { offset: walk.cursor.long(), stream: yield* readStream(walk, "log") };
}

import { Failure } from "../../model/index.ts";
import type { BytesOut } from "./bytes-out.ts";
import {
  type ChangelogBytesHandle,
  type ChangelogFilesHandle,
  type ChangelogHandle,
  type ChannelHandle,
  DISTRIBUTION_MODES,
  type FileHandle,
  type IncrementalHandle,
  type KeyedHandle,
  type KeyGroupOffsets,
  type KeyGroupRange,
  type KeyGroupsHandle,
  type OperatorHandle,
  type RelativeFileHandle,
  type SegmentHandle,
  type StreamHandle,
} from "./raw-handles.ts";
import { CHANNEL_TYPES, type ChannelSide } from "./read-channel.ts";
import { CHANGELOG_BYTES } from "./read-keyed.ts";
import { MERGED_PARTITIONABLE, PARTITIONABLE } from "./read-operator-state.ts";
import { STREAM_TYPES } from "./read-stream.ts";

export function writeStream(out: BytesOut, handle: StreamHandle | null): void {
  out.byte(handle === null ? 0 : STREAM_TYPES[handle.kind]);
  if (handle === null || handle.kind === "empty-segment") return;
  if (handle.kind === "key-groups-stream") {
    writeKeyGroups(out, handle.keyGroups);
    writeStream(out, handle.stream);
  } else if (handle.kind === "byte-stream") {
    out.text(handle.name);
    writeBlock(out, handle.bytes);
  } else writeStored(out, handle);
}

function writeStored(out: BytesOut, handle: FileHandle | RelativeFileHandle | SegmentHandle): void {
  if (handle.kind === "file") {
    out.long(handle.size);
    out.text(handle.path);
  } else if (handle.kind === "relative-file") {
    out.text(handle.path);
    out.long(handle.size);
  } else {
    out.long(handle.start);
    out.long(handle.size);
    out.int(handle.scope === "shared" ? 1 : 0);
    out.text(handle.path);
    out.text(handle.logicalFile);
  }
}

function writeBlock(out: BytesOut, bytes: Uint8Array): void {
  out.int(bytes.byteLength);
  out.bytes(bytes);
}

function writeRange(out: BytesOut, range: KeyGroupRange): void {
  out.int(range.start);
  out.int(range.count);
}

function writeKeyGroups(out: BytesOut, keyGroups: KeyGroupOffsets): void {
  writeRange(out, keyGroups);
  for (const offset of keyGroups.offsets) out.long(offset);
}

export function writeOperatorState(out: BytesOut, handle: OperatorHandle): void {
  out.byte(handle.merged === null ? PARTITIONABLE : MERGED_PARTITIONABLE);
  out.list(handle.states, ({ name, mode, offsets }) => {
    out.text(name);
    out.byte(DISTRIBUTION_MODES.indexOf(mode));
    out.list(offsets, (offset) => out.long(offset));
  });
  if (handle.merged !== null) {
    out.text(handle.merged.taskOwned);
    out.text(handle.merged.shared);
    out.byte(handle.merged.empty ? 1 : 0);
  }
  writeStream(out, handle.stream);
}

export function writeKeyed(out: BytesOut, handle: KeyedHandle | null): void {
  if (handle === null) out.byte(0);
  else if (handle.kind === "key-groups") writeKeyGroupsState(out, handle);
  else if (handle.kind === "incremental") writeIncremental(out, handle);
  else if (handle.kind === "changelog") writeChangelog(out, handle);
  else if (handle.kind === "changelog-bytes") writeChangelogBytes(out, handle);
  else writeChangelogFiles(out, handle);
}

function writeKeyGroupsState(out: BytesOut, handle: KeyGroupsHandle): void {
  out.byte(handle.type);
  writeKeyGroups(out, handle.keyGroups);
  writeStream(out, handle.stream);
  if (handle.type === 12) out.text(handle.id);
}

function writeIncremental(out: BytesOut, handle: IncrementalHandle): void {
  out.byte(handle.type);
  out.long(handle.checkpointId);
  out.text(handle.backendId);
  writeRange(out, handle.range);
  if (handle.type === 11) out.long(handle.checkpointedSize);
  writeStream(out, handle.meta);
  for (const files of [handle.shared, handle.private])
    out.list(files, (file) => {
      out.text(file.localPath);
      writeStream(out, file.stream);
    });
  if (handle.type === 11) out.text(handle.id);
}

function writeChangelog(out: BytesOut, handle: ChangelogHandle): void {
  out.byte(handle.type);
  writeRange(out, handle.range);
  out.long(handle.checkpointedSize);
  out.list(handle.materialized, (part) => writeKeyed(out, part));
  out.list(handle.increments, (part) => writeKeyed(out, part));
  out.long(handle.materializationId);
  if (handle.type === 14) out.long(handle.checkpointId);
  out.text(handle.id);
}

function writeChangelogBytes(out: BytesOut, handle: ChangelogBytesHandle): void {
  out.byte(CHANGELOG_BYTES);
  writeRange(out, handle.range);
  out.long(handle.from);
  out.long(handle.to);
  out.list(handle.changes, ({ keyGroup, bytes }) => {
    out.int(keyGroup);
    writeBlock(out, bytes);
  });
  out.text(handle.id);
}

function writeChangelogFiles(out: BytesOut, handle: ChangelogFilesHandle): void {
  out.byte(handle.type);
  writeRange(out, handle.range);
  out.list(handle.files, ({ offset, stream }) => {
    out.long(offset);
    writeStream(out, stream);
  });
  out.long(handle.size);
  out.long(handle.checkpointedSize);
  out.text(handle.id);
  if (handle.type === 13) out.text(handle.storage);
}

/** Before version 6 there is no type byte, and merged channels cannot be said. */
export function writeChannel(out: BytesOut, version: number, side: ChannelSide, handle: ChannelHandle): void {
  if (version >= 6) out.byte(CHANNEL_TYPES[side][handle.kind]);
  else if (handle.kind === "merged-channels")
    throw new Failure(
      "bad-request",
      `cannot write _metadata: got merged channels in version ${version}; expected 6`,
    );
  out.int(handle.subtask);
  if (handle.kind === "channel") {
    for (const index of handle.channel) out.int(index);
    out.list(handle.offsets, (offset) => out.long(offset));
  }
  out.long(handle.size);
  writeStream(out, handle.stream);
  if (handle.kind === "merged-channels") writeBlock(out, handle.offsets);
}

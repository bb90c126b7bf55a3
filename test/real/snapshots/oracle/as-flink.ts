import { createHash } from "node:crypto";
import type {
  ChannelHandle,
  KeyedHandle,
  KeyGroupRange,
  OperatorHandle,
  RawOperator,
  RawSnapshot,
  RawSubtaskState,
  StreamHandle,
} from "../../../../engine/snapshot/index.ts";
import { flinkPath } from "./flink-path.ts";
import type { HandleRow, LoadedOperator, LoadedSnapshot, Whole } from "./reading.ts";

/** What Flink ought to have loaded if it read the same as our parser: in the words of the oracle, properties apart. */
export function asFlink(snapshot: RawSnapshot): Omit<LoadedSnapshot, "properties"> {
  return {
    checkpointId: whole(snapshot.checkpointId),
    masters: snapshot.masterStates.map(({ name, version, bytes }) => ({
      name,
      version,
      bytes: bytes.length,
    })),
    operators: snapshot.operators.map((operator) => operatorOf(operator, snapshot.version)),
  };
}

function operatorOf(operator: RawOperator, version: number): LoadedOperator {
  // Flink keeps the last of two with one index.
  const last = new Map(operator.subtasks.map(({ index, state }) => [index, state]));
  const subtasks = [...last].map(([index, state]) => ({
    index,
    finished: state === null,
    handles: state === null ? [] : handlesOf(state),
  }));
  const named = (text: string) => (version < 5 || text === "" ? null : text);
  return {
    id: operator.id,
    name: named(operator.name),
    uid: named(operator.uid),
    parallelism: operator.parallelism,
    maxParallelism: operator.maxParallelism,
    finished: operator.finishedMark !== null,
    coordinator: operator.coordinator === null ? [] : streamRows("coordinator", operator.coordinator),
    subtasks: subtasks.sort((a, b) => a.index - b.index),
  };
}

function handlesOf(state: RawSubtaskState): HandleRow[] {
  return [
    ...operatorRows("managed-operator", state.managedOperator),
    ...operatorRows("raw-operator", state.rawOperator),
    ...(state.managedKeyed === null ? [] : keyedRows("managed-keyed", state.managedKeyed)),
    ...(state.rawKeyed === null ? [] : keyedRows("raw-keyed", state.rawKeyed)),
    ...state.inputChannels.flatMap((handle) => channelRows("input", handle)),
    ...state.outputChannels.flatMap((handle) => channelRows("output", handle)),
  ];
}

const MODES = { split: "SPLIT_DISTRIBUTE", union: "UNION", broadcast: "BROADCAST" } as const;

function operatorRows(role: string, handle: OperatorHandle | null): HandleRow[] {
  if (handle === null) return [];
  const names = handle.states
    .map(({ name, mode, offsets }) => ({ name, mode: MODES[mode], offsets: offsets.length }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const directories = handle.merged && {
    taskOwned: flinkPath(handle.merged.taskOwned),
    shared: flinkPath(handle.merged.shared),
  };
  return [{ role, kind: "operator", names, ...directories }, ...streamRows(role, handle.stream)];
}

function keyedRows(role: string, handle: KeyedHandle): HandleRow[] {
  switch (handle.kind) {
    case "key-groups": {
      const kind = handle.type === 7 ? "savepoint-key-groups" : "key-groups";
      return [{ role, kind, ...rangeOf(handle.keyGroups) }, ...streamRows(role, handle.stream)];
    }
    case "incremental":
      return [
        {
          role,
          kind: "incremental",
          ...rangeOf(handle.range),
          checkpointId: whole(handle.checkpointId),
          backend: uuidOf(handle.backendId),
        },
        ...streamRows(`${role}/meta`, handle.meta),
        ...handle.shared.flatMap((file) => streamRows(`${role}/shared:${file.localPath}`, file.stream)),
        ...handle.private.flatMap((file) => streamRows(`${role}/private:${file.localPath}`, file.stream)),
      ];
    case "changelog":
      return [
        {
          role,
          kind: "changelog",
          ...rangeOf(handle.range),
          materialization: whole(handle.materializationId),
        },
        ...handle.materialized.flatMap((inner) => keyedRows(`${role}/materialized`, inner)),
        ...handle.increments.flatMap((inner) => keyedRows(`${role}/later`, inner)),
      ];
    case "changelog-bytes":
      return [
        {
          role,
          kind: "changes-inline",
          ...rangeOf(handle.range),
          first: whole(handle.from),
          end: whole(handle.to),
          changes: handle.changes.length,
          bytes: handle.changes.reduce((sum, change) => sum + change.bytes.length, 0),
        },
      ];
    case "changelog-files":
      return [
        { role, kind: "changes-in-files", ...rangeOf(handle.range), storage: handle.storage },
        ...handle.files.flatMap((file) => streamRows(`${role}/at:${file.offset}`, file.stream)),
      ];
  }
}

function channelRows(role: string, handle: ChannelHandle): HandleRow[] {
  const { subtask } = handle;
  const stateSize = whole(handle.size);
  const row: HandleRow =
    handle.kind === "merged-channels"
      ? { role, kind: "merged-channels", subtask, stateSize, offsetBytes: handle.offsets.length }
      : {
          role,
          kind: "channel",
          subtask,
          channel: handle.channel.join("/"),
          stateSize,
          offsets: handle.offsets.length,
        };
  return [row, ...streamRows(role, handle.stream)];
}

function streamRows(role: string, handle: StreamHandle): HandleRow[] {
  switch (handle.kind) {
    case "byte-stream":
      return [{ role, kind: "inline", name: handle.name, bytes: handle.bytes.length }];
    case "file":
      return [{ role, kind: "file", path: flinkPath(handle.path), size: whole(handle.size) }];
    case "relative-file":
      return [{ role, kind: "relative", path: handle.path, size: whole(handle.size) }];
    case "segment":
      return [
        {
          role,
          kind: "segment",
          path: flinkPath(handle.path),
          start: whole(handle.start),
          size: whole(handle.size),
          scope: handle.scope === "shared" ? "SHARED" : "EXCLUSIVE",
        },
      ];
    case "empty-segment":
      return [{ role, kind: "empty-segment" }];
    case "key-groups-stream":
      return [{ role, kind: "key-groups", ...rangeOf(handle.keyGroups) }, ...streamRows(role, handle.stream)];
  }
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Of a text that is no UUID Flink makes one, by Java's `UUID.nameUUIDFromBytes`. */
function uuidOf(text: string): string {
  if (UUID.test(text)) return text.toLowerCase();
  const bytes = createHash("md5").update(text, "utf8").digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x30;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Flink knows one empty range only, which begins at 0. */
const rangeOf = ({ start, count }: KeyGroupRange): { from: number; count: number } => ({
  from: count === 0 ? 0 : start,
  count,
});

/** As the oracle prints it: digits as text where a double would round. */
const whole = (value: bigint): Whole =>
  value >= 2n ** 53n || value <= -(2n ** 53n) ? value.toString() : Number(value);

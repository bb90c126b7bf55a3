import fc, { type Arbitrary } from "fast-check";
import {
  type ChangelogHandle,
  type ChangelogIncrement,
  type ChannelHandle,
  type IncrementalHandle,
  type KeyedHandle,
  type KeyGroupOffsets,
  type KeyGroupsHandle,
  type OperatorHandle,
  propertiesOf,
  type RawOperator,
  type RawSnapshot,
  type RawSubtask,
  type RawSubtaskState,
  type SingleChannelHandle,
  type StreamHandle,
} from "../../engine/snapshot/index.ts";

/**
 * Snapshots of any shape that Flink's own loader takes: versions 2 to 6 (7 when asked for), every kind of handle, odd
 * texts. Sizes stay small enough for their sum to be exact.
 */
export function rawSnapshots(versions: readonly number[] = [2, 3, 4, 5, 6]): Arbitrary<RawSnapshot> {
  return fc.oneof(...versions.map(snapshotsOf));
}

function snapshotsOf(version: number): Arbitrary<RawSnapshot> {
  return fc.record({
    version: fc.constant(version),
    checkpointId: fc.bigInt(0n, 2n ** 50n),
    masterStates: some(fc.record({ version: int, name: text, bytes }), 2),
    operators: some(operators(version), 3),
    properties:
      version < 4
        ? fc.constant(null)
        : fc.constantFrom("checkpoint", "canonical savepoint", "native savepoint").map(propertiesOf),
  });
}

const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const long = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n);
const size = fc.bigInt(0n, 2n ** 40n);
const bytes = fc.uint8Array({ maxLength: 24 });
const text = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: "binary", maxLength: 6 }));
const some = <T>(item: Arbitrary<T>, maxLength: number): Arbitrary<T[]> => fc.array(item, { maxLength });

const name = fc.oneof(
  fc.uuid(),
  fc.string({ unit: fc.constantFrom(..."aZ9_-.% é√"), minLength: 1, maxLength: 12 }),
);
const operatorId = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 32, maxLength: 32 });
const path = fc.oneof(
  fc
    .tuple(fc.constantFrom("file:/data/", "file:///data/", "s3://b/k/", "hdfs://nn:8020/", "/tmp/"), name)
    .map((p) => p.join("")),
  name,
);

const leaf: Arbitrary<StreamHandle> = fc.oneof(
  fc.record({ kind: fc.constant("byte-stream" as const), name: text, bytes }),
  fc.record({ kind: fc.constant("file" as const), size: fc.oneof(size, fc.constant(-1n)), path }),
  fc.record({ kind: fc.constant("relative-file" as const), path: name, size }),
  fc.record({
    kind: fc.constant("segment" as const),
    start: size,
    size,
    scope: fc.constantFrom("exclusive" as const, "shared" as const),
    path,
    logicalFile: text,
  }),
  fc.constant({ kind: "empty-segment" as const }),
);

const keyGroups: Arbitrary<KeyGroupOffsets> = fc
  .tuple(fc.nat(32_767), some(long, 4))
  .map(([start, offsets]) => ({ start, count: offsets.length, offsets }));
const range = fc.record({ start: fc.nat(32_767), count: fc.integer({ min: 1, max: 128 }) });

const stream: Arbitrary<StreamHandle> = fc.oneof(
  { arbitrary: leaf, weight: 9 },
  {
    arbitrary: fc.record({ kind: fc.constant("key-groups-stream" as const), keyGroups, stream: leaf }),
    weight: 1,
  },
);

const operatorHandle: Arbitrary<OperatorHandle> = fc
  .record({
    states: fc.uniqueArray(
      fc.record({
        name: text,
        mode: fc.constantFrom("split" as const, "union" as const, "broadcast" as const),
        offsets: some(long, 3),
      }),
      { maxLength: 3, selector: (state) => state.name },
    ),
    merged: fc.option(fc.record({ taskOwned: path, shared: path, empty: fc.boolean() })),
    stream,
  })
  .filter(
    ({ merged, stream: { kind } }) => merged === null || kind === "segment" || kind === "empty-segment",
  );

const localFiles = some(fc.record({ localPath: text, stream }), 3);

const keyGroupsHandle: Arbitrary<KeyGroupsHandle> = fc
  .record({
    kind: fc.constant("key-groups" as const),
    type: fc.constantFrom(3 as const, 7 as const, 12 as const),
    keyGroups,
    stream,
    id: text,
  })
  .map((handle) => (handle.type === 12 ? handle : { ...handle, id: "" }));

const incremental: Arbitrary<IncrementalHandle> = fc
  .record({
    kind: fc.constant("incremental" as const),
    type: fc.constantFrom(5 as const, 11 as const),
    checkpointId: long,
    backendId: fc.oneof(fc.uuid(), text),
    range,
    checkpointedSize: long,
    meta: stream,
    shared: localFiles,
    private: localFiles,
    id: text,
  })
  .map((handle) => (handle.type === 11 ? handle : { ...handle, checkpointedSize: -1n, id: "" }));

const increment: Arbitrary<ChangelogIncrement> = fc.oneof(
  fc.record({
    kind: fc.constant("changelog-bytes" as const),
    range,
    from: size,
    to: size,
    changes: some(fc.record({ keyGroup: fc.integer({ min: -1, max: 127 }), bytes }), 3),
    id: text,
  }),
  fc
    .record({
      kind: fc.constant("changelog-files" as const),
      type: fc.constantFrom(10 as const, 13 as const),
      range,
      files: some(fc.record({ offset: long, stream }), 3),
      size: long,
      checkpointedSize: long,
      id: text,
      storage: text,
    })
    .map((handle) => (handle.type === 13 ? handle : { ...handle, storage: "filesystem" })),
);

const changelog: Arbitrary<ChangelogHandle> = fc
  .record({
    kind: fc.constant("changelog" as const),
    type: fc.constantFrom(8 as const, 14 as const),
    range,
    checkpointedSize: long,
    materialized: some(fc.oneof(keyGroupsHandle, incremental), 2),
    increments: some(increment, 2),
    materializationId: long,
    checkpointId: long,
    id: text,
  })
  .map((handle) => (handle.type === 14 ? handle : { ...handle, checkpointId: handle.materializationId }));

const keyed: Arbitrary<KeyedHandle> = fc.oneof(keyGroupsHandle, incremental, changelog, increment);

const single: Arbitrary<SingleChannelHandle> = fc.record({
  kind: fc.constant("channel" as const),
  subtask: int,
  channel: fc.tuple(int, int),
  offsets: some(long, 3),
  size: long,
  stream,
});

function channels(version: number): Arbitrary<ChannelHandle[]> {
  if (version === 2) return fc.constant([]);
  if (version < 6) return some(single, 2);
  const merged = fc.record({
    kind: fc.constant("merged-channels" as const),
    subtask: int,
    size: long,
    stream,
    offsets: bytes,
  });
  return some(fc.oneof(single, merged), 2);
}

const subtaskStates = (version: number): Arbitrary<RawSubtaskState> =>
  fc.record({
    duration: version === 2 ? long : fc.constant(-1n),
    managedOperator: fc.option(operatorHandle),
    rawOperator: fc.option(operatorHandle),
    managedKeyed: fc.option(keyed),
    rawKeyed: fc.option(keyed),
    inputChannels: channels(version),
    outputChannels: channels(version),
    referenceCheckpoint: version < 7 ? fc.constant(null) : fc.option(long),
  });

const PARALLELISM = 3;

function subtasks(version: number): Arbitrary<RawSubtask[]> {
  const state = subtaskStates(version);
  return fc.uniqueArray(
    fc.record({
      index: fc.nat(PARALLELISM - 1),
      state: version === 2 ? state : fc.option(state, { freq: 4 }),
    }),
    { maxLength: PARALLELISM, selector: ({ index }) => index },
  );
}

function operators(version: number): Arbitrary<RawOperator> {
  const named = version < 5 ? fc.constant("") : text;
  const head = {
    name: named,
    uid: named,
    id: operatorId,
    chainLength: version === 2 ? int : fc.constant(1),
  };
  const coordinator =
    version === 2
      ? fc.constant(null)
      : fc.option(fc.record({ kind: fc.constant("byte-stream" as const), name: text, bytes }));
  const running = fc.record({
    ...head,
    parallelism: fc.constant(PARALLELISM),
    maxParallelism: fc.integer({ min: PARALLELISM, max: 32_768 }),
    coordinator,
    finishedMark: fc.constant(null),
    subtasks: subtasks(version),
  });
  if (version === 2) return running;
  const finished = fc.record({
    ...head,
    parallelism: fc.constant(2),
    maxParallelism: fc.constant(128),
    coordinator: fc.constant(null),
    finishedMark: fc.integer({ min: -(2 ** 31), max: -1 }),
    subtasks: fc.constant([]),
  });
  return fc.oneof({ arbitrary: running, weight: 5 }, { arbitrary: finished, weight: 1 });
}

import { describe, expect, it } from "vitest";
import type { SnapshotDefect } from "../../model/index.ts";
import {
  anOperator,
  aSnapshot,
  aSubtask,
  file,
  keyedIn,
  relativeFile,
  segment,
} from "../../test/support/raw-snapshots.ts";
import {
  type KeyedHandle,
  parseSnapshot,
  propertiesOf,
  type RawSnapshot,
  readMetadata,
  type StreamHandle,
  writeMetadata,
} from "./index.ts";

const int = (value: number): readonly number[] => [24, 16, 8, 0].map((shift) => (value >> shift) & 0xff);
const HEADER = [0x49, 0x60, 0x67, 0x2d];

function defectOf(bytes: Uint8Array): SnapshotDefect | undefined {
  const [read, parsed] = [readMetadata(bytes), parseSnapshot(bytes)];
  expect(parsed.ok ? undefined : parsed.defect).toEqual(read.ok ? undefined : read.defect);
  return read.ok ? undefined : read.defect;
}

const defectIn = (snapshot: RawSnapshot): SnapshotDefect | undefined => defectOf(writeMetadata(snapshot));
const withState = (state: Parameters<typeof aSubtask>[1]): RawSnapshot =>
  aSnapshot({ operators: [anOperator({ subtasks: [aSubtask(0, state)] })] });
const withStream = (stream: StreamHandle): RawSnapshot => withState(keyedIn(stream));

/** The bytes with an int put in their place, found by what stands there. */
function patched(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy.set(int(value), at);
  return copy;
}

describe("the head of a file", () => {
  it.each<[string, readonly number[], SnapshotDefect]>([
    ["empty", [], { state: "corrupt", offset: 0, sentence: "is empty" }],
    [
      "two bytes",
      [0x49, 0x60],
      { state: "corrupt", offset: 0, sentence: "ends at byte 2, though 4 bytes are to follow at byte 0" },
    ],
    [
      "something else",
      [...int(1), ...int(4)],
      {
        state: "corrupt",
        offset: 0,
        sentence:
          "does not begin as a _metadata file does (49 60 67 2d): it is something else or was overwritten",
      },
    ],
    [
      "version 0",
      [...HEADER, ...int(0)],
      {
        state: "unsupported",
        offset: 4,
        sentence: "the version 0 is none that is known; versions 2 to 7 are read",
      },
    ],
    [
      "version 1",
      [...HEADER, ...int(1)],
      {
        state: "unsupported",
        offset: 4,
        sentence: "the version 1 is too old; versions 2 to 7 are read",
      },
    ],
    [
      "version 8",
      [...HEADER, ...int(8)],
      {
        state: "unsupported",
        offset: 4,
        sentence: "the version 8 is none that is known; versions 2 to 7 are read",
      },
    ],
    [
      "version -1",
      [...HEADER, ...int(-1)],
      {
        state: "unsupported",
        offset: 4,
        sentence: "the version -1 is none that is known; versions 2 to 7 are read",
      },
    ],
    [
      "a cut id",
      [...HEADER, ...int(4), ...int(0)],
      { state: "corrupt", offset: 8, sentence: "ends at byte 12, though 8 bytes are to follow at byte 8" },
    ],
    [
      "an id below zero",
      [...HEADER, ...int(4), ...int(-1), ...int(-1)],
      { state: "corrupt", offset: 8, sentence: "the checkpoint id -1 at byte 8 is below zero" },
    ],
  ])("is told for %s", (_, bytes, defect) => {
    expect(defectOf(Uint8Array.from(bytes))).toEqual(defect);
  });
});

describe("counts", () => {
  const empty = writeMetadata(aSnapshot({ version: 3 }));

  it.each([
    ["of master states", 16, 2 ** 31 - 1, "a count of 2147483647 at byte 16, though only 4 bytes remain"],
    ["of operators", 20, 2 ** 31 - 1, "a count of 2147483647 at byte 20, though only 0 bytes remain"],
    ["of one operator where none fits", 20, 1, "a count of 1 at byte 20, though only 0 bytes remain"],
    ["below zero", 20, -1, "a count of -1 at byte 20, below zero"],
    ["at the least", 16, -(2 ** 31), "a count of -2147483648 at byte 16, below zero"],
  ])("%s are checked before anything is allocated", (_, at, count, sentence) => {
    expect(defectOf(patched(empty, at, count))).toEqual({ state: "corrupt", offset: at, sentence });
  });

  it("of every list in a file may be the largest there is: it is said, not tried", () => {
    const bytes = writeMetadata(withStream(file("/a", 1n)));
    for (let at = 8; at + 4 <= bytes.length; at++)
      for (const count of [2 ** 31 - 1, -(2 ** 31), -1]) {
        const damaged = patched(bytes, at, count);
        const reading = readMetadata(damaged);
        if (reading.ok) expect(parseSnapshot(damaged)).toMatchObject({ ok: true });
      }
  });
});

/** One byte of a good file, replaced by another. */
function withByte(snapshot: RawSnapshot, find: readonly number[], replace: readonly number[]): Uint8Array {
  const bytes = Buffer.from(writeMetadata(snapshot));
  const at = bytes.indexOf(Buffer.from(find));
  expect(at).toBeGreaterThan(0);
  bytes.set(replace, at);
  return new Uint8Array(bytes);
}

describe("state handles", () => {
  it("of an unknown kind are unsupported, at their byte", () => {
    const bytes = withByte(withStream(file("/abc", 1n)), [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 4], [42]);
    expect(defectOf(bytes)).toEqual({
      state: "unsupported",
      offset: 86,
      sentence: "the state handle type 42 at byte 86 is none that Flink 1.13–2.3 writes there",
    });
  });

  it.each<[string, RawSnapshot, string]>([
    ["a file of -2 bytes", withStream(file("/a", -2n)), "a file of -2 bytes at byte 87"],
    [
      "a segment from before the file",
      withStream(segment("/a", -1n, 1n)),
      "a segment of 1 bytes from -1 at byte 87",
    ],
    ["a segment of -1 bytes", withStream(segment("/a", 0n, -1n)), "a segment of -1 bytes from 0 at byte 87"],
    ["an empty path", withStream(file("", 1n)), 'the path at byte 95 is empty: ""'],
    [
      "a path that Flink takes for none",
      withStream(file("1://a", 1n)),
      'the path at byte 95 has a scheme that is none: "1://a"',
    ],
    [
      "a relative path with a scheme",
      withStream(relativeFile("s3://b/k", 1n)),
      'the path at byte 87 has a scheme, though it is relative: "s3://b/k"',
    ],
    [
      "more subtasks than the parallelism",
      aSnapshot({ operators: [anOperator({ parallelism: 1, subtasks: [aSubtask(1)] })] }),
      "a subtask 1 of 1 at byte 57",
    ],
    [
      "a parallelism above its maximum",
      aSnapshot({ operators: [anOperator({ parallelism: 129 })] }),
      "a parallelism of 129, at most 128, at byte 44",
    ],
    [
      "a finished operator with a coordinator",
      aSnapshot({
        operators: [
          anOperator({
            finishedMark: -1,
            coordinator: { kind: "byte-stream", name: "", bytes: new Uint8Array(0) },
          }),
        ],
      }),
      "a finished operator with coordinator state at byte 59",
    ],
  ])("that say %s are corrupt", (_, snapshot, sentence) => {
    expect(defectIn(snapshot)).toMatchObject({ state: "corrupt", sentence });
  });

  it("nested without end are corrupt at level 65, in streams and in changelogs", () => {
    let stream = file("/a", 1n);
    let keyed: KeyedHandle | null = null;
    const range = { start: 0, count: 1 };
    for (let level = 0; level < 100; level++) {
      stream = { kind: "key-groups-stream", keyGroups: { ...range, offsets: [0n] }, stream };
      const materialized: readonly KeyedHandle[] = keyed === null ? [] : [keyed];
      keyed = {
        kind: "changelog",
        type: 14,
        range,
        checkpointedSize: 0n,
        materialized,
        increments: [],
        materializationId: 0n,
        checkpointId: 0n,
        id: "",
      };
    }
    for (const snapshot of [withStream(stream), withState({ managedKeyed: keyed })])
      expect(defectIn(snapshot)?.sentence).toMatch(/^more than 64 handles in one another at byte \d+$/);
  });

  it.each<[string, RawSnapshot, readonly number[], readonly number[], string]>([
    [
      "a segment of no scope",
      withStream(segment("/abc", 1n, 1n)),
      [0, 0, 0, 1, 0, 4, 0x2f],
      [0, 0, 0, 2],
      "is neither exclusive nor shared",
    ],
    [
      "no handle where one must be",
      withStream(file("/abc", 1n)),
      [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 4],
      [0],
      "no state handle at byte 86, where one must be",
    ],
    [
      "no known distribution",
      withState({
        managedOperator: {
          states: [{ name: "xyz", mode: "union", offsets: [] }],
          merged: null,
          stream: file("/a", 1n),
        },
      }),
      [0x78, 0x79, 0x7a, 1],
      [0x78, 0x79, 0x7a, 3],
      "a distribution mode 3 at byte",
    ],
    [
      "a truth value of 2",
      withState({
        managedOperator: {
          states: [],
          merged: { taskOwned: "/t", shared: "/s", empty: true },
          stream: { kind: "empty-segment" },
        },
      }),
      [0x2f, 0x73, 1],
      [0x2f, 0x73, 2],
      "a truth value of 2 at byte",
    ],
    [
      "merged operator state in a plain file",
      withState({
        managedOperator: {
          states: [],
          merged: { taskOwned: "/t", shared: "/s", empty: true },
          stream: { kind: "empty-segment" },
        },
      }),
      [0x2f, 0x73, 1, 16],
      [0x2f, 0x73, 1, 1],
      "lies in a byte-stream; expected a segment",
    ],
    [
      "text that Java does not write",
      withStream(file("/abc", 1n)),
      [0x2f, 0x61, 0x62, 0x63],
      [0x2f, 0xff],
      "is not in Java's modified UTF-8",
    ],
  ])("with %s are corrupt", (_, snapshot, find, replace, sentence) => {
    const defect = defectOf(withByte(snapshot, find, replace));
    expect(defect?.sentence).toContain(sentence);
    expect(defect?.state).toBe("corrupt");
  });

  it("of a changelog hold only changes among its increments", () => {
    const part = keyedIn(file("/a", 1n)).managedKeyed;
    const snapshot = withState({
      managedKeyed: {
        kind: "changelog",
        type: 14,
        range: { start: 0, count: 1 },
        checkpointedSize: 0n,
        materialized: part ? [part] : [],
        increments: [],
        materializationId: 0n,
        checkpointId: 0n,
        id: "",
      },
    });
    expect(defectIn(snapshot)).toBeUndefined();
    const [materialized, increments] = [int(1), int(0)];
    const bytes = Buffer.from(writeMetadata(snapshot));
    const start = bytes.indexOf(Buffer.from([...materialized, 12]));
    const moved = Buffer.concat([
      bytes.subarray(0, start),
      Buffer.from([...increments, ...materialized]),
      bytes.subarray(start + 4),
    ]);
    expect(defectOf(new Uint8Array(moved))?.sentence).toMatch(
      /^the increment of a changelog at byte \d+ is of kind key-groups$/,
    );
  });
});

describe("the end of a file", () => {
  it.each([2, 3, 4, 5, 6, 7])(
    "of version %i is its last byte: cut anywhere or longer, it is corrupt",
    (version) => {
      const operators = [anOperator({ subtasks: [aSubtask(0, keyedIn(segment("/m", 1n, 2n)))] })];
      const bytes = writeMetadata(aSnapshot({ version, operators }));
      expect(defectOf(bytes)).toBeUndefined();
      for (let length = 0; length < bytes.length; length++)
        expect(defectOf(bytes.subarray(0, length))).toMatchObject({ state: "corrupt" });
      expect(defectOf(Uint8Array.of(...bytes, 0))).toEqual({
        state: "corrupt",
        offset: bytes.length,
        sentence: `goes on at byte ${bytes.length}, where a file of version ${version} ends`,
      });
    },
  );

  it("is not reached by a version 4 without properties", () => {
    const bytes = writeMetadata(aSnapshot({ version: 4 }));
    const bare = bytes.subarray(0, bytes.length - propertiesOf("checkpoint").length);
    expect(defectOf(bare)).toMatchObject({ state: "corrupt", offset: bare.length });
  });
});

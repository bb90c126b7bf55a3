import { describe, expect, it } from "vitest";
import type { SnapshotContent } from "../../model/index.ts";
import {
  anOperator,
  aSnapshot,
  aSubtask,
  file,
  incrementalOf,
  inline,
  keyedIn,
  relativeFile,
  segment,
} from "../../test/support/raw-snapshots.ts";
import {
  type RawOperator,
  type RawSnapshot,
  type RawSubtaskState,
  readMetadata,
  writeMetadata,
} from "./index.ts";

function contentOf(snapshot: RawSnapshot): SnapshotContent {
  const reading = readMetadata(writeMetadata(snapshot));
  if (!reading.ok) throw new Error(reading.defect.sentence);
  return reading.content;
}

/** What is found of an operator whose subtasks carry these states. */
const stateOf = (...states: readonly Partial<RawSubtaskState>[]): SnapshotContent =>
  contentOf(
    aSnapshot({ operators: [anOperator({ subtasks: states.map((state, i) => aSubtask(i, state)) })] }),
  );

const S3 = "s3://b/shared/f";

describe("the references of a snapshot", () => {
  it("name each file once, in the order of the file, with the longest length", () => {
    const content = stateOf(keyedIn(file("/b", 5n)), keyedIn(file("/a", 3n)), keyedIn(file("/b", 9n)));
    expect(content.references.map(({ path, needed }) => [path, needed])).toEqual([
      ["/b", 9],
      ["/a", 3],
    ]);
  });

  it("ask for the furthest end of the segments of a merged file", () => {
    const content = stateOf(keyedIn(segment("/m", 100n, 50n)), keyedIn(segment("/m", 0n, 100n)));
    expect(content.references).toEqual([{ path: "/m", relative: false, needed: 150, scope: "shared" }]);
  });

  it("tell a name beside _metadata from the same text as an absolute path", () => {
    const content = stateOf(keyedIn(relativeFile("x", 1n)), keyedIn(file("x", 2n)));
    expect(content.references.map(({ path, relative, needed }) => [path, relative, needed])).toEqual([
      ["x", true, 1],
      ["x", false, 2],
    ]);
  });

  it("keep a path as it is written, wherever it leads", () => {
    expect(stateOf(keyedIn(relativeFile("../../etc/\0passwd", 1n))).references[0]?.path).toBe(
      "../../etc/\0passwd",
    );
  });

  it("ask for nothing but presence where Flink did not know the length", () => {
    expect(stateOf(keyedIn(file("/a", -1n))).references[0]?.needed).toBe(0);
  });

  it("hold no inline state, no empty segment and no directory of merged files", () => {
    const merged = { taskOwned: "/t", shared: "/s", empty: true };
    const content = stateOf(keyedIn(inline(5)), {
      managedOperator: { states: [], merged, stream: { kind: "empty-segment" } },
    });
    expect(content.references).toEqual([]);
    expect(content.inlineBytes).toBe(5);
  });

  it.each<[string, Partial<RawSubtaskState>, readonly string[]]>([
    ["keyed state of its own", keyedIn(file("/a", 1n)), ["exclusive"]],
    [
      "the shared and the private files of an incremental snapshot",
      incrementalOf(
        [{ localPath: "1", stream: file(S3, 1n) }],
        [{ localPath: "2", stream: relativeFile("p", 1n) }],
      ),
      ["shared", "exclusive"],
    ],
    [
      "shared files of a native savepoint, which lie beside _metadata",
      incrementalOf([{ localPath: "1", stream: relativeFile("f", 1n) }]),
      ["shared"],
    ],
    ["a segment that is its own", keyedIn(segment("/m", 0n, 1n, "exclusive")), ["exclusive"]],
    ["a segment that is shared", keyedIn(segment("/m", 0n, 1n, "shared")), ["shared"]],
    [
      "in-flight records",
      {
        inputChannels: [
          {
            kind: "channel",
            subtask: 0,
            channel: [0, 0],
            offsets: [],
            size: 1n,
            stream: relativeFile("c", 1n),
          },
        ],
      },
      ["exclusive"],
    ],
  ])("are exclusive or shared: %s", (_, state, scopes) => {
    expect(stateOf(state).references.map(({ scope }) => scope)).toEqual(scopes);
  });

  it("are shared once any state shares them", () => {
    const shared = incrementalOf([{ localPath: "1", stream: file(S3, 1n) }]);
    const own = keyedIn(file(S3, 1n));
    expect(stateOf(own, shared).references[0]?.scope).toBe("shared");
    expect(stateOf(shared, own).references[0]?.scope).toBe("shared");
  });

  it("know that a file of the log of changes has a byte more than recorded, unless it is compressed", () => {
    const range = { start: 0, count: 128 };
    const log = {
      kind: "changelog-files" as const,
      type: 13 as const,
      range,
      files: [{ offset: 0n, stream: file("/dstl/f", 10n) }],
      size: 10n,
      checkpointedSize: 10n,
      id: "i",
      storage: "filesystem",
    };
    const part = keyedIn(file("/part", 4n)).managedKeyed;
    const content = stateOf({
      managedKeyed: {
        kind: "changelog",
        type: 14,
        range,
        checkpointedSize: 0n,
        materialized: part ? [part] : [],
        increments: [log],
        materializationId: 1n,
        checkpointId: 7n,
        id: "c",
      },
    });
    expect(content.references).toEqual([
      { path: "/part", relative: false, needed: 4, scope: "shared" },
      { path: "/dstl/f", relative: false, needed: 11, scope: "shared", compressible: true },
    ]);
    expect(content.operators[0]?.bytes).toBe(14);
  });
});

describe("the bytes of an operator", () => {
  it.each<[string, readonly Partial<RawSubtaskState>[], number]>([
    ["files by their length", [keyedIn(file("/a", 5n)), keyedIn(file("/b", 6n))], 11],
    ["a file of two subtasks once", [keyedIn(file("/a", 5n)), keyedIn(file("/a", 5n))], 5],
    [
      "segments, not the file they lie in",
      [keyedIn(segment("/m", 90n, 5n)), keyedIn(segment("/m", 0n, 6n))],
      11,
    ],
    ["a segment of two subtasks once", [keyedIn(segment("/m", 0n, 6n)), keyedIn(segment("/m", 0n, 6n))], 6],
    ["bytes inside the file", [keyedIn(inline(5)), keyedIn(inline(5))], 10],
    ["nothing for a length that is not known", [keyedIn(file("/a", -1n))], 0],
  ])("count %s", (_, states, bytes) => {
    expect(stateOf(...states).operators[0]?.bytes).toBe(bytes);
  });

  it("count a file of two operators for both, and a coordinator's bytes", () => {
    const operator = (id: string): RawOperator =>
      anOperator({
        id: id.repeat(32),
        coordinator: { kind: "byte-stream", name: "c", bytes: new Uint8Array(2) },
        subtasks: [aSubtask(0, keyedIn(file("/a", 5n)))],
      });
    const content = contentOf(aSnapshot({ operators: [operator("a"), operator("b")] }));
    expect(content.operators.map(({ bytes }) => bytes)).toEqual([7, 7]);
    expect(content.references).toHaveLength(1);
  });

  it("leave out what hooks of the JobManager keep, which is inline state of no operator", () => {
    const content = contentOf(
      aSnapshot({
        masterStates: [{ version: 1, name: "hook", bytes: new Uint8Array(9) }],
        operators: [anOperator()],
      }),
    );
    expect([content.inlineBytes, content.operators[0]?.bytes]).toEqual([9, 0]);
  });
});

describe("an operator", () => {
  it.each<[string, Partial<RawOperator>, number, boolean]>([
    ["without subtasks carries nothing and is not finished", {}, 0, false],
    ["marked as a whole is finished", { finishedMark: -1 }, 0, true],
    [
      "of which every subtask had finished is finished",
      {
        parallelism: 2,
        subtasks: [
          { index: 0, state: null },
          { index: 1, state: null },
        ],
      },
      0,
      true,
    ],
    [
      "of which one subtask had not is not",
      { parallelism: 2, subtasks: [{ index: 0, state: null }, aSubtask(1, keyedIn(inline(1)))] },
      1,
      false,
    ],
    [
      "counts only subtasks that carry something",
      { subtasks: [aSubtask(0), aSubtask(1, keyedIn(inline(1)))] },
      1,
      false,
    ],
    [
      "counts a subtask with in-flight records only",
      {
        subtasks: [
          aSubtask(0, {
            outputChannels: [
              {
                kind: "merged-channels",
                subtask: 0,
                size: 1n,
                stream: inline(1),
                offsets: new Uint8Array(0),
              },
            ],
          }),
        ],
      },
      1,
      false,
    ],
  ])("%s", (_, operator, subtasks, finished) => {
    const [found] = contentOf(aSnapshot({ operators: [anOperator(operator)] })).operators;
    expect(found).toMatchObject({ subtasks, finished });
  });

  it("has a name and a uid from version 5 on, and null where none was given", () => {
    const named = anOperator({ name: "Window", uid: "win" });
    const of = (version: number, operator: RawOperator) =>
      contentOf(aSnapshot({ version, operators: [operator] })).operators.map(({ name, uid }) => [
        name,
        uid,
      ])[0];
    expect([of(5, named), of(4, named), of(6, anOperator())]).toEqual([
      ["Window", "win"],
      [null, null],
      [null, null],
    ]);
  });
});

it.each([
  [2, true],
  [6, true],
  [7, false],
])("version %i is proven: %s", (version, proven) => {
  expect(contentOf(aSnapshot({ version, operators: [anOperator()] }))).toMatchObject({ version, proven });
});

it("sizes of which the sum cannot be told exactly are refused, not rounded", () => {
  const huge = keyedIn(file("/a", 2n ** 53n - 1n));
  expect(stateOf(huge).operators[0]?.bytes).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => stateOf(huge, keyedIn(file("/b", 1n)))).toThrow("more than 9007199254740991 bytes of state");
  expect(() => stateOf(keyedIn(segment("/m", 2n ** 53n - 1n, 1n)))).toThrow(
    "more than 9007199254740991 bytes",
  );
});

it("a checkpoint id that cannot be told exactly is unsupported", () => {
  const reading = readMetadata(writeMetadata(aSnapshot({ checkpointId: 2n ** 53n })));
  expect(reading).toMatchObject({
    ok: false,
    defect: {
      state: "unsupported",
      offset: 8,
      sentence: "the checkpoint id 9007199254740992 at byte 8 is larger than can be told exactly",
    },
  });
});

it.each([
  ["references", { mostReferences: 1 }, "more than 1 files, the most that are read"],
  ["operators", { mostOperators: 1 }, "more than 1 operators, the most that are read"],
])("no more %s are kept than the limit says", (_, limit, sentence) => {
  const operators = [file("/a", 1n), file("/b", 1n)].map((stream, i) =>
    anOperator({ id: `${i}`.repeat(32), subtasks: [aSubtask(0, keyedIn(stream))] }),
  );
  const limits = { mostBytes: 1e6, mostReferences: 9, mostOperators: 9, ...limit };
  const reading = readMetadata(writeMetadata(aSnapshot({ operators })), limits);
  expect(reading).toMatchObject({ ok: false, defect: { state: "unsupported", sentence } });
});

it.each([
  [
    "a subtask",
    [anOperator({ parallelism: 2, subtasks: [aSubtask(0), aSubtask(0)] })],
    /^the subtask 0 twice/,
  ],
  ["an operator", [anOperator({}), anOperator({})], /^the operator [0-9a-f]{32} twice/],
])("%s that stands there twice is corrupt: Flink would drop the state of one", (_, operators, sentence) => {
  const reading = readMetadata(writeMetadata(aSnapshot({ operators })));
  expect(reading).toMatchObject({
    ok: false,
    defect: { state: "corrupt", sentence: expect.stringMatching(sentence) },
  });
});

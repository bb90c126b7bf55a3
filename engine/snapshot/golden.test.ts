import { expect, it } from "vitest";
import { parseSnapshot, propertiesOf, readMetadata, writeMetadata } from "./index.ts";

/**
 * Files composed by hand from the description of the format, not by this writer: a version 3 with a coordinator named
 * `co\\0ord` and a finished subtask, and a version 6 with incremental state, a segment and merged channels.
 */
const VERSION_3 =
  "4960672d00000003000000000000001100000000000000010a448493b4782967b150582570326227000000020000008001000763" +
  "6fc0806f726400000002cafe00000002000000000000000104000000010011536f75726365526561646572537461746500000000" +
  "01000000000000000006002431313131313131312d323232322d333333332d343434342d35353535353535353535353500000000" +
  "000004d2000000000c00000000000000020000000000000000000000000000004d020000000000001000001573333a2f2f622f63" +
  "2f6a6f622f7368617265642f6600026831000000000000000000fffffffe";
const VERSION_6_BODY =
  "4960672d00000006000000000000002a00000001c96b169600000011000000010004686f6f6b0000000301020300000002000657" +
  "696e646f77000577696e2d3100000000000000010000000000000002000000010000008000000000010000000000000000000000" +
  "000b000000000000002a002431323334353637382d313233342d313233342d313233342d31323334353637383961626300000000" +
  "0000008000000000000003e70600046d657461000000000000003200000001000a3030303031302e737374020000000000000800" +
  "001873333a2f2f622f632f6a6f622f7368617265642f7373743100000001000a4d414e49464553542d340f000000000000006400" +
  "0000000000012c00000000001b73333a2f2f622f632f6a6f622f7461736b6f776e65642f742f6d3100046c662d31000473682d31" +
  "00000000020100000000000000000000000300000001000000000000000800000000000000400600046368616e00000000000002" +
  "00030000000000000000000000400600046368616e00000000000002000000000209090000000000000000000000000000000300" +
  "00000000000004000000010000008000ffffffff";

const version3 = Uint8Array.from(Buffer.from(VERSION_3, "hex"));
const version6 = Uint8Array.of(...Buffer.from(VERSION_6_BODY, "hex"), ...propertiesOf("checkpoint"));

it("reads a version 3 composed by hand", () => {
  expect(readMetadata(version3)).toEqual({
    ok: true,
    content: {
      version: 3,
      checkpointId: 17,
      kind: "unknown",
      format: null,
      operators: [
        {
          id: "0a448493b4782967b150582570326227",
          uid: null,
          name: null,
          parallelism: 2,
          maxParallelism: 128,
          bytes: 2 + 1234 + 4096,
          subtasks: 1,
          finished: false,
        },
      ],
      references: [
        { path: "11111111-2222-3333-4444-555555555555", relative: true, needed: 1234, scope: "exclusive" },
        { path: "s3://b/c/job/shared/f", relative: false, needed: 4096, scope: "exclusive" },
      ],
      inlineBytes: 2,
      metadataBytes: 238,
      proven: true,
    },
  });
});

it("reads a version 6 composed by hand", () => {
  expect(readMetadata(version6)).toEqual({
    ok: true,
    content: {
      version: 6,
      checkpointId: 42,
      kind: "checkpoint",
      format: null,
      operators: [
        {
          id: "00000000000000010000000000000002",
          uid: "win-1",
          name: "Window",
          parallelism: 1,
          maxParallelism: 128,
          bytes: 50 + 2048 + 300 + 512,
          subtasks: 1,
          finished: false,
        },
        {
          id: "00000000000000030000000000000004",
          uid: null,
          name: null,
          parallelism: 1,
          maxParallelism: 128,
          bytes: 0,
          subtasks: 0,
          finished: true,
        },
      ],
      references: [
        { path: "meta", relative: true, needed: 50, scope: "exclusive" },
        { path: "s3://b/c/job/shared/sst1", relative: false, needed: 2048, scope: "shared" },
        { path: "s3://b/c/job/taskowned/t/m1", relative: false, needed: 400, scope: "exclusive" },
        { path: "chan", relative: true, needed: 512, scope: "exclusive" },
      ],
      inlineBytes: 3,
      metadataBytes: 436 + 604,
      proven: true,
    },
  });
});

it("keeps every handle of them", () => {
  const parsed = parseSnapshot(version6);
  expect(parsed).toMatchObject({
    ok: true,
    snapshot: {
      masterStates: [{ version: 1, name: "hook", bytes: Uint8Array.of(1, 2, 3) }],
      operators: [
        {
          subtasks: [
            {
              state: {
                managedKeyed: {
                  kind: "incremental",
                  backendId: "12345678-1234-1234-1234-123456789abc",
                  checkpointedSize: 999n,
                  shared: [{ localPath: "000010.sst" }],
                  private: [{ localPath: "MANIFEST-4", stream: { kind: "segment", logicalFile: "lf-1" } }],
                  id: "sh-1",
                },
                inputChannels: [
                  { kind: "channel", channel: [0, 3], offsets: [8n], size: 64n },
                  { kind: "merged-channels", size: 64n, offsets: Uint8Array.of(9, 9) },
                ],
                outputChannels: [],
              },
            },
          ],
        },
        { finishedMark: -1, subtasks: [] },
      ],
    },
  });
  expect(parseSnapshot(version3)).toMatchObject({
    snapshot: {
      operators: [{ coordinator: { name: "co\0ord" }, subtasks: [{ index: 0 }, { index: 1, state: null }] }],
    },
  });
});

it.each([
  ["version 3", version3],
  ["version 6", version6],
])("gives the same bytes again for %s", (_, bytes) => {
  const parsed = parseSnapshot(bytes);
  expect(parsed.ok && writeMetadata(parsed.snapshot)).toEqual(bytes);
});

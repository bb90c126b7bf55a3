import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  anOperator,
  aSnapshot,
  aSubtask,
  file,
  incrementalOf,
  inline,
  keyedIn,
} from "../../test/support/raw-snapshots.ts";
import { METADATA_FIXTURES } from "../../test/support/real-snapshots.ts";
import { rawSnapshots } from "../../test/support/snapshot-arbitrary.ts";
import {
  createMetadataReader,
  type MetadataReaderOptions,
  readMetadata,
  readMetadataFrom,
  writeMetadata,
} from "./index.ts";

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** So small that reading asks for more again and again; the properties alone take 745 bytes. */
const SMALL: MetadataReaderOptions = { window: 1600, lowWater: 1000 };

describe("a file read piece by piece", () => {
  it.each(METADATA_FIXTURES.map(({ name, bytes }) => [name, bytes] as const))(
    "says the same as %s read at once",
    async (_, bytes) => {
      for (const size of [1, 7, 1024, bytes.length])
        expect(await readMetadataFrom(inPieces(bytes, size), SMALL)).toEqual(readMetadata(bytes));
    },
  );

  it("says the same as one read at once, whatever is in it, whole or cut, with its length known or not", async () => {
    await fc.assert(
      fc.asyncProperty(
        rawSnapshots([2, 3, 4, 5, 6, 7]),
        fc.integer({ min: 1, max: 2000 }),
        fc.option(fc.nat()),
        fc.boolean(),
        async (raw, size, cut, known) => {
          const whole = writeMetadata(raw);
          const bytes = cut === null ? whole : whole.subarray(0, cut % whole.length);
          const options = known ? { ...SMALL, length: bytes.length } : SMALL;
          const [read, expected] = [
            await readMetadataFrom(inPieces(bytes, size), options),
            readMetadata(bytes),
          ];
          if (known || expected.ok) expect(read).toEqual(expected);
          else expect(read).toMatchObject({ ok: false, defect: { state: expected.defect.state } });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("skips what lies inline, wherever it lies, and counts it", async () => {
    const big = inline(300_000);
    const offsets = Array.from({ length: 20_000 }, (_, i) => BigInt(i));
    const bytes = writeMetadata(
      aSnapshot({
        masterStates: [{ version: 1, name: "hook", bytes: new Uint8Array(100_000) }],
        operators: [
          anOperator({
            coordinator: { kind: "byte-stream", name: "c", bytes: new Uint8Array(200_000) },
            subtasks: [
              aSubtask(0, {
                ...keyedIn(big),
                managedOperator: {
                  states: [{ name: "s", mode: "union", offsets }],
                  merged: null,
                  stream: big,
                },
                rawKeyed: {
                  kind: "key-groups",
                  type: 7,
                  keyGroups: { start: 0, count: offsets.length, offsets },
                  stream: {
                    kind: "key-groups-stream",
                    keyGroups: { start: 0, count: offsets.length, offsets },
                    stream: big,
                  },
                  id: "",
                },
                inputChannels: [
                  { kind: "channel", subtask: 0, channel: [0, 1], offsets, size: 1n, stream: big },
                ],
                outputChannels: [
                  {
                    kind: "merged-channels",
                    subtask: 0,
                    size: 1n,
                    stream: big,
                    offsets: new Uint8Array(90_000),
                  },
                ],
              }),
              aSubtask(1, {
                managedKeyed: {
                  kind: "changelog-bytes",
                  range: { start: 0, count: 1 },
                  from: 0n,
                  to: 1n,
                  changes: [{ keyGroup: 0, bytes: new Uint8Array(50_000) }],
                  id: "i",
                },
              }),
              aSubtask(2, keyedIn(file("/end", 1n))),
            ],
          }),
        ],
      }),
    );
    const reading = await readMetadataFrom(inPieces(bytes, 777), SMALL);
    expect(reading).toEqual(readMetadata(bytes));
    expect(reading).toMatchObject({
      ok: true,
      content: { inlineBytes: 100_000 + 200_000 + 5 * 300_000 + 50_000, metadataBytes: bytes.length },
    });
  });

  it("is larger than the window and has texts of the greatest length", async () => {
    const long = `/${"x".repeat(65_534)}`;
    const shared = Array.from({ length: 40 }, (_, i) => ({
      localPath: long,
      stream: file(`${long.slice(0, -2)}${i % 10}`, 1n),
    }));
    const bytes = writeMetadata(
      aSnapshot({
        operators: [anOperator({ name: long, uid: long, subtasks: [aSubtask(0, incrementalOf(shared))] })],
      }),
    );
    expect(await readMetadataFrom(inPieces(bytes, 100_000))).toEqual(readMetadata(bytes));
    expect(readMetadata(bytes)).toMatchObject({ ok: true });
  });

  it("is left alone at the first defect", async () => {
    let taken = 0;
    let closed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          taken += 1;
          yield new Uint8Array(1000);
        }
      } finally {
        closed = true;
      }
    }
    expect(await readMetadataFrom(endless(), SMALL)).toMatchObject({
      ok: false,
      defect: { state: "corrupt", offset: 0 },
    });
    expect([taken <= 2, closed]).toEqual([true, true]);
  });

  it("is unsupported when it is longer than may be read", async () => {
    const bytes = writeMetadata(
      aSnapshot({ operators: [anOperator({ subtasks: [aSubtask(0, keyedIn(inline(5000)))] })] }),
    );
    expect(await readMetadataFrom(inPieces(bytes, 100), { ...SMALL, mostBytes: 3000 })).toEqual({
      ok: false,
      defect: {
        state: "unsupported",
        offset: 3000,
        sentence: "is longer than 3000 bytes, the most that is read",
      },
    });
  });

  it("with a count that its length does not allow is refused at once", async () => {
    const bytes = writeMetadata(aSnapshot({ version: 3 }));
    new DataView(bytes.buffer).setInt32(20, 1_000_000);
    expect(await readMetadataFrom(inPieces(bytes, 8), { ...SMALL, length: bytes.length })).toMatchObject({
      ok: false,
      defect: { offset: 20, sentence: "a count of 1000000 at byte 20, though only 0 bytes remain" },
    });
  });

  it("throws what the stream throws, and nothing else", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Uint8Array.of(0x49, 0x60);
      throw new Error("connection reset");
    }
    await expect(readMetadataFrom(broken())).rejects.toThrow("connection reset");
  });

  it("keeps its answer, however often it is asked", () => {
    const reader = createMetadataReader(SMALL);
    expect(reader.push(new Uint8Array(0))).toBeUndefined();
    const first = reader.end();
    expect(first).toEqual({ ok: false, defect: { state: "corrupt", offset: 0, sentence: "is empty" } });
    expect([reader.push(Uint8Array.of(1)), reader.end()]).toEqual([first, first]);
  });
});

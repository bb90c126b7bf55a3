import { describe, expect, it } from "vitest";
import { METADATA_FIXTURES, type RealSnapshot, realSnapshots } from "../../test/support/real-snapshots.ts";
import { operatorIdOf, parseSnapshot, readMetadata, writeMetadata } from "./index.ts";

const snapshots = realSnapshots();
/** Those committed, and the others that are at hand. */
const files = [
  ...METADATA_FIXTURES,
  ...snapshots.filter(
    ({ bytes }) => !METADATA_FIXTURES.some((fixture) => Buffer.compare(fixture.bytes, bytes) === 0),
  ),
];

describe.each(files.map((file) => [file.name, file.bytes] as const))(
  "_metadata of %s, written by Flink,",
  (_, bytes) => {
    it("is read to the last byte", () => {
      expect(readMetadata(bytes)).toMatchObject({
        ok: true,
        content: { metadataBytes: bytes.length, proven: true },
      });
    });

    it("comes back byte for byte", () => {
      expect(rewritten(bytes)).toEqual(bytes);
    });

    it("is never called good when it is cut, wherever that is", () => {
      const good = Array.from(bytes.keys()).filter((length) => readMetadata(bytes.subarray(0, length)).ok);
      expect(good).toEqual([]);
    });

    it("is corrupt when something follows it", () => {
      expect(readMetadata(Uint8Array.of(...bytes, 0))).toMatchObject({
        ok: false,
        defect: { state: "corrupt" },
      });
    });

    it("may have any bit flipped: the reader answers, and takes nothing that it could not write again", () => {
      const damaged = bytes.slice();
      const empty = new Uint8Array(0);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const mask = 1 << (bit & 7);
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ mask;
        const reading = readMetadata(damaged);
        if (reading.ok && bit % 7 === 0 && Buffer.compare(rewritten(damaged) ?? empty, damaged) !== 0)
          expect.fail(`with bit ${bit} flipped it does not come back as it was`);
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ mask;
      }
      expect(damaged).toEqual(bytes);
    }, 120_000);
  },
);

describe.skipIf(snapshots.length === 0)(
  "a snapshot with its files (none beside the checkout: skipped)",
  () => {
    it.each(snapshots.map((snapshot) => [snapshot.name, snapshot] as const))(
      "%s refers to just them",
      (_, snapshot) => {
        const reading = readMetadata(snapshot.bytes);
        expect(reading.ok).toBe(true);
        if (!reading.ok) return;
        const needed = new Map(
          reading.content.references.map(({ path, relative, needed }) => [
            placeOf(snapshot, path, relative),
            needed,
          ]),
        );
        expect([...needed.keys()].toSorted()).toEqual([...snapshot.files.keys()].toSorted());
        const merged = snapshot.name.includes("file-merging");
        for (const [path, bytes] of needed) {
          expect(bytes).toBeLessThanOrEqual(snapshot.files.get(path) ?? -1);
          // A merged file may go on behind the last segment that this snapshot needs.
          if (!merged) expect({ path, bytes }).toEqual({ path, bytes: snapshot.files.get(path) });
        }
      },
    );
  },
);

function rewritten(bytes: Uint8Array): Uint8Array | undefined {
  const parsed = parseSnapshot(bytes);
  return parsed.ok ? writeMetadata(parsed.snapshot) : undefined;
}

/** Below the root that the recording stands in. */
function placeOf(snapshot: RealSnapshot, path: string, relative: boolean): string {
  return (relative ? `${snapshot.pointer}/${path}` : path).slice(snapshot.root.length);
}

const OPERATORS = [
  ["gen", "6bf01baa9d2ca23a3ef7ce311722523d"],
  ["work", "674df9b0384c0348e0b9d1034a44c46c"],
  ["count", "b71731f1c0df9c3076c4a455334d0ad6"],
  ["drop", "69e0ddb5967fa158203236ac5766dbb1"],
] as const;

it.each(files.map((file) => [file.name, file.bytes] as const))(
  "%s holds the operators of the job",
  (_, bytes) => {
    const reading = readMetadata(bytes);
    const operators = reading.ok ? reading.content.operators : [];
    expect(operators.map(({ id }) => id).toSorted()).toEqual(OPERATORS.map(([, id]) => id).toSorted());
    for (const { parallelism, maxParallelism, finished } of operators)
      expect({ parallelism, maxParallelism, finished }).toEqual({
        parallelism: 2,
        maxParallelism: 16,
        finished: false,
      });
  },
);

it("knows names and uids since version 5, and the id is the hash of the uid", () => {
  const file = files.find(({ name }) => name === "2.3-unaligned");
  const reading = readMetadata(file?.bytes ?? new Uint8Array(0));
  const operators = reading.ok ? reading.content.operators : [];
  expect(new Map(operators.map(({ uid, id }) => [uid, id]))).toEqual(new Map(OPERATORS));
  for (const { uid, id } of operators) expect(operatorIdOf(uid ?? "")).toBe(id);
});

it.each([
  ["1.20-hashmap-full", { version: 4, kind: "checkpoint", format: null, inlineBytes: 16 }],
  ["1.20-changelog", { version: 4, kind: "checkpoint", format: null, inlineBytes: 16 }],
  ["1.20-savepoint-canonical", { version: 4, kind: "savepoint", format: "canonical", inlineBytes: 16 }],
  ["2.3-unaligned", { version: 6, kind: "checkpoint", format: null, inlineBytes: 16 }],
  ["2.3-savepoint-native", { version: 6, kind: "savepoint", format: "native", inlineBytes: 16 }],
])("%s is told for what it is", (name, expected) => {
  const file = files.find((candidate) => candidate.name === name);
  expect(readMetadata(file?.bytes ?? new Uint8Array(0))).toMatchObject({ ok: true, content: expected });
});

it("files in the log of changes are shared, whatever the version", () => {
  const file = files.find(({ name }) => name === "1.20-changelog");
  const reading = readMetadata(file?.bytes ?? new Uint8Array(0));
  const references = reading.ok ? reading.content.references : [];
  expect(
    references.filter(({ scope }) => scope === "shared").map(({ path }) => path.includes("/dstl/")),
  ).toEqual([true, true, true]);
});

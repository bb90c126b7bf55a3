import { describe, expect, it } from "vitest";
import { aSnapshot } from "../../test/support/raw-snapshots.ts";
import { METADATA_FIXTURES } from "../../test/support/real-snapshots.ts";
import { parseSnapshot, propertiesOf, readMetadata, type SnapshotFlavour, writeMetadata } from "./index.ts";

const readWith = (properties: Uint8Array) =>
  readMetadata(writeMetadata(aSnapshot({ version: 4, properties })));
const FLAVOURS: readonly SnapshotFlavour[] = ["checkpoint", "canonical savepoint", "native savepoint"];

/** With the first `find` in it replaced by as many bytes. */
function replaced(bytes: Uint8Array, find: string, replace: string): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf(find, 0, "latin1");
  expect(at).toBeGreaterThanOrEqual(0);
  copy.write(replace, at, "latin1");
  return new Uint8Array(copy);
}

describe("the properties that end a file", () => {
  it.each([
    ["1.20-hashmap-full", "checkpoint"],
    ["1.20-savepoint-canonical", "canonical savepoint"],
    ["2.3-unaligned", "checkpoint"],
    ["2.3-savepoint-native", "native savepoint"],
  ] as const)("are written as Flink wrote those of %s", (name, flavour) => {
    const parsed = parseSnapshot(
      METADATA_FIXTURES.find((file) => file.name === name)?.bytes ?? new Uint8Array(0),
    );
    expect(parsed.ok && parsed.snapshot.properties).toEqual(propertiesOf(flavour));
  });

  it.each([
    ["checkpoint", { kind: "checkpoint", format: null }],
    ["canonical savepoint", { kind: "savepoint", format: "canonical" }],
    ["native savepoint", { kind: "savepoint", format: "native" }],
  ] as const)("tell a %s", (flavour, expected) => {
    expect(readWith(propertiesOf(flavour))).toMatchObject({ ok: true, content: expected });
  });

  it.each(FLAVOURS)("of a %s are never complete when they are cut", (flavour) => {
    const properties = propertiesOf(flavour);
    for (let length = 0; length < properties.length; length++)
      expect(readWith(properties.subarray(0, length))).toMatchObject({
        ok: false,
        defect: { state: "corrupt" },
      });
  });

  it.each<[string, SnapshotFlavour, string, string]>([
    ["another class", "checkpoint", "CheckpointProperties", "CheckpointPropertiez"],
    ["another serialVersionUID", "checkpoint", "\xd6\xde\x4f\x03", "\xd6\xde\x4f\x04"],
    ["another field", "checkpoint", "unclaimed", "unclaimee"],
    ["a type of neither kind", "canonical savepoint", "checkpoint.SavepointType", "checkpoint.SavepointTypo"],
    ["an unknown format", "canonical savepoint", "CANONICAL", "CANONICAM"],
    ["a format that every object has", "canonical savepoint", "CANONICAL", "__proto__"],
    ["an unknown action", "native savepoint", "NONE", "NINE"],
    ["an unknown sharing of files", "checkpoint", "\x10FORWARD_BACKWARD", "\x10FORWARD-BACKWARD"],
    [
      "a class with its own way of writing",
      "checkpoint",
      "Properties\0\0\0\0\0\0\0\x02\x02",
      "Properties\0\0\0\0\0\0\0\x02\x03",
    ],
    ["a field of numbers", "checkpoint", "Z\0\x0ddiscardFailed", "I\0\x0ddiscardFailed"],
    ["an array", "checkpoint", "sr\0\x38org", "ur\0\x38org"],
  ])("of %s are unsupported", (_, flavour, find, replace) => {
    expect(readWith(replaced(propertiesOf(flavour), find, replace))).toMatchObject({
      ok: false,
      defect: { state: "unsupported" },
    });
  });

  it.each<[string, SnapshotFlavour, string, string]>([
    ["without its first bytes", "checkpoint", "\xac\xed\0\x05", "\xac\xee\0\x05"],
    ["with a byte that begins nothing", "checkpoint", "sr\0\x38org", "\x30r\0\x38org"],
    ["with a truth value of 9", "checkpoint", "xp\0\0\x01\x01", "xp\0\0\x01\x09"],
    ["with a reference to nothing", "canonical savepoint", "q\0~\0\x09", "q\0~\0\x99"],
    ["with a reference to a text for a class", "canonical savepoint", "q\0~\0\x09", "q\0~\0\x02"],
    ["with a block that does not end", "checkpoint", "SnapshotType;xp", "SnapshotType;pp"],
    ["with a signature that is none", "checkpoint", "t\0\x12Ljava", "p\0\x12Ljava"],
  ])("%s are corrupt", (_, flavour, find, replace) => {
    expect(readWith(replaced(propertiesOf(flavour), find, replace))).toMatchObject({
      ok: false,
      defect: { state: "corrupt" },
    });
  });

  it("nested without end are corrupt, as are those that go on for long", () => {
    const [magic, object] = [Buffer.from("aced0005", "hex"), Buffer.from("7372", "hex")];
    const field = Buffer.from("0001610000000000000000020001" + "4c000162", "hex");
    const deep = Buffer.concat([magic, ...Array.from({ length: 40 }, () => Buffer.concat([object, field]))]);
    expect(readWith(new Uint8Array(deep))).toMatchObject({ ok: false, defect: { state: "corrupt" } });
    const fields = Buffer.concat(Array.from({ length: 60_000 }, () => Buffer.from("5a000161", "hex")));
    const long = Buffer.concat([
      magic,
      object,
      Buffer.from("0001610000000000000000" + "02ea60", "hex"),
      fields,
    ]);
    expect(readWith(new Uint8Array(long))).toMatchObject({
      ok: false,
      defect: { state: "corrupt", sentence: "properties longer than 65536 bytes" },
    });
  });

  it("whose classes are their own parents, or have thousands of them, are corrupt", () => {
    const empty = (name: string, parent: string): Buffer =>
      Buffer.from(`720001${name}${"0".repeat(16)}02000078${parent}`, "hex");
    const numbered = (n: number): string => `71${(0x7e0000 + n).toString(16).padStart(8, "0")}`;
    const magic = Buffer.from("aced0005", "hex");
    const own = Buffer.concat([magic, Buffer.from("73", "hex"), empty("61", numbered(0))]);
    expect(readWith(new Uint8Array(own))).toMatchObject({
      ok: false,
      defect: { state: "corrupt", sentence: expect.stringMatching(/^no class is described at byte \d+$/) },
    });
    const holder = Buffer.from(`7372000161${"0".repeat(16)}020bb8`, "hex");
    const fields = Buffer.concat(
      Array.from({ length: 3000 }, (_, i) =>
        Buffer.from(`4c000161${i === 0 ? "74000161" : numbered(1)}`, "hex"),
      ),
    );
    // Class i has the number 3 + 2 i, its object the next; its parent is the class before it.
    const chain = Array.from({ length: 3000 }, (_, i) =>
      Buffer.concat([Buffer.from("73", "hex"), empty("62", i === 0 ? "70" : numbered(1 + 2 * i))]),
    );
    const long = Buffer.concat([magic, holder, fields, Buffer.from("7870", "hex"), ...chain]);
    expect(readWith(new Uint8Array(long))).toMatchObject({
      ok: false,
      defect: {
        state: "corrupt",
        sentence: expect.stringContaining("a class of more than 16 parents at byte"),
      },
    });
  });

  it("may have any bit flipped without an exception", () => {
    for (const flavour of FLAVOURS) {
      const properties = propertiesOf(flavour);
      for (let bit = 0; bit < properties.length * 8; bit++) {
        const damaged = properties.slice();
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        readWith(damaged);
      }
    }
  }, 60_000);
});

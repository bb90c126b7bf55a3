import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { METADATA_FIXTURES } from "../../test/support/real-snapshots.ts";
import { rawSnapshots } from "../../test/support/snapshot-arbitrary.ts";
import { parseSnapshot, readMetadata, writeMetadata } from "./index.ts";

const VERSIONS = [2, 3, 4, 5, 6, 7];
/** The deep runs are `npm run fuzz:snapshots`; these keep what they found. */
const RUNS = { numRuns: 250 };
const PATIENCE = 60_000;
const files = METADATA_FIXTURES.map(({ bytes }) => bytes);

/** What must hold of any bytes: no exception, and what is taken can be written again, byte for byte. */
function check(bytes: Uint8Array): void {
  const reading = readMetadata(bytes);
  const parsed = parseSnapshot(bytes);
  if (reading.ok && !parsed.ok) expect(parsed.defect).toBeUndefined();
  if (parsed.ok) expect(writeMetadata(parsed.snapshot)).toEqual(bytes);
  if (reading.ok) expect(reading.content.metadataBytes).toBe(bytes.length);
  else expect(reading.defect.sentence).toMatch(/^\S.*\S$/s);
}

const realFile = fc.constantFrom(...files);
const generated = rawSnapshots(VERSIONS).map(writeMetadata);
const good = fc.oneof(realFile, generated);

describe("whatever the bytes are", () => {
  it(
    "a snapshot comes back as it was written",
    () => {
      fc.assert(
        fc.property(rawSnapshots(VERSIONS), (raw) => {
          expect(parseSnapshot(writeMetadata(raw))).toEqual({ ok: true, snapshot: raw });
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    "a snapshot is read",
    () => {
      fc.assert(
        fc.property(generated, (bytes) => {
          expect(readMetadata(bytes)).toMatchObject({ ok: true });
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    "noise, with and without the head of a file, is answered",
    () => {
      const noise = fc.uint8Array({ maxLength: 300 });
      const headed = fc
        .tuple(fc.constantFrom(...VERSIONS), noise)
        .map(([version, rest]) => Uint8Array.of(0x49, 0x60, 0x67, 0x2d, 0, 0, 0, version, ...rest));
      fc.assert(fc.property(fc.oneof(noise, headed), check), { numRuns: 2000 });
    },
    PATIENCE,
  );

  it(
    "a cut file is never good",
    () => {
      fc.assert(
        fc.property(good, fc.nat(), (bytes, cut) => {
          expect(readMetadata(bytes.subarray(0, cut % bytes.length))).toMatchObject({ ok: false });
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    "a file with other bytes in it is answered",
    () => {
      const change = fc.tuple(
        fc.nat(),
        fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 15, 16, 17, 0x7f, 0x80, 0xff)),
      );
      fc.assert(
        fc.property(good, fc.array(change, { minLength: 1, maxLength: 4 }), (bytes, changes) => {
          const damaged = bytes.slice();
          for (const [at, value] of changes) damaged[at % bytes.length] = value;
          check(damaged);
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    "pieces of two files in one are answered",
    () => {
      fc.assert(
        fc.property(good, fc.nat(), good, fc.nat(), (first, end, second, start) => {
          const head = first.subarray(0, end % first.length);
          check(Uint8Array.of(...head, ...second.subarray(start % second.length)));
        }),
        RUNS,
      );
    },
    PATIENCE,
  );
});

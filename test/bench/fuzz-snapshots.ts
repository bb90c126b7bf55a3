import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { isDeepStrictEqual, parseArgs } from "node:util";
import fc from "fast-check";
import {
  createMetadataReader,
  parseSnapshot,
  readMetadata,
  writeMetadata,
} from "../../engine/snapshot/index.ts";
import { aSnapshot } from "../support/raw-snapshots.ts";
import { METADATA_FIXTURES, realSnapshots } from "../support/real-snapshots.ts";
import { rawSnapshots } from "../support/snapshot-arbitrary.ts";

/**
 * Feeds damaged `_metadata` files to the reader, for as long as asked: real ones and generated ones, with bits flipped,
 * bytes and counts replaced, pieces cut out, doubled and taken from another file. Whatever comes in, the reader must answer
 * and not throw, at once and piece by piece alike, and what it takes must come back byte for byte from the writer.
 * A file that breaks this is saved as hex and ends the run.
 *
 *     npm run fuzz:snapshots -- --inputs 1000000 --seed 1
 */
const { values } = parseArgs({
  options: { inputs: { type: "string", default: "1000000" }, seed: { type: "string", default: "1" } },
});
const inputs = Number(values.inputs);
let state = Number(values.seed) >>> 0;

/** Mulberry32: the same seed, the same files. A number from 0 to `below` - 1. */
function dice(below: number): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
}

function goodFiles(): readonly Uint8Array[] {
  const real = [...METADATA_FIXTURES, ...realSnapshots()].map(({ bytes }) => bytes);
  const raw = fc.sample(rawSnapshots([2, 3, 4, 5, 6, 7]), { numRuns: 2000, seed: Number(values.seed) });
  const generated = raw.map(writeMetadata);
  // Half of what is damaged is real.
  return [...generated, ...Array.from(generated, (_, i) => real[i % real.length] ?? new Uint8Array(0))];
}

const TELLING = [0, 1, 2, 3, 5, 7, 9, 11, 12, 14, 15, 16, 17, 0x70, 0x71, 0x7f, 0x80, 0xff];
const INTS = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 65_536];

type Damage = (bytes: Uint8Array, other: Uint8Array) => Uint8Array;
const join = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

const DAMAGES: readonly Damage[] = [
  (bytes) => {
    const at = dice(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << dice(8));
    return bytes;
  },
  (bytes) => {
    bytes[dice(bytes.length)] = TELLING[dice(TELLING.length)] ?? 0;
    return bytes;
  },
  (bytes) => {
    if (bytes.length < 4) return bytes;
    const at = dice(bytes.length - 3);
    new DataView(bytes.buffer, bytes.byteOffset).setInt32(at, INTS[dice(INTS.length)] ?? 0);
    return bytes;
  },
  (bytes) => bytes.slice(0, dice(bytes.length)),
  (bytes) => {
    const at = dice(bytes.length);
    return join(bytes.subarray(0, at), bytes.subarray(at + 1 + dice(16)));
  },
  (bytes) => {
    const [at, from] = [dice(bytes.length), dice(bytes.length)];
    return join(bytes.subarray(0, at), bytes.subarray(from, from + dice(64)), bytes.subarray(at));
  },
  (bytes, other) => join(bytes.subarray(0, dice(bytes.length)), other.subarray(dice(other.length))),
];

function damaged(files: readonly Uint8Array[]): Uint8Array {
  const pick = (): Uint8Array => files[dice(files.length)] ?? new Uint8Array(0);
  let bytes: Uint8Array = pick().slice();
  for (let times = 1 + dice(3); times > 0 && bytes.length > 0; times--)
    bytes = DAMAGES[dice(DAMAGES.length)]?.(bytes, pick()) ?? bytes;
  return bytes;
}

/** What came out, in a word; throws when something does not hold. */
function outcomeOf(bytes: Uint8Array, pieces: boolean): string {
  const reading = readMetadata(bytes);
  if (pieces) checkPieces(bytes);
  if (!reading.ok) return reading.defect.state;
  const parsed = parseSnapshot(bytes);
  if (!parsed.ok) throw new Error(`taken by the one, refused by the other: ${parsed.defect.sentence}`);
  if (Buffer.compare(writeMetadata(parsed.snapshot), bytes) !== 0) throw new Error("written anew it differs");
  return "good";
}

const PADDING = writeMetadata(
  aSnapshot({ version: 3, masterStates: [{ version: 1, name: "padding", bytes: new Uint8Array(250_000) }] }),
).subarray(20, -4);

/**
 * Behind a hook's state that is larger than the window, so that all that follows is read from a later one. The window is
 * the smallest that holds every group of fields: two texts of 64 KiB.
 */
function checkPieces(bytes: Uint8Array): void {
  if (bytes.length < 20) return;
  const padded = join(bytes.subarray(0, 20), PADDING, bytes.subarray(20));
  const view = new DataView(padded.buffer);
  view.setInt32(16, view.getInt32(16) + 1);
  const reader = createMetadataReader({ window: 200_000, lowWater: 150_000, length: padded.length });
  for (let at = 0; at < padded.length; at += 60_000) reader.push(padded.subarray(at, at + 60_000));
  if (!isDeepStrictEqual(reader.end(), readMetadata(padded))) throw new Error("read in pieces it is another");
}

const files = goodFiles();
const counts: Record<string, number> = { good: 0, corrupt: 0, unsupported: 0 };
const started = performance.now();
let heap = 0;
for (let i = 1; i <= inputs; i++) {
  const bytes = damaged(files);
  try {
    const outcome = outcomeOf(bytes, i % 64 === 0);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  } catch (error) {
    const file = `fuzz-${createHash("sha256").update(bytes).digest("hex").slice(0, 12)}.hex`;
    writeFileSync(file, Buffer.from(bytes).toString("hex"));
    process.stdout.write(`input ${i} of seed ${values.seed} fails, saved as ${file}: ${String(error)}\n`);
    process.exit(1);
  }
  if (i % 10_000 === 0) heap = Math.max(heap, process.memoryUsage().heapUsed);
  if (i % 1_000_000 === 0 || i === inputs) report(i);
}

function report(done: number): void {
  const perSecond = Math.round((done / (performance.now() - started)) * 1000);
  const megabytes = Math.round(heap / 1e6);
  process.stdout.write(
    `${done} inputs, ${perSecond} a second, heap at most ${megabytes} MB: ${JSON.stringify(counts)}\n`,
  );
}

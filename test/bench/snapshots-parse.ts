import { readMetadata, readMetadataFrom, writeMetadata } from "../../engine/snapshot/index.ts";
import { medianOf } from "./fidelity-snapshots.ts";
import { madeSnapshot } from "./snapshots-made.ts";

/** How fast one `_metadata` file is parsed. */
export interface ParseRow {
  readonly references: number;
  readonly bytes: number;
  /** Megabytes per second when the file is there as a whole, and when it comes in chunks of 64 KiB. */
  readonly wholeMbPerS: number;
  readonly streamedMbPerS: number;
}

const CHUNK = 64 * 1024;
const RUNS = 7;
/** A run repeats the parse for at least so long. */
const RUN_MS = 300;

/** Parses a made file with so many references, again and again. */
export async function parseRow(references: number): Promise<ParseRow> {
  const files = Array.from({ length: references }, (_, i) => ({
    path: `s3://bucket/flink/checkpoints/7c9e6679f1a94b6c8d3e2f1a0b5c4d3e/shared/${uuidOf(i)}`,
    bytes: 4_000_000 + i,
  }));
  const bytes = writeMetadata(madeSnapshot(1, files, Math.min(128, references)));
  const whole: number[] = [];
  const streamed: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    whole.push(await speedOf(bytes, () => readMetadata(bytes)));
    streamed.push(await speedOf(bytes, () => readMetadataFrom(inChunks(bytes))));
  }
  return {
    references,
    bytes: bytes.length,
    wholeMbPerS: medianOf(whole) ?? Number.NaN,
    streamedMbPerS: medianOf(streamed) ?? Number.NaN,
  };
}

type Reading = ReturnType<typeof readMetadata>;

async function speedOf(bytes: Uint8Array, parse: () => Reading | Promise<Reading>): Promise<number> {
  const started = performance.now();
  let parsed = 0;
  let tookMs = 0;
  do {
    const reading = await parse();
    if (!reading.ok) throw new Error(`the made file is not read: ${reading.defect.sentence}`);
    parsed += bytes.length;
    tookMs = performance.now() - started;
  } while (tookMs < RUN_MS);
  return parsed / 1e6 / (tookMs / 1_000);
}

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

/** A name as Flink gives files: different for each number, in no order. */
export function uuidOf(i: number): string {
  const hex = (
    (Math.imul(i, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0") + i.toString(16).padStart(8, "0")
  ).padEnd(32, "0123456789abcdef");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

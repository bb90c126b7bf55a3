import type { SnapshotReading } from "../../model/index.ts";
import { Ledger } from "./content.ts";
import { Cursor } from "./cursor.ts";
import { corrupt, orDefect, unsupported } from "./defect.ts";
import { readSnapshot, type WholeSnapshot } from "./read-snapshot.ts";
import { contentOf, METADATA_LIMITS, type MetadataLimits } from "./reader.ts";
import type { Reading } from "./walk.ts";

/** More than the longest group of fields that is read in one go: four texts of 64 KiB. */
const LOW_WATER = 320 * 1024;
const WINDOW = 1024 * 1024;

export interface MetadataReaderOptions extends Partial<MetadataLimits> {
  /** Bytes of the whole file, if they are known for certain: counts beyond it are seen at once, not at the end. */
  readonly length?: number;
  /** For tests: bytes held at once, and when they are low. */
  readonly window?: number;
  readonly lowWater?: number;
}

/** Reads a `_metadata` file piece by piece. It holds one window of it and what it has found, nothing else. */
export interface MetadataReader {
  /** Takes the next bytes. The reading, as soon as nothing further can change it; then no more bytes are needed. */
  push(chunk: Uint8Array): SnapshotReading | undefined;
  /** The file has ended. */
  end(): SnapshotReading;
}

export function createMetadataReader(options: MetadataReaderOptions = {}): MetadataReader {
  return new WindowReader(options);
}

/**
 * Reads a `_metadata` file from a stream. Stops reading at the first defect. Throws only what the stream throws.
 */
export async function readMetadataFrom(
  chunks: AsyncIterable<Uint8Array>,
  options: MetadataReaderOptions = {},
): Promise<SnapshotReading> {
  const reader = createMetadataReader(options);
  for await (const chunk of chunks) {
    const reading = reader.push(chunk);
    if (reading !== undefined) return reading;
  }
  return reader.end();
}

class WindowReader implements MetadataReader {
  readonly #limits: MetadataLimits;
  readonly #cursor: Cursor;
  readonly #ledger: Ledger;
  readonly #walk: Reading<WholeSnapshot>;
  readonly #window: Uint8Array;
  /** Bytes of the window that hold something, and where in the file they begin. */
  #filled = 0;
  #base = 0;
  #reading: SnapshotReading | undefined;

  constructor(options: MetadataReaderOptions) {
    this.#limits = { ...METADATA_LIMITS, ...options };
    this.#window = new Uint8Array(options.window ?? WINDOW);
    this.#cursor = new Cursor(options.length ?? null, options.lowWater ?? LOW_WATER);
    this.#ledger = new Ledger(this.#limits);
    this.#walk = readSnapshot({ cursor: this.#cursor, keep: false, findings: this.#ledger });
  }

  push(chunk: Uint8Array): SnapshotReading | undefined {
    let rest = chunk;
    while (this.#reading === undefined && rest.byteLength > 0) {
      rest = rest.subarray(this.#take(rest));
      if (this.#filled === this.#window.byteLength) this.#advance(false);
    }
    return this.#reading;
  }

  end(): SnapshotReading {
    if (this.#reading === undefined) this.#advance(true);
    return this.#reading ?? { ok: false, defect: corrupt(this.#base, "ends before it is whole").defect };
  }

  /** Puts bytes into the window, or drops them where the walk has skipped them. How many of `chunk` that were. */
  #take(chunk: Uint8Array): number {
    if (this.#filled === 0) {
      const skipped = Math.min(chunk.byteLength, this.#cursor.offset - this.#base);
      this.#base += skipped;
      if (skipped > 0) return this.#checked(skipped);
    }
    const taken = chunk.subarray(0, this.#window.byteLength - this.#filled);
    this.#window.set(taken, this.#filled);
    this.#filled += taken.byteLength;
    return this.#checked(taken.byteLength);
  }

  #checked(taken: number): number {
    const read = this.#base + this.#filled;
    const { mostBytes } = this.#limits;
    if (read > mostBytes) {
      const { defect } = unsupported(mostBytes, `is longer than ${mostBytes} bytes, the most that is read`);
      this.#reading = { ok: false, defect };
    }
    return taken;
  }

  /** Walks on as far as the window goes, and makes room in it. */
  #advance(ended: boolean): void {
    this.#cursor.show(this.#window.subarray(0, this.#filled), this.#base, ended);
    const reading = orDefect(() => this.#step());
    if (reading !== undefined) this.#reading = reading;
    const used = Math.min(this.#filled, this.#cursor.offset - this.#base);
    this.#window.copyWithin(0, used, this.#filled);
    this.#filled -= used;
    this.#base += used;
  }

  #step(): SnapshotReading | undefined {
    const step = this.#walk.next();
    return step.done === true ? contentOf(step.value, this.#ledger) : undefined;
  }
}

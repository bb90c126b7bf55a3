import { corrupt, type Defective } from "./defect.ts";
import { decodeJavaText } from "./java-text.ts";

/**
 * A place in a `_metadata` file of which only a window lies in memory. Everything is big-endian. The grammar reads
 * fixed fields and texts without asking, and calls `low` before each group of them: while it is true, more bytes must
 * be fed first. `skip` may leave the window, so that skipped bytes need never be held.
 */
export class Cursor {
  #bytes: Uint8Array = new Uint8Array(0);
  #text: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Next byte, in the window; beyond its end after a long skip. */
  #at = 0;
  /** Of the window's first byte in the file. */
  #base = 0;
  #ended = false;
  #length: number | null;
  readonly #lowWater: number;

  /** `length`: of the whole file in bytes if it is known. `lowWater`: fewer bytes than this in the window are low. */
  constructor(length: number | null, lowWater: number) {
    this.#length = length;
    this.#lowWater = lowWater;
  }

  /** Shows a new window that begins at byte `base` of the file, at or before the next byte. */
  show(window: Uint8Array, base: number, ended: boolean): void {
    this.#at = this.offset - base;
    this.#bytes = window;
    this.#text = Buffer.from(window.buffer, window.byteOffset, window.byteLength);
    this.#view = new DataView(window.buffer, window.byteOffset, window.byteLength);
    this.#base = base;
    this.#ended = ended;
    if (ended) this.#length = base + window.byteLength;
  }

  /** Of the next byte in the file. */
  get offset(): number {
    return this.#base + this.#at;
  }

  /** True while the next group of fields might reach beyond the window although the file goes on. */
  get low(): boolean {
    return !this.#ended && this.#bytes.byteLength - this.#at < this.#lowWater;
  }

  /** Whether every byte has been read, or more. Meaningful when not `low`. */
  get atEnd(): boolean {
    return this.#ended && this.#at >= this.#bytes.byteLength;
  }

  /** Bytes that are left; infinite where the length is not known. */
  get remaining(): number {
    return this.#length === null ? Number.POSITIVE_INFINITY : Math.max(0, this.#length - this.offset);
  }

  byte(): number {
    const at = this.#take(1);
    return this.#view.getUint8(at);
  }

  /** The next byte without taking it. */
  peek(): number {
    const next = this.byte();
    this.#at -= 1;
    return next;
  }

  int(): number {
    return this.#view.getInt32(this.#take(4));
  }

  long(): bigint {
    return this.#view.getBigInt64(this.#take(8));
  }

  /** A count of things that take at least `each` bytes: checked before anybody counts to it. */
  count(each: number): number {
    const offset = this.offset;
    const count = this.int();
    if (count < 0) throw corrupt(offset, `a count of ${count} at byte ${offset}, below zero`);
    if (count * each > this.remaining) throw this.#tooMany(count, offset);
    return count;
  }

  text(): string {
    const offset = this.offset;
    const length = this.#view.getUint16(this.#take(2));
    const start = this.#take(length);
    const end = start + length;
    let bits = 0;
    let least = 0xff;
    for (let i = start; i < end; i++) {
      const byte = this.#bytes[i] ?? 0;
      bits |= byte;
      if (byte < least) least = byte;
    }
    if (bits < 0x80 && least > 0) return this.#text.toString("latin1", start, end);
    const text = decodeJavaText(this.#bytes, start, end);
    if (text === undefined)
      throw corrupt(offset, `the text at byte ${offset} is not in Java's modified UTF-8`);
    return text;
  }

  /** A copy of the next bytes, all of which must be in the window. */
  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.slice(start, start + length);
  }

  /** Goes on `length` bytes further, whether they are in the window or not. */
  skip(length: number): void {
    if (length > this.remaining) throw this.#cut(length);
    this.#at += length;
  }

  /** A copy of the bytes from byte `offset` of the file, which is in the window, up to the next one. */
  since(offset: number): Uint8Array {
    return this.#bytes.slice(offset - this.#base, this.#at);
  }

  /** Requires that the file ends here; `what`: what has ended. Only when not `low`. */
  expectEnd(what: string): void {
    const { offset } = this;
    if (!this.atEnd) throw corrupt(offset, `goes on at byte ${offset}, where ${what} ends`);
    if (this.#at > this.#bytes.byteLength) throw this.#cut(0);
  }

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.byteLength) throw this.#cut(length);
    this.#at = at + length;
    return at;
  }

  #cut(length: number): Defective {
    const { offset } = this;
    const end = this.#length;
    if (end === null || (!this.#ended && offset + length <= end))
      throw new Error(`${length} bytes at byte ${offset} were read that had not been asked for`);
    if (offset > end)
      return corrupt(end, `ends at byte ${end}, within something that goes on to byte ${offset}`);
    return corrupt(offset, `ends at byte ${end}, though ${length} bytes are to follow at byte ${offset}`);
  }

  #tooMany(count: number, offset: number): Defective {
    return corrupt(
      offset,
      `a count of ${count} at byte ${offset}, though only ${this.remaining} bytes remain`,
    );
  }
}

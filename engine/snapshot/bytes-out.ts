import { Failure } from "../../model/index.ts";
import { encodeJavaText, MOST_TEXT_BYTES } from "./java-text.ts";

/** Big-endian bytes that grow while they are written. */
export class BytesOut {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  byte(value: number): void {
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
  }

  short(value: number): void {
    const at = this.#grow(2);
    this.#view.setUint16(at, value);
  }

  int(value: number): void {
    const at = this.#grow(4);
    this.#view.setInt32(at, value);
  }

  long(value: bigint): void {
    const at = this.#grow(8);
    this.#view.setBigInt64(at, value);
  }

  bytes(value: Uint8Array): void {
    const at = this.#grow(value.byteLength);
    this.#bytes.set(value, at);
  }

  /** Text in Java's modified UTF-8. Throws `bad-request` when it is longer than the format can say. */
  text(value: string): void {
    const encoded = encodeJavaText(value);
    if (encoded.byteLength > MOST_TEXT_BYTES)
      throw new Failure(
        "bad-request",
        `cannot write a text into _metadata: ${value.slice(0, 40)}…; got ${encoded.byteLength} bytes; expected at most ${MOST_TEXT_BYTES}`,
      );
    this.short(encoded.byteLength);
    this.bytes(encoded);
  }

  list<T>(items: readonly T[], write: (item: T) => void): void {
    this.int(items.length);
    for (const item of items) write(item);
  }

  /** What has been written, as a copy. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** Where the next `by` bytes go. Call it first: it may put another buffer in place. */
  #grow(by: number): number {
    const at = this.#length;
    this.#length += by;
    if (this.#length <= this.#bytes.byteLength) return at;
    const larger = new Uint8Array(Math.max(this.#length, this.#bytes.byteLength * 2));
    larger.set(this.#bytes.subarray(0, at));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
    return at;
  }
}

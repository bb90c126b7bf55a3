/**
 * The text encoding of Java's `DataOutput.writeUTF`, called modified UTF-8: U+0000 is C0 80, characters beyond the
 * BMP are two surrogates of three bytes each, and there is no form of four bytes.
 */

/** Longest encoded text: its length has 16 bits. */
export const MOST_TEXT_BYTES = 0xffff;

const PIECE = 4096;

/**
 * Decodes `bytes` from `start` to `end`. `undefined`: these bytes are none that Java writes (a cut or stray sequence, a
 * zero byte, a longer form than needed), so that what is decoded encodes to the same bytes again.
 */
export function decodeJavaText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const units: number[] = [];
  let text = "";
  let at = start;
  while (at < end) {
    const first = bytes[at] ?? 0;
    const length = lengthOf(first);
    if (length === 0 || at + length > end) return undefined;
    const unit = unitAt(bytes, at, first, length);
    if (unit === undefined) return undefined;
    units.push(unit);
    at += length;
    if (units.length === PIECE) text += String.fromCharCode(...units.splice(0));
  }
  return text + String.fromCharCode(...units);
}

/** Bytes of a sequence by its first byte; 0 for a byte that begins none. */
function lengthOf(first: number): number {
  if (first === 0) return 0;
  if (first < 0x80) return 1;
  if (first >= 0xc0 && first < 0xe0) return 2;
  return first >= 0xe0 && first < 0xf0 ? 3 : 0;
}

function unitAt(bytes: Uint8Array, at: number, first: number, length: number): number | undefined {
  if (length === 1) return first;
  const second = bytes[at + 1] ?? 0;
  if ((second & 0xc0) !== 0x80) return undefined;
  if (length === 2) {
    const unit = ((first & 0x1f) << 6) | (second & 0x3f);
    return unit === 0 || unit >= 0x80 ? unit : undefined;
  }
  const third = bytes[at + 2] ?? 0;
  if ((third & 0xc0) !== 0x80) return undefined;
  const unit = ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
  return unit >= 0x800 ? unit : undefined;
}

/** Encodes a text; the length is not part of it. Lone surrogates pass as they are, as in Java. */
export function encodeJavaText(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0 && unit < 0x80) bytes.push(unit);
    else if (unit < 0x800) bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f));
    else bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
  }
  return Uint8Array.from(bytes);
}

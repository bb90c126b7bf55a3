/**
 * The id that Flink gives an operator whose uid was set: MurmurHash3 (x64, 128 bits, seed 0) of the uid in UTF-8, as 32
 * hex digits in the order of its bytes.
 */
export function operatorIdOf(uid: string): string {
  const bytes = new TextEncoder().encode(uid);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [h1, h2] = [0n, 0n];
  const whole = bytes.length - (bytes.length % 16);
  for (let at = 0; at < whole; at += 16) {
    h1 ^= mixFirst(view.getBigUint64(at, true));
    h1 = word(word(rotate(h1, 27n) + h2) * 5n + 0x52dce729n);
    h2 ^= mixSecond(view.getBigUint64(at + 8, true));
    h2 = word(word(rotate(h2, 31n) + h1) * 5n + 0x38495ab5n);
  }
  h2 ^= mixSecond(littleEndian(bytes.subarray(whole + 8)));
  h1 ^= mixFirst(littleEndian(bytes.subarray(whole, whole + 8)));
  const length = BigInt(bytes.length);
  h1 = word((h1 ^ length) + (h2 ^ length));
  h2 = word((h2 ^ length) + h1);
  h1 = finish(h1);
  h2 = finish(h2);
  h1 = word(h1 + h2);
  h2 = word(h2 + h1);
  return swapped(h1) + swapped(h2);
}

const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;

const word = (x: bigint): bigint => BigInt.asUintN(64, x);
const rotate = (x: bigint, by: bigint): bigint => word(x << by) | (x >> (64n - by));
const mixFirst = (k: bigint): bigint => word(rotate(word(k * C1), 31n) * C2);
const mixSecond = (k: bigint): bigint => word(rotate(word(k * C2), 33n) * C1);

function finish(h: bigint): bigint {
  const a = word((h ^ (h >> 33n)) * 0xff51afd7ed558ccdn);
  const b = word((a ^ (a >> 33n)) * 0xc4ceb9fe1a85ec53n);
  return b ^ (b >> 33n);
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  return value;
}

function swapped(h: bigint): string {
  const digits = h.toString(16).padStart(16, "0");
  return (digits.match(/../g) ?? []).toReversed().join("");
}

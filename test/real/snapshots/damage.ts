/** A number below `limit`, the next of a fixed row: the same damage in every run. */
export type Chance = (limit: number) => number;

/** A row of chances that depends on the seed only (xorshift, 32 bits). */
export function chances(seed: number): Chance {
  let state = seed | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** Copies of the bytes that end too early: at `count` places, spread evenly. */
export function cuts(bytes: Uint8Array, count: number): readonly Uint8Array[] {
  const step = Math.max(1, Math.floor(bytes.length / count));
  const ends = Array.from({ length: count }, (_, i) => i * step).filter((end) => end < bytes.length);
  return ends.map((end) => bytes.subarray(0, end));
}

/** Copies of the bytes with one bit turned round. */
export function flips(bytes: Uint8Array, count: number, chance: Chance): readonly Uint8Array[] {
  return Array.from({ length: count }, () => {
    const copy = bytes.slice();
    const bit = chance(bytes.length * 8);
    copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return copy;
  });
}

/** The bytes and more after them. */
export function lengthened(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.alloc(3, 7)]);
}

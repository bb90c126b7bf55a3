import { describe, expect, it } from "vitest";
import type { OutriderEvent } from "../../../model/index.ts";
import { readNewest, readOlder } from "./newest.ts";

/** A server that holds events with these numbers, and counts how often it is asked. */
function serverOf(numbers: readonly number[]) {
  const state = { asked: 0 };
  const read = (after: number, limit: number) => {
    state.asked += 1;
    const items = numbers.filter((n) => n > after).slice(0, limit);
    return Promise.resolve({ items: items.map((seq) => ({ seq }) as OutriderEvent) });
  };
  return { read, state };
}
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe("the newest events", () => {
  it.each([
    ["none", [], 5],
    ["one", [1], 5],
    ["fewer than asked for", range(1, 4), 5],
    ["just as many", range(1, 5), 5],
    ["many", range(1, 12_345), 100],
    ["many after a pruning", range(90_001, 91_234), 100],
  ])("of %s", async (_name, numbers, count) => {
    const { read } = serverOf(numbers);
    const newest = await readNewest(read, count);
    expect(newest.map((e) => e.seq)).toEqual(numbers.slice(-count).reverse());
  });

  it("among a hundred thousand are found in few reads", async () => {
    const { read, state } = serverOf(range(1, 100_000));
    await readNewest(read, 100);
    expect(state.asked).toBeLessThan(30);
  });
});

describe("older events", () => {
  it("go on before the oldest shown", async () => {
    const { read } = serverOf(range(1, 50));
    const older = await readOlder(read, { seq: 21 } as OutriderEvent, 5);
    expect(older.map((e) => e.seq)).toEqual([20, 19, 18, 17, 16]);
  });

  it("end at the first", async () => {
    const { read } = serverOf(range(1, 50));
    expect((await readOlder(read, { seq: 3 } as OutriderEvent, 5)).map((e) => e.seq)).toEqual([2, 1]);
    expect(await readOlder(read, { seq: 1 } as OutriderEvent, 5)).toEqual([]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { halving } from "./halving.ts";

describe("halving", () => {
  it("finds the smallest number that reaches what is wanted, however often and in whatever order it is asked", () => {
    const range = fc.record({ low: fc.integer({ min: 1, max: 50 }), more: fc.nat(200) });
    fc.assert(
      fc.property(range, fc.array(fc.nat(40_000), { maxLength: 30 }), ({ low, more }, asked) => {
        const high = low + more;
        const find = halving((n) => n * n, low, high);
        for (const wanted of asked) {
          const enough = Math.ceil(Math.sqrt(wanted));
          expect(find(wanted)).toBe(Math.min(high, Math.max(low, enough)));
        }
      }),
    );
  });

  it("looks at each number once, and at few of them", () => {
    const seen: number[] = [];
    const find = halving(
      (n) => {
        seen.push(n);
        return n;
      },
      1,
      1_000,
    );
    for (const wanted of [700, 300, 700, 2_000, 300]) find(wanted);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeLessThanOrEqual(30);
  });
});

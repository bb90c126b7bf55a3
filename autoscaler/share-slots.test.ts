import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shareSlots } from "./share-slots.ts";

/** Jobs by name: priority, held, wished, granted. */
type Row = readonly [priority: number, held: number, wished: number, granted: number];

describe("slots of the fleet", () => {
  it.each<[string, number, Record<string, Row>]>([
    ["everybody gets what fits", 40, { a: [1, 10, 15, 15], b: [1, 10, 20, 20] }],
    ["the higher priority comes first", 40, { a: [200, 20, 30, 26], b: [100, 14, 16, 14] }],
    ["the smaller wish comes first among equals", 30, { a: [1, 10, 20, 18], b: [1, 10, 12, 12] }],
    ["what is left goes to the next", 40, { a: [2, 10, 12, 12], b: [1, 10, 40, 28] }],
    ["giving back is always allowed", 10, { a: [1, 20, 5, 5], b: [9, 10, 12, 10] }],
    ["what is to be given back is not free yet", 30, { a: [1, 20, 5, 5], b: [9, 10, 12, 10] }],
    ["nobody loses what he holds when there is too little", 5, { a: [1, 10, 10, 10], b: [1, 10, 11, 10] }],
  ])("%s", (_, total, rows) => {
    const claims = Object.entries(rows).map(([job, [priority, held, wished]]) => ({
      job,
      priority,
      held,
      wished,
    }));
    const expected = Object.fromEntries(Object.entries(rows).map(([job, row]) => [job, row[3]]));
    expect(Object.fromEntries(shareSlots(total, claims))).toEqual(expected);
  });

  it("are never more than there are, unless they were held already, whatever the order of asking", () => {
    const claim = fc.record({
      priority: fc.integer({ min: 0, max: 3 }),
      held: fc.integer({ min: 0, max: 20 }),
      wished: fc.integer({ min: 0, max: 40 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.array(claim, { maxLength: 8 }), (total, list) => {
        const claims = list.map((c, i) => ({ ...c, job: `j${i}` }));
        const granted = shareSlots(total, claims);
        const used = claims.reduce((sum, c) => sum + Math.max(c.held, granted.get(c.job) ?? 0), 0);
        const held = claims.reduce((sum, c) => sum + c.held, 0);
        expect(used).toBeLessThanOrEqual(Math.max(total, held));
        expect(shareSlots(total, claims.toReversed())).toEqual(new Map(granted));
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cheapestPlan, type Level, type PlanQuestion } from "./plan.ts";

const level = (factor: number, slots = factor): Level => ({ factor, slots });
const question = (
  path: readonly number[],
  present: Level,
  changes: Partial<PlanQuestion> = {},
): PlanQuestion => ({
  path,
  stepMs: 1,
  present,
  others: [level(1), level(2), level(4)].filter((l) => l.factor !== present.factor),
  price: 10,
  shortPrice: 100,
  ...changes,
});

describe("cheapestPlan", () => {
  it.each<[string, PlanQuestion, number, number | null]>([
    ["stays where the load is", question([4, 4, 4], level(4)), 4, null],
    ["stays over a dip that is too short to pay", question([4, 1, 1, 4], level(4)), 4, null],
    ["goes down where the dip is long", question([1, 1, 1, 1, 1, 1, 1, 1, 4, 4, 4, 4], level(4)), 1, 6],
    ["waits with growing until it is needed", question([1, 1, 1, 1, 4, 4], level(1)), 1, 4],
    ["grows at once where the first step needs it", question([4, 4, 4], level(1)), 4, null],
    ["grows for what comes soon instead of twice", question([2, 4, 4, 4], level(1)), 4, null],
    ["does nothing for free", question([], level(4)), 4, null],
  ])("%s", (_, asked, now, _next) => {
    expect(cheapestPlan(asked).now.factor).toBe(now);
  });

  it("takes a level that is for later only when its time has come, and counts on it until then", () => {
    const low: Level = { ...level(1), laterOnly: true };
    const path = [2, ...Array.from({ length: 20 }, () => 1)];
    // Without the low level nothing would be worth its price; falling to 2 first would cost a second change.
    expect(cheapestPlan(question(path, level(4), { others: [level(2), low] }))).toMatchObject({
      now: { factor: 4 },
      cost: 4 + 10 + 20,
      nextChangeMs: 1,
      changes: 1,
    });
  });

  it("tells the saving that it left because a change costs more", () => {
    const path = [1, 1, 1, 1];
    // One slot instead of two for four steps saves 4; a change costs 10.
    expect(cheapestPlan(question(path, level(2))).declined).toEqual({ level: level(1), gain: 4, price: 10 });
    expect(cheapestPlan(question([2, 2], level(2))).declined).toBeNull();
    expect(cheapestPlan(question(path, level(2), { price: 3 })).declined).toBeNull();
  });

  it("prices the pause of a change by the level that it leads to, and by the load of that moment", () => {
    // What queues up takes the longer to drain the less is spare.
    const pausePrice = (load: number, to: Level) => 8 / Math.max(0.1, to.factor - load);
    const path = Array.from({ length: 20 }, () => 1);
    // At 1 slot the pause would cost 80, at 2 it costs 8: 20 steps at 2 slots + 10 + 8.
    const less = cheapestPlan(
      question(path, level(8), { others: [level(1), level(2), level(4)], pausePrice }),
    );
    expect(less).toMatchObject({ now: { factor: 2 }, cost: 58, costOfWaiting: 8 + 18 + 38 });
    // A saving that would do without its pause: 8 × 4 − 4 = 28 would be gained, 10 + 80 are paid.
    expect(
      cheapestPlan(question([1, 1, 1, 1], level(8), { others: [level(1)], pausePrice })).declined,
    ).toEqual({
      level: level(1),
      gain: 28,
      price: 90,
    });
  });

  it("says when it would change and what each course costs", () => {
    // Staying: 4 × 4 = 16. Going down now, up again for the last step: 10 + 3 + 10 + 4 = 27.
    const dip = cheapestPlan(question([1, 1, 1, 4], level(4)));
    expect(dip).toMatchObject({
      cost: 16,
      costOfWaiting: 16,
      costOfNothing: 16,
      nextChangeMs: null,
      changes: 0,
    });
    const growth = cheapestPlan(question([1, 1, 1, 4, 4, 4], level(1)));
    // 3 × 1 + 10 + 3 × 4.
    expect(growth).toMatchObject({ cost: 25, nextChangeMs: 3, changes: 1 });
    // Never growing: 3 × 1, then 3 × (1 + 3/4 of 100).
    expect(growth.costOfNothing).toBeCloseTo(3 + 3 * 76, 9);
  });

  const rate = fc.integer({ min: 0, max: 6 });
  const asked = fc
    .record({
      path: fc.array(rate, { minLength: 1, maxLength: 5 }),
      present: fc.integer({ min: 1, max: 6 }),
      others: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
      price: fc.integer({ min: 0, max: 20 }),
    })
    .map(({ path, present, others, price }) =>
      question(path, level(present), {
        others: others.filter((o) => o !== present).map((o) => level(o)),
        price,
      }),
    );

  it("costs what the best of all courses costs", () => {
    fc.assert(
      fc.property(asked, (q) => {
        expect(cheapestPlan(q).cost).toBeCloseTo(bruteForce(q), 9);
      }),
    );
  });

  it("never costs more than waiting, and waiting never more than nothing", () => {
    fc.assert(
      fc.property(asked, (q) => {
        const plan = cheapestPlan(q);
        expect(plan.cost).toBeLessThanOrEqual(plan.costOfWaiting + 1e-9);
        expect(plan.costOfWaiting).toBeLessThanOrEqual(plan.costOfNothing + 1e-9);
      }),
    );
  });
});

/** Tries every course. */
function bruteForce({ path, present, others, price, shortPrice, stepMs }: PlanQuestion): number {
  const levels = [present, ...others];
  const hold = (load: number, { factor, slots }: Level) =>
    stepMs * (slots + (load > factor ? ((load - factor) / load) * shortPrice : 0));
  const from = (i: number, at: Level): number => {
    const load = path[i];
    if (load === undefined) return 0;
    return Math.min(...levels.map((l) => (l === at ? 0 : price) + hold(load, l) + from(i + 1, l)));
  };
  return from(0, present);
}

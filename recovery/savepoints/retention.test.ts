import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type OwnSavepoint, planRetention, type RetentionQuestion } from "./retention.ts";

const DAY = 86_400_000;
const NOW = 100 * DAY;
const own = (age: number, over: Partial<OwnSavepoint> = {}): OwnSavepoint => ({
  path: `file:/sp/savepoint-${age}`,
  takenAt: NOW - age * DAY,
  verified: true,
  ...over,
});
const question = (over: Partial<RetentionQuestion> = {}): RetentionQuestion => ({
  own: [1, 8, 9, 10].map((age) => own(age)),
  newestProven: "file:/ckpt/job/chk-7",
  referenced: new Set(),
  restoring: false,
  settings: { keep: 2, keepForMs: 7 * DAY },
  now: NOW,
  ...over,
});

describe("which savepoints may go", () => {
  const cases: readonly [string, Partial<RetentionQuestion>, readonly number[]][] = [
    ["the oldest beyond the kept ones, oldest first", {}, [10, 9]],
    ["none while a restore is open", { restoring: true }, []],
    ["none while references are not all known", { referenced: null }, []],
    ["none that is young", { own: [1, 2, 3, 4].map((age) => own(age)) }, []],
    ["not one that something else refers to", { referenced: new Set(["file:/sp/savepoint-9/abc"]) }, [10]],
    ["not the newest proven one", { newestProven: "file:/sp/savepoint-10" }, [9]],
    [
      "not the only proven one of its own",
      { own: [own(1, { verified: false }), own(8, { verified: null }), own(9), own(10)] },
      [10],
    ],
  ];
  it.each(cases)("%s", (_, over, gone) => {
    expect(planRetention(question(over)).remove).toEqual(gone.map((age) => `file:/sp/savepoint-${age}`));
  });

  it("every savepoint is either kept with a reason or removed, and never all that is proven", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ age: fc.nat(60), verified: fc.constantFrom(true, false, null) }), {
          selector: (s) => s.age,
          minLength: 1,
        }),
        fc.integer({ min: 1, max: 5 }),
        (list, keep) => {
          const q = question({
            own: list.map((s) => own(s.age, { verified: s.verified })),
            settings: { keep, keepForMs: 7 * DAY },
          });
          const plan = planRetention(q);
          expect(plan.remove.length + plan.keep.length).toBe(list.length);
          const kept = new Set(plan.keep.map((k) => k.path));
          const proven = q.own.filter((s) => s.verified === true);
          expect(proven.length === 0 || proven.some((s) => kept.has(s.path))).toBe(true);
        },
      ),
    );
  });
});

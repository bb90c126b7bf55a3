import { describe, expect, it } from "vitest";
import type { DecisionRecord } from "../../../model/index.ts";
import { askNext, questionOf, SETTLE_MS } from "./settle.ts";

const NOW = 1_000_000;

describe("a question", () => {
  it("that is the first one can be answered at once", () => {
    expect(askNext(undefined, "a", NOW)?.answerableFrom).toBe(NOW);
  });

  it("that stays does not begin anew", () => {
    const first = askNext(undefined, "a", NOW);
    expect(askNext(first, "a", NOW + 60_000)).toBe(first);
  });

  it.each([
    ["at once", ["a", "b"]],
    ["after nothing was asked for a moment", ["a", undefined, "b"]],
  ])("that replaces another %s can be answered a little later", (_how, questions) => {
    const last = questions.reduce<ReturnType<typeof askNext>>(
      (asked, q) => askNext(asked, q, NOW),
      undefined,
    );
    expect(last).toEqual({ question: "b", answerableFrom: NOW + SETTLE_MS });
  });

  it("is another one when the same decision wants another change", () => {
    const record = (to: number) => ({ id: "d", effective: { work: to } }) as unknown as DecisionRecord;
    expect(questionOf(record(3))).toBe(questionOf(record(3)));
    expect(questionOf(record(3))).not.toBe(questionOf(record(4)));
  });
});

import { describe, expect, it } from "vitest";
import { Failure, sentenceOf } from "./failure.ts";
import { ABSENT, combine, NOT_A_NUMBER, numberOf, reading, STALE } from "./reading.ts";

describe("a reading", () => {
  it.each([
    ["0 is a value", 0, { kind: "value", value: 0 }],
    ["undefined is absent", undefined, ABSENT],
    ["null is absent", null, ABSENT],
    ["NaN is nan", Number.NaN, NOT_A_NUMBER],
    ["infinity is nan", Number.NEGATIVE_INFINITY, NOT_A_NUMBER],
  ])("of %s", (_, value, expected) => {
    expect(reading(value)).toEqual(expected);
  });

  it("has no number when it is missing", () => {
    expect([ABSENT, STALE, NOT_A_NUMBER, undefined].map(numberOf)).toEqual(Array(4).fill(undefined));
  });
});

describe("combine", () => {
  it("applies the function to values", () => {
    expect(combine([reading(6), reading(3)], (a, b) => a / b)).toEqual(reading(2));
  });

  it("gives the first missing reading, never 0", () => {
    expect(combine([reading(6), STALE, ABSENT], () => 0)).toBe(STALE);
  });

  it("makes a division by zero a nan", () => {
    expect(combine([reading(6), reading(0)], (a, b) => a / b)).toEqual(NOT_A_NUMBER);
  });
});

describe("a failure", () => {
  it("says whether trying again may help", () => {
    expect(new Failure("timeout", "x").retryable).toBe(true);
    expect(new Failure("rejected", "x").retryable).toBe(false);
  });

  it("becomes a sentence, as does whatever else was thrown", () => {
    expect(sentenceOf(new Failure("timeout", "cannot read"))).toBe("cannot read");
    expect(sentenceOf("odd")).toBe("odd");
  });
});

import { expect, it } from "vitest";
import { numberName } from "./number-name.ts";

it.each([
  ["newestAgeMs", "newest reading, age"],
  ["agoMs", "since then"],
  ["waitMs", "to be kept"],
  ["coverage", "coverage"],
  ["somethingNewMs", "something new"],
  ["constructor", "constructor"],
])("the number %s is called %s", (name, expected) => {
  expect(numberName(name)).toBe(expected);
});

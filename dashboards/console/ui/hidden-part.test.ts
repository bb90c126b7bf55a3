import { expect, it } from "vitest";
import { hiddenPart } from "./hidden-part.ts";

it.each([
  [360, 300, undefined],
  [361, 301, undefined],
  [800, 300, "sideways"],
  [360, 900, "down"],
  [800, 900, "sideways and down"],
])("of what is %i wide and %i high, 360 by 300 leave out: %s", (scrollWidth, scrollHeight, expected) => {
  expect(hiddenPart({ scrollWidth, scrollHeight, clientWidth: 360, clientHeight: 300 })).toBe(expected);
});

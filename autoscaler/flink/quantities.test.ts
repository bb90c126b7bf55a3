import { expect, it } from "vitest";
import { formatMemory, parseFlinkDuration, parseMemory } from "./quantities.ts";

it.each<[string, number | undefined]>([
  ["15 min", 900_000],
  ["15min", 900_000],
  ["1 h", 3_600_000],
  ["2 days", 172_800_000],
  ["500", 500],
  ["0s", 0],
  ["1500 µs", 1],
  ["PT15M", 900_000],
  ["P1DT2H", 93_600_000],
  ["PT0.5S", 500],
  ["1.5h", undefined],
  ["PT", undefined],
  ["P", undefined],
  ["ten", undefined],
  ["-5s", undefined],
])("the duration %s is %s ms", (text, ms) => {
  expect(parseFlinkDuration(text)).toBe(ms);
});

it.each<[string, number | undefined]>([
  ["1024", 1_024],
  ["2g", 2_147_483_648],
  ["30 gb", 32_212_254_720],
  ["512 mb", 536_870_912],
  ["2 gigs", undefined],
])("the memory size %s is %s bytes", (text, bytes) => {
  expect(parseMemory(text)).toBe(bytes);
});

it.each([
  [0, "0 bytes"],
  [1_023, "1023 bytes"],
  [14_090_240, "13760 kb"],
  [32_212_254_720, "30 gb"],
])("%s bytes are written %s", (bytes, text) => {
  expect(formatMemory(bytes)).toBe(text);
});

import { expect, test } from "vitest";
import { readPeerLine } from "./lines.ts";

test("a line of a known type is read", () => {
  const line = { type: "put", at: 1_000, job: "ab", parallelism: { cd: 3 } };
  expect(readPeerLine(JSON.stringify(line))).toEqual(line);
});

test.each([
  ["text", "WARN something", /got "WARN something"/],
  ["an unknown type", '{"type":"hello","at":1}', /expected a JSON object of a known type/],
  ["a field that is missing", '{"type":"put","at":1,"job":"ab"}', /expected a JSON object of a known type/],
  ["a parallelism that is no number", '{"type":"put","at":1,"job":"a","parallelism":{"b":"3"}}', /got "/],
  ["an endless line", "x".repeat((1 << 20) + 1), /got 1048577 characters/],
])("%s is refused", (_, text, sentence) => {
  expect(() => readPeerLine(text)).toThrow(sentence);
});

import { describe, expect, it } from "vitest";
import { createEventParser } from "./event-parser.ts";
import { waitBefore } from "./event-stream.ts";

const message = (seq: number): string => `id: ${seq}\ndata: {"seq":${seq},"sentence":"→ ${seq}"}\n\n`;
const STREAM = `: welcome\n\n${message(1)}${message(2)}: still here\n\n${message(3)}`;

describe("the event stream", () => {
  it("is read the same however it is cut", () => {
    for (let size = 1; size <= STREAM.length; size++) {
      const parser = createEventParser();
      const seen: number[] = [];
      for (let at = 0; at < STREAM.length; at += size) {
        seen.push(...parser.push(STREAM.slice(at, at + size)).map((e) => e.seq));
      }
      expect(seen).toEqual([1, 2, 3]);
    }
  });

  it.each([
    ["carriage returns", message(7).replaceAll("\n", "\r\n"), [7]],
    ["a message that is not JSON", `data: nonsense\n\n${message(8)}`, [8]],
    ["a message that is no event", `data: {"other":1}\n\n${message(9)}`, [9]],
    ["a message that is not complete", 'data: {"seq":1,"sentence":"x"}\n', []],
    ["a message of several lines", 'data: {"seq":4,\ndata: "sentence":"x"}\n\n', [4]],
  ])("goes on over %s", (_what, text, expected) => {
    expect(
      createEventParser()
        .push(text)
        .map((e) => e.seq),
    ).toEqual(expected);
  });

  it("is given up when a message has no end", () => {
    expect(() => createEventParser().push("x".repeat(1_000_001))).toThrow("without end");
  });

  it.each([
    [1, 1_000],
    [2, 2_000],
    [5, 16_000],
    [6, 30_000],
    [10_000, 30_000],
  ])("is tried again for the %ith time after %i ms", (failures, expected) => {
    expect(waitBefore(failures)).toBe(expected);
  });
});

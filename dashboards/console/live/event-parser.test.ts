import { describe, expect, it } from "vitest";
import type { OutriderEvent } from "../../../model/index.ts";
import { createEventParser, type StreamMessage } from "./event-parser.ts";
import { placeAfter, waitBefore } from "./event-stream.ts";

const seqOf = (m: StreamMessage): number => (m.kind === "event" ? m.event.seq : -m.newest);

const message = (seq: number): string => `id: ${seq}\ndata: {"seq":${seq},"sentence":"→ ${seq}"}\n\n`;
const STREAM = `: welcome\n\n${message(1)}${message(2)}: still here\n\n${message(3)}`;

const anEvent = (seq: number): StreamMessage => ({
  kind: "event",
  event: { seq, sentence: "x" } as OutriderEvent,
});

describe("the event stream", () => {
  it("is read the same however it is cut", () => {
    for (let size = 1; size <= STREAM.length; size++) {
      const parser = createEventParser();
      const seen: number[] = [];
      for (let at = 0; at < STREAM.length; at += size) {
        seen.push(...parser.push(STREAM.slice(at, at + size)).map(seqOf));
      }
      expect(seen).toEqual([1, 2, 3]);
    }
  });

  it.each([
    ["carriage returns", message(7).replaceAll("\n", "\r\n"), [7]],
    ["a message that is not JSON", `data: nonsense\n\n${message(8)}`, [8]],
    ["a message that is no event", `data: {"other":1}\n\n${message(9)}`, [9]],
    ["a message that is not complete", 'data: {"seq":1,"sentence":"x"}\n', []],
    ["a reset", `event: reset\ndata: {"newest": 3}\n\n${message(4)}`, [-3, 4]],
    ["a message of several lines", 'data: {"seq":4,\ndata: "sentence":"x"}\n\n', [4]],
  ])("goes on over %s", (_what, text, expected) => {
    expect(createEventParser().push(text).map(seqOf)).toEqual(expected);
  });

  it.each<[string, number | undefined, StreamMessage, ReturnType<typeof placeAfter>]>([
    ["the first event", undefined, anEvent(7), { last: 7, anew: false }],
    ["the next event", 7, anEvent(9), { last: 9, anew: false }],
    ["numbers that begin anew", 7, anEvent(1), { last: 1, anew: true }],
    ["a reset", 7, { kind: "reset", newest: 3 }, { last: 3, anew: true }],
  ])("after %s goes on at the right place", (_what, last, said, expected) => {
    expect(placeAfter(last, said)).toEqual(expected);
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

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeJavaText, encodeJavaText } from "./java-text.ts";

const decode = (bytes: readonly number[]): string | undefined =>
  decodeJavaText(Uint8Array.from(bytes), 0, bytes.length);

describe("Java's modified UTF-8", () => {
  it.each<[string, readonly number[]]>([
    ["", []],
    ["a/b", [0x61, 0x2f, 0x62]],
    ["\0", [0xc0, 0x80]],
    ["\u007f\u0080", [0x7f, 0xc2, 0x80]],
    ["é\u07ff", [0xc3, 0xa9, 0xdf, 0xbf]],
    ["\u0800€\uffff", [0xe0, 0xa0, 0x80, 0xe2, 0x82, 0xac, 0xef, 0xbf, 0xbf]],
    ["😀", [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
    ["\ud83d", [0xed, 0xa0, 0xbd]],
  ])("writes and reads %j", (text, bytes) => {
    expect([...encodeJavaText(text)]).toEqual(bytes);
    expect(decode(bytes)).toBe(text);
  });

  it.each<[string, readonly number[]]>([
    ["a zero byte, which Java writes as two", [0x61, 0]],
    ["a stray middle byte", [0x80]],
    ["a cut sequence of two", [0xc3]],
    ["a cut sequence of three", [0xe2, 0x82]],
    ["a sequence of two without its middle", [0xc3, 0x41]],
    ["a sequence of three without its last", [0xe2, 0x82, 0x41]],
    ["a longer form than needed, of two", [0xc1, 0x81]],
    ["a longer form than needed, of three", [0xe0, 0x81, 0x81]],
    ["four bytes for one character", [0xf0, 0x9f, 0x98, 0x80]],
    ["a byte that begins nothing", [0xff]],
  ])("refuses %s", (_, bytes) => {
    expect(decode(bytes)).toBeUndefined();
  });

  it("reads what it wrote, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 5000 }), (text) => {
        const bytes = encodeJavaText(text);
        expect(decodeJavaText(bytes, 0, bytes.length)).toBe(text);
      }),
    );
  });

  it("writes again the bytes that it read, whatever they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
        const text = decodeJavaText(bytes, 0, bytes.length);
        if (text !== undefined) expect(encodeJavaText(text)).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
  });
});

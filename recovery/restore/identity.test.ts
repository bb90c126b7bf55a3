import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "./sha256.ts";

const nodes = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("the digest", () => {
  it("of the standard's own examples is right", () => {
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it.each([55, 56, 63, 64, 65, 119, 120, 1_000])("of %i bytes is Node's own", (length) => {
    expect(sha256("a".repeat(length))).toBe(nodes("a".repeat(length)));
  });

  it("of any text is Node's own", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "é", "→", "🜁", "\u0000", "\ud800"), maxLength: 200 }),
        (text) => {
          expect(sha256(text)).toBe(nodes(text));
        },
      ),
    );
  });
});

import { describe, expect, it } from "vitest";
import { didYouMean, editDistance } from "./did-you-mean.ts";

describe("edit distance", () => {
  it.each([
    ["a swap of two neighbours is one step", "intreval", "interval", 1],
    ["replacements and an insertion add up", "kitten", "sitting", 3],
    ["from nothing every letter is an insertion", "", "abc", 3],
    ["a word is no step away from itself", "orders", "orders", 0],
  ])("%s", (_name, a, b, expected) => {
    expect(editDistance(a, b)).toBe(expected);
    expect(editDistance(b, a)).toBe(expected);
  });
});

describe("did you mean", () => {
  it.each([
    ["the nearest word is offered", "colour", ["mode", "color"], "color"],
    ["case does not count as a mistake", "COLOR", ["color"], "color"],
    ["a far word is not offered", "zzzzzz", ["color", "mode"], undefined],
    ["a word of absurd length is not compared", "a".repeat(201), ["a".repeat(201)], undefined],
    ["without candidates there is nothing to offer", "a", [], undefined],
  ])("%s", (_name, word, candidates, expected) => {
    expect(didYouMean(word, candidates)).toBe(expected);
  });
});

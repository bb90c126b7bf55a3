import { describe, expect, it } from "vitest";
import { askedIn } from "./ask.ts";

describe("the arguments of the bench", () => {
  it("may be left out", () => {
    expect(askedIn([])).toMatchObject({ files: [], worlds: [], policies: [], seeds: undefined, json: false });
  });

  it("are read", () => {
    const args =
      "--load a.csv --load b.csv --peak-to-mean 3 --world chain --policy ds2 --seed 7 --full -o json";
    expect(askedIn(args.split(" "))).toMatchObject({
      files: ["a.csv", "b.csv"],
      peakToMean: 3,
      worlds: ["chain"],
      policies: ["ds2"],
      seeds: [7],
      full: true,
      json: true,
    });
  });

  it.each<[string, string, string]>([
    ["a seed that is no number", "--seed x", "--seed; got x; expected a number from 0"],
    ["a seed with a fraction", "--seed 1.5", "expected a whole number"],
    ["a ratio below 1", "--peak-to-mean 0.5", "--peak-to-mean; got 0.5; expected a number from 1.01 to 20"],
    ["an unknown format", "-o yaml", "-o; got yaml; expected json or text"],
    ["an unknown option", "--fast", "'--fast'"],
    ["an option without its value", "--world", "--world"],
    ["a stray word", "chain", "chain"],
  ])("%s is refused", (_, args, words) => {
    expect(() => askedIn(args.split(" "))).toThrow(words);
  });
});

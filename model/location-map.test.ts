import { describe, expect, test } from "vitest";
import { locationText, parseLocation } from "./location.ts";
import { locationMapText, mapLocation, parseLocationMap } from "./location-map.ts";

describe("a map of places", () => {
  test.each([
    ["file:/data/x=/mnt/x", "file:/data/x=file:/mnt/x"],
    ["s3a://b/flink=/mnt/copy", "s3://b/flink=file:/mnt/copy"],
    ["s3://b/day=1/x=/mnt/y", "s3://b/day=1/x=file:/mnt/y"],
    ["/a=s3://b/day=1", "file:/a=s3://b/day=1"],
  ])("%s reads as %s", (text, expected) => {
    expect(locationMapText(parseLocationMap(text))).toBe(expected);
  });

  test.each([
    ["/a", "no pair of places"],
    ["/a=", "no pair of places"],
    ["a=/b", "no pair of places"],
    ["/a=/b=/c", "2 ways to read it"],
  ])("is not read out of %s", (text, words) => {
    expect(() => parseLocationMap(text)).toThrow(`got ${words}`);
  });

  const maps = ["s3://b=/mnt/b", "s3://b/a=/mnt/a", "s3://b/a/deep=s3://other", "/root=/"].map(
    parseLocationMap,
  );
  test.each([
    ["s3://b/x", "file:/mnt/b/x"],
    ["s3://b", "file:/mnt/b"],
    ["s3://b/a", "file:/mnt/a"],
    ["s3://b/a/x", "file:/mnt/a/x"],
    ["s3://b/ab", "file:/mnt/b/ab"],
    ["s3://b/a/deep/x", "s3://other/x"],
    ["s3://b/a/deep", "s3://other/"],
    ["/root", "file:/"],
    ["/root/x", "file:/x"],
    ["s3://c/x", "s3://c/x"],
    ["/mnt/a", "file:/mnt/a"],
  ])("sends %s to %s", (from, to) => {
    expect(locationText(mapLocation(maps, parseLocation(from)))).toBe(to);
  });
});

import { describe, expect, test } from "vitest";
import {
  childOf,
  isInside,
  locationText,
  nameOf,
  parentOf,
  parseLocation,
  problemOfName,
} from "./location.ts";

const normal = (text: string): string => locationText(parseLocation(text));

describe("a place", () => {
  test.each([
    ["/a", "file:/a"],
    ["file:/a", "file:/a"],
    ["file:///a", "file:/a"],
    ["file:////a/b", "file:/a/b"],
    ["FILE:/a", "file:/a"],
    ["file://localhost/a", "file:/a"],
    ["///a", "file:/a"],
    ["/", "file:/"],
    ["file:/", "file:/"],
    ["/a//b/", "file:/a/b"],
    ["/a/./b/.", "file:/a/b"],
    ["/.", "file:/"],
    ["s3://b/k", "s3://b/k"],
    ["s3a://b/k", "s3://b/k"],
    ["s3n://b/k", "s3://b/k"],
    ["s3p://b//k///x/", "s3://b/k/x"],
    ["S3A://Bucket/Key", "s3://Bucket/Key"],
    ["s3://b", "s3://b/"],
    ["s3://b/", "s3://b/"],
    ["gs://b/k", "gs://b/k"],
    [
      "abfss://c@account.dfs.core.windows.net/checkpoints/",
      "abfss://c@account.dfs.core.windows.net/checkpoints",
    ],
    ["wasb://c@account.blob.core.windows.net/k", "wasb://c@account.blob.core.windows.net/k"],
    ["oss://b/k", "oss://b/k"],
    ["hdfs://nn:8020/x", "hdfs://nn:8020/x"],
    ["hdfs:///x", "hdfs:/x"],
    ["viewfs:/x", "viewfs:/x"],
    ["viewfs://cluster/x", "viewfs://cluster/x"],
  ])("%s is %s", (text, expected) => {
    expect(normal(text)).toBe(expected);
    expect(normal(expected)).toBe(expected);
  });

  test.each([
    ["percent signs", "s3://b/k%2Fx%20y%"],
    ["question marks and hashes", "s3://b/k?x#y"],
    ["spaces", "s3://b/a b "],
    ["letters of all kinds", "gs://b/é/😀"],
    ["colons inside", "s3://b/k/a:b"],
    ["dots inside names", "s3://b/..k/.k/k../..."],
    ["equals signs", "s3://b/day=1"],
  ])("keeps %s", (_, text) => {
    expect(normal(text)).toBe(text);
  });

  test.each([
    ["", "nothing"],
    ["a/b", "a relative path"],
    ["./a", "a relative path"],
    [" /a", "a relative path"],
    ["file:a", "a relative path"],
    ["file:", "a relative path"],
    ["~/a", "a relative path"],
    ["//host/a", "a host without a scheme"],
    ["/a/../b", "a path with .."],
    ["s3://b/..", "a path with .."],
    ["s3://b/a/..//b", "a path with .."],
    ["/a\u0000b", "a control character"],
    ["/a\nb", "a control character"],
    ["s3://b/\u0085", "a control character"],
    ["/a\\b", "a backslash"],
    ["C:\\flink", "a backslash"],
    ["c:/flink", "what Flink takes for a Windows drive"],
    ["c://flink", "what Flink takes for a Windows drive"],
    ["/c:/flink", "what Flink takes for a Windows drive"],
    ["file:/c:/flink", "what Flink takes for a Windows drive"],
    ["s3://b/a:b", "what Flink takes for a Windows drive"],
    ["file://host/a", "a file on another machine (host)"],
    ["s3:/b/k", "no bucket or container after s3:"],
    ["s3a:///k", "no bucket or container after s3:"],
    ["abfs:///k", "no bucket or container after abfs:"],
    ["s3:b", "a relative path"],
    ["/\ud800", "half a character"],
    [`/${"x".repeat(8_192)}`, "8193 characters, more than 8192"],
  ])("is not read out of %j", (text, words) => {
    expect(() => parseLocation(text)).toThrow(`got ${words}`);
    expect(() => parseLocation(text)).toThrow(expect.objectContaining({ code: "bad-request" }));
  });

  test.each(["s3://key:secret@b/k", "s3://secret@b/k", "abfs://c:secret@account/k", "hdfs://u:secret@nn/x"])(
    "with credentials is refused without repeating them: %s",
    (text) => {
      expect(() => parseLocation(text)).toThrow("got credentials in it");
      expect(() => parseLocation(text)).not.toThrow("secret");
    },
  );
});

describe("the tree of places", () => {
  test.each([
    ["s3://b/a/c", "s3://b/a", "c"],
    ["s3://b/a", "s3://b/", "a"],
    ["file:/a", "file:/", "a"],
  ])("%s lies in %s as %s", (text, parent, name) => {
    const location = parseLocation(text);
    expect(parentOf(location)).toEqual(parseLocation(parent));
    expect(nameOf(location)).toBe(name);
    expect(childOf(parseLocation(parent), name)).toEqual(location);
  });

  test("ends at the root", () => {
    expect(parentOf(parseLocation("s3://b"))).toBeUndefined();
    expect(nameOf(parseLocation("s3://b"))).toBe("");
  });

  test.each(["", ".", "..", "a/b", "../a", "a\\b", "a\u0000", "\udc00"])("has no name %j", (name) => {
    expect(problemOfName(name)).toBeDefined();
    expect(() => childOf(parseLocation("s3://b/a"), name)).toThrow("expected one file or directory");
  });

  test.each([
    ["s3://b/a", "s3://b/a", true],
    ["s3://b/a", "s3://b/a/c/d", true],
    ["s3://b", "s3://b/a", true],
    ["/", "/a", true],
    ["s3://b/a", "s3://b/ab", false],
    ["s3://b/a", "s3://b/", false],
    ["s3://b/a", "s3://c/a", false],
    ["s3://b/a", "gs://b/a", false],
  ])("%s holds %s: %s", (root, text, expected) => {
    expect(isInside(parseLocation(root), parseLocation(text))).toBe(expected);
  });
});

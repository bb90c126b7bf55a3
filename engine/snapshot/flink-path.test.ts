import { describe, expect, it } from "vitest";
import { pathFault, relativePathFault } from "./flink-path.ts";

/** What Flink's own class Path of 1.20 and 2.3 takes and refuses. */
describe("a path", () => {
  it.each([
    "/a",
    "a",
    "file:/a",
    "file:///a/b",
    "s3://bucket",
    "s3://bucket/k",
    "s3a://b/a:b",
    "hdfs://nn:8020/x",
    "//host/x",
    "//",
    "a/b:c",
    "C:/x",
    "C:x",
    "/a//b/../c\\d",
    "s3:\\a",
    "/%20 é\0",
    "abfss://c@a.dfs.core.windows.net/x",
    "/[x]",
  ])("may be %j", (path) => {
    expect(pathFault(path)).toBeUndefined();
  });

  it.each([
    ["", "is empty"],
    [":/a", "has a scheme that is none"],
    ["1s:/a", "has a scheme that is none"],
    ["s_3://b/k", "has a scheme that is none"],
    ["s3:", "has a scheme, but is not absolute"],
    ["file:a", "has a scheme, but is not absolute"],
    ["s3://[b/k", "has brackets where a host stands"],
    ["//b]/k", "has brackets where a host stands"],
  ])("may not be %j", (path, fault) => {
    expect(pathFault(path)).toBe(fault);
  });
});

describe("a name beside _metadata", () => {
  it.each(["11111111-2222-3333-4444-555555555555", "a/b", "../x", "x/:y", ".", "x\\y"])(
    "may be %j",
    (name) => {
      expect(relativePathFault(name)).toBeUndefined();
    },
  );

  it.each([
    ["", "is empty"],
    ["/x", "is absolute, though it stands beside _metadata"],
    ["\\", "is absolute, though it stands beside _metadata"],
    ["s3://b/k", "has a scheme, though it is relative"],
    ["c:x", "has a scheme, though it is relative"],
  ])("may not be %j", (name, fault) => {
    expect(relativePathFault(name)).toBe(fault);
  });
});

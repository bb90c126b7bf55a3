import { describe, expect, test } from "vitest";
import { compileStorageSettings, storageSettings } from "./settings.ts";

describe("the settings of stores", () => {
  test("are bounded in every way without a word from anyone", () => {
    expect(compileStorageSettings(storageSettings.parse({}))).toEqual({
      s3: { endpoint: undefined, region: undefined, pathStyle: undefined, timeoutMs: 10_000 },
      gcs: { endpoint: undefined, anonymous: false },
      azure: { endpoint: undefined },
      packages: undefined,
      pageTimeoutMs: 30_000,
      readTimeoutMs: 600_000,
      mostPages: 10_000,
      maxMetadataBytes: 1 << 30,
      concurrency: 8,
    });
  });

  test.each([
    ["an endpoint that is no URL", { s3: { endpoint: "minio:9000" } }, "an http or https URL"],
    ["an endpoint with a password", { s3: { endpoint: "http://k:s@minio:9000" } }, "without credentials"],
    ["credentials", { s3: { secretAccessKey: "x" } }, "Unrecognized key"],
    ["no time at all", { pageTimeout: "0s" }, "a duration above 0"],
    ["no pages", { maxPages: 0 }, ">=1"],
  ])("refuse %s", (_, input, words) => {
    expect(() => storageSettings.parse(input)).toThrow(words);
  });
});

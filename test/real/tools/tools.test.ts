import { describe, expect, test } from "vitest";
import { cachedPath } from "./build.ts";
import { linkerFlags, pinsOf, toolNames, tools } from "./catalogue.ts";
import { requireGo } from "./go.ts";

const linux = { version: "1.26.8", platform: "linux/amd64" };

describe("a tool", () => {
  test.each(toolNames)("%s is pinned to one version, with the checksums of what it is built from", (name) => {
    const { folder, module } = tools[name];
    const pins = pinsOf(folder, module);
    expect(pins.version).toMatch(/^v\d+\.\d+\.\d+$/);
    expect(pins.goSum).toContain(`${module} ${pins.version} h1:`);
    expect(linkerFlags(tools[name], pins.version)).not.toContain("=V");
  });

  test("is built again for another Go, another platform and another version", () => {
    const paths = [
      cachedPath("etcd", linux),
      cachedPath("etcd", { ...linux, version: "1.27.0" }),
      cachedPath("etcd", { ...linux, platform: "linux/arm64" }),
      cachedPath("kwok", linux),
    ];
    expect(new Set(paths).size).toBe(paths.length);
    expect(cachedPath("etcd", linux)).toBe(paths[0]);
  });
});

describe("Go", () => {
  test.each([
    ["go version go1.26.8 linux/amd64\n", "1.26.8"],
    ["go version go1.27rc1 darwin/arm64\n", "1.27rc1"],
    ["go version go1.26.0 X:nocoverageredesign linux/amd64\n", "1.26.0"],
  ])("is new enough: %j", async (said, version) => {
    expect((await requireGo("etcd", "1.26.0", async () => said)).version).toBe(version);
  });

  test.each([
    [
      "go version go1.24.4 linux/amd64\n",
      "cannot build etcd: Go 1.24.4 is installed; expected 1.26.0 or newer",
    ],
    ["go version go1.9 linux/amd64\n", "Go 1.9 is installed"],
    ["bash: go: nothing\n", '`go version` said "bash: go: nothing"'],
  ])("is refused with a sentence: %j", async (said, words) => {
    await expect(requireGo("etcd", "1.26.0", async () => said)).rejects.toThrow(words);
  });

  test("that is not there is told with what to install", async () => {
    const missing = async () => {
      throw new Error("spawn go ENOENT");
    };
    await expect(requireGo("etcd", "1.26.0", missing)).rejects.toThrow(
      "cannot build etcd: `go` does not run; install Go 1.26.0 or newer",
    );
  });
});

import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { generate } from "./generate.ts";

let folder = "";
let printed = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "outrider-generate-"));
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe("outrider generate", () => {
  test.each([
    ["alerts", ["flink.rules.yaml", "flink.test.yaml", "outrider.rules.yaml", "outrider.test.yaml"]],
    ["scrape", ["outrider.scrape.yaml"]],
  ] as const)("%s writes its files into a new folder and names them", async (kind, files) => {
    const out = join(folder, "a/b");
    expect(await generate({ kind, out, output: "json" })).toBe(0);
    expect(readdirSync(out).toSorted()).toEqual(files);
    expect(JSON.parse(printed)).toEqual({ items: files.map((f) => join(out, f)) });
  });

  test("writes nothing where a setting is wrong, and says which", async () => {
    const config = join(folder, "outrider.yaml");
    writeFileSync(
      config,
      'clusters: [{name: a, url: "http://127.0.0.1:1"}]\nalerts: {rules: {FlinkBackpressured: {share: 1}}}\n',
    );
    const out = join(folder, "out");
    await expect(generate({ kind: "alerts", out, config, output: "text" })).rejects.toThrow(
      "alerts.rules.FlinkBackpressured.share: got 1; expected a share below 1",
    );
    expect(existsSync(out)).toBe(false);
  });

  test("refuses to scrape a cluster that Outrider does not watch", async () => {
    const config = join(folder, "outrider.yaml");
    const scrape = '{flink: [{cluster: flnik, jobManagers: ["jm:9249"]}]}';
    writeFileSync(
      config,
      `clusters: [{name: flink, url: "http://127.0.0.1:1"}]\nalerts: {scrape: ${scrape}}\n`,
    );
    await expect(generate({ kind: "scrape", out: folder, config, output: "text" })).rejects.toThrow(
      "alerts.scrape.flink: got flnik in default; did you mean flink in default?",
    );
    expect(readdirSync(folder)).toEqual(["outrider.yaml"]);
  });

  test.each([
    [
      "a selection of a cluster that Outrider does not watch",
      "alerts: {selector: {cluster: [flnik]}}",
      "alerts.selector.cluster: got flnik; did you mean flink?",
    ],
    [
      "a selection of a namespace without clusters",
      "alerts: {selector: {namespace: [default, prod]}}",
      "alerts.selector.namespace: got prod; expected one of default",
    ],
    [
      "less patience than three passes take",
      "interval: 1min",
      "OutriderPassesStale.age, divided by alerts.durationFactor; got 2 min; expected at least 3 min",
    ],
  ])("refuses %s", async (_, settings, sentence) => {
    const config = join(folder, "outrider.yaml");
    writeFileSync(config, `clusters: [{name: flink, url: "http://127.0.0.1:1"}]\n${settings}\n`);
    await expect(generate({ kind: "alerts", out: folder, config, output: "text" })).rejects.toThrow(sentence);
    expect(readdirSync(folder)).toEqual(["outrider.yaml"]);
  });

  test.each([
    ["rare passes that nobody is told of", "interval: 1min\nalerts: {disabled: [OutriderPassesStale]}"],
    ["what is watched", "alerts: {selector: {cluster: [flink], namespace: [default]}}"],
  ])("but not %s", async (_, settings) => {
    const config = join(folder, "outrider.yaml");
    writeFileSync(config, `clusters: [{name: flink, url: "http://127.0.0.1:1"}]\n${settings}\n`);
    expect(await generate({ kind: "alerts", out: folder, config, output: "text" })).toBe(0);
  });

  test("says where it may not write", async () => {
    writeFileSync(join(folder, "file"), "");
    const out = join(folder, "file/x");
    await expect(generate({ kind: "scrape", out, output: "text" })).rejects.toThrow(`cannot write to ${out}`);
  });
});

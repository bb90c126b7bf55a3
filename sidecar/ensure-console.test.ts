import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ensureConsole } from "./ensure-console.ts";

const SOURCE = "dashboards/console/main.tsx";
const BUILT = "dist/console/index.html";
/** Stands in for Vite: writes what it was asked. */
const BUILDER = `const fs = require("node:fs");
fs.mkdirSync("dist/console", { recursive: true });
fs.writeFileSync("${BUILT}", process.argv.slice(2).join(" "));`;
let root: string;
let said: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ensure-console-"));
  said = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  put("model/index.ts", "", 1_000);
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, text: string, at: number): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  utimesSync(join(root, path), at, at);
}
const vite = (text = BUILDER): void => put("node_modules/vite/bin/vite.js", text, 1_000);
const built = (): string => readFileSync(join(root, BUILT), "utf8");

it("builds what is absent, and says so in one line", async () => {
  vite();
  put(SOURCE, "", 1_000);
  await ensureConsole(root);
  expect(built()).toContain("build -c dashboards/console/vite.config.ts");
  expect(said).toEqual([expect.stringMatching(/^Building the web console: it is absent\.\n$/)]);
});

it.each([
  ["older than its sources", SOURCE, true],
  ["older than the model", "model/index.ts", true],
  ["older than a test of its sources only", "dashboards/console/rank.test.ts", false],
])("what is %s is built anew: %s %s", async (_what, changed, expected) => {
  vite();
  put(SOURCE, "", 1_000);
  put(BUILT, "old", 2_000);
  put(changed, "", 3_000);
  await ensureConsole(root);
  expect(built() !== "old").toBe(expected);
  expect(said).toHaveLength(expected ? 1 : 0);
});

it("uses what is there where it cannot be built", async () => {
  put(BUILT, "shipped", 1_000);
  await ensureConsole(root);
  vite();
  await ensureConsole(root);
  expect([built(), said]).toEqual(["shipped", []]);
});

it("says what the builder said when the build fails", async () => {
  vite('process.stderr.write("no such component"); process.exitCode = 3;');
  put(SOURCE, "", 1_000);
  await expect(ensureConsole(root)).rejects.toThrow(/Vite ended with 3; got no such component/);
  expect(existsSync(join(root, BUILT))).toBe(false);
});

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import { licencesPage, packageFolderOf } from "../scripts/bundle-licences.ts";
import { bundleServer } from "../scripts/bundle-server.ts";

const ROOT = join(import.meta.dirname, "..");
/** Files of ours that look for others by their own place; each must work in the bundle, too. */
const PLACE_AWARE = ["engine/simulated/worlds.ts", "sidecar/ensure-console.ts"];

describe("the bundle", () => {
  let folder = "";
  let modules: readonly string[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "outrider-bundle-"));
    ({ modules } = await bundleServer(join(folder, "server")));
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const ours = (): readonly string[] =>
    modules.filter((m) => m.startsWith(ROOT) && packageFolderOf(m) === undefined);

  /** Runs it in the empty folder with nothing in its environment; resolves with what it said first. */
  const run = (...args: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const entry = join(folder, "server/outrider.js");
      const child = spawn(process.execPath, [entry, ...args], { cwd: folder, env: {} });
      let said = "";
      child.stderr.on("data", (chunk: Buffer) => {
        said += chunk.toString("utf8");
      });
      child.stdout.once("data", (chunk: Buffer) => {
        child.kill("SIGTERM");
        resolve(chunk.toString("utf8"));
      });
      child.once("error", reject);
      child.once("close", () => reject(new Error(`said nothing on stdout, but: ${said}`)));
    });

  it("holds JavaScript, the worlds and nothing else", () => {
    const files = readdirSync(join(folder, "server")).filter((file) => !file.endsWith(".js"));
    expect(files.sort()).toEqual(["package.json", "worlds"]);
    expect(readdirSync(join(folder, "server/worlds")).sort()).toEqual(
      readdirSync(join(ROOT, "engine/simulated/worlds")).sort(),
    );
    expect(JSON.parse(readFileSync(join(folder, "server/package.json"), "utf8"))).toMatchObject({
      type: "module",
    });
  });

  it("holds no test and nothing that only tests use", () => {
    const names = ours().map((m) => relative(ROOT, m));
    expect(names).toContain("sidecar/main.ts");
    expect(names.filter((n) => /\.test\.|^test\/|fixtures|fake-/.test(n))).toEqual([]);
  });

  it("knows every file that looks for others by its own place", () => {
    const aware = ours().filter((m) => /import\.meta\.(dirname|filename|url)/.test(readFileSync(m, "utf8")));
    expect(aware.map((m) => relative(ROOT, m)).sort()).toEqual(PLACE_AWARE);
  });

  it("starts from an empty folder and knows its version", async () => {
    expect(await run("--version")).toBe(`${packageJson.version}\n`);
  });

  it("finds its worlds", async () => {
    expect(await run("simulator", "--port", "0")).toMatch(/^Flink REST: http:/);
  });

  it("names every package that is inside, with its licence", () => {
    const page = licencesPage(modules);
    for (const name of Object.keys(packageJson.dependencies)) {
      expect(page, name).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+, \\S`, "m"));
    }
    expect(page).toContain("Permission is hereby granted");
  });
});

test.each([
  ["/x/node_modules/zod/v4/index.js", "/x/node_modules/zod"],
  ["/x/node_modules/@a/b/lib/c.js", "/x/node_modules/@a/b"],
  ["/x/node_modules/a/node_modules/b/c.js", "/x/node_modules/a/node_modules/b"],
  ["\0/x/node_modules/a/c.js?commonjs", "/x/node_modules/a"],
  ["/x/sidecar/main.ts", undefined],
])("the package of %s is %s", (file, folder) => {
  expect(packageFolderOf(file)).toBe(folder);
});

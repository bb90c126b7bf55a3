import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import packageJson from "../package.json" with { type: "json" };

/** Who may import whom, scanned from import lines: `docs/architecture.md` says why. */
const ROOT = join(import.meta.dirname, "..");
const MODULES = ["collector", "autoscaler", "recovery", "alerts", "dashboards"];
const FOLDERS = ["model", ...MODULES, "engine", "sidecar", "test", "scripts"];
/** Free of I/O, clock and randomness. */
const PURE = [
  "model/",
  "collector/",
  "autoscaler/",
  "recovery/",
  "alerts/",
  "dashboards/grafana/",
  "engine/snapshot/",
  "engine/tuning/rules/",
  "engine/simulated/physics/",
];
/** What may know the simulated Flink: whoever decides must not be able to tell it from a real one. */
const MAY_SIMULATE = /^(?:engine\/simulated\/|sidecar\/(?:demo|whatif)\/|sidecar\/cli\/simulator|scripts\/)/;
/** Packages that pure folders may use. */
const PURE_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  model: [],
  collector: [],
  // croner only computes: it is given no function to call and sets no timers.
  autoscaler: ["croner", "zod"],
  recovery: ["croner", "zod"],
  alerts: ["zod"],
  dashboards: ["zod"],
};
/** Makes panels out of values, and nothing else. */
const GRAFANA_SDK = "@grafana/grafana-foundation-sdk";
const MOST_LINES = 400;
const JUNK_DRAWERS = /^(utils?|helpers?|common|types|misc)\.ts$/;
const CLOCK_OR_CHANCE = /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bperformance\.now\b/;

/** A source file by its path from the root, with forward slashes. */
interface Source {
  readonly path: string;
  readonly text: string;
}

const folderOf = (path: string): string => path.split("/")[0] ?? "";
const isTest = (path: string): boolean => path.endsWith(".test.ts") || folderOf(path) === "test";
const isPure = (path: string): boolean => !isTest(path) && PURE.some((p) => path.startsWith(p));

const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");

/** What a file imports: static, re-exported, for effect and dynamic. */
function importsOf(text: string): readonly string[] {
  const code = withoutComments(text);
  const patterns = [
    /^\s*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']/gm,
    /^\s*import\s*["']([^"']+)["']/gm,
    /\b(?:import|require)\(\s*["']([^"']+)["']/g,
  ];
  return patterns.flatMap((p) => [...code.matchAll(p)].map((m) => m[1] ?? ""));
}

/** Path from the root that a relative import means; `undefined` for a package. */
function targetOf(from: string, specifier: string): string | undefined {
  return specifier.startsWith(".") ? join(from, "..", specifier).replaceAll("\\", "/") : undefined;
}

/** Why one import may not be; `undefined` when it may. */
function refuse(from: string, specifier: string): string | undefined {
  const target = targetOf(from, specifier);
  return target === undefined ? refusePackage(from, specifier) : refuseFile(from, target);
}

function refusePackage(from: string, specifier: string): string | undefined {
  if (!isPure(from)) return undefined;
  if (specifier.startsWith("node:")) return "a pure folder uses no node:*";
  const allowed = PURE_PACKAGES[folderOf(from)];
  const drawsDashboards = from.startsWith("dashboards/grafana/") && specifier.startsWith(`${GRAFANA_SDK}/`);
  return allowed === undefined || allowed.includes(specifier) || drawsDashboards
    ? undefined
    : "a package that is not listed here";
}

function refuseFile(from: string, target: string): string | undefined {
  const [here, there] = [folderOf(from), folderOf(target)];
  if (isTest(from)) return undefined;
  if (target.startsWith("engine/simulated/") && !MAY_SIMULATE.test(from)) return "only the demo simulates";
  if (here === there || !FOLDERS.includes(there)) return undefined;
  if (there === "test") return "only tests import test";
  if (there === "sidecar" && here !== "scripts") return "nobody imports sidecar";
  if (here === "model") return "model imports nothing";
  if ((MODULES.includes(here) || here === "engine") && there !== "model") return `${here} imports only model`;
  return entered(target) ? undefined : "outside a folder you enter by its index.ts";
}

/** `scripts` write reference pages out of what the parts declare, so a part of sidecar or engine has its own door. */
function entered(target: string): boolean {
  return /^[^/]+\/index\.ts$|^(?:engine|dashboards)\/[^/]+\/index\.ts$|^sidecar\/(?:[^/]+\/index|config\/reference)\.ts$/.test(
    target,
  );
}

function problemsOf(source: Source): readonly string[] {
  const { path, text } = source;
  const problems = importsOf(text).flatMap((specifier) => {
    const why = refuse(path, specifier);
    return why === undefined ? [] : [`imports ${specifier}: ${why}`];
  });
  if (JUNK_DRAWERS.test(basename(path))) problems.push("a file is named by its subject");
  if (isPure(path) && CLOCK_OR_CHANCE.test(withoutComments(text)))
    problems.push("pure code is handed now and chance");
  const lines = text.trimEnd().split("\n").length;
  if (lines > MOST_LINES && !isTest(path)) problems.push(`${lines} lines: look for the second subject`);
  return problems.map((p) => `${path} ${p}`);
}

function sourcesOf(folder: string): readonly Source[] {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((e) => e.isFile() && e.name.endsWith(".ts") && !e.parentPath.includes("node_modules"))
    .map((e) => join(e.parentPath, e.name))
    .map((file) => ({
      path: file.slice(ROOT.length + 1).replaceAll("\\", "/"),
      text: readFileSync(file, "utf8"),
    }));
}

const present = readdirSync(ROOT, { withFileTypes: true })
  .filter((e) => e.isDirectory() && FOLDERS.includes(e.name))
  .map((e) => e.name);

describe("the sources", () => {
  it.each(present)("of %s keep the rules", (folder) => {
    expect(sourcesOf(folder).flatMap(problemsOf)).toEqual([]);
  });

  it("hold the folders that every rule is about", () => {
    expect(present).toEqual(
      expect.arrayContaining(["model", "collector", "autoscaler", "engine", "sidecar"]),
    );
  });

  it("of every dependency say in docs/dependencies.md what it is for", () => {
    const page = readFileSync(join(ROOT, "docs/dependencies.md"), "utf8");
    const names = Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies });
    expect(names.filter((name) => !page.split("\n").some((line) => mentions(line, name)))).toEqual([]);
  });
});

/** A dependency's own line: its name in code marks, as in `` | `zod` | … ``. */
const mentions = (line: string, name: string): boolean => line.includes(`\`${name}\``);

describe("each rule can fail", () => {
  it.each([
    ["model imports a package", "model/a.ts", 'import { z } from "zod";', "not listed"],
    [
      "model imports a module",
      "model/a.ts",
      'import type { A } from "../engine/index.ts";',
      "model imports nothing",
    ],
    [
      "a module imports another",
      "autoscaler/a.ts",
      'import { extend } from "../collector/index.ts";',
      "only model",
    ],
    ["a module imports engine", "collector/a.ts", 'export { x } from "../engine/index.ts";', "only model"],
    [
      "engine imports a module",
      "engine/rest/a.ts",
      'import { x } from "../../collector/index.ts";',
      "only model",
    ],
    ["engine imports sidecar", "engine/a.ts", 'import "../sidecar/main.ts";', "nobody imports sidecar"],
    [
      "a dynamic import hides it",
      "engine/a.ts",
      'await import("../sidecar/main.ts");',
      "nobody imports sidecar",
    ],
    [
      "an import over several lines",
      "alerts/a.ts",
      'import {\n  a,\n  b,\n} from "../engine/index.ts";',
      "only model",
    ],
    [
      "sidecar passes by an index",
      "sidecar/a.ts",
      'import { x } from "../engine/rest/client.ts";',
      "index.ts",
    ],
    [
      "a module passes by model's index",
      "autoscaler/a.ts",
      'import { x } from "../model/time.ts";',
      "index.ts",
    ],
    ["code imports test support", "sidecar/a.ts", 'import { x } from "../test/support/a.ts";', "only tests"],
    ["pure code reads files", "autoscaler/a.ts", 'import { readFileSync } from "node:fs";', "no node:*"],
    ["pure rules read files", "engine/tuning/rules/a.ts", 'import "node:fs";', "no node:*"],
    ["a module takes a package", "collector/a.ts", 'import { request } from "undici";', "not listed"],
    ["pure code reads the clock", "autoscaler/a.ts", "const t = Date.now();", "handed now"],
    ["pure code rolls dice", "model/a.ts", "const t = Math.random();", "handed now"],
    ["pure code takes the time of day", "recovery/a.ts", "const t = new Date();", "handed now"],
    ["pure code measures time", "engine/snapshot/a.ts", "const t = performance.now();", "handed now"],
    [
      "the process knows a simulated Flink",
      "sidecar/app.ts",
      'import { Simulation } from "../engine/simulated/index.ts";',
      "only the demo simulates",
    ],
    [
      "physics roll their own dice",
      "engine/simulated/physics/a.ts",
      "const t = Math.random();",
      "handed now",
    ],
    ["a junk drawer", "sidecar/http/utils.ts", "", "named by its subject"],
    ["a giant", "engine/rest/a.ts", "x\n".repeat(401), "401 lines"],
  ])("%s", (_, path, text, expected) => {
    expect(problemsOf({ path, text }).join("\n")).toContain(expected);
  });

  it("and a dependency without its line is seen", () => {
    expect(mentions("| `zod` | settings |", "zod")).toBe(true);
    expect(mentions("| `zod-openapi` | the page |", "zod")).toBe(false);
  });
});

it.each([
  ["tests import across", "autoscaler/a.test.ts", 'import { x } from "../test/support/a.ts";'],
  ["tests use node", "collector/a.test.ts", 'import { join } from "node:path";'],
  ["a comment is no import", "model/a.ts", '// import { z } from "zod";\n/* import "node:fs"; */'],
  ["sidecar imports across by index", "sidecar/a.ts", 'import { x } from "../engine/tuning/index.ts";'],
  ["inside a folder the file is imported", "engine/tuning/a.ts", 'import { x } from "../rest/transport.ts";'],
  ["a given date is no clock", "model/a.ts", "const t = new Date(at);"],
  ["engine uses node", "engine/rest/a.ts", 'import { join } from "node:path";'],
  ["the demo simulates", "sidecar/demo/a.ts", 'import { x } from "../../engine/simulated/index.ts";'],
  ["400 lines are enough", "engine/rest/a.ts", "x\n".repeat(400)],
])("the rules allow: %s", (_, path, text) => {
  expect(problemsOf({ path, text })).toEqual([]);
});

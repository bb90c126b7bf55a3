import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { cacheDirectory } from "../../../engine/load-job/cache.ts";
import { Failure } from "../../../model/index.ts";
import { linkerFlags, moduleDirectory, pinsOf, type ToolName, toolNames, tools } from "./catalogue.ts";
import { type GoToolchain, go, requireGo } from "./go.ts";

/**
 * The path of a tool, built from the pinned Go modules unless this very build is in the cache. The first build of all
 * tools downloads about 400 MB and takes a quarter of an hour on two cores. Throws a `Failure` that says what is
 * missing or what Go said.
 */
export async function tool(name: ToolName): Promise<string> {
  const { folder, module } = tools[name];
  const toolchain = await requireGo(name, pinsOf(folder, module).go);
  const path = cachedPath(name, toolchain);
  if (!existsSync(path)) await build(name, path);
  linkPlainName(name, path);
  return path;
}

/** Where a build is kept: the name changes with the pins, the flags, the Go version and the platform. */
export function cachedPath(name: ToolName, toolchain: GoToolchain): string {
  const { folder, module, package: main, tags = "" } = tools[name];
  const pins = pinsOf(folder, module);
  const parts = [
    pins.goMod,
    pins.goSum,
    main,
    tags,
    linkerFlags(tools[name], pins.version),
    toolchain.version,
    toolchain.platform,
  ];
  const key = createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 16);
  return join(binDirectory(), `${name}-${pins.version}-${key}`);
}

function binDirectory(): string {
  return join(cacheDirectory(), "bin");
}

async function build(name: ToolName, path: string): Promise<void> {
  const { folder, module, package: main, tags = "" } = tools[name];
  mkdirSync(binDirectory(), { recursive: true });
  const staged = mkdtempSync(`${path}.partial-`);
  try {
    const flags = linkerFlags(tools[name], pinsOf(folder, module).version);
    const args = ["build", "-mod=readonly", "-trimpath", "-tags", tags, "-ldflags", flags];
    await go([...args, "-o", join(staged, name), main], moduleDirectory(folder));
    renameSync(join(staged, name), path);
  } catch (cause) {
    const said = ((cause as { stderr?: string }).stderr ?? String(cause)).trim().split("\n").slice(-15);
    throw new Failure("bad-config", `cannot build ${name}: go build ${main} failed\n${said.join("\n")}`, {
      cause,
    });
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

/** `bin/promtool` beside `bin/promtool-v0.315.0-…`, for people and scripts; always the newest build. */
function linkPlainName(name: ToolName, path: string): void {
  const staged = `${join(binDirectory(), name)}.link-${process.pid}`;
  symlinkSync(basename(path), staged);
  renameSync(staged, join(binDirectory(), name));
}

/** `node test/real/tools/build.ts [NAME…]`: builds these tools, or all; the exit code. */
async function main(wanted: readonly string[]): Promise<number> {
  const unknown = wanted.filter((name) => !(toolNames as readonly string[]).includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`no such tool: ${unknown.join(", ")}; expected ${toolNames.join(", ")}\n`);
    return 2;
  }
  for (const name of toolNames.filter((n) => wanted.length === 0 || wanted.includes(n))) {
    const start = performance.now();
    const path = await tool(name);
    const megabytes = Math.round(statSync(path).size / 1e6);
    const seconds = Math.round((performance.now() - start) / 1_000);
    process.stdout.write(`${path}  ${megabytes} MB  ${seconds} s\n`);
  }
  return 0;
}

if (import.meta.main) {
  process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  });
}

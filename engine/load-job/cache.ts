import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Folder outside the checkout where downloads live: `OUTRIDER_CACHE`, else `~/.cache/outrider`. */
export function cacheDirectory(): string {
  return process.env["OUTRIDER_CACHE"] ?? join(homedir(), ".cache", "outrider");
}

/** Where one Flink version is kept in the cache (the folder may not exist yet). */
export function flinkHome(version: string): string {
  return join(cacheDirectory(), `flink-${version}`);
}

/** The lib folder of any Flink that is already in the cache, oldest version first; undefined when none is. */
export function anyFlinkLibInCache(): string | undefined {
  if (!existsSync(cacheDirectory())) return undefined;
  return readdirSync(cacheDirectory())
    .filter((name) => /^flink-\d+\.\d+\.\d+$/.test(name))
    .sort()
    .map((name) => join(cacheDirectory(), name, "lib"))
    .find((lib) => existsSync(lib));
}

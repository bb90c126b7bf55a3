import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheDirectory } from "../../../engine/load-job/cache.ts";
import { Failure } from "../../../model/index.ts";
import type { FlinkVersion } from "../flink/fetch.ts";

const run = promisify(execFile);

/** The newest of each line that is published; 1.20.5 has none of its own and takes that of 1.20.1. */
const published: Readonly<Record<FlinkVersion, string>> = { "1.20.5": "1.20.1", "2.3.0": "2.3.0" };

/**
 * The folder of Flink's plugin for `s3://` (`flink-s3-fs-hadoop`, 31 MB), fetched by Maven into the cache unless it is
 * there. Throws a `Failure` with Maven's words.
 */
export async function s3Plugin(version: FlinkVersion): Promise<string> {
  const home = join(cacheDirectory(), `flink-s3-fs-hadoop-${published[version]}`);
  if (!existsSync(home)) await fetchPlugin(published[version], home);
  return home;
}

async function fetchPlugin(version: string, home: string): Promise<void> {
  mkdirSync(cacheDirectory(), { recursive: true });
  const staged = mkdtempSync(`${home}.partial-`);
  const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy";
  const artifact = `-Dartifact=org.apache.flink:flink-s3-fs-hadoop:${version}`;
  try {
    await run("mvn", ["-q", "-B", "-ntp", goal, artifact, `-DoutputDirectory=${staged}`], {
      timeout: 540_000,
    });
    if (!existsSync(home)) renameSync(staged, home);
  } catch (cause) {
    const { code, stdout = "" } = cause as { code?: unknown; stdout?: string };
    const said = code === "ENOENT" ? "`mvn` not found; install Maven" : stdout.trim().slice(-2_000);
    throw new Failure("bad-config", `cannot fetch flink-s3-fs-hadoop ${version}: ${said}`, { cause });
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { cacheDirectory } from "../../../../engine/load-job/cache.ts";
import { Failure } from "../../../../model/index.ts";
import { type FlinkVersion, fetchFlink } from "../../flink/fetch.ts";

const run = promisify(execFile);
const sourceDir = join(import.meta.dirname, "src", "dev", "outrider", "oracle");

/** The class with `main`. */
export const oracleEntryClass = "dev.outrider.oracle.Oracle";

/**
 * Compiles the oracle against the dist jar of one Flink version (fetched if need be) into the cache, unless these very
 * sources were compiled before, and returns its class path. Needs a JDK, 11 or newer; throws a `Failure` with the
 * words of javac.
 */
export async function buildOracle(version: FlinkVersion): Promise<string> {
  const { libDir } = await fetchFlink(version);
  const dist = readdirSync(libDir).find((name) => name.startsWith("flink-dist-"));
  if (dist === undefined) {
    throw new Failure("bad-config", `cannot build the snapshot oracle: no flink-dist-*.jar in ${libDir}`);
  }
  const jar = join(libDir, dist);
  const home = join(cacheDirectory(), `snapshot-oracle-${version}-${hashOfSources()}`);
  if (!existsSync(join(home, ".done"))) await compile(jar, home);
  return [join(home, "classes"), jar].join(delimiter);
}

async function compile(jar: string, home: string): Promise<void> {
  mkdirSync(cacheDirectory(), { recursive: true });
  const staged = mkdtempSync(`${home}.partial-`);
  try {
    const sources = sourceFiles().map((name) => join(sourceDir, name));
    await javac(["--release", "11", "-nowarn", "-cp", jar, "-d", join(staged, "classes"), ...sources]);
    writeFileSync(join(staged, ".done"), "");
    rmSync(home, { recursive: true, force: true });
    renameSync(staged, home);
  } catch (error) {
    // Another process may have finished the same build first; then its result is as good as ours.
    if (!existsSync(join(home, ".done"))) throw error;
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

async function javac(args: readonly string[]): Promise<void> {
  const home = process.env["JAVA_HOME"];
  try {
    await run(home === undefined ? "javac" : join(home, "bin", "javac"), [...args]);
  } catch (cause) {
    const { code, stderr = "" } = cause as { code?: unknown; stderr?: string };
    const why = code === "ENOENT" ? "javac not found; install a JDK, 11 or newer" : `javac failed\n${stderr}`;
    throw new Failure("bad-config", `cannot build the snapshot oracle: ${why}`, { cause });
  }
}

const sourceFiles = (): readonly string[] =>
  readdirSync(sourceDir)
    .filter((name) => name.endsWith(".java"))
    .sort();

function hashOfSources(): string {
  const hash = createHash("sha256");
  for (const name of sourceFiles()) hash.update(`${name}\0`).update(readFileSync(join(sourceDir, name)));
  return hash.digest("hex").slice(0, 16);
}

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
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
import { cacheDirectory } from "../../../engine/load-job/cache.ts";
import { Failure } from "../../../model/index.ts";

const run = promisify(execFile);
const here = import.meta.dirname;

/** The class with `main`. */
export const peerEntryClass = "dev.outrider.peer.Peer";

/** The name of the Java program, from `JAVA_HOME` if that is set. */
export const java =
  process.env["JAVA_HOME"] === undefined ? "java" : join(process.env["JAVA_HOME"], "bin", "java");

/**
 * Builds the Java peer into the cache, unless these very sources were built before, and returns its class path.
 * Needs Maven and a JDK, 11 or newer; the first build downloads about 50 MB. Throws a `Failure` that says what is
 * missing or what Maven said.
 */
export async function buildPeer(): Promise<string> {
  const home = join(cacheDirectory(), `java-peer-${hashOfSources()}`);
  if (!existsSync(join(home, ".done"))) await build(home);
  const lib = join(home, "target", "lib");
  const autoscaler = readdirSync(lib).find((name) => name.startsWith("flink-autoscaler-"));
  if (autoscaler === undefined) {
    throw new Failure("bad-config", `cannot run the Java peer: ${home} is incomplete; delete the folder`);
  }
  // The autoscaler comes first by name: it replaces classes of flink-runtime, and `*` has no order.
  return [join(home, "target", "classes"), join(lib, autoscaler), join(lib, "*")].join(delimiter);
}

async function build(home: string): Promise<void> {
  mkdirSync(cacheDirectory(), { recursive: true });
  const staged = mkdtempSync(`${home}.partial-`);
  try {
    for (const name of ["pom.xml", "src"]) cpSync(join(here, name), join(staged, name), { recursive: true });
    await maven(["-q", "-B", "-ntp", "compile"], staged);
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

async function maven(args: readonly string[], cwd: string): Promise<void> {
  try {
    await run("mvn", [...args], { cwd, maxBuffer: 16 << 20, timeout: 540_000 });
  } catch (cause) {
    const { code, stdout = "", stderr = "" } = cause as { code?: unknown; stdout?: string; stderr?: string };
    if (code === "ENOENT") {
      throw new Failure(
        "bad-config",
        "cannot build the Java peer: `mvn` not found; install Maven and a JDK, 11 or newer (packages maven and default-jdk-headless)",
        { cause },
      );
    }
    const said = `${stdout}\n${stderr}`.trim().split("\n").slice(-15).join("\n");
    throw new Failure("bad-config", `cannot build the Java peer: mvn ${args.join(" ")} failed\n${said}`, {
      cause,
    });
  }
}

/** Changes with every file that the build reads, so that no old build answers for new sources. */
function hashOfSources(): string {
  const sources = readdirSync(join(here, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".java"))
    .map((name) => join("src", name))
    .sort();
  const hash = createHash("sha256");
  for (const name of ["pom.xml", ...sources]) hash.update(`${name}\0`).update(readFileSync(join(here, name)));
  return hash.digest("hex").slice(0, 16);
}

if (import.meta.main) process.stdout.write(`${await buildPeer()}\n`);

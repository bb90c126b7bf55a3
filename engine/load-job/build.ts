import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { anyFlinkLibInCache } from "./cache.ts";

const run = promisify(execFile);
const sourceDir = join(import.meta.dirname, "src", "dev", "outrider", "loadjob");

/** The class with `main`, also named in the jar's manifest. */
export const loadJobEntryClass = "dev.outrider.loadjob.LoadJob";

/**
 * Compiles the load job against the dist jar in `libDir` (any Flink from 1.20 on) and packs it into `outJar`.
 * The classes are the same whichever version is used, so one jar serves all of them. Needs a JDK, 11 or newer.
 */
export async function buildLoadJob(libDir: string, outJar: string): Promise<void> {
  const dist = (existsSync(libDir) ? readdirSync(libDir) : []).find((name) =>
    /^flink-dist-.*\.jar$/.test(name),
  );
  if (dist === undefined) throw new Error(`cannot build the load job: no flink-dist-*.jar in ${libDir}`);
  const work = mkdtempSync(join(tmpdir(), "outrider-load-job-"));
  try {
    const sources = readdirSync(sourceDir).map((name) => join(sourceDir, name));
    const classes = join(work, "classes");
    await jdkTool("javac", ["--release", "11", "-cp", join(libDir, dist), "-d", classes, ...sources]);
    mkdirSync(dirname(resolve(outJar)), { recursive: true });
    const staged = `${resolve(outJar)}.${process.pid}`;
    await jdkTool("jar", [
      "--create",
      "--file",
      staged,
      "--main-class",
      loadJobEntryClass,
      "-C",
      classes,
      ".",
    ]);
    renameSync(staged, outJar);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Runs a tool of the JDK in `JAVA_HOME`, or of the one on the path. */
async function jdkTool(name: string, args: readonly string[]): Promise<void> {
  const home = process.env["JAVA_HOME"];
  const inHome = home === undefined ? undefined : join(home, "bin", name);
  try {
    await run(inHome !== undefined && existsSync(inHome) ? inHome : name, [...args]);
  } catch (cause) {
    if ((cause as { code?: unknown }).code === "ENOENT") {
      throw new Error(`cannot build the load job: ${name} not found; install a JDK, 11 or newer`, { cause });
    }
    throw new Error(`cannot build the load job: ${name} failed\n${(cause as { stderr?: string }).stderr}`, {
      cause,
    });
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { "flink-lib": { type: "string" }, out: { type: "string" } } });
  const libDir = values["flink-lib"] ?? anyFlinkLibInCache();
  const outJar = values.out ?? join(import.meta.dirname, "out", "load-job.jar");
  if (libDir === undefined) {
    process.stderr.write(
      "no Flink in the cache; give --flink-lib DIR, the lib folder of a Flink distribution\n",
    );
    process.exitCode = 2;
  } else {
    await buildLoadJob(libDir, outJar);
    process.stdout.write(`${outJar}\n`);
  }
}

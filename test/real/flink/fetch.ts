import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { flinkHome } from "../../../engine/load-job/cache.ts";

const run = promisify(execFile);

/** The Flink versions that the real tests know how to fetch and start. */
export const flinkVersions = ["1.20.5", "2.3.0"] as const;
export type FlinkVersion = (typeof flinkVersions)[number];

/** The parts of a Flink distribution that a session cluster needs. */
export interface FlinkFiles {
  readonly version: FlinkVersion;
  /** Folder with the dist jar and the log4j jars. */
  readonly libDir: string;
  /** The Prometheus reporter; its folder's parent is a valid FLINK_PLUGINS_DIR. */
  readonly pluginJar: string;
}

/**
 * Copies out of the package (a zip for 2.x, a tar.gz for 1.20) what a cluster needs and nothing else.
 * It is Python because the download needs Python anyway, and it reads both kinds on every system.
 */
const extractScript = String.raw`
import os, re, shutil, sys, tarfile, zipfile
archive, target = sys.argv[1], sys.argv[2]
wanted = [(r"/lib/((?:flink-dist|log4j)-[^/]*\.jar)$", "lib"),
          (r"/plugins/metrics-prometheus/([^/]*\.jar)$", "plugins/metrics-prometheus")]
def place(name, stream):
    for pattern, folder in wanted:
        hit = re.search(pattern, name)
        if hit:
            os.makedirs(os.path.join(target, folder), exist_ok=True)
            with open(os.path.join(target, folder, hit.group(1)), "wb") as out:
                shutil.copyfileobj(stream(), out, 1 << 20)
if archive.endswith(".whl"):
    with zipfile.ZipFile(archive) as source:
        for name in source.namelist():
            place(name, lambda: source.open(name))
else:
    with tarfile.open(archive, "r:gz") as source:
        for member in source:
            if member.isfile():
                place(member.name, lambda: source.extractfile(member))
`;

/**
 * Makes one Flink version available in the cache and says where its files are. The first call downloads
 * the official Python package of Flink's jars (230 to 330 MB) with pip; later calls only look.
 */
export async function fetchFlink(version: FlinkVersion): Promise<FlinkFiles> {
  const home = flinkHome(version);
  if (!existsSync(join(home, ".done"))) await download(version, home);
  return filesIn(version, home);
}

async function download(version: FlinkVersion, home: string): Promise<void> {
  await requirePip();
  mkdirSync(dirname(home), { recursive: true });
  const temporary = mkdtempSync(`${home}.partial-`);
  try {
    const download = join(temporary, "download");
    const spec = `apache-flink-libraries==${version}`;
    await python(["-m", "pip", "download", "--quiet", "--no-deps", "--dest", download, spec]);
    const archive = readdirSync(download)[0];
    if (archive === undefined)
      throw new Error(`cannot fetch Flink ${version}: pip ended well but left no file`);
    const staged = join(temporary, "flink");
    await python(["-c", extractScript, join(download, archive), staged]);
    filesIn(version, staged);
    writeFileSync(join(staged, ".done"), `${archive}\n`);
    rmSync(home, { recursive: true, force: true });
    renameSync(staged, home);
  } catch (error) {
    // Another process may have finished the same download first; then its result is as good as ours.
    if (!existsSync(join(home, ".done"))) throw error;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function requirePip(): Promise<void> {
  try {
    await run("python3", ["-m", "pip", "--version"]);
  } catch (cause) {
    throw new Error(
      "cannot fetch Flink: `python3 -m pip` does not run; install Python 3 with pip (packages python3 and python3-pip)",
      { cause },
    );
  }
}

async function python(args: readonly string[]): Promise<void> {
  try {
    await run("python3", [...args], { maxBuffer: 16 << 20 });
  } catch (cause) {
    const output = (cause as { stderr?: string }).stderr?.trim().split("\n").slice(-5).join("\n") ?? "";
    throw new Error(
      `cannot fetch Flink: python3 ${args.slice(0, 3).join(" ").slice(0, 60)} failed\n${output}`,
      { cause },
    );
  }
}

function filesIn(version: FlinkVersion, home: string): FlinkFiles {
  const libDir = join(home, "lib");
  const pluginDir = join(home, "plugins", "metrics-prometheus");
  const plugin = (existsSync(pluginDir) ? readdirSync(pluginDir) : []).find((name) => name.endsWith(".jar"));
  const dist = (existsSync(libDir) ? readdirSync(libDir) : []).find((name) => name.startsWith("flink-dist-"));
  if (plugin === undefined || dist === undefined) {
    throw new Error(
      `Flink ${version} in ${home} is incomplete: no dist jar or no Prometheus plugin; delete the folder`,
    );
  }
  return { version, libDir, pluginJar: join(pluginDir, plugin) };
}

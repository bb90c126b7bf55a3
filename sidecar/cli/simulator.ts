import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { readWorld, type World, worldNamed } from "../../engine/simulated/index.ts";
import { Failure, formatDuration, type Milliseconds, sentenceOf } from "../../model/index.ts";
import { startSimulatedFlink, TOO_SLOW } from "../demo/simulated-flink.ts";
import { foretell } from "../demo/world-news.ts";
import { EXIT } from "./exit.ts";
import type { OutputFormat } from "./output.ts";
import { namingPort } from "./port-taken.ts";
import { untilStopped } from "./until-stopped.ts";

export interface SimulatorCommandOptions {
  readonly output: OutputFormat;
  /** World file (YAML); without it the default world. */
  readonly world?: string;
  readonly port: number;
  /** Virtual seconds per second; "stepped": time moves only when it is told to over HTTP. */
  readonly speed: number | "stepped";
  readonly seed?: number;
  /** Folder for checkpoints and savepoints; without it only a world that names one writes any. */
  readonly snapshots?: string;
}

/** A world file larger than this is not read at all; what it may hold is bounded where it is parsed. */
const MAX_BYTES = 1024 * 1024;
/** How far ahead people are told what will happen, and how much of it. */
const AHEAD_MS: Milliseconds = 30 * 60_000;
const MOST_TOLD = 4;

/** `outrider simulator`: a simulated Flink cluster that speaks Flink's REST API. Returns the exit code. */
export async function simulator(options: SimulatorCommandOptions): Promise<number> {
  const { output, port, speed } = options;
  const world = withSnapshots(worldOf(options), options.snapshots);
  const flink = await namingPort(port, () => startSimulatedFlink({ world, port, speed, tooSlow }));
  try {
    // First, because whoever reads the address may send a signal at once.
    const stopped = untilStopped({});
    (output === "json" ? process.stderr : process.stdout).write(`Flink REST: ${flink.url}\n`);
    process.stderr.write(`${aboutText(world, speed, flink.url)}\n`);
    await stopped;
    return EXIT.yes;
  } finally {
    await flink.close();
  }
}

const tooSlow = (): void => void process.stderr.write(`warning: ${TOO_SLOW}\n`);

/** Stepped time begins at a fixed instant, so that a run can be repeated to the millisecond. */
function worldOf({ world: file, seed, speed }: SimulatorCommandOptions): World {
  const given = {
    ...(seed === undefined ? {} : { seed }),
    ...(speed === "stepped" ? {} : { epoch: Date.now() }),
  };
  return file === undefined ? worldNamed("default", given) : readWorld(textOf(file), { ...given, file });
}

/** The ids of a simulation's jobs come again, so that snapshots of an earlier run would pass for its own. */
function withSnapshots(world: World, folder: string | undefined): World {
  if (folder === undefined) return world;
  const root = resolve(folder);
  const got = problemOfFolder(root);
  if (got !== undefined) {
    const message = `cannot write snapshots: ${root}; got ${got}; expected a new or empty folder`;
    throw new Failure("bad-config", message);
  }
  const storage = { checkpoints: `file:${root}/checkpoints`, savepoints: `file:${root}/savepoints` };
  return { ...world, cluster: { ...world.cluster, storage } };
}

function problemOfFolder(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  if (!statSync(path).isDirectory()) return "a file";
  return readdirSync(path).length === 0 ? undefined : "one that is not empty";
}

function textOf(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > MAX_BYTES) throw new Error(`${size} bytes, more than 1 MiB`);
    return readFileSync(file, "utf8");
  } catch (cause) {
    const got = FILE_ERRORS[codeOf(cause)] ?? sentenceOf(cause);
    const message = `cannot read the world: ${file}; got ${got}; expected a readable YAML file`;
    throw new Failure("bad-config", message, { cause });
  }
}

/** What the system says of a file, in words. */
const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file",
  EISDIR: "a folder",
  EACCES: "a file that may not be read",
};

const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause ? String(cause.code) : "";

function snapshotLines({ cluster: { storage }, jobs }: World): readonly string[] {
  if (storage === undefined) return [];
  const jar = jobs[0] === undefined ? "" : `; a jar called ${jobs[0].name}.jar starts ${jobs[0].name}`;
  return [`Snapshots: ${storage.checkpoints}${jar}.`];
}

function aboutText(world: World, speed: SimulatorCommandOptions["speed"], url: string): string {
  const { flinkVersion, taskManagers, slotsPerTaskManager } = world.cluster;
  const jobs = world.jobs.map((job) => `${job.name} (${job.vertices.map((v) => v.name).join(" > ")})`);
  const time =
    speed === "stepped"
      ? `time stands still until POST ${url}/simulator/clock {"advanceToMs": T}`
      : `time runs ${speed === 1 ? "with the clock" : `${speed} times as fast as the clock`}`;
  const news = foretell(world, AHEAD_MS);
  const told = news
    .slice(0, MOST_TOLD)
    .map(({ atMs, sentence }) => `after ${formatDuration(atMs)} ${sentence}`);
  const rest = news.length > told.length ? `; ${news.length - told.length} more within 30 min` : "";
  return [
    `Simulated Flink ${flinkVersion}, ${taskManagers} × ${slotsPerTaskManager} slots; ${time}.`,
    `Jobs: ${jobs.join("; ")}.`,
    ...snapshotLines(world),
    told.length === 0 ? "Nothing will change by itself." : `What will happen: ${told.join("; ")}${rest}.`,
  ].join("\n");
}

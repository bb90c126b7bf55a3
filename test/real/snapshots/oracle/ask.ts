import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { Failure } from "../../../../model/index.ts";
import type { FlinkVersion } from "../../flink/fetch.ts";
import { java } from "../../java/build.ts";
import { buildOracle, oracleEntryClass } from "./build.ts";
import type { FlinkReading } from "./reading.ts";

/** What to load. */
export interface FlinkQuestion {
  /** A local directory that holds a `_metadata` file: what relative handles are relative to. */
  readonly pointer: string;
  /** The bytes to load; without them those of the pointer's own `_metadata`. */
  readonly metadata?: Uint8Array;
}

/**
 * Lets Flink's own loader (`Checkpoints.loadCheckpointMetadata` of that version) read every one, and returns what it
 * says in the order of the questions. A file that Flink refuses is an answer; a loader that cannot be run is an error.
 */
export async function askFlink(
  version: FlinkVersion,
  questions: readonly FlinkQuestion[],
): Promise<readonly FlinkReading[]> {
  const classPath = await buildOracle(version);
  const options = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath];
  const child = spawn(java, [...options, oracleEntryClass], { stdio: ["pipe", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-4_000);
  });
  child.stdin.on("error", () => undefined);
  Readable.from(frames(questions)).pipe(child.stdin);
  const readings: FlinkReading[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    readings.push(JSON.parse(line) as FlinkReading);
  }
  const status = await ended;
  if (status !== 0 || readings.length !== questions.length) {
    throw new Failure(
      "bad-reply",
      `cannot ask Flink ${version} about ${questions.length} snapshots: got ${readings.length} answers, exit code ${status}\n${log}`,
    );
  }
  return readings;
}

function* frames(questions: readonly FlinkQuestion[]): Generator<Buffer> {
  for (const { pointer, metadata } of questions) {
    const name = Buffer.from(pointer, "utf8");
    const head = Buffer.alloc(name.length + 8);
    head.writeInt32BE(name.length, 0);
    name.copy(head, 4);
    head.writeInt32BE(metadata?.length ?? -1, name.length + 4);
    yield metadata === undefined ? head : Buffer.concat([head, metadata]);
  }
}

import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeptPlan } from "../../engine/simulated/world.ts";
import type { FlinkJobId } from "../../model/index.ts";
import { type LoadJobParts, type SimulatedFlink, simulatedFlink } from "./simulated-flink.ts";
import { CHECKPOINTS } from "./worlds.ts";

/** A simulated Flink whose snapshots lie on disk, in a folder of its own. */
export interface StatefulFlink extends SimulatedFlink {
  /** The folder of checkpoints and the one of savepoints, without a scheme. */
  readonly checkpoints: string;
  readonly savepoints: string;
  /** Returns the id of the jar. */
  upload(jar: string): string;
  /** Uploads a jar and runs it; the id of the job that was accepted, or Flink's refusal. */
  run(body: Readonly<Record<string, unknown>>, jar?: string): FlinkJobId | string;
  /** Directories of a job's complete checkpoints that are there, the newest first. */
  chks(job: FlinkJobId): readonly string[];
  /** Asks Flink about its jobs. */
  get<T>(path: string): T;
  delete(): void;
}

export interface StatefulParts extends LoadJobParts {
  readonly kept?: Partial<KeptPlan>;
}

const UPLOAD = 'content-disposition: form-data; name="jarfile"; filename="';

export function statefulFlink(parts: StatefulParts = {}): StatefulFlink {
  const folder = mkdtempSync(join(tmpdir(), "outrider-state-"));
  const checkpoints = join(folder, "ckpt");
  const savepoints = join(folder, "sp");
  const { kept, cluster, job, ...rest } = parts;
  const plan = { retained: 3, retention: "retain", incremental: false, ...kept } as const;
  const flink = simulatedFlink({
    ...rest,
    cluster: {
      refreshIntervalMs: 50,
      storage: { checkpoints: `file:${checkpoints}`, savepoints: `file:${savepoints}` },
      ...cluster,
    },
    job: { checkpoints: { ...CHECKPOINTS, kept: plan }, ...job },
  });
  function upload(jar: string): string {
    const reply = flink.ask("POST /jars/upload", `--x\r\n${UPLOAD}${jar}"\r\n\r\nPK\r\n--x--`);
    return (reply.body as { filename: string }).filename.split("/").at(-1) ?? "";
  }
  const errorsIn = (body: unknown): string => (body as { errors?: string[] }).errors?.join("\n") ?? "";
  return {
    ...flink,
    checkpoints,
    savepoints,
    upload,
    run(body, jar = "orders.jar") {
      const reply = flink.ask(`POST /jars/${upload(jar)}/run`, JSON.stringify(body));
      return reply.status === 200 ? (reply.body as { jobid: string }).jobid : errorsIn(reply.body);
    },
    chks: (id) =>
      readdirSync(join(checkpoints, id))
        .filter((name) => existsSync(join(checkpoints, id, name, "_metadata")))
        .sort((a, b) => Number(b.slice(4)) - Number(a.slice(4)))
        .map((name) => join(checkpoints, id, name)),
    get: <T>(path: string) => flink.ask(`GET ${path}`).body as T,
    delete: () => rmSync(folder, { recursive: true, force: true }),
  };
}

import { existsSync, readFileSync, rmdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Failure, type FlinkJobId, type Instant, parseLocation, sentenceOf } from "../../../model/index.ts";
import { parseSnapshot, writeMetadata } from "../../snapshot/index.ts";
import type { KeptSnapshot, ReadOperator, SnapshotKeeper, SnapshotToKeep } from "../physics/restore-point.ts";
import { StateFault } from "../physics/state-fault.ts";
import type { SnapshotDamage, StoragePlan, World } from "../world.ts";
import { damage } from "./damage.ts";
import * as fault from "./faults.ts";
import { type FileToWrite, uuidOf } from "./keyed-layout.ts";
import { layoutOf, simulatedStateIn } from "./layout.ts";
import { filesOf } from "./references.ts";
import { makeFolder, writeSparse, writeWhole } from "./sparse.ts";

const METADATA = "_metadata";

/** The folder of a world's storage; undefined where it has none. */
export function createSnapshotFolder(world: World, now: () => Instant): SnapshotFolder | undefined {
  const { storage, flinkVersion } = world.cluster;
  if (storage === undefined) return undefined;
  const version = Number.parseInt(flinkVersion, 10) >= 2 ? 6 : 4;
  return new SnapshotFolder({ storage, seed: world.seed, version, now });
}

export interface SnapshotFolderOptions {
  readonly storage: StoragePlan;
  readonly seed: number;
  /** Of `_metadata`. */
  readonly version: number;
  readonly now: () => Instant;
}

/**
 * Snapshots as files, in Flink's format and layout. Files have their true length and no bytes, so that a state of
 * gigabytes costs nothing; what a restore needs to know lies in `_metadata`. Their times are those of the simulation.
 */
export class SnapshotFolder implements SnapshotKeeper {
  /** The store does not serve until then. */
  downUntil: Instant = 0;
  private readonly options: SnapshotFolderOptions;
  /** Checkpoints that need a shared file, by local path. */
  private readonly users = new Map<string, number>();
  /** Directories of jobs that are there already. */
  private readonly made = new Set<string>();

  constructor(options: SnapshotFolderOptions) {
    this.options = options;
  }

  get isDown(): boolean {
    return this.options.now() < this.downUntil;
  }

  begin(job: FlinkJobId, checkpoint: number): void {
    if (this.isDown) throw fault.unreachable(`${this.urlOf(job)}/chk-${checkpoint}`);
    this.attempted(`${this.urlOf(job)}/chk-${checkpoint}`, () => {
      this.prepare(job);
      makeFolder(join(this.folderOf(job), `chk-${checkpoint}`));
    });
  }

  write(snapshot: SnapshotToKeep): KeptSnapshot {
    const url = this.targetOf(snapshot);
    if (this.isDown) throw fault.unreachable(url);
    const { job, kind } = snapshot;
    const folder = localPath(url);
    const layout = layoutOf(snapshot, {
      ...this.options,
      incremental: job.checkpoints?.kept?.incremental ?? false,
      sharedUrl: `${this.urlOf(job.id)}/shared`,
    });
    return this.attempted(url, () => {
      if (kind === "checkpoint") this.prepare(job.id);
      makeFolder(folder);
      const kept = this.writeFiles(layout.files, folder, join(this.folderOf(job.id), "shared"));
      writeWhole(join(folder, METADATA), writeMetadata(layout.metadata), this.options.now());
      return { path: url, ...kept };
    });
  }

  /** Shared files that another checkpoint wrote are not written again, whether they are still there or not. */
  private writeFiles(files: readonly FileToWrite[], folder: string, sharedFolder: string) {
    const exclusive = new Map<string, number>();
    const shared = new Map<string, number>();
    for (const file of files) {
      const path = join(file.shared ? sharedFolder : folder, file.name);
      const users = this.users.get(path) ?? 0;
      if (users === 0) writeSparse(path, file.bytes, this.options.now());
      if (file.shared) this.users.set(path, users + 1);
      (file.shared ? shared : exclusive).set(path, file.bytes);
    }
    return { exclusive, shared };
  }

  abandon(job: FlinkJobId, checkpoint: number): void {
    if (!this.isDown) rmSync(join(this.folderOf(job), `chk-${checkpoint}`), { recursive: true, force: true });
  }

  discard(kept: KeptSnapshot): void {
    if (this.isDown) return;
    const folder = localPath(kept.path);
    rmSync(join(folder, METADATA), { force: true });
    for (const path of kept.exclusive.keys()) rmSync(path, { force: true });
    for (const path of kept.shared.keys()) {
      const users = (this.users.get(path) ?? 1) - 1;
      if (users > 0) {
        this.users.set(path, users);
        continue;
      }
      this.users.delete(path);
      rmSync(path, { force: true });
    }
    try {
      rmdirSync(folder);
    } catch {
      // Something else lies in it, or it has gone: Flink leaves it then.
    }
  }

  check(kept: KeptSnapshot): void {
    if (this.isDown) throw fault.unreachable(kept.path);
    for (const [path, bytes] of [...kept.exclusive, ...kept.shared]) {
      const found = statSync(path, { throwIfNoEntry: false });
      if (found === undefined) throw fault.fileMissing(path);
      if (found.size < bytes) throw fault.fileShort(path);
    }
  }

  read(path: string): { readonly kept: KeptSnapshot; readonly operators: readonly ReadOperator[] } {
    if (this.isDown) throw fault.unreachable(path);
    const named = placeOf(path);
    const file = named.endsWith(`/${METADATA}`) ? named : join(named, METADATA);
    const folder = file.slice(0, -METADATA.length - 1);
    if (!existsSync(named)) throw fault.directoryMissing(path);
    if (!existsSync(file)) throw fault.metadataMissing(path);
    const bytes = readFileSync(file);
    const parsed = parseSnapshot(bytes);
    if (!parsed.ok) throw fault.metadataBroken(bytes);
    const { snapshot } = parsed;
    const operators = snapshot.operators.map((operator): ReadOperator => {
      const states = operator.subtasks.flatMap(({ state }) => (state === null ? [] : [state]));
      return {
        id: operator.id,
        name: operator.name,
        parallelism: operator.parallelism,
        maxParallelism: operator.maxParallelism,
        hasState: states.length > 0 || operator.coordinator !== null,
        checkpoint: Number(snapshot.checkpointId),
        state: simulatedStateIn(states[0]?.managedOperator ?? null),
      };
    });
    return { kept: { path: `file:${folder}`, ...filesOf(snapshot, folder) }, operators };
  }

  /** Spoils the files of a snapshot, as a person or a store may do. */
  damage(kept: KeptSnapshot, kind: SnapshotDamage): void {
    damage(kept, join(localPath(kept.path), METADATA), kind);
  }

  private targetOf({ job, point, kind, target }: SnapshotToKeep): string {
    if (kind === "checkpoint") return `${this.urlOf(job.id)}/chk-${point.id}`;
    const random = uuidOf(this.options.seed, job.id, "savepoint", point.id).replaceAll("-", "");
    const root = (target ?? this.options.storage.savepoints ?? "").replace(/\/+$/, "");
    return `${root}/savepoint-${job.id.slice(0, 6)}-${random.slice(0, 12)}`;
  }

  private prepare(job: FlinkJobId): void {
    if (this.made.has(job)) return;
    for (const part of ["shared", "taskowned"]) makeFolder(join(this.folderOf(job), part));
    this.made.add(job);
  }

  private urlOf(job: FlinkJobId): string {
    return `file:${localPath(this.options.storage.checkpoints)}/${job}`;
  }

  private folderOf(job: FlinkJobId): string {
    return localPath(this.urlOf(job));
  }

  /** What the file system refuses is Flink's failure, not the simulation's. */
  private attempted<T>(path: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      if (error instanceof StateFault) throw error;
      throw fault.notWritten(path, sentenceOf(error));
    }
  }
}

function localPath(url: string): string {
  const { scheme, path } = parseLocation(url);
  if (scheme === "file") return path;
  throw new Failure(
    "bad-config",
    `cannot keep simulated snapshots: ${url}; got the scheme ${scheme}; expected a directory on this machine such as file:/tmp/ckpt`,
  );
}

/** The local path that a person named, or Flink's refusal of it. */
function placeOf(path: string): string {
  try {
    return localPath(path);
  } catch {
    throw fault.directoryMissing(path);
  }
}

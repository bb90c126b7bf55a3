import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseLocation } from "../../../model/index.ts";
import type { SnapshotStorage } from "../../../recovery/index.ts";
import {
  compileStorageSettings,
  openStores,
  snapshotStorage,
  storageSettings,
} from "../../../sidecar/storage/index.ts";
import type { Cluster } from "../flink/cluster.ts";
import type { FlinkVersion } from "../flink/fetch.ts";
import { startS3 } from "../s3/server.ts";
import { type Ended, runProgram } from "../support/program.ts";
import { flavoursOf, type StoreName } from "./flavours.ts";
import type { Pressed } from "./press.ts";
import { pressAll } from "./press-cluster.ts";
import { localStore, type SnapshotStore, s3Store } from "./stores.ts";

/** Snapshots that one Flink wrote into one store, the cluster that did it, and how Outrider reads the store. */
export interface Session {
  readonly store: SnapshotStore;
  readonly pressed: readonly Pressed[];
  readonly cluster: Cluster;
  readonly storage: SnapshotStorage;
  /** Asks the command line for its verdict on a snapshot. */
  verifyByCommand(pointer: string): Promise<Ended>;
  close(): Promise<void>;
}

const MAIN = join(import.meta.dirname, "../../../sidecar/main.ts");
const BUCKET = "snapshots";
/** The cluster takes five ports from the first on, the S3 server the tenth. */
const PORT_BASE = 18_900;

/** Presses the flavours of a pass, short or full. */
export async function openSession(version: FlinkVersion, name: StoreName, full: boolean): Promise<Session> {
  const directory = mkdtempSync(join(tmpdir(), "outrider-snapshots-"));
  mkdirSync(join(directory, BUCKET));
  const s3 =
    name === "s3" ? await startS3({ port: PORT_BASE + 9, folder: directory, workDir: directory }) : undefined;
  // The credentials; Outrider reads them from the environment and from nowhere else.
  Object.assign(process.env, s3?.env);
  const store =
    s3 === undefined ? localStore(directory) : s3Store({ url: s3.url, folder: directory, bucket: BUCKET });
  const clean = async () => {
    await s3?.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const flavours = flavoursOf(name, full);
    const made = await pressAll({ version, portBase: PORT_BASE, store, flavours });
    const settings = storageSettings.parse(s3 === undefined ? {} : { s3: { endpoint: s3.url } });
    const stores = openStores(compileStorageSettings(settings));
    const roots = [parseLocation(store.root)];
    return {
      store,
      ...made,
      storage: snapshotStorage(stores, { roots }),
      verifyByCommand: (pointer) =>
        runProgram(process.execPath, [
          ...[MAIN, "snapshots", "verify", pointer, "--root", store.root],
          ...(s3 === undefined ? [] : ["--endpoint", s3.url]),
        ]),
      async close() {
        stores.close();
        await made.cluster.stop();
        await clean();
      },
    };
  } catch (error) {
    await clean();
    throw error;
  }
}

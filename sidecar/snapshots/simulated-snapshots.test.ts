import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseLocation } from "../../model/index.ts";
import { findSnapshots, type SnapshotStorage, verifySnapshot } from "../../recovery/index.ts";
import { type SimulatedFlink, simulatedFlink } from "../../test/support/simulated-flink.ts";
import { CHECKPOINTS } from "../../test/support/worlds.ts";
import { compileStorageSettings, openStores, snapshotStorage, storageSettings } from "../storage/index.ts";

const stores = openStores(compileStorageSettings(storageSettings.parse({})));
afterAll(() => stores.close());

let root: string;
let storage: SnapshotStorage;
let flink: SimulatedFlink;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "outrider-simulated-snapshots-"));
  storage = snapshotStorage(stores, { roots: [parseLocation(root)] });
  flink = simulatedFlink({
    cluster: { storage: { checkpoints: `file:${root}/ckpt`, savepoints: undefined } },
    job: { checkpoints: { ...CHECKPOINTS, kept: { retained: 3, retention: "retain", incremental: true } } },
  });
  flink.at(120);
});
afterEach(() => rmSync(root, { recursive: true }));

/** States of all snapshots that lie there, newest first; without one that is under way. */
async function states(): Promise<readonly string[]> {
  const { snapshots } = await findSnapshots(storage, root);
  const finished = snapshots.filter((s) => s.hasMetadata);
  const reports = await Promise.all(finished.map((s) => verifySnapshot(storage, s.path, { now: 1 })));
  return reports.map((r) => r.state);
}

describe("the snapshots of the simulated Flink", () => {
  it("are verified, as many as it retains", async () => {
    expect(await states()).toEqual(["verified", "verified", "verified"]);
  });

  it.each([
    ["metadata-cut", ["corrupt"]],
    ["file-short", ["incomplete"]],
    ["file-missing", ["incomplete"]],
    ["shared-file-missing", ["incomplete"]],
  ] as const)("are found out when damaged: %s", async (damage, [newest]) => {
    flink.cluster.applyTrouble({ atMs: 0, kind: "snapshot-damaged", job: "orders", damage });
    const [first, ...others] = await states();
    expect(first).toBe(newest);
    // The older ones share the missing file.
    if (damage !== "shared-file-missing") expect(others).toEqual(["verified", "verified"]);
  });
});

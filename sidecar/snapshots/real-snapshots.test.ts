import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocationMap, parseLocation, parseLocationMap } from "../../model/index.ts";
import { findSnapshots, type SnapshotStorage, verifySnapshot } from "../../recovery/index.ts";
import { compileStorageSettings, openStores, snapshotStorage, storageSettings } from "../storage/index.ts";

/** Checkpoints and savepoints that real Flink wrote; they lie beside the checkout, where they lie at all. */
const REAL = join(import.meta.dirname, "../../../shared/snapshots");
const flavours = existsSync(REAL)
  ? ["1.20", "2.3"].flatMap((version) =>
      readdirSync(join(REAL, version)).map((flavour) => ({
        version,
        flavour,
        name: `${version} ${flavour}`,
      })),
    )
  : [];

const stores = openStores(compileStorageSettings(storageSettings.parse({})));
const work = mkdtempSync(join(tmpdir(), "outrider-real-snapshots-"));
afterAll(() => {
  stores.close();
  rmSync(work, { recursive: true });
});

function storageOf(root: string, version: string): SnapshotStorage {
  const maps: readonly LocationMap[] = [parseLocationMap(`file:/data/flink/run01/${version}=${root}`)];
  return snapshotStorage(stores, { roots: [parseLocation(root)], maps });
}

describe.skipIf(flavours.length === 0).each(flavours)(
  "a real snapshot of Flink $name",
  ({ version, flavour, name }) => {
    const root = join(work, name.replace(" ", "-"));
    const storage = storageOf(root, version);
    let target = "";
    let needed: ReadonlyMap<string, number> = new Map();

    beforeAll(async () => {
      cpSync(join(REAL, version, flavour), root, { recursive: true });
      const found = await findSnapshots(storage, root);
      target = found.snapshots[0]?.path ?? "none";
      expect([found.snapshots.length, found.complete]).toEqual([1, true]);
      needed = await neededIn(storage, root, target, version);
    });

    it("is verified, and needs every file that lies there", async () => {
      const report = await verifySnapshot(storage, target, { now: 1 });

      expect([report.state, report.problems]).toEqual(["verified", []]);
      expect(report.references.files).toBe(needed.size);
      const there = filesBelow(root).filter((f) => !/_metadata$|INFO\.json$/.test(f));
      expect([...needed.keys()].toSorted()).toEqual(there.toSorted());
    });

    it("is incomplete without any one of its files, and says which", async () => {
      for (const file of needed.keys()) {
        const kept = `${file}.kept`;
        cpSync(file, kept);
        rmSync(file);
        const report = await verifySnapshot(storage, target, { now: 1 });
        cpSync(kept, file);
        rmSync(kept);
        expect([report.state, report.problems.map((p) => p.found)]).toEqual(["incomplete", [null]]);
        expect(report.problems[0]?.file.split("/").at(-1)).toBe(file.split("/").at(-1));
      }
    });

    it("is incomplete when any one of its files is a byte too short", async () => {
      for (const [file, bytes] of needed) {
        if (bytes === 0) continue;
        const kept = `${file}.kept`;
        cpSync(file, kept);
        truncateSync(file, bytes - 1);
        const report = await verifySnapshot(storage, target, { now: 1 });
        cpSync(kept, file);
        rmSync(kept);
        expect([report.state, report.problems.map((p) => [p.needed, p.found])]).toEqual([
          "incomplete",
          [[bytes, bytes - 1]],
        ]);
      }
    });

    it("is incomplete without _metadata, and corrupt when that is cut", async () => {
      const metadata = filesBelow(root).find((f) => f.endsWith("_metadata")) ?? "none";
      truncateSync(metadata, statSync(metadata).size - 1);
      expect((await verifySnapshot(storage, target, { now: 1 })).state).toBe("corrupt");
      rmSync(metadata);
      expect((await verifySnapshot(storage, target, { now: 1 })).state).toBe("incomplete");
    });
  },
);

it.runIf(flavours.length === 0)("has no real snapshots to look at: ../shared/snapshots is not there", () => {
  expect(flavours).toEqual([]);
});

/** Local path of every file that the snapshot needs → bytes. */
async function neededIn(
  storage: SnapshotStorage,
  root: string,
  target: string,
  version: string,
): Promise<ReadonlyMap<string, number>> {
  const reading = await storage.readMetadata(`${target}/_metadata`);
  if (!reading.ok) throw new Error(reading.defect.sentence);
  return new Map(
    reading.content.references.map(({ path, relative, needed }) => [
      relative
        ? join(target.replace(/^file:/, ""), path)
        : join(root, path.replace(/^file:\/*/, "/").replace(`/data/flink/run01/${version}/`, "")),
      needed,
    ]),
  );
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name));
}

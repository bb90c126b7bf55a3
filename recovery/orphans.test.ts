import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SnapshotContent } from "../model/index.ts";
import { FakeStorage } from "./fake-storage.ts";
import { findOrphans } from "./orphans.ts";

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;
const OPTIONS = { now: NOW, minAgeMs: HOUR };
const ROOT = "file:/ckpt";
const JOB = `${ROOT}/${"a".repeat(32)}`;

const content = (references: readonly string[]): SnapshotContent => ({
  version: 4,
  checkpointId: 1,
  kind: "checkpoint",
  format: null,
  operators: [],
  references: references.map((path) => ({ path, relative: !path.includes("/"), needed: 1, scope: "shared" })),
  inlineBytes: 0,
  metadataBytes: 100,
  proven: true,
});

describe("orphans", () => {
  it("are files that no snapshot refers to, the oldest first", async () => {
    const storage = new FakeStorage();
    storage.putSnapshot(`${JOB}/chk-1`, content(["own", `${JOB}/shared/used`]), NOW - 5 * HOUR);
    storage.put(`${JOB}/shared/left`, 7, NOW - 3 * HOUR);
    storage.put(`${JOB}/chk-9/given-up`, 5, NOW - 4 * HOUR);
    const report = await findOrphans(storage, [ROOT], OPTIONS);
    expect(report.orphans.map((o) => o.path)).toEqual([`${JOB}/chk-9/given-up`, `${JOB}/shared/left`]);
    expect(report.bytes).toBe(12);
    expect(report.looked).toEqual({ files: 5, snapshots: 1, referenced: 2 });
  });

  it("are not called so while they are young, or when nobody knows their age", async () => {
    const storage = new FakeStorage();
    storage.putSnapshot(`${JOB}/chk-1`, content([]));
    storage.put(`${JOB}/shared/fresh`, 7, NOW - HOUR + 1);
    storage.put(`${JOB}/shared/ageless`, 7, null);
    const report = await findOrphans(storage, [ROOT], OPTIONS);
    expect(report.orphans).toEqual([]);
    expect(report.tooYoung).toBe(2);
  });

  it("include nothing when a snapshot of the root cannot be read: it may refer to anything", async () => {
    const storage = new FakeStorage();
    storage.put(`${JOB}/shared/left`, 7, NOW - 3 * HOUR);
    const defect = { state: "corrupt", offset: 3, sentence: "it is cut" } as const;
    storage.put(`${JOB}/chk-2/_metadata`, 3);
    storage.readings.set(`${JOB}/chk-2/_metadata`, { ok: false, defect });
    const report = await findOrphans(storage, [ROOT], OPTIONS);
    expect(report.orphans).toEqual([]);
    expect(report.sentence).toContain("it is cut");
  });

  it("include nothing when a directory cannot be listed", async () => {
    const storage = new FakeStorage();
    storage.put(`${JOB}/shared/left`, 7, NOW - 3 * HOUR);
    storage.put(`${ROOT}/other/x`, 7, NOW - 3 * HOUR);
    storage.trouble = (request) => {
      if (request === `list ${ROOT}/other`) throw new Error("the store does not answer");
    };
    const report = await findOrphans(storage, [ROOT], OPTIONS);
    expect(report.orphans).toEqual([]);
    expect(report.problems).toEqual([{ path: `${ROOT}/other`, sentence: "the store does not answer" }]);
  });

  it("are never files that some snapshot refers to, whatever the tree", async () => {
    const name = fc.constantFrom("a", "b", "c", "d", "e", "f");
    const job = fc.constantFrom("a".repeat(32), "b".repeat(32));
    const file = fc.tuple(job, name).map(([j, n]) => `${ROOT}/${j}/shared/${n}`);
    const snapshot = fc.record({ job, id: fc.nat(5), references: fc.array(file, { maxLength: 6 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(snapshot, { maxLength: 6 }),
        fc.array(file, { maxLength: 10 }),
        async (list, others) => {
          const storage = new FakeStorage();
          for (const path of others) storage.put(path, 1, NOW - 3 * HOUR);
          for (const { job: j, id, references } of list) {
            storage.putSnapshot(`${ROOT}/${j}/chk-${id}`, content(references), NOW - 3 * HOUR);
          }
          const live = new Set(
            [...storage.readings.values()].flatMap((r) =>
              r.ok ? r.content.references.map((f) => f.path) : [],
            ),
          );
          const report = await findOrphans(storage, [ROOT], OPTIONS);
          for (const orphan of report.orphans) expect(live.has(orphan.path)).toBe(false);
          const expected = [...storage.files.keys()].filter(
            (p) => !live.has(p) && !p.endsWith("/_metadata"),
          ).length;
          expect(report.orphans).toHaveLength(expected);
        },
      ),
      { numRuns: 100 },
    );
  });
});

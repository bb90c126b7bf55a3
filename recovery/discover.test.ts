import { describe, expect, it } from "vitest";
import { Failure } from "../model/index.ts";
import { findSnapshots } from "./discover.ts";
import { aContent, FakeStorage } from "./fake-storage.ts";

const ROOT = "s3://b/ckpt";
const A = "a".repeat(32);
const B = "b".repeat(32);

function tree(): FakeStorage {
  const storage = new FakeStorage();
  storage.putSnapshot(`${ROOT}/${A}/chk-9`, aContent(), 900);
  storage.putSnapshot(`${ROOT}/${A}/chk-10`, aContent(), 100);
  storage.put(`${ROOT}/${A}/chk-11/state`, 1);
  storage.put(`${ROOT}/${A}/shared/x`, 1);
  storage.putSnapshot(`${ROOT}/team/${B}/chk-2`, aContent(), 2_000);
  storage.putSnapshot(`${ROOT}/savepoint-aaaaaa-000000000000`, aContent(), 500);
  return storage;
}
const namesOf = async (storage: FakeStorage, directory: string): Promise<readonly string[]> =>
  (await findSnapshots(storage, directory)).snapshots.map((s) => s.path.slice(s.path.lastIndexOf("/") + 1));

describe("snapshots are found", () => {
  it("below a root, newest first, and inside a job's directory by id", async () => {
    const found = await findSnapshots(tree(), ROOT);
    expect(found).toMatchObject({ exists: true, complete: true, problems: [] });
    expect(found.snapshots).toMatchObject([
      { checkpointId: 2, flinkJobId: B, kind: "checkpoint", hasMetadata: true, writtenAt: 2_000 },
      { checkpointId: 11, flinkJobId: A, hasMetadata: false, writtenAt: null },
      { checkpointId: 10, flinkJobId: A },
      { checkpointId: 9, flinkJobId: A },
      { checkpointId: null, flinkJobId: null, kind: "savepoint" },
    ]);
  });

  it.each([
    ["in a job's directory", `${ROOT}/${A}`, ["chk-11", "chk-10", "chk-9"]],
    ["in its own directory", `${ROOT}/${A}/chk-9`, ["chk-9"]],
    ["in its own directory without _metadata", `${ROOT}/${A}/chk-11`, ["chk-11"]],
    ["nowhere in a directory that is not there", `${ROOT}/none`, []],
    ["nowhere below state", `${ROOT}/${A}/shared`, []],
  ])("%s", async (_, directory, names) => {
    expect(await namesOf(tree(), directory)).toEqual(names);
  });

  it("in a directory of any name, by its _metadata", async () => {
    const storage = tree();
    storage.putSnapshot("s3://b/copies/monday", aContent(), 1);
    expect(await namesOf(storage, "s3://b/copies")).toEqual(["monday"]);
  });

  it("alike by listings where the store looks up no single files", async () => {
    const storage = tree();
    const all = (await findSnapshots(storage, ROOT)).snapshots;
    delete storage.stat;
    expect((await findSnapshots(storage, ROOT)).snapshots).toEqual(all);
  });

  it("with one request for each snapshot", async () => {
    const storage = tree();
    storage.requests.length = 0;
    await findSnapshots(storage, ROOT);
    expect(storage.requests.filter((r) => r.startsWith("stat"))).toHaveLength(5);
    expect(storage.requests.filter((r) => /chk-|savepoint|shared/.test(r) && !r.startsWith("stat"))).toEqual(
      [],
    );
  });
});

describe("the search is bounded and says so", () => {
  it("by levels", async () => {
    const storage = new FakeStorage();
    storage.putSnapshot(`${ROOT}/1/2/3/4/chk-1`, aContent());
    expect(await findSnapshots(storage, ROOT)).toMatchObject({
      exists: true,
      snapshots: [],
      complete: false,
    });
  });

  it("by entries", async () => {
    const storage = new FakeStorage();
    for (let i = 0; i < 50; i++) storage.put(`${ROOT}/f${i}`, 1);
    const found = await findSnapshots(storage, ROOT, { maxEntries: 10 });
    expect([found.complete, found.exists]).toEqual([false, true]);
    expect(storage.requests.length).toBeLessThan(6);
  });

  it("by what the store does not answer", async () => {
    const storage = tree();
    storage.trouble = (r) => {
      if (r.includes(A)) throw new Failure("throttled", "slow down");
    };
    const found = await findSnapshots(storage, ROOT);
    expect(found).toMatchObject({
      complete: false,
      problems: [{ path: `${ROOT}/${A}`, sentence: "slow down" }],
    });
    expect(found.snapshots).toHaveLength(2);
  });
});

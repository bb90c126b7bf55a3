import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure, type FailureCode, type SnapshotReference, type SnapshotState } from "../model/index.ts";
import { aContent, FakeStorage } from "./fake-storage.ts";
import { isAbsent, verifySnapshot } from "./verify.ts";

const JOB = "s3://state/ckpt/0123456789abcdef0123456789abcdef";
const DIR = `${JOB}/chk-7`;
const SHARED = `${JOB}/shared`;
const NOW = 5_000;

const own = (name: string, needed: number): SnapshotReference => ({
  path: name,
  relative: true,
  needed,
  scope: "exclusive",
});
const shared = (path: string, needed: number): SnapshotReference => ({
  path,
  relative: false,
  needed,
  scope: "shared",
});

function whole(references: readonly SnapshotReference[]): FakeStorage {
  const storage = new FakeStorage();
  storage.putSnapshot(DIR, aContent({ references }), 4_000);
  return storage;
}

const REFERENCES = [own("a", 10), own("b", 20), shared(`${SHARED}/c`, 30), shared(`${SHARED}/d`, 0)];
const fail = (code: FailureCode, message = "the store says no"): never => {
  throw new Failure(code, message);
};

describe("a snapshot with all its files", () => {
  it("is verified, with what was counted and when it was written", async () => {
    const report = await verifySnapshot(whole(REFERENCES), DIR, { now: NOW });

    expect(report).toMatchObject({
      path: DIR,
      state: "verified",
      kind: "checkpoint",
      version: 4,
      checkpointId: 7,
      references: { files: 4, bytes: 60 },
      problems: [],
      moreProblems: 0,
      checkedAt: NOW,
      writtenAt: 4_000,
      sentence: "chk-7 is whole: all 4 files with 60 B",
    });
  });

  it("may be named by its _metadata", async () => {
    const report = await verifySnapshot(whole(REFERENCES), `${DIR}/_metadata`, { now: NOW });
    expect([report.path, report.state]).toEqual([DIR, "verified"]);
  });

  it("costs one read and one listing of each directory, no request for a file", async () => {
    const storage = whole(REFERENCES);
    await verifySnapshot(storage, DIR, { now: NOW });
    expect(storage.requests.toSorted()).toEqual([`list ${DIR}`, `list ${SHARED}`, `read ${DIR}/_metadata`]);
  });

  it("is read no further than its last file in a directory that holds much more", async () => {
    const storage = whole([shared(`${SHARED}/a`, 1)]);
    for (let i = 0; i < 100; i++) storage.put(`${SHARED}/of-others-${i}`, 1);
    await verifySnapshot(storage, DIR, { now: NOW });
    expect(storage.requests.filter((r) => r.startsWith("page"))).toEqual([]);
  });

  it("counts a file once however it is spelt, and asks for its longest need", async () => {
    const storage = whole([shared(`${SHARED}/a`, 5)]);
    const references = [shared(`s3a://state//ckpt/${JOB.slice(-32)}/shared/a`, 5), shared(`${SHARED}/a`, 3)];
    storage.readings.set(`${DIR}/_metadata`, { ok: true, content: aContent({ references }) });
    const report = await verifySnapshot(storage, DIR, { now: NOW });
    expect(report).toMatchObject({ state: "verified", references: { files: 1, bytes: 5 } });
  });

  it("may have files right in the root of a bucket", async () => {
    const storage = whole([shared("s3://other/a", 5)]);
    expect((await verifySnapshot(storage, DIR, { now: NOW })).state).toBe("verified");
  });
});

interface Case {
  readonly name: string;
  readonly damage: (storage: FakeStorage) => void;
  readonly state: SnapshotState;
  readonly says: string;
}

const CASES: readonly Case[] = [
  {
    name: "a file is missing",
    damage: (s) => s.files.delete(`${SHARED}/c`),
    state: "incomplete",
    says: "chk-7 is incomplete: shared/c is missing",
  },
  {
    name: "a file is cut by one byte",
    damage: (s) => s.put(`${DIR}/b`, 19),
    state: "incomplete",
    says: "chk-7 is incomplete: b has 19 of the 20 bytes that are needed",
  },
  {
    name: "a file of no bytes is missing",
    damage: (s) => s.files.delete(`${SHARED}/d`),
    state: "incomplete",
    says: "shared/d is missing",
  },
  {
    name: "a file is longer than it needs to be",
    damage: (s) => s.put(`${DIR}/b`, 21),
    state: "verified",
    says: "is whole",
  },
  {
    name: "_metadata is missing",
    damage: (s) => s.files.delete(`${DIR}/_metadata`),
    state: "incomplete",
    says: "chk-7 is incomplete: _metadata is missing",
  },
  {
    name: "nothing is there",
    damage: (s) => s.files.clear(),
    state: "incomplete",
    says: "chk-7 is incomplete: there is no snapshot: no file lies there",
  },
  {
    name: "_metadata is corrupt",
    damage: (s) =>
      s.readings.set(`${DIR}/_metadata`, {
        ok: false,
        defect: { state: "corrupt", offset: 0, sentence: "_metadata is empty" },
      }),
    state: "corrupt",
    says: "_metadata is empty",
  },
  {
    name: "_metadata has a version that no released Flink writes",
    damage: (s) =>
      s.readings.set(`${DIR}/_metadata`, { ok: true, content: aContent({ version: 7, proven: false }) }),
    state: "unsupported",
    says: "version 7",
  },
  {
    name: "the listing lags behind the files",
    damage: (s) => s.unlisted.add(`${DIR}/a`),
    state: "verified",
    says: "is whole",
  },
  {
    name: "the listing shows no _metadata, though it was read, and nobody can look it up",
    damage: (s) => {
      s.unlisted.add(`${DIR}/_metadata`);
      delete s.stat;
    },
    state: "unknown",
    says: "the store contradicts itself",
  },
  {
    name: "the listing shows another _metadata than was read",
    damage: (s) => s.put(`${DIR}/_metadata`, 1_001),
    state: "unknown",
    says: "gave 1000 bytes when read, but the listing shows 1001",
  },
  {
    name: "_metadata is gone by the time of the listing",
    damage: (s) => {
      s.trouble = (r) => {
        if (r.startsWith("list")) s.files.delete(`${DIR}/_metadata`);
      };
    },
    state: "incomplete",
    says: "_metadata is missing",
  },
  {
    name: "_metadata is listed but cannot be read, as if it were not there",
    damage: (s) => s.readings.clear(),
    state: "unknown",
    says: "the store lists _metadata, but answers that it is not there",
  },
  {
    name: "the store does not answer for one directory",
    damage: (s) => {
      s.trouble = (r) => r === `list ${SHARED}` && fail("throttled", "slow down");
    },
    state: "unknown",
    says: "2 needed files could not be looked at: slow down",
  },
  {
    name: "one directory does not answer, and in another a file is missing",
    damage: (s) => {
      s.files.delete(`${DIR}/a`);
      s.trouble = (r) => r === `list ${SHARED}` && fail("unreachable");
    },
    state: "incomplete",
    says: "a is missing (and 1 more)",
  },
  {
    name: "a file is not listed and cannot be looked up",
    damage: (s) => {
      s.files.delete(`${DIR}/a`);
      s.trouble = (r) => r.startsWith("stat") && fail("timeout");
    },
    state: "unknown",
    says: "could not be looked up",
  },
  {
    name: "the store dies in the middle of a listing",
    damage: (s) => {
      s.pageSize = 1;
      s.trouble = (r) => r.startsWith("page") && fail("unreachable");
    },
    state: "unknown",
    says: "could not be looked at",
  },
  {
    name: "a directory lies outside the roots",
    damage: (s) => {
      s.trouble = (r) => r === `list ${SHARED}` && fail("bad-request", "outside the roots");
    },
    state: "unknown",
    says: "outside the roots",
  },
  {
    name: "the store throws what is no failure of ours",
    damage: (s) => {
      s.trouble = () => {
        throw new TypeError("undefined is not a function");
      };
    },
    state: "unknown",
    says: "undefined is not a function",
  },
];

describe("damage is told apart from trouble with the store", () => {
  it.each(CASES)("$name", async ({ damage, state, says }) => {
    const storage = whole(REFERENCES);
    damage(storage);
    const report = await verifySnapshot(storage, DIR, { now: NOW });

    expect(report.state).toBe(state);
    expect(report.sentence).toContain(says);
    expect(report.problems.length === 0).toBe(state === "verified" || state === "unsupported");
  });

  it.each([
    ["a name with a way up", own("../x", 1), "the name"],
    ["a name with a slash", own("x/y", 1), "a slash"],
    ["a name with NUL", own("x\0y", 1), "control character"],
    ["a path with a way up", shared(`${SHARED}/../../x`, 1), ".."],
    ["no file at all", shared("s3://state", 1), "names no file"],
  ])("a reference that is %s makes the snapshot corrupt", async (_, reference) => {
    const storage = whole([]);
    const content = aContent({ references: [own("a", 1), reference] });
    storage.readings.set(`${DIR}/_metadata`, { ok: true, content });
    const report = await verifySnapshot(storage, DIR, { now: NOW });
    expect([report.state, report.problems[0]?.needed]).toEqual(["corrupt", 1]);
  });

  it("tells an absent directory from one without _metadata", async () => {
    const storage = new FakeStorage();
    const at = (): ReturnType<typeof verifySnapshot> => verifySnapshot(storage, DIR, { now: NOW });
    expect(isAbsent(await at())).toBe(true);
    storage.put(`${DIR}/a`, 1);
    expect(isAbsent(await at())).toBe(false);
  });

  it.each<[string, number | undefined, number, SnapshotState]>([
    ["compressed", 1, 3, "verified"],
    ["cut, as it is not compressed", 0, 3, "incomplete"],
    ["empty", undefined, 0, "incomplete"],
    ["not there at all", 1, -1, "incomplete"],
  ])("a changelog file that is shorter than needed is %s", async (_, byte, bytes, state) => {
    const file = "s3://other/dstl/x";
    const storage = whole([{ ...shared(file, 10), compressible: true }]);
    if (byte !== undefined) storage.firstBytes.set(file, byte);
    if (bytes < 0) storage.files.delete(file);
    else storage.put(file, bytes);
    expect((await verifySnapshot(storage, DIR, { now: NOW })).state).toBe(state);
  });

  it("does not know a short changelog file whose first byte the store does not give", async () => {
    const storage = whole([{ ...shared("s3://other/dstl/x", 10), compressible: true }]);
    storage.put("s3://other/dstl/x", 3);
    storage.trouble = (r) => r.startsWith("first byte") && fail("throttled");
    expect((await verifySnapshot(storage, DIR, { now: NOW })).state).toBe("unknown");
  });

  it("believes the listing for the rest once one of many files is proven missing", async () => {
    const many = Array.from({ length: 1_500 }, (_, i) => own(`f${i}`, 1));
    const storage = whole(many);
    for (const { path } of many) storage.files.delete(`${DIR}/${path}`);
    const report = await verifySnapshot(storage, DIR, { now: NOW });

    expect([report.state, report.problems.length, report.moreProblems]).toEqual(["incomplete", 1_000, 500]);
    expect(storage.requests.filter((r) => r.startsWith("stat"))).toHaveLength(20);
  });

  it("is unknown where many files are not listed but those looked up are there", async () => {
    const many = Array.from({ length: 50 }, (_, i) => own(`f${i}`, 1));
    const storage = whole(many);
    for (const { path } of many) storage.unlisted.add(`${DIR}/${path}`);
    const report = await verifySnapshot(storage, DIR, { now: NOW });
    expect([report.state, report.problems.length]).toEqual(["unknown", 30]);
  });

  it("asks a dead store for a bounded number of directories", async () => {
    const references = Array.from({ length: 500 }, (_, i) => shared(`s3://state/_${i}_/f`, 1));
    const storage = whole(references);
    storage.trouble = (r) => r.startsWith("list") && fail("unreachable");
    const report = await verifySnapshot(storage, DIR, { now: NOW });
    expect(report.state).toBe("unknown");
    expect(storage.requests.length).toBeLessThan(30);
  });

  it("ends with unknown when it is stopped while the store is silent", async () => {
    const storage = whole(REFERENCES);
    const stop = new AbortController();
    storage.list = () => ({
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => setImmediate(() => stop.abort())) }),
    });
    const report = await verifySnapshot(storage, DIR, { now: NOW, signal: stop.signal });
    expect([report.state, report.problems.length]).toEqual(["unknown", 2]);
  });
});

/** Files of a snapshot in a few directories, and what happens to each. */
const aFile = fc.record({
  place: fc.constantFrom(DIR, SHARED, "s3://other/x", "s3://other"),
  needed: fc.nat(50),
  fate: fc.constantFrom("kept", "missing", "short", "unlisted"),
});
const someFiles = fc.array(aFile, { maxLength: 15 });
type Fate = (typeof aFile extends fc.Arbitrary<infer T> ? T : never) & { readonly path: string };

/** A snapshot with these files, and the paths of those that are harmed. */
function harmedSnapshot(files: readonly Omit<Fate, "path">[]): { storage: FakeStorage; harmed: string[] } {
  const fates = files.map((f, i): Fate => ({ ...f, path: `${f.place}/f${i}` }));
  const storage = whole(
    fates.map(({ place, path, needed }) =>
      place === DIR ? own(path.slice(DIR.length + 1), needed) : shared(path, needed),
    ),
  );
  const isHarmed = ({ fate, needed }: Fate): boolean =>
    fate === "missing" || (fate === "short" && needed > 0);
  for (const { path, needed, fate } of fates) {
    if (fate === "unlisted") storage.unlisted.add(path);
    if (fate === "missing") storage.files.delete(path);
    if (fate === "short") storage.put(path, Math.max(0, needed - 1));
  }
  return { storage, harmed: fates.filter(isHarmed).map((f) => f.path) };
}

describe("for any snapshot and any damage", () => {
  it("the state is what the damage means", async () => {
    await fc.assert(
      fc.asyncProperty(someFiles, fc.integer({ min: 1, max: 5 }), async (files, pageSize) => {
        const { storage, harmed } = harmedSnapshot(files);
        storage.pageSize = pageSize;

        const report = await verifySnapshot(storage, DIR, { now: NOW });

        expect(report.state).toBe(harmed.length > 0 ? "incomplete" : "verified");
        expect(report.problems.map((p) => p.file).toSorted()).toEqual(harmed.toSorted());
      }),
    );
  });

  it("a store that fails at random never makes it verified wrongly, nor incomplete by the outage", async () => {
    const fails = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(someFiles, fails, async (files, failing) => {
        const { storage, harmed } = harmedSnapshot(files);
        let request = 0;
        storage.trouble = () => failing[request++ % failing.length] && fail("throttled");

        const { state } = await verifySnapshot(storage, DIR, { now: NOW });

        expect(harmed.length > 0 ? ["incomplete", "unknown"] : ["verified", "unknown"]).toContain(state);
      }),
    );
  });
});

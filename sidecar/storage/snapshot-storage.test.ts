import { describe, expect, test } from "vitest";
import { type Location, locationText, parseLocation, parseLocationMap } from "../../model/index.ts";
import { drained } from "./drained.ts";
import type { ObjectStore } from "./object-store.ts";
import { openStores } from "./object-stores.ts";
import { compileStorageSettings, storageSettings } from "./settings.ts";
import { snapshotStorage } from "./snapshot-storage.ts";

/** 1,200 bytes that are no `_metadata`: what was read of them, the defect shows. */
const BYTES = Buffer.alloc(1_200, 0x49);

/** A store that answers everything, and notes the real places that it was asked for. */
function noting(): { store: ObjectStore; places: string[] } {
  const places: string[] = [];
  const note = (location: Location) => places.push(locationText(location));
  const store: ObjectStore = {
    async *list(directory) {
      note(directory);
      yield { files: [{ name: "f", bytes: 3, modifiedAt: 7 }], directories: ["d"] };
    },
    async stat(file) {
      note(file);
      return { name: "f", bytes: 3, modifiedAt: 7 };
    },
    async *read(file) {
      note(file);
      yield BYTES;
    },
    close: () => undefined,
  };
  return { store, places };
}

function viewOf(roots: readonly string[], maps: readonly string[] = [], maxMetadataBytes = 2_000) {
  const { store, places } = noting();
  const config = compileStorageSettings(storageSettings.parse({ maxMetadataBytes }));
  const storage = snapshotStorage(
    { config, storeOf: () => store, close: () => undefined },
    { roots: roots.map(parseLocation), maps: maps.map(parseLocationMap) },
  );
  return { storage, places };
}

describe("a view of the stores", () => {
  test("reads inside its roots and answers with whole paths", async () => {
    const { storage } = viewOf(["s3://b/flink"]);
    expect(await drained(storage.list("s3a://b/flink//chk-1/"))).toEqual([
      {
        files: [{ path: "s3://b/flink/chk-1/f", bytes: 3, modifiedAt: 7 }],
        directories: ["s3://b/flink/chk-1/d"],
      },
    ]);
    expect(await storage.stat("s3://b/flink/f")).toEqual({ path: "s3://b/flink/f", bytes: 3, modifiedAt: 7 });
    expect(await storage.readMetadata("s3://b/flink/_metadata")).toMatchObject({ ok: false });
  });

  test("of a whole bucket makes no doubled slash", async () => {
    const [page] = await drained(viewOf(["s3://b"]).storage.list("s3://b"));
    expect(page?.directories).toEqual(["s3://b/d"]);
  });

  test.each([
    ["beside the root", ["s3://b/flink"], "s3://b/flinkx/f"],
    ["above the root", ["s3://b/flink"], "s3://b/f"],
    ["in another bucket", ["s3://b"], "s3://c/f"],
    ["on this machine", ["s3://b"], "/etc/f"],
    ["anywhere without roots", [], "/etc/f"],
  ])("refuses what lies %s", async (_, roots, path) => {
    const { storage, places } = viewOf(roots);
    const refused = {
      code: "bad-request",
      message: expect.stringMatching(/it lies outside the roots that may be read: .*; allow it with --root$/),
    };
    await expect(drained(storage.list(path))).rejects.toMatchObject(refused);
    await expect(storage.stat(path)).rejects.toMatchObject(refused);
    await expect(storage.readMetadata(path)).rejects.toMatchObject(refused);
    expect(places).toEqual([]);
  });

  test("reads a copy where a map says so, under the names of the original", async () => {
    const { storage, places } = viewOf(["s3://b/flink"], ["file:/data/x=/mnt/x"]);
    expect(await drained(storage.list("file:/data/x/chk-1"))).toMatchObject([
      { directories: ["file:/data/x/chk-1/d"] },
    ]);
    expect(await storage.stat("/data/x/f")).toMatchObject({ path: "file:/data/x/f" });
    await storage.readMetadata("/data/x/_metadata");
    expect(places).toEqual(["file:/mnt/x/chk-1", "file:/mnt/x/f", "file:/mnt/x/_metadata"]);
  });

  test("holds the mapped place against the roots, not the one that was asked for", async () => {
    const { storage } = viewOf(["file:/data"], ["file:/data/x=/mnt/x"]);
    await expect(storage.stat("file:/mnt/y/f")).rejects.toThrow("outside the roots");
    expect(await storage.stat("file:/data/y/f")).toBeDefined();
  });

  test("stops at the largest _metadata that it may read", async () => {
    const { storage } = viewOf(["s3://b"], [], 1_000);
    await expect(storage.readMetadata("s3://b/_metadata")).rejects.toMatchObject({
      code: "too-large",
      message: expect.stringContaining("more than 1000 bytes"),
    });
  });

  test("refuses what is no place", async () => {
    await expect(viewOf(["/"]).storage.stat("/a/../b")).rejects.toThrow("a path with ..");
  });
});

describe("the stores", () => {
  const stores = openStores(compileStorageSettings(storageSettings.parse({})));

  test.each(["hdfs://nn:8020/flink", "viewfs:/flink", "oss://b/flink", "ftp://h/x", "constructor:/x"])(
    "do not speak the scheme of %s",
    (text) => {
      expect(() => stores.storeOf(parseLocation(text))).toThrow(
        expect.objectContaining({
          code: "not-supported",
          message: expect.stringMatching(
            /got the scheme \S+, for which .*; expected file, s3, gs, .* by --map FROM=TO/,
          ),
        }),
      );
    },
  );

  test("are made once for a scheme", () => {
    const [a, b] = ["/a", "file:/b"].map((text) => stores.storeOf(parseLocation(text)));
    expect(a).toBe(b);
  });
});

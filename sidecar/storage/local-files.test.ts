import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseLocation } from "../../model/index.ts";
import { drained } from "./drained.ts";
import { localFiles } from "./local-files.ts";
import type { ByteRange, ObjectPage } from "./object-store.ts";

const BOUNDS = { pageTimeoutMs: 5_000, readTimeoutMs: 5_000, mostPages: 10 };
const store = localFiles(BOUNDS);
const at = (...parts: string[]) => parseLocation(join(...parts));

let home = "";
let root = "";
const access = () => ({ roots: [at(root)] });

async function listed(path: string): Promise<{ pages: number; files: string[]; directories: string[] }> {
  const pages: ObjectPage[] = [];
  for await (const page of store.list(at(path), access())) pages.push(page);
  return {
    pages: pages.length,
    files: pages
      .flatMap((p) => p.files)
      .map((f) => `${f.name} ${f.bytes}`)
      .sort(),
    directories: pages.flatMap((p) => p.directories).sort(),
  };
}

async function read(path: string, range?: ByteRange): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(at(path), access(), range)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "outrider-local-"));
  root = join(home, "root");
  for (const folder of ["chk-1/_metadata", "chk-2/sub", "many", "empty", "links"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  mkdirSync(join(home, "outside/dir"), { recursive: true });
  writeFileSync(join(home, "outside/file"), "secret");
  writeFileSync(join(root, "chk-2/_metadata"), "hello world");
  writeFileSync(join(root, "chk-2/é %2F 😀"), "12345");
  utimesSync(join(root, "chk-2/_metadata"), 1_700_000_000, 1_700_000_000.25);
  for (let i = 0; i < 2_500; i++) writeFileSync(join(root, "many", `f${i}`), "x");
  symlinkSync(join(root, "chk-2/_metadata"), join(root, "links/inside"));
  symlinkSync("../chk-2", join(root, "links/dir"));
  symlinkSync("nowhere", join(root, "links/broken"));
  symlinkSync("self", join(root, "links/self"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("a local directory", () => {
  test("is listed with sizes, without what lies deeper", async () => {
    expect(await listed(join(root, "chk-2"))).toEqual({
      pages: 1,
      files: ["_metadata 11", "é %2F 😀 5"],
      directories: ["sub"],
    });
  });

  test("tells when its files were written", async () => {
    for await (const page of store.list(at(root, "chk-2"), access())) {
      expect(page.files.find((f) => f.name === "_metadata")?.modifiedAt).toBe(1_700_000_000_250);
    }
  });

  test("comes in pages of 1,000 entries", async () => {
    const { pages, files } = await listed(join(root, "many"));
    expect([pages, new Set(files).size]).toEqual([3, 2_500]);
  });

  test("with more pages than are allowed is a failure, not a short listing", async () => {
    const bounded = localFiles({ ...BOUNDS, mostPages: 2 });
    const all = drained(bounded.list(at(root, "many"), access()));
    await expect(all).rejects.toMatchObject({
      code: "too-large",
      message: expect.stringContaining("2000 entries"),
    });
  });

  test.each([
    ["that is empty is one empty page", "empty", 1],
    ["that is absent is no page", "nothing", 0],
    ["whose name a file has is no page", "chk-2/_metadata", 0],
    ["below a file is no page", "chk-2/_metadata/x", 0],
  ])("%s", async (_, path, pages) => {
    expect(await listed(join(root, path))).toEqual({ pages, files: [], directories: [] });
  });

  test("shows what links lead to inside the roots, and no link that leads nowhere", async () => {
    expect(await listed(join(root, "links"))).toEqual({
      pages: 1,
      files: ["inside 11"],
      directories: ["dir"],
    });
    expect((await listed(join(root, "links/dir"))).directories).toEqual(["sub"]);
  });

  test("whose root is not there is unavailable: nothing is known", async () => {
    const roots = [at(home, "unmounted")];
    const all = drained(store.list(at(home, "unmounted/chk-1"), { roots }));
    await expect(all).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/got no directory .*unmounted; expected .* is it mounted\?/),
    });
  });

  test("with a pipe in it neither lists nor opens the pipe", async () => {
    mkdirSync(join(root, "special"));
    execFileSync("mkfifo", [join(root, "special/pipe")]);
    expect((await listed(join(root, "special"))).files).toEqual([]);
    await expect(read(join(root, "special/pipe"))).rejects.toMatchObject({ code: "not-found" });
  });

  test("leaves out names that Flink cannot write", async () => {
    mkdirSync(join(root, "odd"));
    for (const name of ["a\nb", "a\\b", "fine"]) writeFileSync(join(root, "odd", name), "x");
    expect((await listed(join(root, "odd"))).files).toEqual(["fine 1"]);
  });

  test.skipIf(process.getuid?.() === 0)("that may not be read is forbidden", async () => {
    mkdirSync(join(root, "closed"));
    chmodSync(join(root, "closed"), 0);
    await expect(listed(join(root, "closed"))).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("a link out of the roots", () => {
  const refused = {
    code: "bad-request",
    message: expect.stringMatching(/got a link to .*outside.*; allow it with --root/),
  };

  test("is refused for reading and listing", async () => {
    mkdirSync(join(root, "out"));
    symlinkSync(join(home, "outside/file"), join(root, "out/file"));
    symlinkSync(join(home, "outside/dir"), join(root, "out/dir"));
    await expect(read(join(root, "out/file"))).rejects.toMatchObject(refused);
    await expect(listed(join(root, "out/dir"))).rejects.toMatchObject(refused);
    await expect(listed(join(root, "out"))).rejects.toMatchObject(refused);
    await expect(store.stat(at(root, "out/file"), access())).rejects.toMatchObject(refused);
  });

  test("to a directory does not hide what lies beside it", async () => {
    mkdirSync(join(root, "beside"));
    symlinkSync(join(home, "outside/dir"), join(root, "beside/dir"));
    writeFileSync(join(root, "beside/file"), "x");
    expect(await listed(join(root, "beside"))).toMatchObject({ files: ["file 1"], directories: ["dir"] });
  });

  test("is followed where another root holds its target", async () => {
    mkdirSync(join(root, "two"));
    symlinkSync(join(home, "outside/file"), join(root, "two/file"));
    const roots = [at(root), at(home, "outside")];
    const pages = await drained(store.list(at(root, "two"), { roots }));
    expect(pages.flatMap((p) => p.files)).toMatchObject([{ name: "file", bytes: 6 }]);
  });

  test("as the root itself is the root", async () => {
    symlinkSync(root, join(home, "alias"));
    const roots = [at(home, "alias")];
    const pages = await drained(store.list(at(home, "alias/chk-2"), { roots }));
    expect(pages.flatMap((p) => p.files)).toHaveLength(2);
  });
});

describe("a local file", () => {
  test.each([
    [undefined, "hello world"],
    [{ start: 6 }, "world"],
    [{ end: 5 }, "hello"],
    [{ start: 3, end: 8 }, "lo wo"],
    [{ start: 6, end: 100 }, "world"],
    [{ start: 100 }, ""],
  ])("is read in the range %j", async (range, expected) => {
    expect((await read(join(root, "chk-2/_metadata"), range)).toString()).toBe(expected);
  });

  test("of some megabytes comes in chunks", async () => {
    const bytes = Buffer.alloc(3_500_000, "abcdefg");
    writeFileSync(join(root, "large"), bytes);
    expect((await read(join(root, "large"))).equals(bytes)).toBe(true);
  });

  test.each([
    ["absent", "nothing", "no such file"],
    ["a directory of that name", "chk-1/_metadata", "a directory"],
    ["below a file", "chk-2/_metadata/x", "no such file"],
    ["a broken link", "links/broken", "no such file"],
    ["a link to itself", "links/self", "no such file"],
  ])("%s is not found", async (_, path, got) => {
    await expect(read(join(root, path))).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining(`got ${got}`),
    });
    expect(await store.stat(at(root, path), access())).toBeUndefined();
  });

  test("that is cut while it is read is a failure, not a short file", async () => {
    const path = join(root, "shrinking");
    writeFileSync(path, Buffer.alloc(3_000_000));
    const chunks = store.read(at(path), access());
    const all = (async () => {
      for await (const _ of chunks) truncateSync(path, 1_100_000);
    })();
    await expect(all).rejects.toMatchObject({ code: "unavailable" });
  });

  test("is looked up by itself", async () => {
    expect(await store.stat(at(root, "chk-2/_metadata"), access())).toEqual({
      name: "_metadata",
      bytes: 11,
      modifiedAt: 1_700_000_000_250,
    });
  });

  test("is not read after the order to stop", async () => {
    const signal = AbortSignal.abort();
    const all = drained(store.read(at(root, "chk-2/_metadata"), { ...access(), signal }));
    await expect(all).rejects.toMatchObject({ code: "timeout" });
  });
});

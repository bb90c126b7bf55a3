import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { readMetadata, writeMetadata } from "../../engine/snapshot/index.ts";
import { parseLocation, problemOfName } from "../../model/index.ts";
import {
  compileStorageSettings,
  openStores,
  snapshotStorage,
  storageSettings,
} from "../../sidecar/storage/index.ts";
import { madeSnapshot } from "../bench/snapshots-made.ts";
import { type S3Server, startS3 } from "./s3/server.ts";
import { startTroubleProxy, type TroubleProxy } from "./s3/trouble-proxy.ts";
import { waitFor } from "./support/child.ts";

const PORT = 19_300;
const PROXY_PORT = 19_301;
/** Shown to be able to fail: nothing listens there. */
const OFF_URL = "http://127.0.0.1:19309";
const BIG = 3_000_000;

const home = mkdtempSync(join(tmpdir(), "outrider-s3-"));
const folder = join(home, "buckets");
const job = join(folder, "flink/checkpoints/job");
let server: S3Server;
let proxy: TroubleProxy;
const requests: string[] = [];

interface Viewed {
  readonly pageTimeout?: string;
  readonly url?: string;
  readonly roots?: readonly string[];
}

const opened: { close(): void }[] = [];
function view({ pageTimeout = "20s", url = server.url, roots = ["s3://flink"] }: Viewed = {}) {
  const endpoint = process.env["SUBJECT_OFF"] === "1" ? OFF_URL : url;
  const settings = storageSettings.parse({ s3: { endpoint, timeout: pageTimeout }, pageTimeout });
  const stores = openStores(compileStorageSettings(settings), (command) => requests.push(command));
  opened.push(stores);
  const locations = roots.map(parseLocation);
  return { stores, roots: locations, storage: snapshotStorage(stores, { roots: locations }) };
}

async function listed(viewed: ReturnType<typeof view>, directory: string) {
  const pages = [];
  for await (const page of viewed.storage.list(directory)) pages.push(page);
  const files = pages.flatMap((p) => p.files);
  return { pages: pages.length, files, directories: pages.flatMap((p) => p.directories) };
}

async function bytesOf(viewed: ReturnType<typeof view>, file: string, range = {}): Promise<Buffer> {
  const location = parseLocation(file);
  const chunks: Uint8Array[] = [];
  const store = viewed.stores.storeOf(location);
  for await (const chunk of store.read(location, { roots: viewed.roots }, range)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

beforeAll(async () => {
  for (const path of ["shared", "chk-1", "chk-2", "taskowned/tm/0"])
    mkdirSync(join(job, path), { recursive: true });
  for (let i = 0; i < 2_501; i++) writeFileSync(join(job, "shared", `f${i}`), "x".repeat(i % 50));
  const files = Array.from({ length: 2_501 }, (_, i) => ({
    path: `s3://flink/checkpoints/job/shared/f${i}`,
    bytes: i % 50,
  }));
  writeFileSync(join(job, "chk-1/_metadata"), writeMetadata(madeSnapshot(1, files, 4)));
  for (const name of ["a b+c%2Fd", "é😀", "=&?#", "a\u0001b", "a\nb"])
    writeFileSync(join(job, "chk-2", name), "odd");
  writeFileSync(join(job, "big"), Buffer.alloc(BIG, "0123456789"));
  server = await startS3({ port: PORT, folder, workDir: home });
  proxy = await startTroubleProxy(PROXY_PORT, PORT);
});
afterAll(async () => {
  await proxy.close();
  await server.stop();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(() => {
  for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
  vi.stubEnv("AWS_ENDPOINT_URL_S3", undefined);
});
afterEach(() => {
  for (const stores of opened.splice(0)) stores.close();
  proxy.trouble = { kind: "none" };
  requests.length = 0;
});

describe("a real S3 server", () => {
  test("lists 2,501 files in three requests, with sizes and times", async () => {
    const { pages, files } = await listed(view(), "s3a://flink/checkpoints/job/shared/");
    expect([pages, requests.length]).toEqual([3, 3]);
    expect(new Set(files.map((f) => f.path)).size).toBe(2_501);
    const path = "s3://flink/checkpoints/job/shared/f149";
    const modifiedAt = Math.floor(statSync(join(job, "shared/f149")).mtimeMs / 1_000) * 1_000;
    expect(files.find((f) => f.path === path)).toEqual({ path, bytes: 49, modifiedAt });
  });

  test("lists one level", async () => {
    const { files, directories } = await listed(view(), "s3://flink/checkpoints/job");
    const below = (name: string) => `s3://flink/checkpoints/job/${name}`;
    expect(files).toMatchObject([{ path: below("big"), bytes: BIG }]);
    expect(directories.toSorted()).toEqual(["chk-1", "chk-2", "shared", "taskowned"].map(below));
    expect((await listed(view(), "s3://flink")).directories).toEqual(["s3://flink/checkpoints"]);
  });

  test("keeps odd names as they are", async () => {
    const { files } = await listed(view(), "s3://flink/checkpoints/job/chk-2");
    const names = files.map((f) => f.path.replace("s3://flink/checkpoints/job/chk-2/", ""));
    expect(names).toEqual(expect.arrayContaining(["a b+c%2Fd", "é😀", "=&?#"]));
    expect(names.filter((name) => problemOfName(name) !== undefined)).toEqual([]);
    for (const name of ["a b+c%2Fd", "é😀", "=&?#"]) {
      expect((await bytesOf(view(), `s3://flink/checkpoints/job/chk-2/${name}`)).toString()).toBe("odd");
    }
  });

  test("knows what is not there", async () => {
    const v = view();
    expect(await listed(v, "s3://flink/checkpoints/none")).toEqual({ pages: 0, files: [], directories: [] });
    expect(await v.storage.stat("s3://flink/checkpoints/job/chk-1/none")).toBeUndefined();
    expect(await v.storage.stat("s3://flink/checkpoints/job/chk-1")).toBeUndefined();
    for (const file of ["s3://flink/none/_metadata", "s3://flink/checkpoints/job/chk-1"]) {
      await expect(v.storage.readMetadata(file)).rejects.toMatchObject({ code: "not-found" });
    }
  });

  test("looks one file up by one request", async () => {
    const found = await view().storage.stat("s3://flink/checkpoints/job/big");
    expect(found).toMatchObject({ path: "s3://flink/checkpoints/job/big", bytes: BIG });
    expect(requests).toEqual(["HeadObjectCommand"]);
  });

  test("gives the _metadata that lies on its disk", async () => {
    const bytes = readFileSync(join(job, "chk-1/_metadata"));
    const reading = await view().storage.readMetadata("s3://flink/checkpoints/job/chk-1/_metadata");
    expect(reading).toMatchObject({ ok: true });
    expect(reading).toEqual(readMetadata(bytes));
  });

  test.each([
    [{}, 0, BIG],
    [{ start: 7 }, 7, BIG],
    [{ end: 100 }, 0, 100],
    [{ start: 1_000_003, end: 2_500_000 }, 1_000_003, 2_500_000],
    [{ start: BIG - 1, end: BIG + 10 }, BIG - 1, BIG],
    [{ start: BIG }, 0, 0],
  ])("reads the range %j", async (range, start, end) => {
    const expected = readFileSync(join(job, "big")).subarray(start, end);
    expect((await bytesOf(view(), "s3://flink/checkpoints/job/big", range)).equals(expected)).toBe(true);
  });
});

describe("nothing is known", () => {
  /** What a listing, a look and a reading fail with; "nothing" where one does not. */
  const failures = (v: ReturnType<typeof view>, path: string): Promise<unknown[]> =>
    Promise.all(
      [listed(v, path), v.storage.stat(`${path}/f`), v.storage.readMetadata(`${path}/f`)].map((asked) =>
        asked.then(
          () => "nothing",
          (error: unknown) => error,
        ),
      ),
    );
  const thrice = (expected: object): readonly unknown[] =>
    [1, 2, 3].map(() => expect.objectContaining(expected));

  test("with a wrong secret", async () => {
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "wrong");
    const code = expect.stringMatching(/^(unauthorized|forbidden)$/);
    expect(await failures(view(), "s3://flink/checkpoints")).toEqual(thrice({ code }));
    await expect(listed(view(), "s3://flink/x")).rejects.toThrow("SignatureDoesNotMatch");
  });

  test("with an account that does not exist", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "nobody");
    expect(await failures(view(), "s3://flink/x")).toEqual(thrice({ code: "unauthorized" }));
  });

  test("of a bucket that does not exist", async () => {
    const message = expect.stringContaining("a bucket that exists; is its name right");
    const v = view({ roots: ["s3://nowhere"] });
    expect(await failures(v, "s3://nowhere/x")).toEqual(thrice({ code: "unavailable", message }));
  });

  test("where nobody listens, and where there is no such host", async () => {
    for (const url of [OFF_URL, "http://nobody.invalid:9000"]) {
      expect(await failures(view({ url }), "s3://flink/x")).toEqual(thrice({ code: "unreachable" }));
    }
  });

  test("of the rest when the server dies in the middle of a listing", async () => {
    const other = await startS3({ port: 19_302, folder, workDir: home });
    const seen: number[] = [];
    const whole = (async () => {
      for await (const page of view({ url: other.url }).storage.list("s3://flink/checkpoints/job/shared")) {
        seen.push(page.files.length);
        await other.child.kill();
      }
    })();
    await expect(whole).rejects.toMatchObject({ code: "unreachable" });
    expect(seen).toEqual([1_000]);
  });

  test.each([
    ["hangs", "stall"],
    ["breaks off", "cut"],
  ] as const)("when a listing %s in the middle of a page, and the connection is let go", async (_, kind) => {
    proxy.trouble = { kind, afterBytes: 50_000 };
    const code = kind === "stall" ? "timeout" : "unreachable";
    const v = view({ url: proxy.url, pageTimeout: "2s" });
    await expect(listed(v, "s3://flink/checkpoints/job/shared")).rejects.toMatchObject({ code });
    await waitFor("the connection is let go", 10_000, async () => (proxy.open() === 0 ? true : undefined));
  });

  test.each([
    ["hangs", "stall"],
    ["breaks off", "cut"],
  ] as const)("when a file %s in the middle, and the connection is let go", async (_, kind) => {
    proxy.trouble = { kind, afterBytes: 1_000_000 };
    const code = kind === "stall" ? "timeout" : "unreachable";
    const v = view({ url: proxy.url, pageTimeout: "2s" });
    await expect(bytesOf(v, "s3://flink/checkpoints/job/big")).rejects.toMatchObject({ code });
    await waitFor("the connection is let go", 10_000, async () => (proxy.open() === 0 ? true : undefined));
  });

  test("when the server answers nothing at all", async () => {
    proxy.trouble = { kind: "stall", afterBytes: 0 };
    const v = view({ url: proxy.url, pageTimeout: "1s" });
    expect(await failures(v, "s3://flink/x")).toEqual(thrice({ code: "timeout" }));
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseLocation } from "../../model/index.ts";
import { azure } from "./azure.ts";
import { drained } from "./drained.ts";
import { type FakeHttp, type FakeReply, fakeHttp } from "./fake-http.ts";
import { compileStorageSettings, storageSettings } from "./settings.ts";

/** A played Azure: the real one cannot be had here, so its answers are taken from its documentation. */
let fake: FakeHttp | undefined;
beforeEach(() => {
  vi.stubEnv("AZURE_STORAGE_SAS_TOKEN", "?sv=2024&sig=a%2Bb");
});
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

const ROOT = "abfss://c1-x@account1.dfs.core.windows.net";
const access = { roots: [parseLocation(ROOT)] };
const directory = parseLocation(`${ROOT}/a b`);
const file = parseLocation(`${ROOT}/a b/f%2F`);

async function storeThatSays(reply: (url: URL, method: string) => FakeReply | "cut") {
  fake = await fakeHttp(reply);
  return azure(compileStorageSettings(storageSettings.parse({ azure: { endpoint: `${fake.url}/acc/` } })));
}

const lastModified = "Sat, 21 Nov 2026 19:00:00 GMT";
const paths = (list: readonly object[], next = ""): FakeReply => ({
  body: JSON.stringify({ paths: list }),
  headers: { "content-type": "application/json", ...(next === "" ? {} : { "x-ms-continuation": next }) },
});
const refusal = (status: number, code: string): FakeReply => ({
  status,
  headers: { "x-ms-error-code": code },
});

describe("a listing of Azure", () => {
  test("asks for one level and follows its continuation", async () => {
    const store = await storeThatSays((url) =>
      url.searchParams.has("continuation")
        ? paths([{ name: "a b/2", contentLength: 3, isDirectory: false, lastModified }])
        : paths(
            [
              { name: "a b/1", contentLength: "5000000000", lastModified },
              { name: "a b/sub", isDirectory: "true", contentLength: "0", lastModified },
              { name: "a b/x\ny", contentLength: "1", lastModified },
            ],
            "t+/=",
          ),
    );
    expect(await drained(store.list(directory, access))).toEqual([
      {
        files: [{ name: "1", bytes: 5_000_000_000, modifiedAt: Date.parse(lastModified) }],
        directories: ["sub"],
      },
      { files: [expect.objectContaining({ name: "2", bytes: 3 })], directories: [] },
    ]);
    const [first, second] = (fake?.requests ?? []).map((r) => new URL(r.slice(4), "http://f"));
    expect(first?.pathname).toBe("/acc/c1-x");
    expect(Object.fromEntries(first?.searchParams ?? [])).toEqual({
      resource: "filesystem",
      recursive: "false",
      maxResults: "1000",
      directory: "a b",
      sv: "2024",
      sig: "a+b",
    });
    expect(second?.searchParams.get("continuation")).toBe("t+/=");
  });

  test("of an empty directory is a page, of an absent one is none", async () => {
    const empty = await storeThatSays(() => paths([]));
    expect(await drained(empty.list(directory, access))).toEqual([{ files: [], directories: [] }]);
    await fake?.close();
    const absent = await storeThatSays(() => refusal(404, "PathNotFound"));
    expect(await drained(absent.list(directory, access))).toEqual([]);
  });

  test.each<[string, FakeReply | "cut", string]>([
    ["a web page", { body: "<html>log in</html>" }, "bad-reply"],
    ["a path that was not asked for", paths([{ name: "z/1", contentLength: "1" }]), "bad-reply"],
    ["a deeper path", paths([{ name: "a b/c/1", contentLength: "1" }]), "bad-reply"],
    ["a file without a length", paths([{ name: "a b/1" }]), "bad-reply"],
    ["the same continuation again", paths([{ name: "a b/1", contentLength: "1" }], "t"), "bad-reply"],
    ["no container", refusal(404, "FilesystemNotFound"), "unavailable"],
    ["a 404 without Azure's word", { status: 404, body: "<html/>" }, "bad-reply"],
    ["a wrong signature", refusal(403, "AuthenticationFailed"), "unauthorized"],
    ["no permission", refusal(403, "AuthorizationPermissionMismatch"), "forbidden"],
    ["that it is busy", refusal(503, "ServerBusy"), "throttled"],
    ["a 500", refusal(500, "InternalError"), "unavailable"],
    ["nothing and hangs up", "cut", "unreachable"],
  ])("is a failure where the server answers %s", async (_, reply, code) => {
    const store = await storeThatSays(() => reply);
    const failed = expect(drained(store.list(directory, access))).rejects;
    await failed.toMatchObject({ code });
    await failed.toThrow(/^cannot list abfss:.*: got .*; expected /);
    await failed.not.toThrow("a+b");
  });
});

describe("a file in Azure", () => {
  test.each<[string, FakeReply, string]>([
    ["is there", { headers: { "content-length": "7", "last-modified": lastModified } }, "7"],
    [
      "is a directory",
      { headers: { "content-length": "0", "x-ms-resource-type": "directory" } },
      "undefined",
    ],
    ["is missing", refusal(404, "PathNotFound"), "undefined"],
    ["is in no container", refusal(404, "FilesystemNotFound"), "unavailable"],
    ["is behind somebody who says 404", { status: 404 }, "bad-reply"],
  ])("that %s is looked up by one HEAD", async (_, reply, expected) => {
    const store = await storeThatSays(() => reply);
    const found = await store.stat(file, access).then(
      (entry) => String(entry?.bytes),
      (error: { code: string }) => error.code,
    );
    expect(found).toBe(expected);
    expect(fake?.requests[0]).toMatch(/^HEAD \/acc\/c1-x\/a%20b\/f%252F\?sv=2024&sig=a%2Bb$/);
  });

  test("is read, and past its end is empty", async () => {
    const store = await storeThatSays(() => ({ body: "hello" }));
    expect(Buffer.concat(await drained(store.read(file, access))).toString()).toBe("hello");
    await fake?.close();
    const short = await storeThatSays(() => ({ status: 416 }));
    expect(await drained(short.read(file, access, { start: 10 }))).toEqual([]);
  });

  test.each([
    "c1@evil.example",
    "c1@account1.dfs.core.windows.net.evil.example",
    "C@account1.dfs.core.windows.net",
    "account1",
  ])("on a host that is not Azure's never sees credentials: %s", async (authority) => {
    const store = azure(compileStorageSettings(storageSettings.parse({})));
    const location = { scheme: "abfss", authority, path: "/f" };
    await expect(store.stat(location, access)).rejects.toMatchObject({
      code: "bad-request",
      message: expect.stringContaining("expected container@account.dfs.core.windows.net"),
    });
  });
});

test("Azure without a signature or the package that finds credentials says how to install it", async () => {
  vi.stubEnv("AZURE_STORAGE_SAS_TOKEN", undefined);
  const store = azure(compileStorageSettings(storageSettings.parse({ packages: "/nowhere" })));
  await expect(store.stat(file, access)).rejects.toMatchObject({
    code: "not-supported",
    message: expect.stringMatching(
      /got no package @azure\/identity in \/nowhere, .*: npm install --no-save @azure/,
    ),
  });
});

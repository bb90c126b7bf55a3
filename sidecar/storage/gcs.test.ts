import { afterEach, describe, expect, test, vi } from "vitest";
import { parseLocation } from "../../model/index.ts";
import { drained } from "./drained.ts";
import { type FakeHttp, type FakeReply, fakeHttp } from "./fake-http.ts";
import { gcs } from "./gcs.ts";
import { compileStorageSettings, storageSettings } from "./settings.ts";

/** A played Google: the real one cannot be had here, so its answers are taken from its documentation. */
let fake: FakeHttp | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

const access = { roots: [parseLocation("gs://bkt")] };
const directory = parseLocation("gs://bkt/a");
const file = parseLocation("gs://bkt/a/f 1%2F");

async function storeThatSays(reply: (url: URL) => FakeReply | "cut") {
  fake = await fakeHttp(reply);
  return gcs(compileStorageSettings(storageSettings.parse({ gcs: { endpoint: fake.url, anonymous: true } })));
}

const updated = "2026-11-21T19:00:00.250Z";
const json = (value: object, status = 200): FakeReply => ({
  status,
  body: JSON.stringify(value),
  headers: { "content-type": "application/json" },
});
const objects = (...names: string[]) => names.map((name) => ({ name, size: "5000000000", updated }));
const page = (rest: object): FakeReply => json({ kind: "storage#objects", ...rest });
const refusal = (status: number, message: string, reason = "x"): FakeReply =>
  json({ error: { code: status, message, errors: [{ reason }] } }, status);

describe("a listing of Google Cloud Storage", () => {
  test("asks for one level and follows its tokens", async () => {
    const store = await storeThatSays((url) =>
      url.searchParams.has("pageToken")
        ? page({ items: objects("a/2") })
        : page({ items: objects("a/", "a/1", "a/x\ny"), prefixes: ["a/sub/", "a//"], nextPageToken: "t+/=" }),
    );
    expect(await drained(store.list(directory, access))).toEqual([
      {
        files: [{ name: "1", bytes: 5_000_000_000, modifiedAt: Date.parse(updated) }],
        directories: ["sub"],
      },
      { files: [expect.objectContaining({ name: "2" })], directories: [] },
    ]);
    const [first = "", second = ""] = fake?.requests ?? [];
    expect(first).toMatch(/^GET \/storage\/v1\/b\/bkt\/o\?prefix=a%2F&delimiter=%2F&maxResults=1000&fields=/);
    expect(second).toContain("pageToken=t%2B%2F%3D");
  });

  test("of nothing is no page", async () => {
    const store = await storeThatSays(() => page({}));
    expect(await drained(store.list(directory, access))).toEqual([]);
  });

  test.each<[string, FakeReply | "cut", string]>([
    ["a web page", { body: "<html>log in</html>" }, "bad-reply"],
    ["JSON of something else", json({}), "bad-reply"],
    ["an object that was not asked for", page({ items: objects("z/1") }), "bad-reply"],
    ["an object without a size", page({ items: [{ name: "a/1", updated }] }), "bad-reply"],
    ["the same token again", page({ items: objects("a/1"), nextPageToken: "t" }), "bad-reply"],
    ["no bucket", refusal(404, "The specified bucket does not exist."), "unavailable"],
    ["a 404 without Google's words", { status: 404, body: "<html>not here</html>" }, "bad-reply"],
    ["a 401", refusal(401, "Invalid Credentials"), "unauthorized"],
    ["a 403", refusal(403, "x does not have storage.objects.list access"), "forbidden"],
    ["a rate limit", refusal(403, "slow", "userRateLimitExceeded"), "throttled"],
    ["a 429", refusal(429, "slow"), "throttled"],
    ["a 503", { status: 503 }, "unavailable"],
    ["a redirect", { status: 302, headers: { location: "http://elsewhere.invalid" } }, "rejected"],
    ["nothing and hangs up", "cut", "unreachable"],
  ])("is a failure where the server answers %s", async (_, reply, code) => {
    const store = await storeThatSays(() => reply);
    const failed = expect(drained(store.list(directory, access))).rejects;
    await failed.toMatchObject({ code });
    await failed.toThrow(/^cannot list gs:\/\/bkt\/a: got .*; expected /);
  });

  test("is asked again where that may help", async () => {
    let calls = 0;
    const store = await storeThatSays(() => {
      calls += 1;
      return calls < 3 ? { status: 503 } : page({ items: objects("a/1") });
    });
    expect(await drained(store.list(directory, access))).toHaveLength(1);
    expect(calls).toBe(3);
  });
});

describe("a file in Google Cloud Storage", () => {
  test("is looked up by one request", async () => {
    const store = await storeThatSays(() => json({ name: "a/f 1%2F", size: "7", updated }));
    expect(await store.stat(file, access)).toMatchObject({ name: "f 1%2F", bytes: 7 });
    expect(fake?.requests).toEqual(["GET /storage/v1/b/bkt/o/a%2Ff%201%252F?fields=name,size,updated"]);
  });

  test.each<[string, FakeReply, string]>([
    ["No such object: bkt/a/f", refusal(404, "No such object: bkt/a/f"), "undefined"],
    [
      "The specified bucket does not exist.",
      refusal(404, "The specified bucket does not exist."),
      "unavailable",
    ],
    ["404, and nothing else", { status: 404 }, "bad-reply"],
  ])("of which is said: %s", async (_, reply, expected) => {
    const store = await storeThatSays(() => reply);
    const found = await store.stat(file, access).then(String, (error: { code: string }) => error.code);
    expect(found).toBe(expected);
  });

  test("is read, whole and in part", async () => {
    const store = await storeThatSays(() => ({ body: "hello" }));
    expect(Buffer.concat(await drained(store.read(file, access))).toString()).toBe("hello");
    expect(fake?.requests).toEqual(["GET /storage/v1/b/bkt/o/a%2Ff%201%252F?alt=media"]);
    expect(await drained(store.read(file, access, { start: 3, end: 3 }))).toEqual([]);
  });

  test("past whose end nothing is read is empty", async () => {
    const store = await storeThatSays(() => ({ status: 416, body: "no" }));
    expect(await drained(store.read(file, access, { start: 10 }))).toEqual([]);
  });

  test.each<[string, FakeReply | "cut", string]>([
    ["is missing", { status: 404, body: "No such object: bkt/a/f" }, "not-found"],
    [
      "comes without a length",
      { body: "hello", headers: { connection: "close", "transfer-encoding": "" } },
      "unreachable",
    ],
    ["does not come", "cut", "unreachable"],
  ])("that %s is a failure", async (_, reply, code) => {
    const store = await storeThatSays(() => reply);
    await expect(drained(store.read(file, access))).rejects.toMatchObject({ code });
  });

  test("that hangs in the middle is given up, and its connection with it", async () => {
    fake = await fakeHttp(() => ({ body: "hel", hangs: true }));
    const gcsSettings = { endpoint: fake.url, anonymous: true };
    const store = gcs(
      compileStorageSettings(storageSettings.parse({ gcs: gcsSettings, pageTimeout: "100ms" })),
    );
    await expect(drained(store.read(file, access))).rejects.toMatchObject({ code: "timeout" });
    await vi.waitFor(async () => expect(await fake?.open()).toBe(0), { timeout: 5_000 });
    await expect(drained(store.list(directory, access))).rejects.toMatchObject({ code: "timeout" });
  });

  test("in what is no bucket is never asked for", async () => {
    const store = await storeThatSays(() => ({}));
    const location = { scheme: "gs", authority: "b/../o", path: "/f" };
    await expect(store.stat(location, access)).rejects.toMatchObject({ code: "bad-request" });
    expect(fake?.requests).toEqual([]);
  });
});

test("Google Cloud Storage without the package that finds credentials says how to install it", async () => {
  const store = gcs(compileStorageSettings(storageSettings.parse({ packages: "/nowhere" })));
  await expect(store.stat(file, access)).rejects.toMatchObject({
    code: "not-supported",
    message: expect.stringMatching(
      /got no package google-auth-library in \/nowhere, .*: npm install --no-save google-auth-library@\d/,
    ),
  });
});

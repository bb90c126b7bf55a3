import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseLocation } from "../../model/index.ts";
import { drained } from "./drained.ts";
import { type FakeHttp, type FakeReply, fakeHttp } from "./fake-http.ts";
import type { ObjectPage } from "./object-store.ts";
import { s3 } from "./s3.ts";
import { compileStorageSettings, storageSettings } from "./settings.ts";

/** What AWS and others answer that the S3 server of the real tests does not; that one is in `test/real`. */
let fake: FakeHttp | undefined;
const access = { roots: [parseLocation("s3://bkt")] };

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "key");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_REGION", "eu-central-1");
});
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

async function storeThatSays(reply: (url: URL, method: string) => FakeReply | "cut") {
  fake = await fakeHttp(reply);
  return s3(compileStorageSettings(storageSettings.parse({ s3: { endpoint: fake.url } })));
}

const listing = (inner: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bkt</Name>${inner}</ListBucketResult>`;
const entry = (key: string, size = 1) =>
  `<Contents><Key>${key}</Key><LastModified>2026-11-21T19:00:00.000Z</LastModified><Size>${size}</Size></Contents>`;
const problem = (code: string, message = "Something is wrong.") =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
const END = "<IsTruncated>false</IsTruncated>";
const more = (token: string) =>
  `<IsTruncated>true</IsTruncated><NextContinuationToken>${token}</NextContinuationToken>`;

async function names(pages: AsyncIterable<ObjectPage>): Promise<string[]> {
  return (await drained(pages)).flatMap((p) => [
    ...p.files.map((f) => f.name),
    ...p.directories.map((d) => `${d}/`),
  ]);
}

describe("a listing of S3", () => {
  test("asks for 1,000 entries of one level, and goes on where the last page ended", async () => {
    const store = await storeThatSays((url) => ({
      body: listing(
        url.searchParams.has("continuation-token")
          ? entry("a/2") + END
          : `${entry("a/1")}<CommonPrefixes><Prefix>a/sub/</Prefix></CommonPrefixes>${more("t+1/=")}`,
      ),
    }));
    expect(await names(store.list(parseLocation("s3://bkt/a"), access))).toEqual(["1", "sub/", "2"]);
    expect(
      fake?.requests.map((r) => Object.fromEntries(new URL(r.slice(4), "http://f").searchParams)),
    ).toEqual([
      { "list-type": "2", delimiter: "/", "encoding-type": "url", "max-keys": "1000", prefix: "a/" },
      expect.objectContaining({ "continuation-token": "t+1/=" }),
    ]);
    expect(fake?.requests[0]).toMatch(/^GET \/bkt\/?\?/);
  });

  test("tells sizes and times", async () => {
    const store = await storeThatSays(() => ({ body: listing(entry("a/1", 5_000_000_000) + END) }));
    const [page] = await drained(store.list(parseLocation("s3://bkt/a"), access));
    expect(page?.files).toEqual([
      { name: "1", bytes: 5_000_000_000, modifiedAt: Date.parse("2026-11-21T19:00:00Z") },
    ]);
  });

  test.each([
    [
      "decodes keys where the server says so",
      "<EncodingType>url</EncodingType>",
      "a/x+y%2Bz%C3%A9%2525",
      ["x y+zé%25"],
    ],
    ["takes keys as they are where it does not", "", "a/x+y%2Bz", ["x+y%2Bz"]],
    ["leaves out what Flink cannot write", "<EncodingType>url</EncodingType>", "a/x%01y", []],
  ])("%s", async (_, encoding, key, expected) => {
    const store = await storeThatSays(() => ({ body: listing(encoding + entry(key) + END) }));
    expect(await names(store.list(parseLocation("s3://bkt/a"), access))).toEqual(expected);
  });

  test("that is written in an unusual way is read all the same", async () => {
    const store = await storeThatSays(() => ({
      body: listing(`<!-- hello -->${entry("a/<![CDATA[1&2]]>")}${END}`),
    }));
    expect(await names(store.list(parseLocation("s3://bkt/a"), access))).toEqual(["1&2"]);
  });

  test("of nothing is no page; of an empty directory that is kept it is one", async () => {
    const nothing = await storeThatSays(() => ({ body: listing(END) }));
    expect(await drained(nothing.list(parseLocation("s3://bkt/a"), access))).toEqual([]);
    await fake?.close();
    const kept = await storeThatSays(() => ({ body: listing(entry("a/", 0) + END) }));
    expect(await drained(kept.list(parseLocation("s3://bkt/a"), access))).toEqual([
      { files: [], directories: [] },
    ]);
  });

  test.each<[string, FakeReply | "cut", string, string]>([
    ["a web page", { body: "<html><body>Please log in</body></html>" }, "bad-reply", ""],
    ["nothing at all", { body: "" }, "bad-reply", ""],
    ["keys that were not asked for", { body: listing(entry("z/1") + END) }, "bad-reply", "did not ask for"],
    ["deeper keys", { body: listing(entry("a/b/1") + END) }, "bad-reply", "did not ask for"],
    [
      "a key without a size",
      { body: listing(`<Contents><Key>a/1</Key></Contents>${END}`) },
      "bad-reply",
      "did not ask for",
    ],
    ["more bytes than a page can have", { body: Buffer.alloc(17 << 20, " ") }, "bad-reply", "more than"],
    ["no word of an end", { body: listing(entry("a/1")) }, "bad-reply", "no word whether there is more"],
    [
      "more without a token",
      { body: listing(`${entry("a/1")}<IsTruncated>true</IsTruncated>`) },
      "bad-reply",
      "no token",
    ],
    ["the same token again and again", { body: listing(entry("a/1") + more("t")) }, "bad-reply", "page 2"],
    [
      "a key that is encoded wrongly",
      { body: listing(`<EncodingType>url</EncodingType>${entry("a/%zz")}${END}`) },
      "bad-reply",
      "not encoded",
    ],
    ["a proxy's 404", { status: 404, body: "<html>not here</html>" }, "bad-reply", "404"],
    [
      "that the bucket is missing",
      { status: 404, body: problem("NoSuchBucket") },
      "unavailable",
      "a bucket that exists",
    ],
    ["that it is denied", { status: 403, body: problem("AccessDenied") }, "forbidden", "AccessDenied"],
    ["a bare 403", { status: 403 }, "forbidden", "403"],
    ["that the token is old", { status: 400, body: problem("ExpiredToken") }, "unauthorized", "ExpiredToken"],
    [
      "that the signature is wrong",
      { status: 403, body: problem("SignatureDoesNotMatch") },
      "unauthorized",
      "credentials that the store accepts",
    ],
    [
      "that our clock is wrong",
      { status: 403, body: problem("RequestTimeTooSkewed") },
      "unauthorized",
      "a clock that is right",
    ],
    ["to slow down", { status: 503, body: problem("SlowDown") }, "throttled", "ask less often"],
    ["too many requests", { status: 429 }, "throttled", "429"],
    ["an error of its own", { status: 500, body: problem("InternalError") }, "unavailable", "InternalError"],
    ["a broken gateway", { status: 502, body: "<html>bad gateway</html>" }, "unavailable", "502"],
    ["an odd refusal", { status: 400, body: problem("InvalidRequest") }, "rejected", "InvalidRequest"],
    ["nothing and hangs up", "cut", "unreachable", "a broken connection (ECONNRESET)"],
  ])("is a failure where the server answers %s", async (_, reply, code, words) => {
    const store = await storeThatSays(() => reply);
    const failed = expect(names(store.list(parseLocation("s3://bkt/a"), access))).rejects;
    await failed.toMatchObject({ code, message: expect.stringContaining(words) });
    await failed.toThrow(/^cannot list s3:\/\/bkt\/a: got .*; expected /);
  });

  test("is sent again after an error that passes", async () => {
    let calls = 0;
    const store = await storeThatSays(() => {
      calls += 1;
      return calls < 3
        ? { status: 500, body: problem("InternalError") }
        : { body: listing(entry("a/1") + END) };
    });
    expect(await names(store.list(parseLocation("s3://bkt/a"), access))).toEqual(["1"]);
    expect(calls).toBe(3);
  });
});

describe("a file in S3", () => {
  const file = parseLocation("s3://bkt/a/f");

  test.each<[string, FakeReply, FakeReply, string]>([
    ["is missing", { status: 404 }, { status: 404, body: problem("NoSuchKey") }, "undefined"],
    ["is in no bucket", { status: 404 }, { status: 404, body: problem("NoSuchBucket") }, "unavailable"],
    ["is behind a proxy that says 404", { status: 404 }, { status: 404, body: "<html/>" }, "bad-reply"],
    ["comes and goes", { status: 404 }, { body: "x", headers: { "content-length": "1" } }, "unavailable"],
    ["may not be seen", { status: 403 }, {}, "forbidden"],
    ["is there", { headers: { "content-length": "7" } }, {}, "7"],
  ])("that %s is looked up in words, not by a bare 404", async (_, head, get, expected) => {
    const store = await storeThatSays((_url, method) => (method === "HEAD" ? head : get));
    const found = await store.stat(file, access).then(
      (entry) => String(entry?.bytes),
      (error: { code: string }) => error.code,
    );
    expect(found).toBe(expected);
  });

  test.each<[string, FakeReply | "cut", string]>([
    ["NoSuchKey", { status: 404, body: problem("NoSuchKey") }, "not-found"],
    ["NoSuchBucket", { status: 404, body: problem("NoSuchBucket") }, "unavailable"],
    ["InvalidObjectState", { status: 403, body: problem("InvalidObjectState") }, "unavailable"],
    ["a web page that says 404", { status: 404, body: "<html/>" }, "bad-reply"],
    ["nothing and hangs up", "cut", "unreachable"],
  ])("whose reading is answered with %s", async (_, reply, code) => {
    const store = await storeThatSays(() => reply);
    await expect(drained(store.read(file, access))).rejects.toMatchObject({ code });
  });

  test("that lies past the end of what is there is empty", async () => {
    const store = await storeThatSays(() => ({ status: 416, body: problem("InvalidRange") }));
    expect(await drained(store.read(file, access, { start: 10 }))).toEqual([]);
    expect(await drained(store.read(file, access, { start: 10, end: 10 }))).toEqual([]);
  });

  test.each(["s3://u.v@x/f", "s3://b:99/f", "s3://évil/f", "s3://-b/f", "s3://x/f"])(
    "in what is no bucket is never asked for: %s",
    async (text) => {
      const store = await storeThatSays(() => ({ body: "" }));
      const location = { scheme: "s3", authority: text.slice(5, -2), path: "/f" };
      await expect(store.stat(location, access)).rejects.toMatchObject({ code: "bad-request" });
      expect(fake?.requests).toEqual([]);
    },
  );
});

describe("S3 without", () => {
  test("a region says which setting is missing", async () => {
    vi.stubEnv("AWS_REGION", undefined);
    vi.stubEnv("AWS_CONFIG_FILE", "/nowhere");
    const store = s3(compileStorageSettings(storageSettings.parse({})));
    await expect(store.stat(parseLocation("s3://bkt/a"), access)).rejects.toMatchObject({
      code: "bad-config",
      message: "cannot look for s3://bkt/a: got no region; expected one in AWS_REGION or storage.s3.region",
    });
  });

  test("credentials says so", async () => {
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, undefined);
    for (const name of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]) vi.stubEnv(name, "/nowhere");
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    const store = s3(compileStorageSettings(storageSettings.parse({})));
    await expect(drained(store.list(parseLocation("s3://bkt/a"), access))).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringContaining("expected credentials in the environment"),
    });
  });
});

import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type FakeHttp, fakeHttp } from "./fake-http.ts";
import { type OpenedS3, openS3 } from "./s3-client.ts";
import { readListingText } from "./s3-listing-text.ts";
import { compileStorageSettings, storageSettings } from "./settings.ts";

const listing = (inner: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</ListBucketResult>`;
const TIME = "2026-11-21T19:00:00.250Z";
const entry = (key: string, size: number | string = 7, time = TIME) =>
  `<Contents><Key>${key}</Key><LastModified>${time}</LastModified><Size>${size}</Size></Contents>`;

describe("the text of a listing", () => {
  test("of AWS is read", () => {
    const xml = listing(
      "<Name>b</Name><Prefix>a/</Prefix><NextContinuationToken>1/x+&amp;=</NextContinuationToken><KeyCount>2</KeyCount>" +
        "<MaxKeys>1000</MaxKeys><Delimiter>/</Delimiter><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>" +
        `<Contents><Key>a/1</Key><LastModified>${TIME}</LastModified><ETag>&quot;e&quot;</ETag>` +
        "<ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><Size>5000000000</Size>" +
        "<Owner><ID>x</ID><DisplayName>y</DisplayName></Owner><StorageClass>STANDARD</StorageClass></Contents>" +
        "<CommonPrefixes><Prefix>a/sub/</Prefix></CommonPrefixes>",
    );
    expect(readListingText(xml)).toEqual({
      files: [{ key: "a/1", bytes: 5_000_000_000, modifiedAt: Date.parse(TIME) }],
      prefixes: ["a/sub/"],
      truncated: true,
      token: "1/x+&=",
      encoding: "url",
    });
  });

  test.each([
    ["blanks between elements", `\n  ${entry("a")}\n  <IsTruncated>false</IsTruncated>\n`],
    ["empty elements", `<Prefix/><NextContinuationToken/>${entry("a")}<IsTruncated>false</IsTruncated>`],
    ["no declaration", `${entry("a")}<IsTruncated>false</IsTruncated>`],
  ])("with %s is read", (_, inner) => {
    const xml = listing(inner).replace(/^<\?xml.*\n/, "");
    expect(readListingText(xml)).toMatchObject({ files: [{ key: "a" }], truncated: false });
  });

  test.each([
    ["a comment", `<!-- x -->${entry("a")}`],
    ["a comment in what is passed over", `<Owner><!-- </Owner> --></Owner>${entry("a")}`],
    ["character data", entry("<![CDATA[a]]>")],
    ["a prefix of a name space", "<s3:Contents></s3:Contents>"],
    ["an attribute", '<Contents x="1"></Contents>'],
    ["an element in a text", entry("a<b/>c")],
    ["a text between elements", `x${entry("a")}`],
    ["two keys in one entry", entry("a</Key><Key>b")],
    ["two words on its end", "<IsTruncated>false</IsTruncated><IsTruncated>true</IsTruncated>"],
    ["another word on its end", "<IsTruncated>False</IsTruncated>"],
    ["a size with a sign", entry("a", "-1")],
    ["a size that is too large to be exact", entry("a", "9007199254740993")],
    ["another time", entry("a", 1, "Sat, 21 Nov 2026 19:00:00 GMT")],
    ["a day that is none", entry("a", 1, "2026-13-40T00:00:00Z")],
    ["an unknown entity", entry("&nbsp;")],
    ["an entity without an end", entry("a&amp")],
    ["a bare ampersand", entry("a & b")],
    ["a control character", entry("&#1;")],
    ["half a character", entry("&#xD800;")],
    ["a carriage return", entry("a\rb")],
    ["no end", "<IsTruncated>false"],
    ["an entry without an end", "<Contents><Key>a</Key>"],
    ["something after its end", "</ListBucketResult><x>"],
  ])("with %s is left to the SDK", (_, inner) => {
    expect(readListingText(listing(inner))).toBeUndefined();
  });

  test.each(["", "<html></html>", "<Error><Code>SlowDown</Code></Error>", "<ListBucketResult/>", "{}"])(
    "that is none is left to the SDK: %s",
    (text) => {
      expect(readListingText(text)).toBeUndefined();
    },
  );

  test("that is cut anywhere is left to the SDK", () => {
    const whole = listing(
      `${entry("a")}<CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes><IsTruncated>true</IsTruncated>`,
    );
    for (let length = 0; length < whole.length; length++) {
      expect(readListingText(whole.slice(0, length)), `${length}`).toBeUndefined();
    }
  });
});

describe("beside the SDK", () => {
  let fake: FakeHttp;
  let opened: OpenedS3;
  let body = "";
  beforeAll(async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "key");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    fake = await fakeHttp(() => ({ body }));
    opened = await openS3(compileStorageSettings(storageSettings.parse({ s3: { endpoint: fake.url } })));
    // Credentials are read once, while they are stubbed.
    await opened.client.config.credentials();
  });
  afterAll(async () => {
    opened.client.destroy();
    await fake.close();
  });

  // Beyond U+FFFF the SDK reads a numeric reference as another character, so those are written as they are.
  const escapedOne = (c: string): string => {
    const point = c.codePointAt(0) ?? 0;
    return point > 0xffff || (point > 0x7e && point % 2 === 0) ? c : `&#${point};`;
  };
  const escaped = (text: string) => text.replaceAll(/[<>&"']|[^ -~]/gu, escapedOne);
  const key = fc
    .string({ unit: "binary", minLength: 1, maxLength: 20 })
    .filter((text) => !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(text));

  test("every listing that is read at all is read as the SDK does", async () => {
    const entries = fc.array(fc.record({ key, size: fc.nat(), at: fc.integer({ min: 0, max: 4e12 }) }), {
      maxLength: 5,
    });
    const property = fc.asyncProperty(
      entries,
      fc.array(key, { maxLength: 3 }),
      fc.option(key),
      async (files, prefixes, token) => {
        body = listing(
          files.map((f) => entry(escaped(f.key), f.size, new Date(f.at).toISOString())).join("") +
            prefixes.map((p) => `<CommonPrefixes><Prefix>${escaped(p)}</Prefix></CommonPrefixes>`).join("") +
            (token === null ? "" : `<NextContinuationToken>${escaped(token)}</NextContinuationToken>`) +
            `<IsTruncated>${token !== null}</IsTruncated>`,
        );
        const ours = readListingText(body);
        const theirs = await opened.client.send(new ListObjectsV2Command({ Bucket: "bkt" }));
        expect(ours?.files).toEqual(
          (theirs.Contents ?? []).map((c) => ({
            key: c.Key,
            bytes: c.Size,
            modifiedAt: c.LastModified?.getTime(),
          })),
        );
        expect(ours?.prefixes).toEqual((theirs.CommonPrefixes ?? []).map((p) => p.Prefix));
        expect([ours?.token, ours?.truncated]).toEqual([theirs.NextContinuationToken, theirs.IsTruncated]);
      },
    );
    await fc.assert(property, { numRuns: 150, seed: 6 });
  });
});

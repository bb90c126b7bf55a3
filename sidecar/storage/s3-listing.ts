import type { ListObjectsV2CommandInput, ListObjectsV2CommandOutput } from "@aws-sdk/client-s3";
import { type Failure, problemOfName } from "../../model/index.ts";
import { storageFailure } from "./failures.ts";
import type { StoredEntry } from "./object-store.ts";
import type { RemotePage } from "./paging.ts";
import type { OpenedS3 } from "./s3-client.ts";
import { readListingText, type S3Listing } from "./s3-listing-text.ts";

/** 1,000 keys of 1,024 bytes, each byte encoded in three, and what stands around them. */
const MOST_BYTES = 16 << 20;

/** Asks for one page; the answer is read by ourselves where we can, else by the SDK. */
export async function askForPage(
  { client, sdk }: OpenedS3,
  input: ListObjectsV2CommandInput,
  what: string,
  signal: AbortSignal,
): Promise<S3Listing> {
  const command = new sdk.ListObjectsV2Command(input);
  let read: S3Listing | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      read = undefined;
      const result = await next(args);
      const response = result.response as { statusCode?: number; body?: unknown };
      if (response.statusCode !== 200) return result;
      const bytes = await wholeBody(response.body, what);
      read = readListingText(bytes.toString("utf8"));
      // The SDK reads what is left: nothing, or all of what we do not understand.
      response.body = read === undefined ? bytes : Buffer.from("<ListBucketResult></ListBucketResult>");
      return result;
    },
    { step: "deserialize", priority: "low", name: "readListing" },
  );
  const reply = await client.send(command, { abortSignal: signal });
  return read ?? listingOfSdk(reply);
}

async function wholeBody(body: unknown, what: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw strange(what, `more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function listingOfSdk(reply: ListObjectsV2CommandOutput): S3Listing {
  return {
    files: (reply.Contents ?? []).map(({ Key, Size, LastModified }) => ({
      key: Key,
      bytes: Size,
      modifiedAt: LastModified?.getTime() ?? null,
    })),
    prefixes: (reply.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
    truncated: reply.IsTruncated,
    token: reply.NextContinuationToken,
    encoding: reply.EncodingType,
  };
}

/** A page out of one reply; what is no listing of this prefix is a failure, because absence is judged by it. */
export function pageOfListing(listing: S3Listing, prefix: string, what: string): RemotePage {
  const encoded = listing.encoding === "url";
  const files: StoredEntry[] = [];
  let there = false;
  for (const { key, bytes, modifiedAt } of listing.files) {
    const name = nameBelow(prefix, key, encoded, what);
    if (name === "") there = true;
    if (name.includes("/") || bytes === undefined) throw strange(what, "an entry that it did not ask for");
    if (problemOfName(name) === undefined) files.push({ name, bytes, modifiedAt });
  }
  const directories = listing.prefixes
    .map((whole) => nameBelow(prefix, whole, encoded, what).slice(0, -1))
    .filter((name) => problemOfName(name) === undefined);
  const { truncated, token } = listing;
  if (truncated === undefined) throw strange(what, "no word whether there is more");
  if (truncated && token === undefined) {
    throw strange(what, "the word that there is more, and no token to ask for it");
  }
  return { files, directories, there, next: truncated ? token : undefined };
}

function nameBelow(prefix: string, key: string | undefined, encoded: boolean, what: string): string {
  const plain = encoded && key !== undefined ? decoded(key, what) : key;
  if (plain === undefined || !plain.startsWith(prefix))
    throw strange(what, "an entry that it did not ask for");
  return plain.slice(prefix.length);
}

function decoded(key: string, what: string): string {
  if (!/[%+]/.test(key)) return key;
  try {
    return decodeURIComponent(key.replaceAll("+", "%20"));
  } catch {
    throw strange(what, "a key that is not encoded as it says");
  }
}

/** An answer that no S3 gives; `got` is a clause. */
export function strange(what: string, got: string): Failure {
  return storageFailure("bad-reply", what, got, { expected: "a listing as S3 gives it" });
}

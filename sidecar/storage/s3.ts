import type { GetObjectCommandInput } from "@aws-sdk/client-s3";
import { type Failure, type Location, nameOf } from "../../model/index.ts";
import { chunksWithin, within } from "./deadline.ts";
import { asked, storageFailure } from "./failures.ts";
import type { ByteRange, ObjectStore, StoredEntry } from "./object-store.ts";
import { pagesOf, type RemotePage } from "./paging.ts";
import { type OnRequest, type OpenedS3, openS3 } from "./s3-client.ts";
import { failureOfS3, isErrorNamed } from "./s3-failures.ts";
import { askForPage, pageOfListing, strange } from "./s3-listing.ts";
import type { StorageConfig } from "./settings.ts";

const PAGE = 1_000;

type Open = () => Promise<OpenedS3>;

/**
 * S3 and everything that speaks its protocol. Credentials are found by the AWS SDK: environment, files, roles of
 * Kubernetes service accounts, Pod Identity, instance roles. The SDK is loaded when the first bucket is read.
 */
export function s3(config: StorageConfig, onRequest?: OnRequest): ObjectStore {
  let made: Promise<OpenedS3> | undefined;
  const opened = () => {
    made ??= openS3(config, onRequest);
    return made;
  };
  return {
    list(directory, access) {
      const what = asked("list", directory);
      const fetchPage = (token: string | undefined, signal: AbortSignal) =>
        listPage(opened, directory, what, token, signal);
      return pagesOf(what, fetchPage, config, access.signal);
    },
    stat(file, access) {
      const what = asked("look for", file);
      return within(config.pageTimeoutMs, what, access.signal, (signal) => look(opened, file, what, signal));
    },
    read(file, access, range = {}) {
      const what = asked("read", file);
      const chunks = (signal: AbortSignal) => chunksOf(opened, file, what, range, signal);
      return chunksWithin(chunks, what, config, access.signal);
    },
    close() {
      void made?.then(({ client }) => client.destroy()).catch(() => undefined);
    },
  };
}

/** Bucket and key; throws where the text is no name of a bucket: the SDK would make part of a host name of it. */
function placeOf(location: Location, what: string): { Bucket: string; Key: string } {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/.test(location.authority)) {
    throw storageFailure("bad-request", what, `the bucket ${JSON.stringify(location.authority)}`, {
      expected: "letters, digits, dots, hyphens and underscores",
    });
  }
  return { Bucket: location.authority, Key: location.path.slice(1) };
}

async function listPage(
  open: Open,
  directory: Location,
  what: string,
  token: string | undefined,
  signal: AbortSignal,
): Promise<RemotePage> {
  const { Bucket, Key } = placeOf(directory, what);
  const Prefix = Key === "" ? "" : `${Key}/`;
  try {
    const input = {
      Bucket,
      Prefix,
      Delimiter: "/",
      MaxKeys: PAGE,
      // Keys may hold characters that XML cannot.
      EncodingType: "url" as const,
      ...(token === undefined ? {} : { ContinuationToken: token }),
    };
    return pageOfListing(await askForPage(await open(), input, what, signal), Prefix, what);
  } catch (error) {
    throw failureOfS3(what, error);
  }
}

/** HEAD tells a missing file, but not why: what a 404 means is asked again in a way that is answered in words. */
async function look(
  open: Open,
  file: Location,
  what: string,
  signal: AbortSignal,
): Promise<StoredEntry | undefined> {
  const place = placeOf(file, what);
  try {
    const { client, sdk } = await open();
    try {
      const reply = await client.send(new sdk.HeadObjectCommand(place), { abortSignal: signal });
      if (reply.ContentLength === undefined) throw strange(what, "no length");
      const modifiedAt = reply.LastModified?.getTime() ?? null;
      return { name: nameOf(file), bytes: reply.ContentLength, modifiedAt };
    } catch (error) {
      if (!isErrorNamed(error, "NotFound")) throw error;
    }
    const command = new sdk.GetObjectCommand({ ...place, Range: "bytes=0-0" });
    const reply = await client.send(command, { abortSignal: signal });
    discard(reply.Body);
    throw storageFailure("unavailable", what, "a file that is there and is not there");
  } catch (error) {
    const failure = failureOfS3(what, error);
    if (failure.code === "not-found") return undefined;
    throw failure;
  }
}

async function* chunksOf(
  open: Open,
  file: Location,
  what: string,
  range: ByteRange,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const input: GetObjectCommandInput = placeOf(file, what);
  const start = range.start ?? 0;
  if (range.end !== undefined && range.end <= start) return;
  if (start > 0 || range.end !== undefined) {
    input.Range = `bytes=${start}-${range.end === undefined ? "" : range.end - 1}`;
  }
  let body: unknown;
  try {
    const { client, sdk } = await open();
    const reply = await client.send(new sdk.GetObjectCommand(input), { abortSignal: signal });
    body = reply.Body;
    signal.addEventListener("abort", () => discard(reply.Body), { once: true });
    if (reply.ContentLength === undefined || body === undefined) throw strange(what, "no length or no bytes");
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      yield chunk;
    }
    if (bytes !== reply.ContentLength) throw cut(what, bytes, reply.ContentLength);
  } catch (error) {
    if (isErrorNamed(error, "InvalidRange")) return;
    throw failureOfS3(what, error);
  } finally {
    discard(body);
  }
}

function cut(what: string, bytes: number, length: number): Failure {
  return storageFailure("unreachable", what, `the end after ${bytes} of ${length} bytes`, {
    expected: "the whole file",
  });
}

/** Ends a download, so that its connection is not held. */
function discard(body: unknown): void {
  if (typeof body === "object" && body !== null && "destroy" in body && typeof body.destroy === "function") {
    body.destroy();
  }
}

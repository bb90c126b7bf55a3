import { z } from "zod";
import { Failure, type FailureCode, type Location, nameOf, problemOfName } from "../../model/index.ts";
import { chunksWithin, within } from "./deadline.ts";
import { asked, storageFailure } from "./failures.ts";
import { googleToken } from "./gcs-token.ts";
import { type HttpReply, type HttpStore, httpStore } from "./http-store.ts";
import { jsonOf, saidIn } from "./json-reply.ts";
import type { ObjectStore, StoredEntry } from "./object-store.ts";
import { pagesOf, type RemotePage } from "./paging.ts";
import type { StorageConfig } from "./settings.ts";

const object = z.object({ name: z.string(), size: z.string().regex(/^\d+$/), updated: z.iso.datetime() });
const listing = z.object({
  kind: z.literal("storage#objects"),
  items: z.array(object).default([]),
  prefixes: z.array(z.string()).default([]),
  nextPageToken: z.string().optional(),
});
const refusal = z.object({
  error: z.object({
    message: z.string(),
    errors: z.array(z.object({ reason: z.string() })).default([]),
  }),
});

/**
 * Google Cloud Storage by its JSON API. Tokens come from `google-auth-library`, which is not installed with Outrider.
 * Never tried on Google's own servers, only on a played one.
 */
export function gcs(config: StorageConfig, onRequest?: (name: string) => void): ObjectStore {
  const token = googleToken(config);
  const http = httpStore({
    connections: config.concurrency,
    headers: async (what) => {
      const value = await token(what);
      return value === undefined ? {} : { authorization: `Bearer ${value}` };
    },
    refuse: failureOfGcs,
    onRequest,
  });
  const base = (config.gcs.endpoint ?? "https://storage.googleapis.com").replace(/\/+$/, "");
  const urlOf = (file: Location, what: string) =>
    `${base}/storage/v1/b/${bucketOf(file, what)}/o/${encodeURIComponent(file.path.slice(1))}`;
  return {
    list(directory, access) {
      const what = asked("list", directory);
      const fetchPage = (pageToken: string | undefined, signal: AbortSignal) =>
        listPage(http, base, directory, what, pageToken, signal);
      return pagesOf(what, fetchPage, config, access.signal);
    },
    stat(file, access) {
      const what = asked("look for", file);
      return within(config.pageTimeoutMs, what, access.signal, async (signal) => {
        const url = `${urlOf(file, what)}?fields=name,size,updated`;
        try {
          return entryOf(jsonOf(what, await http.text({ what, url, signal }), object), nameOf(file));
        } catch (error) {
          if (error instanceof Failure && error.code === "not-found") return undefined;
          throw error;
        }
      });
    },
    read(file, access, range = {}) {
      const what = asked("read", file);
      const open = (signal: AbortSignal) =>
        http.bytes({ what, url: `${urlOf(file, what)}?alt=media`, signal }, range);
      return chunksWithin(open, what, config, access.signal);
    },
    close: () => http.close(),
  };
}

function bucketOf({ authority }: Location, what: string): string {
  if (/^[a-z0-9][a-z0-9._-]{1,221}$/.test(authority)) return authority;
  throw storageFailure("bad-request", what, `the bucket ${JSON.stringify(authority)}`, {
    expected: "lower-case letters, digits, dots, hyphens and underscores",
  });
}

async function listPage(
  http: HttpStore,
  base: string,
  directory: Location,
  what: string,
  pageToken: string | undefined,
  signal: AbortSignal,
): Promise<RemotePage> {
  const prefix = directory.path === "/" ? "" : `${directory.path.slice(1)}/`;
  const query = new URLSearchParams({
    prefix,
    delimiter: "/",
    maxResults: "1000",
    fields: "kind,items(name,size,updated),prefixes,nextPageToken",
    ...(pageToken === undefined ? {} : { pageToken }),
  });
  const url = `${base}/storage/v1/b/${bucketOf(directory, what)}/o?${query}`;
  const reply = jsonOf(what, await http.text({ what, url, signal }), listing);
  const below = (name: string): string => {
    if (name.startsWith(prefix)) return name.slice(prefix.length);
    throw storageFailure("bad-reply", what, "an entry that it did not ask for");
  };
  const named = reply.items.map((item) => ({ item, name: below(item.name) }));
  return {
    files: named
      .filter(({ name }) => problemOfName(name) === undefined)
      .map(({ item, name }) => entryOf(item, name)),
    directories: reply.prefixes
      .map((name) => below(name).slice(0, -1))
      .filter((name) => problemOfName(name) === undefined),
    there: named.some(({ name }) => name === ""),
    next: reply.nextPageToken,
  };
}

function entryOf({ size, updated }: z.output<typeof object>, name: string): StoredEntry {
  return { name, bytes: Number(size), modifiedAt: Date.parse(updated) };
}

const BY_STATUS: Readonly<Record<number, FailureCode>> = {
  401: "unauthorized",
  403: "forbidden",
  408: "timeout",
  429: "throttled",
};

/** A 404 says that a file is missing only in Google's own words: a missing bucket is another thing. */
function failureOfGcs(what: string, { status, text }: HttpReply): Failure {
  const { message = "", errors = [] } = saidIn(text, refusal)?.error ?? {};
  const said = message === "" && !text.startsWith("{") ? text.slice(0, 100) : message;
  const got = `HTTP ${status}${said === "" ? "" : `: ${said.replaceAll(/\s+/g, " ").slice(0, 200)}`}`;
  if (status === 416) return new Failure("rejected", `cannot ${what}: got ${got}`, { details: { status } });
  if (status === 404) return missing(what, got, said);
  if (errors.some(({ reason }) => /rateLimit/i.test(reason))) return storageFailure("throttled", what, got);
  const code = BY_STATUS[status] ?? (status >= 500 ? "unavailable" : "rejected");
  return storageFailure(code, what, got);
}

function missing(what: string, got: string, said: string): Failure {
  if (/^No such object/.test(said)) return storageFailure("not-found", what, got);
  if (!/bucket/i.test(said)) return storageFailure("bad-reply", what, got);
  return storageFailure("unavailable", what, got, {
    expected: "a bucket that exists; is its name right, and is this the right store?",
  });
}

import { z } from "zod";
import { Failure, type FailureCode, type Location, nameOf, problemOfName } from "../../model/index.ts";
import { azureCredentials } from "./azure-credentials.ts";
import { chunksWithin, within } from "./deadline.ts";
import { asked, storageFailure } from "./failures.ts";
import { type HttpReply, type HttpStore, httpStore } from "./http-store.ts";
import { jsonOf } from "./json-reply.ts";
import type { ObjectStore, StoredEntry } from "./object-store.ts";
import { pagesOf, type RemotePage } from "./paging.ts";
import type { StorageConfig } from "./settings.ts";

const listing = z.object({
  paths: z.array(
    z.object({
      name: z.string(),
      isDirectory: z.union([z.boolean(), z.stringbool()]).default(false),
      contentLength: z.union([z.number(), z.string().regex(/^\d+$/)]).optional(),
      lastModified: z.string().optional(),
    }),
  ),
});

/** Who answers for an account: the public cloud, China, the US government. */
const HOST =
  /^([a-z0-9]{3,24})\.(?:dfs|blob)\.(core\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net))$/;

/**
 * Azure by the REST API of Data Lake Storage Gen2, which plain Blob accounts answer as well. Credentials are
 * `AZURE_STORAGE_SAS_TOKEN`, or come from `@azure/identity`, which is not installed with Outrider. Never tried on
 * Azure's own servers, only on a played one.
 */
export function azure(config: StorageConfig, onRequest?: (name: string) => void): ObjectStore {
  const credentials = azureCredentials(config);
  const http = httpStore({
    connections: config.concurrency,
    headers: async (what) => ({ "x-ms-version": "2023-11-03", ...(await credentials.headers(what)) }),
    refuse: failureOfAzure,
    onRequest,
  });
  const urlOf = (location: Location, path: string, query: Record<string, string>, what: string): string => {
    const { account, container } = accountOf(location, config.azure.endpoint, what);
    const search = new URLSearchParams({ ...query, ...credentials.query }).toString();
    return `${account}/${container}${path}${search === "" ? "" : `?${search}`}`;
  };
  const fileUrl = (file: Location, what: string) =>
    urlOf(file, file.path.split("/").map(encodeURIComponent).join("/"), {}, what);
  return {
    list(directory, access) {
      const what = asked("list", directory);
      const fetchPage = (continuation: string | undefined, signal: AbortSignal) => {
        const inside = directory.path === "/" ? {} : { directory: directory.path.slice(1) };
        const from = continuation === undefined ? {} : { continuation };
        const query = { resource: "filesystem", recursive: "false", maxResults: "1000", ...inside, ...from };
        return listPage(http, directory, what, urlOf(directory, "", query, what), signal);
      };
      return pagesOf(what, fetchPage, config, access.signal);
    },
    stat(file, access) {
      const what = asked("look for", file);
      return within(config.pageTimeoutMs, what, access.signal, (signal) =>
        look(http, file, what, fileUrl(file, what), signal),
      );
    },
    read(file, access, range = {}) {
      const what = asked("read", file);
      const open = (signal: AbortSignal) => http.bytes({ what, url: fileUrl(file, what), signal }, range);
      return chunksWithin(open, what, config, access.signal);
    },
    close: () => http.close(),
  };
}

/** `container@account.host`; hosts that are not Azure's own never see a token, unless an endpoint is set. */
function accountOf(
  { scheme, authority }: Location,
  endpoint: string | undefined,
  what: string,
): { account: string; container: string } {
  const [container = "", host = ""] = authority.split("@");
  const [, account, suffix] = HOST.exec(host) ?? [];
  if (!/^(?:[a-z0-9][a-z0-9-]{1,62}|\$root)$/.test(container) || account === undefined) {
    throw storageFailure("bad-request", what, `${JSON.stringify(authority)} after ${scheme}:`, {
      expected: "container@account.dfs.core.windows.net",
    });
  }
  return { account: endpoint?.replace(/\/+$/, "") ?? `https://${account}.dfs.${suffix}`, container };
}

async function listPage(
  http: HttpStore,
  directory: Location,
  what: string,
  url: string,
  signal: AbortSignal,
): Promise<RemotePage> {
  const reply = await http.text({ what, url, signal }).catch((error: unknown) => {
    if (error instanceof Failure && error.code === "not-found") return undefined;
    throw error;
  });
  if (reply === undefined) return { files: [], directories: [], there: false, next: undefined };
  const prefix = directory.path === "/" ? "" : `${directory.path.slice(1)}/`;
  const files: StoredEntry[] = [];
  const directories: string[] = [];
  for (const path of jsonOf(what, reply, listing).paths) {
    const name = path.name.slice(prefix.length);
    if (!path.name.startsWith(prefix) || name.includes("/")) {
      throw storageFailure("bad-reply", what, "an entry that it did not ask for");
    }
    if (problemOfName(name) !== undefined) continue;
    if (path.isDirectory) directories.push(name);
    else files.push(entryOf(name, path.contentLength, path.lastModified, what));
  }
  // The store answered for the directory, so it is there, empty or not.
  return { files, directories, there: true, next: reply.header("x-ms-continuation") || undefined };
}

function entryOf(
  name: string,
  length: number | string | undefined,
  modified: string | undefined,
  what: string,
): StoredEntry {
  if (length === undefined || length === "")
    throw storageFailure("bad-reply", what, "a file without a length");
  const at = modified === undefined ? Number.NaN : Date.parse(modified);
  return { name, bytes: Number(length), modifiedAt: Number.isNaN(at) ? null : at };
}

async function look(
  http: HttpStore,
  file: Location,
  what: string,
  url: string,
  signal: AbortSignal,
): Promise<StoredEntry | undefined> {
  try {
    const reply = await http.text({ what, url, method: "HEAD", signal });
    if (reply.header("x-ms-resource-type") === "directory") return undefined;
    return entryOf(nameOf(file), reply.header("content-length"), reply.header("last-modified"), what);
  } catch (error) {
    if (error instanceof Failure && error.code === "not-found") return undefined;
    throw error;
  }
}

const BY_NAME: Readonly<Record<string, FailureCode>> = {
  PathNotFound: "not-found",
  BlobNotFound: "not-found",
  ResourceNotFound: "not-found",
  FilesystemNotFound: "unavailable",
  ContainerNotFound: "unavailable",
  AccountIsDisabled: "unavailable",
  ContainerBeingDeleted: "unavailable",
  FilesystemBeingDeleted: "unavailable",
  AuthenticationFailed: "unauthorized",
  InvalidAuthenticationInfo: "unauthorized",
  NoAuthenticationInformation: "unauthorized",
  ServerBusy: "throttled",
  OperationTimedOut: "timeout",
};
const BY_STATUS: Readonly<Record<number, FailureCode>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "bad-reply",
  408: "timeout",
  429: "throttled",
};

/** Azure names its errors in a header, which also the reply to a HEAD has. */
function failureOfAzure(what: string, reply: HttpReply): Failure {
  const { status } = reply;
  const name = reply.header("x-ms-error-code") ?? "";
  const got = `${name === "" ? "an answer without a reason" : name} (HTTP ${status})`;
  if (status === 416) return new Failure("rejected", `cannot ${what}: got ${got}`, { details: { status } });
  const named = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  const code = named ?? BY_STATUS[status] ?? (status >= 500 ? "unavailable" : "rejected");
  const expected = /^(?:Filesystem|Container)NotFound$/.test(name)
    ? { expected: "a container that exists" }
    : {};
  return storageFailure(code, what, got, expected);
}

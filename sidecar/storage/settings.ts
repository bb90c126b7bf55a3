import { z } from "zod";
import { parseDuration } from "../../model/index.ts";
import { duration } from "../config/duration.ts";
import type { Bounds } from "./object-store.ts";

const httpUrl = (description: string) =>
  z
    .string()
    .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
      error: "an http or https URL such as http://minio:9000",
      abort: true,
    })
    .refine((text) => new URL(text).username === "" && new URL(text).password === "", {
      error: "a URL without credentials: those come from the environment",
    })
    .optional()
    .describe(description);

/** How stores of snapshots are read. Credentials are never settings: each SDK finds them in its own way. */
export const storageSettings = z.strictObject({
  s3: z
    .strictObject({
      endpoint: httpUrl("Address of an S3 server other than AWS (`AWS_ENDPOINT_URL_S3` works as well)."),
      region: z.string().min(1).optional().describe("Region; otherwise what the AWS SDK finds."),
      pathStyle: z
        .boolean()
        .optional()
        .describe("Bucket in the path, not in the host name; true where an endpoint is given."),
      timeout: duration("10s", "Longest wait for the answer to one request, before it is sent again."),
    })
    .prefault({})
    .describe("`s3://`, `s3a://`, `s3p://` and `s3n://`."),
  gcs: z
    .strictObject({
      endpoint: httpUrl("Address of a server other than Google's."),
      anonymous: z.boolean().default(false).describe("Ask without credentials: public buckets."),
    })
    .prefault({})
    .describe("`gs://`; needs the package `google-auth-library`."),
  azure: z
    .strictObject({ endpoint: httpUrl("Address in place of `https://ACCOUNT.dfs.core.windows.net`.") })
    .prefault({})
    .describe(
      "`abfs://`, `abfss://`, `wasb://` and `wasbs://`; needs the package `@azure/identity`, or a shared access " +
        "signature in `AZURE_STORAGE_SAS_TOKEN`.",
    ),
  packages: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Folder whose `node_modules` has the packages for `gs://` and `abfss://`; otherwise Outrider's own.",
    ),
  maxMetadataBytes: z
    .int()
    .min(1_000)
    .default(1_073_741_824)
    .describe("Largest `_metadata` file that is read, in bytes."),
  pageTimeout: duration(
    "30s",
    "Longest wait for one page of a listing with all retries, or for more of a file.",
  ),
  readTimeout: duration("10min", "Longest time for one `_metadata` file."),
  maxPages: z
    .int()
    .min(1)
    .max(100_000)
    .default(10_000)
    .describe("Most pages of 1,000 entries that are read of one directory."),
  concurrency: z
    .int()
    .min(1)
    .max(256)
    .default(8)
    .describe("Connections to one kind of store at the same time."),
});

export type StorageSettings = z.output<typeof storageSettings>;

/** The settings in the units that the code computes with. */
export interface StorageConfig extends Bounds {
  readonly s3: {
    readonly endpoint: string | undefined;
    readonly region: string | undefined;
    readonly pathStyle: boolean | undefined;
    readonly timeoutMs: number;
  };
  readonly gcs: { readonly endpoint: string | undefined; readonly anonymous: boolean };
  readonly azure: { readonly endpoint: string | undefined };
  readonly packages: string | undefined;
  readonly maxMetadataBytes: number;
  readonly concurrency: number;
}

/** Durations as milliseconds; the schema has checked them. */
export function compileStorageSettings(settings: StorageSettings): StorageConfig {
  const ms = (text: string) => parseDuration(text) ?? 0;
  const { s3, gcs, azure, packages } = settings;
  return {
    s3: {
      endpoint: s3.endpoint,
      region: s3.region,
      pathStyle: s3.pathStyle,
      timeoutMs: ms(s3.timeout),
    },
    gcs: { endpoint: gcs.endpoint, anonymous: gcs.anonymous },
    azure: { endpoint: azure.endpoint },
    packages,
    pageTimeoutMs: ms(settings.pageTimeout),
    readTimeoutMs: ms(settings.readTimeout),
    mostPages: settings.maxPages,
    maxMetadataBytes: settings.maxMetadataBytes,
    concurrency: settings.concurrency,
  };
}

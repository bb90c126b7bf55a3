import { isIP } from "node:net";
import { z } from "zod";
import { type AlertsSettings, alertsSettings } from "../../alerts/index.ts";
import { type AutoscalerSettings, autoscalerSettings } from "../../autoscaler/index.ts";
import { MODES, parseLocation } from "../../model/index.ts";
import { recoveryOverrides, recoverySettings } from "../../recovery/index.ts";
import { storageSettings } from "../storage/index.ts";
import { duration } from "./duration.ts";
import { hideSecrets, type JsonSchema, secret } from "./secret.ts";

export const ROLES = ["viewer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** Cross-checks run also where other values are wrong, so that one look shows every problem. */
const always = { when: () => true };

function httpUrl(description: string) {
  return z
    .string()
    .refine((text) => /^https?:$/.test(parseUrl(text)?.protocol ?? ""), {
      error: "an http or https URL such as http://127.0.0.1:8081",
      abort: true,
    })
    .refine((text) => !parseUrl(text)?.username && !parseUrl(text)?.password, {
      error: "a URL without credentials: put them under auth (username and password, or bearerFile)",
    })
    .meta({ description });
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

const auth = z
  .strictObject({
    bearer: secret("Token sent as `Authorization: Bearer …`."),
    bearerFile: z
      .string()
      .min(1)
      .optional()
      .describe("File that holds the token; read again for every request."),
    username: z.string().min(1).optional().describe("User name of HTTP basic authentication."),
    password: secret("Password of HTTP basic authentication."),
  })
  .refine((a) => [a?.bearer, a?.bearerFile, a?.username].filter((v) => v !== undefined).length === 1, {
    ...always,
    error: "exactly one of bearer, bearerFile, or username with password",
  })
  .refine((a) => (a?.username === undefined) === (a?.password === undefined), {
    ...always,
    error: "username and password together",
  });

const cluster = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(100)
    .describe("Name of the Flink cluster: the first part of the key of each of its jobs."),
  url: httpUrl("Address of the Flink REST API."),
  namespace: z
    .string()
    .min(1)
    .default("default")
    .describe("Kubernetes namespace: the second part of job keys."),
  jobs: z
    .strictObject({
      include: z
        .array(z.string().min(1))
        .optional()
        .describe("Job names to look after (`*`, `?`); all when absent."),
      exclude: z.array(z.string().min(1)).optional().describe("Job names to leave alone (`*`, `?`)."),
    })
    .optional()
    .describe("Which jobs of the cluster are looked after."),
  auth: auth.optional().describe("How we identify ourselves to the cluster."),
  tls: z
    .strictObject({
      caFile: z.string().min(1).optional().describe("PEM file with the authorities to trust."),
      rejectUnauthorized: z.boolean().default(true).describe("Refuse certificates that cannot be verified."),
    })
    .optional()
    .describe("How its certificate is verified."),
  timeout: duration("5s", "Longest wait for one reply of the cluster."),
});

const token = z
  .strictObject({
    name: z.string().min(1).describe("Who it is: stands in records of what was done with the token."),
    role: z
      .enum(ROLES)
      .describe("What the token may do: look, also steer jobs, or also change Outrider itself."),
    value: secret("The token itself; better in a file."),
    valueFile: z.string().min(1).optional().describe("File that holds the token."),
  })
  .refine((t) => (t?.value === undefined) !== (t?.valueFile === undefined), {
    ...always,
    error: "exactly one of value and valueFile",
  });

const job = z.strictObject({
  mode: z.enum(MODES).optional().describe("Mode of these jobs."),
  autoscaler: overridesOf(autoscalerSettings).optional().describe("Settings that differ for these jobs."),
  recovery: recoveryOverrides
    .optional()
    .describe("What differs for these jobs; `restore` says how they are submitted again."),
});

const place = (description: string) =>
  z
    .string()
    .min(1)
    .refine(isPlace, { error: "a directory such as /data, s3://bucket/path" })
    .describe(description);

function isPlace(text: string): boolean {
  try {
    return parseLocation(text).path !== "";
  } catch {
    return false;
  }
}

const storage = storageSettings.extend({
  roots: z
    .array(place("Directory that may be read."))
    .optional()
    .describe("Directories of snapshots that may be read besides those that Flink names."),
  maps: z
    .array(
      z.strictObject({
        from: place("Where Flink sees the directory."),
        to: place("Where Outrider sees the same one."),
      }),
    )
    .optional()
    .describe("Directories that Outrider sees at another place than Flink, such as a mounted volume."),
});

/** The whole configuration; each section's settings are declared beside the code that obeys them. */
export const configSchema = z
  .strictObject({
    clusters: z
      .array(cluster)
      .min(1)
      .refine((list) => new Set(names(list)).size === names(list).length, {
        ...always,
        error: "a different name for every cluster",
      })
      .describe("Flink clusters to ride beside."),
    mode: z
      .enum(MODES)
      .default("observe")
      .describe("observe: change nothing; approve: act when a person agrees; act: act."),
    jobs: z
      .record(z.string().min(1), job)
      .optional()
      .describe("What differs for some jobs, by job key (`*`, `?`); a later match wins over an earlier one."),
    interval: duration("2s", "Time between two passes over one job."),
    concurrency: z.int().min(1).max(1_000).default(8).describe("Passes that may run at the same time."),
    server: z
      .strictObject({
        host: z.string().min(1).default("127.0.0.1").describe("Address to listen on."),
        port: z.int().min(0).max(65_535).default(8090).describe("Port to listen on; 0 takes a free one."),
      })
      .prefault({})
      .describe("HTTP API and console."),
    tokens: z
      .array(token)
      .optional()
      .describe("Who may use the HTTP API; without any, it listens on loopback only."),
    store: z
      .strictObject({
        path: z
          .string()
          .min(1)
          .default("outrider-data/outrider.sqlite")
          .describe("File of the store; `:memory:` keeps nothing."),
        keep: duration("30d", "Records and events older than this are deleted."),
        maxRecords: z.int().min(1_000).default(200_000).describe("Rows kept per table, newest first."),
      })
      .prefault({})
      .describe("What survives a restart."),
    log: z
      .strictObject({ level: z.enum(LOG_LEVELS).default("info").describe("Least severity that is logged.") })
      .prefault({})
      .describe("Log lines on stderr."),
    fleet: z
      .strictObject({
        maxSlots: z
          .int()
          .min(1)
          .optional()
          .describe("Slots that all jobs together may have; `autoscaler.priority` says who gets them first."),
      })
      .prefault({})
      .describe("What all jobs share."),
    autoscaler: autoscalerSettings.prefault({}).describe("When and how far jobs are scaled."),
    recovery: recoverySettings
      .prefault({})
      .describe("What counts as wrong with a job, and when and how it is restored."),
    storage: storage.prefault({}).describe("How stores of snapshots are read."),
    alerts: alertsSettings
      .prefault({})
      .describe("What `outrider generate` writes: rules, their tests, scrape configuration."),
  })
  .refine((c) => isLoopback(c?.server?.host) || (c?.tokens?.length ?? 0) > 0, {
    ...always,
    path: ["server", "host"],
    error: "a loopback address such as 127.0.0.1, or at least one entry under tokens",
  });

export type ConfigInput = z.input<typeof configSchema>;
/** Checked and with every default; durations are still text. */
export type Config = z.output<typeof configSchema>;
export type ClusterConfig = Config["clusters"][number];

/** Settings of the generated rules; which thresholds an alert has is known where it is defined, not to the types. */
export function alertsOf(config: Config): AlertsSettings {
  return config.alerts as unknown as AlertsSettings;
}

/** JSON Schema of what people write; a function, because making it takes milliseconds that not everyone needs. */
export function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(configSchema, { io: "input", target: "draft-2020-12" }) as JsonSchema;
}

/** The configuration in force as anyone may see it. */
export function effectiveView(config: Config): unknown {
  return hideSecrets(config, configJsonSchema());
}

/** Reachable from this machine only. A name other than localhost may resolve to anything. */
export function isLoopback(host: unknown): boolean {
  if (typeof host !== "string") return true;
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function names(list: readonly unknown[]): readonly unknown[] {
  if (!Array.isArray(list)) return [];
  return list.map((c) => (c as { name?: unknown } | null)?.name).filter((name) => typeof name === "string");
}

/** Every setting optional and without its default, so that only what was written differs. */
function overridesOf(section: typeof autoscalerSettings): z.ZodType<Partial<AutoscalerSettings>> {
  const shape = Object.entries(section.shape).map(([key, field]: [string, z.ZodType]) => {
    const bare = field instanceof z.ZodDefault ? (field.unwrap() as z.ZodType) : field;
    return [key, bare.optional().describe(field.description ?? "")];
  });
  return z.strictObject(Object.fromEntries(shape)) as unknown as z.ZodType<Partial<AutoscalerSettings>>;
}

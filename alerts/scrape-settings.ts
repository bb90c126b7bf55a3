import { z } from "zod";
import { parseDuration } from "../model/index.ts";

const address = z.string().regex(/^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/, {
  error: "an address such as jobmanager:9249",
});

const name = z
  .string()
  .min(1)
  .max(100)
  .refine((value) => !/["'`{}\\]|\p{Cc}/u.test(value), {
    error: "a name without quotes, braces, backslashes and line breaks",
  });

const cluster = z.strictObject({
  cluster: name.describe("Name of the cluster, the same as under `clusters`."),
  namespace: name.default("default").describe("Its namespace, the same as under `clusters`."),
  jobManagers: z.array(address).min(1).describe("Reporter addresses of its JobManagers."),
  taskManagers: z.array(address).default([]).describe("Reporter addresses of its TaskManagers."),
});

/** Who Prometheus asks, and how often. */
export const scrapeSettings = z
  .strictObject({
    interval: z
      .string()
      .refine((text) => between(parseDuration(text), 1_000, 120_000), {
        error: 'a duration from 1s to 2min such as "10s"; with a longer one series have gaps',
      })
      .default("10s")
      .meta({ description: "Time between two scrapes.", format: "duration" }),
    outrider: z
      .array(address)
      .default(["127.0.0.1:8090"])
      .describe("Addresses of Outrider; none leaves it out."),
    tokenFile: z
      .string()
      .regex(/^[^\p{Cc}"\\]+$/u, { error: "a path without quotes, backslashes and line breaks" })
      .optional()
      .describe("File on Prometheus' machine with a viewer's token, where Outrider wants one."),
    flink: z.array(cluster).default([]).describe("Clusters whose reporters have fixed addresses."),
    kubernetes: z
      .strictObject({
        enabled: z
          .boolean()
          .default(true)
          .describe("Find Flink's pods by their label `component`; their label `app` names the cluster."),
        namespaces: z.array(name).default([]).describe("Namespaces to look in; all when empty."),
        port: z.int().min(1).max(65_535).default(9249).describe("Port of the Prometheus reporter."),
      })
      .prefault({})
      .describe("Flink on Kubernetes."),
  })
  .describe("The generated scrape configuration.");

export type ScrapeSettings = z.output<typeof scrapeSettings>;

const between = (ms: number | undefined, least: number, most: number): boolean =>
  ms !== undefined && ms >= least && ms <= most;

import { z } from "zod";
import { configJsonSchema } from "../../sidecar/config/index.ts";
import type { Shipped } from "./monitoring-values.ts";
import { chartOnlyValues, DEFAULT_CONFIG } from "./values.ts";

/** The part of JSON Schema that is walked here. */
export interface Schema {
  readonly [keyword: string]: unknown;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

/**
 * Settings that the chart sets itself, and those that only `outrider generate` reads: rules and dashboards of the chart
 * are rendered already, so that here they would be obeyed by nobody.
 */
const LEFT_OUT = ["server", "tokens", "store.path", "alerts", "dashboards"];
/** What `parseDuration` reads; a test holds that both agree. */
const DURATION = "^\\s*\\d+(\\.\\d+)?\\s*(ms|s|sec|m|min|h|d)\\s*$";

/** `values.schema.json`: the chart's own values, and Outrider's settings under `config`. Strict at every level. */
export function valuesJsonSchema(shipped: Shipped): Schema {
  const own = z.toJSONSchema(z.strictObject(chartOnlyValues(shipped)), {
    io: "input",
    // What every Helm 3 and 4 reads.
    target: "draft-7",
  }) as Schema;
  const { nameOverride, fullnameOverride, commonLabels, image, replicas, ...rest } = own.properties ?? {};
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Values of the chart outrider",
    type: "object",
    additionalProperties: false,
    properties: withoutNoise({
      ...{ nameOverride, fullnameOverride, commonLabels, image, replicas },
      config: chartConfigSchema(),
      ...rest,
      global: { type: "object", description: "Values of a chart around this one; not used here." },
      enabled: {
        type: "boolean",
        description: "For a chart around this one, as its condition; not used here.",
      },
    }) as Record<string, Schema>,
  };
}

/** Outrider's settings without what the chart sets, and without secrets: a ConfigMap is no place for them. */
function chartConfigSchema(): Schema {
  const schema = LEFT_OUT.reduce(withoutSetting, configJsonSchema() as Schema);
  const { $schema: _, ...config } = forHelm(schema) as Schema;
  return {
    ...withAddressPattern(config),
    description:
      "Outrider's settings (docs/reference/configuration.md). A cluster without namespace gets that of the release. Secrets do not belong here: use bearerFile, or extraEnv from a Secret.",
    default: DEFAULT_CONFIG,
  };
}

/** The settings check addresses in code, which a schema cannot carry; this much it can say. NOTES.txt quotes them by '. */
function withAddressPattern(config: Schema): Schema {
  const clusters = config.properties?.["clusters"];
  const url = { ...clusters?.items?.properties?.["url"], pattern: "^https?://[^\\s@?#']+$" };
  const items = { ...clusters?.items, properties: { ...clusters?.items?.properties, url } };
  return { ...config, properties: { ...config.properties, clusters: { ...clusters, items } } };
}

function withoutSetting(schema: Schema, path: string): Schema {
  const [key = "", ...rest] = path.split(".");
  const properties = { ...schema.properties };
  const child = properties[key];
  if (child === undefined) return schema;
  if (rest.length === 0) delete properties[key];
  else properties[key] = withoutSetting(child, rest.join("."));
  return { ...schema, properties };
}

/** Secrets go, durations get a pattern: `format: duration` means another thing to JSON Schema (ISO 8601). */
function forHelm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forHelm);
  if (typeof value !== "object" || value === null) return value;
  const { format, properties, ...rest } = value as Schema;
  const inner = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, forHelm(item)]));
  return {
    ...inner,
    ...(typeof format === "string" ? (format === "duration" ? { pattern: DURATION } : { format }) : {}),
    ...(properties === undefined ? {} : { properties: publicOnly(properties) }),
  };
}

function publicOnly(properties: Readonly<Record<string, Schema>>): Record<string, unknown> {
  const kept = Object.entries(properties).filter(([, schema]) => schema["writeOnly"] !== true);
  return Object.fromEntries(kept.map(([key, schema]) => [key, forHelm(schema)]));
}

/** zod writes the safe integers as limits of every whole number; they tell nobody anything. */
function withoutNoise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNoise);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, item]) =>
      !(key === "maximum" && item === Number.MAX_SAFE_INTEGER) &&
      !(key === "minimum" && item === Number.MIN_SAFE_INTEGER),
  );
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNoise(item)]));
}

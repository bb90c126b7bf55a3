import { z } from "zod";

/** What stands in views and messages where a secret is. */
export const HIDDEN = "<secret>";

/** A text that nobody may see; `writeOnly` is how JSON Schema marks it, and what `effectiveView` goes by. */
export function secret(description: string) {
  return z.string().min(1).optional().meta({ description, writeOnly: true });
}

/** The part of JSON Schema that zod's export uses for our settings. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly format?: string;
  readonly writeOnly?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
}

/** The schema of one step down, by property, list index or free key. */
export function childSchema(schema: JsonSchema | undefined, key: string | number): JsonSchema | undefined {
  if (schema === undefined) return undefined;
  if (schema.items !== undefined && /^\d+$/.test(String(key))) return schema.items;
  const named = schema.properties;
  if (named !== undefined && Object.hasOwn(named, key)) return named[key];
  return typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
}

/** A copy of `value` with every secret hidden. */
export function hideSecrets(value: unknown, schema: JsonSchema | undefined): unknown {
  if (value === undefined || value === null) return value;
  if (schema?.writeOnly === true) return HIDDEN;
  if (Array.isArray(value)) return value.map((item, i) => hideSecrets(item, childSchema(schema, i)));
  if (typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, hideSecrets(item, childSchema(schema, key))]),
  );
}

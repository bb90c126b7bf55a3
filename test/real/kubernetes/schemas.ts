import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesApi } from "./api.ts";

type Schema = { readonly [key: string]: unknown };
type Schemas = Readonly<Record<string, Schema>>;

/** What `kubeconform -schema-location` needs to find the files below `directory`. */
export function schemaLocation(directory: string): string {
  return join(directory, "{{.Group}}_{{.ResourceAPIVersion}}_{{.ResourceKind}}.json");
}

/**
 * Writes one JSON Schema per kind that this API server serves, installed definitions included, and returns how many.
 * Strict: a key that the server would drop or refuse is an error.
 */
export async function writeSchemas(api: KubernetesApi, directory: string): Promise<number> {
  mkdirSync(directory, { recursive: true });
  const { paths } = await api.expect<{ paths: Record<string, { serverRelativeURL: string }> }>(
    "GET",
    "/openapi/v3",
  );
  let count = 0;
  for (const [path, { serverRelativeURL }] of Object.entries(paths)) {
    const [, group = "", version] = /^(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path) ?? [];
    if (version === undefined) continue;
    // Without its `?hash=`: while new definitions are being served the hash changes, and the old one answers 301.
    const address = serverRelativeURL.replace(/\?.*$/, "");
    const page = await api.expect<{ components?: { schemas?: Schemas } }>("GET", address);
    const schemas = page.components?.schemas ?? {};
    for (const [name, kind] of kindsOf(schemas, group, version)) {
      const file = `${group === "" ? version : group}_${version}_${kind.toLowerCase()}.json`;
      const apiVersion = group === "" ? version : `${group}/${version}`;
      writeFileSync(join(directory, file), JSON.stringify(rootSchema(schemas, name, apiVersion, kind)));
      count++;
    }
  }
  return count;
}

/** Names of the schemas that are whole resources of this group and version, each with its kind. */
function kindsOf(schemas: Schemas, group: string, version: string): readonly (readonly [string, string])[] {
  return Object.entries(schemas).flatMap(([name, schema]) => {
    const kinds = (schema["x-kubernetes-group-version-kind"] ?? []) as readonly {
      readonly group: string;
      readonly version: string;
      readonly kind: string;
    }[];
    const own = kinds.find((k) => k.group === group && k.version === version);
    const properties = schema["properties"] as Schemas | undefined;
    return own === undefined || properties?.["apiVersion"] === undefined ? [] : [[name, own.kind] as const];
  });
}

/** The schema of one kind with all that it refers to. */
function rootSchema(schemas: Schemas, name: string, apiVersion: string, kind: string): Schema {
  const definitions: Record<string, unknown> = {};
  const wanted = [name];
  for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
    if (definitions[next] !== undefined) continue;
    const schema = schemas[next];
    if (schema === undefined)
      throw new Error(`the API server's schema of ${kind} refers to ${next}, which is not there`);
    definitions[next] = strict(schema);
    const references = JSON.stringify(definitions[next]).matchAll(/"#\/definitions\/([^"]+)"/g);
    wanted.push(...[...references].flatMap((m) => m[1] ?? []));
  }
  const root = definitions[name] as { properties: Schemas; required?: readonly string[] };
  return {
    ...root,
    properties: { ...root.properties, apiVersion: { const: apiVersion }, kind: { const: kind } },
    required: [...new Set([...(root.required ?? []), "apiVersion", "kind"])],
    definitions,
  };
}

/** Words of OpenAPI that JSON Schema does not know, or that would only slow the check down. */
const dropped = new Set(["default", "description", "format", "nullable", "example"]);

/** OpenAPI 3 to JSON Schema: references, either-number-or-string, null for what may be absent, no unknown keys. */
function strict(schema: Schema): Schema {
  if (schema["x-kubernetes-int-or-string"] === true || schema["format"] === "int-or-string") {
    return { anyOf: [{ type: "integer" }, { type: "string" }] };
  }
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (dropped.has(key) || key.startsWith("x-kubernetes-")) continue;
    kept[key] = strictPart(key, value, schema);
  }
  const isOpen =
    schema["additionalProperties"] !== undefined || schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (schema["properties"] !== undefined && !isOpen) kept["additionalProperties"] = false;
  return kept;
}

function strictPart(key: string, value: unknown, parent: Schema): unknown {
  if (key === "$ref") return String(value).replace("#/components/schemas/", "#/definitions/");
  if (key === "properties") {
    const required = new Set((parent["required"] ?? []) as readonly string[]);
    return Object.fromEntries(
      Object.entries(value as Schemas).map(([name, property]) => [
        name,
        required.has(name) ? strict(property) : { anyOf: [strict(property), { type: "null" }] },
      ]),
    );
  }
  if (key === "items" || key === "additionalProperties" || key === "not") {
    return typeof value === "object" && value !== null ? strict(value as Schema) : value;
  }
  if (key === "allOf" || key === "anyOf" || key === "oneOf") return (value as readonly Schema[]).map(strict);
  return value;
}

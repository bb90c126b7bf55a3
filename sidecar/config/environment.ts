import { parse } from "yaml";
import { childSchema, type JsonSchema } from "./secret.ts";

/** Variables of the command line client, which are not settings. */
const CLIENT = new Set(["OUTRIDER_SERVER", "OUTRIDER_TOKEN", "OUTRIDER_CACHE", "OUTRIDER_CONFIG"]);

/** What Kubernetes puts into every pod of a namespace that has a Service named `outrider`. */
const SERVICE_LINK = /^OUTRIDER_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT|PORT_\d+_(TCP|UDP|SCTP)(_.+)?)$/;

/** Numeric, so that index 10 of a list comes after index 2. */
const BY_NAME = new Intl.Collator("en", { numeric: true });

/** One value that does not come from the file. */
export interface Setting {
  readonly path: readonly string[];
  readonly value: unknown;
  /** Where it comes from, as a person would look for it. */
  readonly origin: string;
}

/** `OUTRIDER_AUTOSCALER__TARGET_UTILIZATION=0.7` → `autoscaler.targetUtilization: 0.7`. */
export function settingsFromEnv(
  env: Readonly<Record<string, string | undefined>>,
  schema: JsonSchema,
): readonly Setting[] {
  const settings: Setting[] = [];
  for (const [name, text] of Object.entries(env).sort(([a], [b]) => BY_NAME.compare(a, b))) {
    if (!name.startsWith("OUTRIDER_") || CLIENT.has(name) || SERVICE_LINK.test(name)) continue;
    if (text === undefined || text === "") continue;
    const path = name.slice("OUTRIDER_".length).split("__").map(toCamelCase);
    settings.push({ path, value: parseValue(text, path, schema), origin: name });
  }
  return settings;
}

/** `["autoscaler", "targetUtilization"]` → `OUTRIDER_AUTOSCALER__TARGET_UTILIZATION`. */
export function envName(path: readonly string[]): string {
  const words = path.map((part) => part.replaceAll(/([A-Z])/g, "_$1").toUpperCase());
  return `OUTRIDER_${words.join("__")}`;
}

function toCamelCase(snake: string): string {
  return snake.toLowerCase().replaceAll(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Where the setting is a text it is taken as it stands, so that a token `12345` does not become a number. */
function parseValue(text: string, path: readonly string[], schema: JsonSchema): unknown {
  const target = path.reduce<JsonSchema | undefined>(childSchema, schema);
  if (target?.type === "string") return text;
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch {
    return text;
  }
}

/** A JSON object out of a request's body; undefined where it is none. An empty body counts as `{}`. */
export function objectIn(body: string): Readonly<Record<string, unknown>> | undefined {
  if (body.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

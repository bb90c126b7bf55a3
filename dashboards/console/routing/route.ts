import type { JobKey } from "../../../model/index.ts";

/** Which view an address means. */
export type Route =
  | { readonly view: "fleet" }
  | { readonly view: "job"; readonly key: JobKey }
  | { readonly view: "decision"; readonly key: JobKey; readonly id: string }
  | { readonly view: "events" }
  | { readonly view: "clusters" }
  | { readonly view: "unknown" };

/** `/jobs/prod%2Fdefault%2Forders` → the job's page; what cannot be read is unknown. */
export function parsePath(path: string): Route {
  const [first = "", ...rest] = path.replace(/^\/|\/$/g, "").split("/");
  const parts = rest.map(decode);
  if (parts.includes(undefined)) return { view: "unknown" };
  const [key, second, id] = parts;
  if (first === "jobs" && key) {
    if (parts.length === 1) return { view: "job", key };
    if (parts.length === 3 && second === "decisions" && id) return { view: "decision", key, id };
    return { view: "unknown" };
  }
  if (rest.length > 0) return { view: "unknown" };
  if (first === "") return { view: "fleet" };
  return first === "events" || first === "clusters" ? { view: first } : { view: "unknown" };
}

/** The inverse of `parsePath`. */
export function toPath(route: Route): string {
  switch (route.view) {
    case "job":
      return `/jobs/${encodeURIComponent(route.key)}`;
    case "decision":
      return `/jobs/${encodeURIComponent(route.key)}/decisions/${encodeURIComponent(route.id)}`;
    case "events":
    case "clusters":
      return `/${route.view}`;
    default:
      return "/";
  }
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

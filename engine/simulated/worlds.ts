import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { didYouMean, Failure } from "../../model/index.ts";
import type { World } from "./world.ts";
import { type ReadWorldOptions, readWorld } from "./world-file.ts";

const FOLDER = join(import.meta.dirname, "worlds");

/** The worlds that come with Outrider, by name. */
export function worldNames(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort();
}

/** One of the worlds that come with Outrider; throws `Failure("not-found")` for any other name. */
export function worldNamed(name: string, options: Omit<ReadWorldOptions, "file"> = {}): World {
  const names = worldNames();
  if (!names.includes(name)) {
    const near = didYouMean(name, names);
    const expected = near === undefined ? `expected one of ${names.join(", ")}` : `did you mean ${near}?`;
    throw new Failure(
      "not-found",
      `cannot find the world: got ${JSON.stringify(name.slice(0, 100))}; ${expected}`,
    );
  }
  return readWorld(readFileSync(join(FOLDER, `${name}.yaml`), "utf8"), { ...options, file: `${name}.yaml` });
}

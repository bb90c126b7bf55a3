import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { storageFailure, systemCodeOf } from "./failures.ts";

/** A package that only those need who read a certain kind of store. */
export interface OptionalPackage {
  readonly name: string;
  readonly version: string;
}

/**
 * Loads a package that is not installed with Outrider: from `folder` (its `node_modules`) where one is given, else from
 * where Outrider itself lies. Throws `not-supported` with the line that installs it.
 */
export async function loadOptional(
  { name, version }: OptionalPackage,
  folder: string | undefined,
  what: string,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    const target =
      folder === undefined ? name : pathToFileURL(createRequire(join(folder, "x.js")).resolve(name)).href;
    return (await import(target)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const absent = ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes(systemCodeOf(error) ?? "");
    if (!absent) throw error;
    const where = folder === undefined ? "" : ` in ${folder}`;
    throw storageFailure("not-supported", what, `no package ${name}${where}, which finds the credentials`, {
      expected: `it to be installed: npm install --no-save ${name}@${version}`,
      cause: error,
    });
  }
}

import { realpath } from "node:fs/promises";
import { Failure, isInside, type Location, locationText } from "../../model/index.ts";
import { storageFailure } from "./failures.ts";
import { failureOfFile, isAbsent } from "./local-failures.ts";

/**
 * The path without links of a place that lies inside the roots; undefined where nothing is. Throws `bad-request` where
 * links lead out of the roots, and `unavailable` where the root itself is not there: then a missing file says nothing.
 */
export async function realPathInside(
  location: Location,
  roots: readonly Location[],
  what: string,
): Promise<string | undefined> {
  const real = await realRoots(roots, what);
  if (!real.some(({ root }) => isInside(root, location))) {
    const root = roots.find((r) => isInside(r, location));
    throw storageFailure("unavailable", what, `no directory ${root?.path ?? "above it"}`, {
      expected: "the root that holds it; is it mounted?",
    });
  }
  const path = await realPathOf(location.path, what);
  if (path !== undefined) refuseOutside(path, real, what);
  return path;
}

/** Throws `bad-request` where a link of a listing leads out of the roots. */
export async function refuseLeading(path: string, roots: readonly Location[], what: string): Promise<void> {
  const target = await realPathOf(path, what);
  if (target !== undefined) refuseOutside(target, await realRoots(roots, what), what);
}

interface RealRoot {
  readonly root: Location;
  readonly path: string;
}

async function realRoots(roots: readonly Location[], what: string): Promise<readonly RealRoot[]> {
  const local = roots.filter((root) => root.scheme === "file");
  const paths = await Promise.all(local.map((root) => realPathOf(root.path, what)));
  return local.flatMap((root, index) => {
    const path = paths[index];
    return path === undefined ? [] : [{ root, path }];
  });
}

async function realPathOf(path: string, what: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw failureOfFile(what, error);
  }
}

function refuseOutside(path: string, roots: readonly RealRoot[], what: string): void {
  const place = (p: string): Location => ({ scheme: "file", authority: "", path: p });
  if (roots.some((root) => isInside(place(root.path), place(path)))) return;
  const shown = roots.map(({ root }) => locationText(root)).join(", ");
  throw new Failure(
    "bad-request",
    `cannot ${what}: got a link to ${path}, outside the roots that may be read: ${shown}; allow it with --root ${path}`,
  );
}

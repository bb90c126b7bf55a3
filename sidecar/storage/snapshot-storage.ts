import { readMetadataFrom } from "../../engine/snapshot/index.ts";
import {
  Failure,
  isInside,
  type Location,
  type LocationMap,
  locationText,
  mapLocation,
  parseLocation,
  type StoredFile,
} from "../../model/index.ts";
import type { SnapshotStorage, StoredPage } from "../../recovery/index.ts";
import { asked, storageFailure } from "./failures.ts";
import type { Access, ObjectPage, ObjectStore } from "./object-store.ts";
import type { ObjectStores } from "./object-stores.ts";

/** What one view of the stores may read. */
export interface ViewOptions {
  /** Roots that may be read; the targets of `maps` are added to them. */
  readonly roots: readonly Location[];
  readonly maps?: readonly LocationMap[];
  /** Stops everything that is read through this view. */
  readonly signal?: AbortSignal;
}

/**
 * A `SnapshotStorage` over the stores, for one purpose: it reads what lies inside its roots and nothing else. Places are
 * mapped first (`--map FROM=TO`), then held against the roots; what is answered carries the paths that were asked for.
 */
export function snapshotStorage(stores: ObjectStores, options: ViewOptions): Required<SnapshotStorage> {
  const maps = options.maps ?? [];
  const roots = [...options.roots, ...maps.map((map) => map.to)];
  const access: Access = { roots, signal: options.signal };
  const reach = (path: string): { location: Location; real: Location; store: ObjectStore } => {
    const location = parseLocation(path);
    const real = mapLocation(maps, location);
    refuseOutside(roots, real);
    return { location, real, store: stores.storeOf(real) };
  };
  return {
    async *list(directory) {
      const { location, real, store } = reach(directory);
      for await (const page of store.list(real, access)) yield pathsOf(page, location);
    },
    async stat(file) {
      const { location, real, store } = reach(file);
      const found = await store.stat(real, access);
      return found === undefined
        ? undefined
        : { path: locationText(location), bytes: found.bytes, modifiedAt: found.modifiedAt };
    },
    async firstByte(file) {
      const { real, store } = reach(file);
      for await (const chunk of store.read(real, access, { start: 0, end: 1 })) {
        if (chunk[0] !== undefined) return chunk[0];
      }
      return undefined;
    },
    async readMetadata(file) {
      const { real, store } = reach(file);
      const most = stores.config.maxMetadataBytes;
      // One byte more for the parser: what is too large is not wrong, and we say so.
      return readMetadataFrom(atMost(most, store.read(real, access), asked("read", real)), {
        mostBytes: most + 1,
      });
    },
  };
}

function refuseOutside(roots: readonly Location[], location: Location): void {
  if (roots.some((root) => isInside(root, location))) return;
  const shown = roots.slice(0, 10).map(locationText).join(", ");
  throw new Failure(
    "bad-request",
    `cannot read ${locationText(location)}: it lies outside the roots that may be read: ` +
      `${shown === "" ? "none" : shown}; allow it with --root`,
  );
}

function pathsOf(page: ObjectPage, directory: Location): StoredPage {
  const text = locationText(directory);
  const prefix = text.endsWith("/") ? text : `${text}/`;
  return {
    files: page.files.map(
      ({ name, bytes, modifiedAt }): StoredFile => ({ path: prefix + name, bytes, modifiedAt }),
    ),
    directories: page.directories.map((name) => prefix + name),
  };
}

async function* atMost(
  most: number,
  chunks: AsyncIterable<Uint8Array>,
  what: string,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > most) {
      throw storageFailure("too-large", what, `more than ${most} bytes`, {
        expected: "a _metadata file within storage.maxMetadataBytes",
      });
    }
    yield chunk;
  }
}

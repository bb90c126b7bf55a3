import { existsSync } from "node:fs";
import { resolve } from "node:path";
import {
  type Location,
  type LocationMap,
  locationText,
  mapLocation,
  parseLocation,
  parseLocationMap,
} from "../../model/index.ts";
import { directoryOfTarget, type SnapshotStorage, storageRootOf } from "../../recovery/index.ts";
import { compileStorageSettings, openStores, snapshotStorage, storageSettings } from "../storage/index.ts";

/** Where a command may read, as people say it. */
export interface StorageFlags {
  readonly map?: readonly string[];
  readonly root?: readonly string[];
  readonly endpoint?: string;
}

/** A target that a person named, and the storage to look at it with. */
export interface OpenTarget {
  /** Normalised. */
  readonly target: string;
  readonly storage: SnapshotStorage;
  /** False where the target's place is on this machine and nothing is there; null where only the store can tell. */
  readonly exists: boolean | null;
  close(): void;
}

/** Opens the target's own storage root, the roots and the maps that were given. Nothing is read yet. */
export function openTarget(text: string, flags: StorageFlags): OpenTarget {
  const target = parseLocation(absolute(text));
  const maps = (flags.map ?? []).map((map) => parseLocationMap(absoluteMap(map)));
  const roots = [storageRootOf(locationText(target)), ...(flags.root ?? []).map(absolute)].map(parseLocation);
  const s3 = flags.endpoint === undefined ? {} : { endpoint: flags.endpoint };
  const stores = openStores(compileStorageSettings(storageSettings.parse({ s3 })));
  return {
    target: locationText(target),
    storage: snapshotStorage(stores, { roots, maps }),
    exists: isHere(target, maps),
    close: () => stores.close(),
  };
}

function isHere(target: Location, maps: readonly LocationMap[]): boolean | null {
  const place = mapLocation(maps, target);
  if (place.scheme !== "file") return null;
  const directory = directoryOfTarget(locationText(place));
  return existsSync(place.path) || (directory.path !== place.path && existsSync(directory.path));
}

const HAS_SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;

/** Paths on this machine may be relative, or go up by `..`, on the command line and nowhere else. */
export function absolute(text: string): string {
  return HAS_SCHEME.test(text) || text === "" ? text : resolve(text);
}

/** `FROM=TO` where TO may be a relative path. */
function absoluteMap(text: string): string {
  const cut = text.lastIndexOf("=") + 1;
  const to = text.slice(cut);
  return cut === 0 || to.includes("://") ? text : text.slice(0, cut) + absolute(to);
}

import {
  childOf,
  Failure,
  type Location,
  locationText,
  nameOf,
  parentOf,
  parseLocation,
  type SnapshotProblem,
  type SnapshotReference,
  sentenceOf,
} from "../model/index.ts";

/** Files of one directory: name → bytes that must be there. */
export type NeededNames = Map<string, number>;

/** The files that a snapshot needs, by the directory in which they will be listed. */
export interface NeededFiles {
  /** By normalised directory. */
  readonly directories: ReadonlyMap<string, NeededNames>;
  readonly files: number;
  readonly bytes: number;
  /** Paths of those that may be shorter because they are compressed. */
  readonly compressible: ReadonlySet<string>;
  /** What no path can be. */
  readonly refused: readonly SnapshotProblem[];
}

/**
 * Where the references of a snapshot lie: relative ones right in its directory, the others where they say. Two
 * spellings of one place are one file. What no path can be comes back as problems: Flink writes none of these.
 */
export function neededFiles(references: readonly SnapshotReference[], directory: Location): NeededFiles {
  const own = locationText(directory);
  const directories = new Map<string, NeededNames>();
  const compressible = new Set<string>();
  const refused: SnapshotProblem[] = [];
  const placeOf = createPlaces(directories);
  for (const reference of references) {
    const { path, relative, needed } = reference;
    try {
      const { text, names, name } = relative ? placeOf.own(directory, own, path) : placeOf.absolute(path);
      names.set(name, Math.max(needed, names.get(name) ?? 0));
      if (reference.compressible === true) compressible.add(pathIn(text, name));
    } catch (error) {
      const sentence = `the reference cannot be a file: ${sentenceOf(error)}`;
      refused.push({ file: path.slice(0, 300), needed, found: null, sentence });
    }
  }
  return { directories, ...sumOf(directories), compressible, refused };
}

/** The path of a name in a directory, both normalised. */
export function pathIn(directory: string, name: string): string {
  return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}

/** A directory and its needed names. */
interface Place {
  readonly text: string;
  readonly names: NeededNames;
}

/** Names that stay as they are whatever stands before them. */
const PLAIN_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}$/;

/** Normalises each directory once for all files in it: 100,000 references share a few. */
function createPlaces(directories: Map<string, NeededNames>) {
  const known = new Map<string, Place>();
  const placeAt = (text: string): Place => {
    const names = directories.get(text) ?? new Map<string, number>();
    directories.set(text, names);
    return { text, names };
  };
  return {
    own(directory: Location, text: string, name: string) {
      if (!PLAIN_NAME.test(name)) childOf(directory, name);
      return { ...placeAt(text), name };
    },
    absolute(path: string) {
      const cut = path.lastIndexOf("/") + 1;
      const name = path.slice(cut);
      const before = path.slice(0, cut);
      const isPlain = PLAIN_NAME.test(name);
      const place = isPlain ? known.get(before) : undefined;
      if (place !== undefined) return { ...place, name };
      const location = parseLocation(path);
      const parent = parentOf(location);
      if (parent === undefined) throw new Failure("bad-request", `${path} names no file`);
      const found = placeAt(locationText(parent));
      if (isPlain) known.set(before, found);
      return { ...found, name: nameOf(location) };
    },
  };
}

function sumOf(directories: ReadonlyMap<string, NeededNames>): { files: number; bytes: number } {
  let files = 0;
  let bytes = 0;
  for (const names of directories.values()) {
    files += names.size;
    for (const needed of names.values()) bytes += needed;
  }
  return { files, bytes };
}

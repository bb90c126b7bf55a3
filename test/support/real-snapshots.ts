import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A `_metadata` file that real Flink 1.20.5 or 2.3.0 wrote. */
export interface RealMetadata {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A whole snapshot beside its files. */
export interface RealSnapshot extends RealMetadata {
  /** What stands before the directory of the snapshot in its absolute references, with a slash at the end. */
  readonly root: string;
  /** Where it was written to, as Flink said it. */
  readonly pointer: string;
  /** Bytes of every file by its path below `root`, without `_metadata`. */
  readonly files: ReadonlyMap<string, number>;
}

const FIXTURES = join(import.meta.dirname, "../../engine/snapshot/fixtures");

/** Those committed beside the reader. */
export const METADATA_FIXTURES: readonly RealMetadata[] = globSync("*.metadata", { cwd: FIXTURES })
  .toSorted()
  .map((file) => ({
    name: basename(file, ".metadata"),
    bytes: new Uint8Array(readFileSync(join(FIXTURES, file))),
  }));

/**
 * Whole snapshots beyond the committed fixtures: in the folder that `FLINK_SNAPSHOTS` names, or in one beside the
 * checkout. None without it.
 */
export function realSnapshots(): readonly RealSnapshot[] {
  const folder = process.env["FLINK_SNAPSHOTS"] ?? join(import.meta.dirname, "../../../shared/snapshots");
  if (!existsSync(folder)) return [];
  return globSync("*/*/INFO.json", { cwd: folder })
    .toSorted()
    .map((file) => snapshotOf(folder, dirname(file)));
}

function snapshotOf(folder: string, name: string): RealSnapshot {
  const info: { flink: string; pointer: string; files: [string, number][] } = JSON.parse(
    readFileSync(join(folder, name, "INFO.json"), "utf8"),
  );
  const root = info.pointer.slice(0, info.pointer.indexOf(`/${info.flink}/`) + info.flink.length + 2);
  const metadata = join(folder, name, info.pointer.slice(root.length), "_metadata");
  return {
    name,
    root,
    pointer: info.pointer,
    bytes: new Uint8Array(readFileSync(metadata)),
    files: new Map(info.files.filter(([path]) => basename(path) !== "_metadata")),
  };
}

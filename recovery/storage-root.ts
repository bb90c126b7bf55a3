import { type Location, locationText, nameOf, parentOf, parseLocation } from "../model/index.ts";
import { directoryOfTarget } from "./verify.ts";

/**
 * What may be read for the sake of a target without being told: of a store its bucket or container, of a file system
 * the directory that holds the checkpoints of all jobs, found by Flink's layout (`ROOT/JOB/chk-N`, `ROOT/savepoint-…`).
 */
export function storageRootOf(target: string): string {
  const location = directoryOfTarget(target);
  if (location.scheme !== "file") return locationText({ ...location, path: "/" });
  return locationText(checkpointRootOf(location));
}

/** Directory of the checkpoints of one job, from the path of one of them; undefined for savepoints and others. */
export function jobDirectoryOf(path: string): string | undefined {
  const location = directoryOfTarget(path);
  const parent = parentOf(location);
  return parent !== undefined && isCheckpointName(nameOf(location)) ? locationText(parent) : undefined;
}

/** The id of the Flink job that wrote a snapshot, where its path has the job's directory. */
export function flinkJobIdOf(path: string): string | null {
  const parent = parentOf(parseLocation(path));
  const name = parent === undefined ? "" : nameOf(parent);
  return isJobId(name) && isCheckpointName(nameOf(parseLocation(path))) ? name : null;
}

/** The number in `chk-42`. */
export function checkpointIdIn(path: string): number | null {
  const id = /\/chk-(\d{1,15})$/.exec(path)?.[1];
  return id === undefined ? null : Number(id);
}

export const isJobId = (name: string): boolean => /^[0-9a-f]{32}$/.test(name);
export const isCheckpointName = (name: string): boolean => /^chk-\d{1,15}$/.test(name);
export const isSavepointName = (name: string): boolean => /^savepoint-[0-9a-f]{6}-[0-9a-f]{12}$/.test(name);

/** A path that can only be one snapshot, as Flink names their directories. */
export function isSnapshotPath(path: string): boolean {
  const name = nameOf(directoryOfTarget(path));
  return isCheckpointName(name) || isSavepointName(name);
}

function checkpointRootOf(location: Location): Location {
  const above = (l: Location): Location => parentOf(l) ?? l;
  const name = nameOf(location);
  if (isJobId(name)) return above(location);
  if (isSavepointName(name)) return above(location);
  if (!isCheckpointName(name)) return location;
  const job = above(location);
  return isJobId(nameOf(job)) ? above(job) : job;
}

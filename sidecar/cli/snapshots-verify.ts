import {
  findSnapshots,
  isAbsent,
  isSnapshotPath,
  METADATA,
  type Verification,
  verifySnapshot,
} from "../../recovery/index.ts";
import { CliError, EXIT } from "./exit.ts";
import type { Session } from "./output.ts";
import { SNAPSHOT_EXIT, worstExit } from "./snapshots-exit.ts";
import { createProgress } from "./snapshots-progress.ts";
import { type OpenTarget, openTarget, type StorageFlags } from "./snapshots-storage.ts";
import { verificationsText, verificationText } from "./snapshots-text.ts";

/**
 * `outrider snapshots verify TARGET`: one snapshot, or all below a directory, newest first. Needs no Flink and no
 * configuration. Answers with the exit code.
 */
export async function verifyTarget(session: Session, text: string, flags: StorageFlags): Promise<number> {
  const open = openTarget(text, flags);
  try {
    if (open.exists === false) throw new CliError(`there is nothing at ${open.target}`);
    const paths = await snapshotsAt(session, open);
    const [only] = paths.found;
    if (paths.found.length === 1 && only !== undefined && !paths.isSearch)
      return await one(session, open, only);
    return await several(session, open, paths.found, paths.complete);
  } finally {
    open.close();
  }
}

interface Targets {
  readonly found: readonly string[];
  readonly isSearch: boolean;
  readonly complete: boolean;
}

async function snapshotsAt(session: Session, { target, storage }: OpenTarget): Promise<Targets> {
  if (target.endsWith(`/${METADATA}`) || isSnapshotPath(target))
    return { found: [target], isSearch: false, complete: true };
  const found = await findSnapshots(storage, target, { signal: session.io.signal });
  const paths = found.snapshots.map((s) => s.path);
  // What cannot be listed, and what holds no snapshot, is judged as if it were meant to be one.
  if (paths.length === 0 || (paths.length === 1 && paths[0] === target))
    return { found: [target], isSearch: false, complete: true };
  for (const { path, sentence } of found.problems)
    session.io.err(`could not look into ${path}: ${sentence}\n`);
  if (!found.complete && found.problems.length === 0)
    session.io.err(`the search in ${target} ended at its bounds: name a directory further down\n`);
  return { found: paths, isSearch: true, complete: found.complete };
}

async function one(session: Session, { storage, exists }: OpenTarget, path: string): Promise<number> {
  const report = await verify(session, storage, path);
  if (exists === null && isAbsent(report)) throw new CliError(`there is nothing at ${report.path}`);
  session.print(report, verificationText);
  return SNAPSHOT_EXIT[report.state];
}

async function several(
  session: Session,
  { storage }: OpenTarget,
  paths: readonly string[],
  complete: boolean,
): Promise<number> {
  const items: Verification[] = [];
  for (const path of paths) items.push(await verify(session, storage, path));
  session.print({ items, next: null }, (list) => verificationsText(list.items));
  const worst = worstExit(items.map((r) => r.state));
  return worst === EXIT.yes && !complete ? SNAPSHOT_EXIT.unknown : worst;
}

function verify(session: Session, storage: OpenTarget["storage"], path: string): Promise<Verification> {
  const { signal, err } = session.io;
  return verifySnapshot(storage, path, { now: Date.now(), signal, progress: createProgress(err) });
}

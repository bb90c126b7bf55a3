import { formatInstant, locationText, parseDuration, parseLocation } from "../../model/index.ts";
import { bytesText, findOrphans, type Orphan, type OrphanReport } from "../../recovery/index.ts";
import { CliError, EXIT } from "./exit.ts";
import { countText, plain, type Session, table } from "./output.ts";
import { SNAPSHOT_EXIT } from "./snapshots-exit.ts";
import { absolute, openTarget, type StorageFlags } from "./snapshots-storage.ts";

export interface OrphanFlags extends StorageFlags {
  readonly minAge: string;
}

/** Directories that people read; JSON has every file. */
const MOST_SHOWN = 20;

/**
 * `outrider snapshots orphans ROOT`: files that belong to no snapshot below ROOT and the other roots. Only reads.
 * Exit 0: none; 1: some; 5: nobody can tell.
 */
export async function reportOrphans(session: Session, text: string, flags: OrphanFlags): Promise<number> {
  const minAgeMs = parseDuration(flags.minAge);
  if (minAgeMs === undefined)
    throw new CliError(`--min-age: ${flags.minAge} is not a duration such as 30min or 1h`);
  const { signal, err } = session.io;
  // Of a person's root everything below it may be read, not only the storage that a snapshot there would have.
  const open = openTarget(text, { ...flags, root: [text, ...(flags.root ?? [])] });
  try {
    if (open.exists === false) throw new CliError(`there is nothing at ${open.target}`);
    const roots = [
      open.target,
      ...(flags.root ?? []).map((root) => locationText(parseLocation(absolute(root)))),
    ];
    const report = await findOrphans(open.storage, roots, {
      now: Date.now(),
      minAgeMs,
      signal,
      progress: slowly((files) => err(`${countText(files)} files listed\n`)),
    });
    session.print(report, orphansText);
    if (report.problems.length > 0) return SNAPSHOT_EXIT.unknown;
    return report.orphans.length > 0 ? EXIT.no : EXIT.yes;
  } finally {
    open.close();
  }
}

/** At most a call every two seconds, the first after two. */
function slowly(say: (files: number) => void): (files: number) => void {
  let next = performance.now() + 2_000;
  return (files) => {
    if (performance.now() < next) return;
    next = performance.now() + 2_000;
    say(files);
  };
}

function orphansText(report: OrphanReport): string {
  const { orphans, bytes, sentence, problems, tooYoung } = report;
  const lines = [sentence];
  if (tooYoung > 0) lines.push(`${countText(tooYoung)} more belong to none and are too young to judge.`);
  lines.push(...problems.slice(0, MOST_SHOWN).map((p) => `  ${p.path}: ${p.sentence}`));
  if (orphans.length > 0) {
    const places = [...byDirectory(orphans)].sort((a, b) => b[1].bytes - a[1].bytes);
    const rows = places
      .slice(0, MOST_SHOWN)
      .map(([path, { files, bytes: size, oldest }]) => [
        countText(files),
        bytesText(size),
        formatInstant(oldest),
        path,
      ]);
    lines.push(`Together ${bytesText(bytes)}. Nothing was removed.`, "");
    lines.push(table(["FILES", "BYTES", "OLDEST", "DIRECTORY"], rows));
    const more = places.length - rows.length;
    if (more > 0) lines.push(`and ${countText(more)} directories more; -o json lists every file`);
  }
  return plain(lines.join("\n"));
}

function byDirectory(orphans: readonly Orphan[]) {
  const places = new Map<string, { files: number; bytes: number; oldest: number }>();
  for (const { path, bytes, modifiedAt } of orphans) {
    const directory = path.slice(0, path.lastIndexOf("/"));
    const place = places.get(directory) ?? { files: 0, bytes: 0, oldest: modifiedAt };
    places.set(directory, {
      files: place.files + 1,
      bytes: place.bytes + bytes,
      oldest: Math.min(place.oldest, modifiedAt),
    });
  }
  return places;
}

import {
  childOf,
  locationText,
  parentOf,
  parseLocation,
  type SnapshotContent,
  type SnapshotOperator,
  type SnapshotReference,
} from "../../model/index.ts";
import {
  bytesText,
  directoryOfTarget,
  findSnapshots,
  jobDirectoryOf,
  METADATA,
  type SnapshotStorage,
} from "../../recovery/index.ts";
import { CliError } from "./exit.ts";
import { countText, plain, type Session, table } from "./output.ts";
import { SNAPSHOT_EXIT } from "./snapshots-exit.ts";
import { openTarget, type StorageFlags } from "./snapshots-storage.ts";
import { factsText, kindText } from "./snapshots-text.ts";

/** Other snapshots that are read to tell who shares files; the newest ones. */
const MOST_OTHERS = 20;
const MOST_FILES_SHOWN = 20;

/** What `snapshots show -o json` prints. */
export interface ShownSnapshot {
  readonly path: string;
  readonly version: number;
  readonly checkpointId: number;
  readonly kind: SnapshotContent["kind"];
  readonly format: SnapshotContent["format"];
  readonly operators: readonly SnapshotOperator[];
  readonly references: readonly { path: string; bytes: number; scope: SnapshotReference["scope"] }[];
  readonly inlineBytes: number;
  readonly metadataBytes: number;
  /** Files that other snapshots need as well. */
  readonly sharedWith: readonly { path: string; files: number; bytes: number }[];
}

/** `outrider snapshots show TARGET`: what its `_metadata` says. Looks at no other file than `_metadata` files. */
export async function showTarget(session: Session, text: string, flags: StorageFlags): Promise<number> {
  const open = openTarget(text, flags);
  try {
    if (open.exists === false) throw new CliError(`there is nothing at ${open.target}`);
    const directory = locationText(directoryOfTarget(open.target));
    const content = await contentOf(open.storage, directory);
    const sharedWith = await sharers(open.storage, directory, content);
    const { version, checkpointId, kind, format, operators, inlineBytes, metadataBytes } = content;
    const references = content.references.map((r) => ({
      path: absolutePath(directory, r),
      bytes: r.needed,
      scope: r.scope,
    }));
    const shown: ShownSnapshot = {
      path: directory,
      version,
      checkpointId,
      kind,
      format,
      operators,
      references,
      inlineBytes,
      metadataBytes,
      sharedWith,
    };
    session.print(shown, shownText);
    return SNAPSHOT_EXIT.verified;
  } finally {
    open.close();
  }
}

async function contentOf(storage: SnapshotStorage, directory: string): Promise<SnapshotContent> {
  const file = metadataIn(directory);
  const reading = await storage.readMetadata(file);
  if (reading.ok) return reading.content;
  const { state, sentence } = reading.defect;
  throw new CliError(`cannot show ${file}: it is ${state}: ${sentence}`, SNAPSHOT_EXIT[state]);
}

const metadataIn = (directory: string): string => locationText(childOf(parseLocation(directory), METADATA));

/** As written where that is no place: showing is not judging. */
function absolutePath(directory: string, { path, relative }: SnapshotReference): string {
  try {
    return locationText(relative ? childOf(parseLocation(directory), path) : parseLocation(path));
  } catch {
    return path;
  }
}

/** Snapshots of the same job, and of the others under the same root, that need some of the same files. */
async function sharers(
  storage: SnapshotStorage,
  directory: string,
  content: SnapshotContent,
): Promise<ShownSnapshot["sharedWith"]> {
  const jobDirectory = jobDirectoryOf(directory);
  if (jobDirectory === undefined || !content.references.some((r) => r.scope === "shared")) return [];
  const root = parentOf(parseLocation(jobDirectory));
  const found = await findSnapshots(storage, root === undefined ? jobDirectory : locationText(root), {
    levels: 2,
  });
  const needed = new Map(content.references.map((r) => [absolutePath(directory, r), r.needed]));
  const others = found.snapshots.filter((s) => s.path !== directory && s.hasMetadata === true);
  const shared: { path: string; files: number; bytes: number }[] = [];
  for (const { path } of others.slice(0, MOST_OTHERS)) {
    const reading = await storage.readMetadata(metadataIn(path)).catch(() => undefined);
    if (reading?.ok !== true) continue;
    const both = new Set(
      reading.content.references.map((r) => absolutePath(path, r)).filter((p) => needed.has(p)),
    );
    const bytes = [...both].reduce((sum, p) => sum + (needed.get(p) ?? 0), 0);
    if (both.size > 0) shared.push({ path, files: both.size, bytes });
  }
  return shared;
}

function shownText(shown: ShownSnapshot): string {
  const { path, operators, references, inlineBytes, metadataBytes, sharedWith } = shown;
  const bytes = references.reduce((sum, r) => sum + r.bytes, 0);
  const shared = references.filter((r) => r.scope === "shared").length;
  const facts = factsText([
    ["path", path],
    ["kind", kindText(shown)],
    ["files", `${countText(references.length)}, ${bytesText(bytes)}; ${countText(shared)} of them shared`],
    ["_metadata", `${bytesText(metadataBytes)}, with ${bytesText(inlineBytes)} of state in it`],
  ]);
  return plain(
    [facts, "", operatorsText(operators), "", filesText(references), ...sharersText(sharedWith)].join("\n"),
  );
}

function operatorsText(operators: readonly SnapshotOperator[]): string {
  if (operators.length === 0) return "No operator has state.";
  return table(
    ["OPERATOR", "UID", "PARALLELISM", "KEY GROUPS", "STATE", "NAME"],
    operators.map((o) => [
      o.id,
      o.uid ?? "",
      String(o.parallelism),
      String(o.maxParallelism),
      o.finished ? "finished" : bytesText(o.bytes),
      o.name ?? "",
    ]),
  );
}

function filesText(references: ShownSnapshot["references"]): string {
  if (references.length === 0) return "It needs no file but its _metadata.";
  const largest = [...references].sort((a, b) => b.bytes - a.bytes).slice(0, MOST_FILES_SHOWN);
  const rows = largest.map((r) => [bytesText(r.bytes), r.scope, r.path]);
  const rest = references.length - largest.length;
  return `${table(["NEEDS", "SCOPE", "FILE"], rows)}${rest > 0 ? `\nand ${countText(rest)} smaller ones` : ""}`;
}

function sharersText(sharedWith: ShownSnapshot["sharedWith"]): readonly string[] {
  if (sharedWith.length === 0) return [];
  const lines = sharedWith.map(
    (s) => `  ${s.path}  ${countText(s.files)} file${s.files === 1 ? "" : "s"}, ${bytesText(s.bytes)}`,
  );
  return ["", "Shares files with:", ...lines];
}

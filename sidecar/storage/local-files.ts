import type { Dir, Dirent, Stats } from "node:fs";
import { constants } from "node:fs";
import { lstat, open, opendir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Location, nameOf, problemOfName } from "../../model/index.ts";
import { chunksWithin, within } from "./deadline.ts";
import { asked, storageFailure } from "./failures.ts";
import { failureOfFile, isAbsent } from "./local-failures.ts";
import { realPathInside, refuseLeading } from "./local-roots.ts";
import type { Access, Bounds, ByteRange, ObjectPage, ObjectStore, StoredEntry } from "./object-store.ts";

const PAGE = 1_000;
const CHUNK_BYTES = 1 << 20;

/**
 * Files of this machine. Links are followed as long as they stay inside the roots; one that leads out of them is a
 * failure, not a missing file. Devices, pipes and sockets are neither listed nor opened.
 */
export function localFiles(bounds: Bounds): ObjectStore {
  return {
    list: (directory, access) => pagesOfDirectory(directory, access, bounds),
    stat(file, access) {
      const what = asked("look for", file);
      return within(bounds.pageTimeoutMs, what, access.signal, () => statInside(file, access, what));
    },
    read(file, access, range) {
      const what = asked("read", file);
      return chunksWithin(() => chunksOf(file, access, what, range), what, bounds, access.signal);
    },
    close: () => undefined,
  };
}

async function* pagesOfDirectory(
  directory: Location,
  access: Access,
  bounds: Bounds,
): AsyncGenerator<ObjectPage> {
  const what = asked("list", directory);
  const timed = <T>(run: () => Promise<T>) => within(bounds.pageTimeoutMs, what, access.signal, run);
  const opened = await timed(() => openDirectory(directory, access, what));
  if (opened === undefined) return;
  try {
    for (let count = 0; ; count += 1) {
      if (count >= bounds.mostPages) {
        throw storageFailure("too-large", what, `more than ${count * PAGE} entries`, {
          expected: "a directory that can be listed whole",
        });
      }
      const entries = await timed(() => nextEntries(opened.dir, what));
      const page = await timed(() => pageOf(opened.path, entries, access, what));
      if (count === 0 || entries.length > 0) yield page;
      if (entries.length < PAGE) return;
    }
  } finally {
    void opened.dir.close().catch(() => undefined);
  }
}

async function openDirectory(
  directory: Location,
  access: Access,
  what: string,
): Promise<{ dir: Dir; path: string } | undefined> {
  const path = await realPathInside(directory, access.roots, what);
  if (path === undefined) return undefined;
  try {
    return { dir: await opendir(path, { bufferSize: PAGE }), path };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw failureOfFile(what, error);
  }
}

async function nextEntries(dir: Dir, what: string): Promise<readonly Dirent[]> {
  const entries: Dirent[] = [];
  try {
    while (entries.length < PAGE) {
      const entry = await dir.read();
      if (entry === null) break;
      entries.push(entry);
    }
  } catch (error) {
    throw failureOfFile(what, error);
  }
  return entries;
}

/** Sizes are asked for side by side; what vanished since the directory was read is left out. */
async function pageOf(
  directory: string,
  entries: readonly Dirent[],
  access: Access,
  what: string,
): Promise<ObjectPage> {
  const files: StoredEntry[] = [];
  const directories: string[] = [];
  const usable = entries.filter((entry) => problemOfName(entry.name) === undefined);
  const found = await Promise.all(usable.map((entry) => lookAt(directory, entry, access, what)));
  for (const [index, stats] of found.entries()) {
    const name = usable[index]?.name ?? "";
    if (stats === "directory") directories.push(name);
    else if (stats !== undefined) files.push(entryOf(name, stats));
  }
  return { files, directories };
}

async function lookAt(
  directory: string,
  entry: Dirent,
  access: Access,
  what: string,
): Promise<Stats | "directory" | undefined> {
  if (entry.isDirectory()) return "directory";
  if (!entry.isFile() && !entry.isSymbolicLink()) return undefined;
  const path = join(directory, entry.name);
  try {
    const stats = await (entry.isFile() ? lstat(path) : stat(path));
    if (stats.isDirectory()) return "directory";
    if (!stats.isFile()) return undefined;
    if (entry.isSymbolicLink()) await refuseLeading(path, access.roots, what);
    return stats;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw failureOfFile(what, error);
  }
}

async function statInside(file: Location, access: Access, what: string): Promise<StoredEntry | undefined> {
  const path = await realPathInside(file, access.roots, what);
  if (path === undefined) return undefined;
  try {
    const stats = await lstat(path);
    return stats.isFile() ? entryOf(nameOf(file), stats) : undefined;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw failureOfFile(what, error);
  }
}

function entryOf(name: string, stats: Stats): StoredEntry {
  return { name, bytes: stats.size, modifiedAt: Math.round(stats.mtimeMs) };
}

async function* chunksOf(
  file: Location,
  access: Access,
  what: string,
  range: ByteRange = {},
): AsyncGenerator<Uint8Array> {
  const path = await realPathInside(file, access.roots, what);
  // Looked at before it is opened, because to open a device or a pipe may already do something; and after it.
  const before = path === undefined ? undefined : await lstatOf(path, what);
  if (path === undefined || before === undefined) throw storageFailure("not-found", what, "no such file");
  refuseSpecial(before, what);
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      throw isAbsent(error) ? storageFailure("not-found", what, "no such file") : failureOfFile(what, error);
    },
  );
  try {
    const stats = await handle.stat();
    refuseSpecial(stats, what);
    const { size } = stats;
    const end = Math.min(range.end ?? size, size);
    let at = Math.min(range.start ?? 0, end);
    while (at < end) {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - at));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) throw shorter(what, at, size);
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw failureOfFile(what, error);
  } finally {
    await handle.close();
  }
}

function refuseSpecial(stats: Stats, what: string): void {
  if (stats.isFile()) return;
  throw storageFailure("not-found", what, stats.isDirectory() ? "a directory" : "a device, pipe or socket");
}

/** Cut while it was read: what it is afterwards the next look will say. */
function shorter(what: string, at: number, size: number) {
  return storageFailure("unavailable", what, `the end after ${at} bytes of a file that had ${size}`, {
    expected: "a file that does not change while it is read",
  });
}

async function lstatOf(path: string, what: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw failureOfFile(what, error);
  }
}

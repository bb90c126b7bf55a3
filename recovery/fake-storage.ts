import { Failure, type SnapshotContent, type SnapshotReading, type StoredFile } from "../model/index.ts";
import type { SnapshotStorage, StoredPage } from "./ports.ts";

/** A store in memory, for tests: files by normalised path, and what it does wrong on demand. */
export class FakeStorage implements SnapshotStorage {
  readonly files = new Map<string, StoredFile>();
  readonly readings = new Map<string, SnapshotReading>();
  /** Called before each request; what it throws is the answer. */
  trouble: (request: string) => void = () => undefined;
  /** Files that listings do not show, although they are there. */
  readonly unlisted = new Set<string>();
  readonly requests: string[] = [];
  pageSize = 3;
  stat?: (file: string) => Promise<StoredFile | undefined> = async (file) => {
    this.#asked(`stat ${file}`);
    return this.files.get(file);
  };

  /** Byte that files begin with, where it is asked for. */
  readonly firstBytes = new Map<string, number>();
  async firstByte(file: string): Promise<number | undefined> {
    this.#asked(`first byte ${file}`);
    return this.firstBytes.get(file);
  }

  put(path: string, bytes: number, modifiedAt: number | null = 1_000): void {
    this.files.set(path, { path, bytes, modifiedAt });
  }

  /** A snapshot with all its files, as Flink would leave it. */
  putSnapshot(directory: string, content: SnapshotContent, modifiedAt = 1_000): void {
    const metadata = `${directory}/_metadata`;
    this.put(metadata, content.metadataBytes, modifiedAt);
    this.readings.set(metadata, { ok: true, content });
    for (const { path, relative, needed } of content.references) {
      this.put(relative ? `${directory}/${path}` : path, needed);
    }
  }

  list(directory: string): AsyncIterable<StoredPage> {
    return this.#pages(directory);
  }

  async *#pages(directory: string): AsyncGenerator<StoredPage> {
    this.#asked(`list ${directory}`);
    const prefix = directory.endsWith("/") ? directory : `${directory}/`;
    const below = [...this.files.values()].filter((f) => f.path.startsWith(prefix));
    const files = below.filter(
      (f) => !f.path.slice(prefix.length).includes("/") && !this.unlisted.has(f.path),
    );
    const names = below
      .map((f) => f.path.slice(prefix.length).split("/"))
      .flatMap((parts) => (parts.length > 1 && parts[0] !== undefined ? [parts[0]] : []));
    const directories = [...new Set(names)].map((name) => prefix + name);
    for (let at = 0; at < files.length; at += this.pageSize) {
      if (at > 0) this.#asked(`page ${directory}`);
      yield { files: files.slice(at, at + this.pageSize), directories: [] };
    }
    if (directories.length > 0) yield { files: [], directories };
  }

  async readMetadata(file: string): Promise<SnapshotReading> {
    this.#asked(`read ${file}`);
    const reading = this.readings.get(file);
    if (reading !== undefined && this.files.has(file)) return reading;
    throw new Failure("not-found", `cannot read ${file}: got nothing; expected a file`);
  }

  #asked(request: string): void {
    this.requests.push(request);
    this.trouble(request);
  }
}

/** A readable snapshot: checkpoint 7 with one operator and no files, but for what `over` says. */
export function aContent(over: Partial<SnapshotContent> = {}): SnapshotContent {
  return {
    version: 4,
    checkpointId: 7,
    kind: "checkpoint",
    format: null,
    operators: [],
    references: [],
    inlineBytes: 0,
    metadataBytes: 1_000,
    proven: true,
    ...over,
  };
}

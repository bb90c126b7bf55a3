import type { SnapshotOperator, SnapshotReference } from "../../model/index.ts";
import { corrupt, unsupported } from "./defect.ts";
import type { RawOperator } from "./raw.ts";
import type { Findings, StateRole, StoredHandle } from "./walk.ts";

/** The most that is kept of one file; beyond it the file is `unsupported`. */
export interface ContentLimits {
  readonly mostReferences: number;
  readonly mostOperators: number;
}

/** A reference that is still growing. */
type Entry = { -readonly [K in keyof SnapshotReference]: SnapshotReference[K] };

/** Gathers what Outrider uses of a `_metadata` file while it is walked over: operators, distinct files, inline bytes. */
export class Ledger implements Findings {
  readonly #limits: ContentLimits;
  readonly references: Entry[] = [];
  readonly operators: SnapshotOperator[] = [];
  inlineBytes = 0;
  /** Places in `references` by path; names below the directory of `_metadata` are another space than absolute paths. */
  readonly #absolute = new Map<string, number>();
  readonly #relative = new Map<string, number>();
  /** By place: which operator has counted this file last, and how many bytes of it. */
  readonly #countedBy: number[] = [];
  readonly #counted: number[] = [];
  /** By place and start: bytes of the segments that the present operator has counted. */
  readonly #segments = new Map<number, Map<number, number>>();
  /** Of the present operator: where it begins, its bytes, its subtasks with state, and those that had finished. */
  #at = 0;
  #bytes = 0;
  #carrying = 0;
  #finished = 0;

  constructor(limits: ContentLimits) {
    this.#limits = limits;
  }

  operator(offset: number): void {
    if (this.operators.length >= this.#limits.mostOperators)
      throw unsupported(offset, `more than ${this.#limits.mostOperators} operators, the most that are read`);
    this.#at = offset;
    this.#bytes = 0;
    this.#carrying = 0;
    this.#finished = 0;
    this.#segments.clear();
  }

  operatorEnd(operator: RawOperator): void {
    if (!Number.isSafeInteger(this.#bytes)) throw tooMuch(this.#at);
    const { id, uid, name, parallelism, maxParallelism, finishedMark } = operator;
    this.operators.push({
      id,
      uid: uid === "" ? null : uid,
      name: name === "" ? null : name,
      parallelism,
      maxParallelism,
      bytes: this.#bytes,
      subtasks: this.#carrying,
      finished: finishedMark !== null || (parallelism > 0 && this.#finished === parallelism),
    });
  }

  subtask(kept: boolean | null): void {
    if (kept === null) this.#finished += 1;
    else if (kept) this.#carrying += 1;
  }

  inline(bytes: number): void {
    this.inlineBytes += bytes;
    this.#bytes += bytes;
  }

  stored(handle: StoredHandle, role: StateRole, offset: number): void {
    const size = exact(handle.size === -1n ? 0n : handle.size, offset);
    const start = handle.kind === "segment" ? exact(handle.start, offset) : 0;
    const end = exact(endOf(handle, role), offset);
    const place = this.#placeOf(handle.path, handle.kind === "relative-file", offset);
    const entry = this.references[place];
    if (entry === undefined) return;
    if (end > entry.needed) entry.needed = end;
    if ((handle.kind === "segment" ? handle.scope : role) !== "exclusive") entry.scope = "shared";
    if (role === "log") entry.compressible = true;
    const counted =
      handle.kind === "segment" ? this.#countSegment(place, start, size) : this.#countFile(place, size);
    this.#bytes += counted;
  }

  #placeOf(path: string, relative: boolean, offset: number): number {
    const places = relative ? this.#relative : this.#absolute;
    const known = places.get(path);
    if (known !== undefined) return known;
    const place = this.references.length;
    if (place >= this.#limits.mostReferences)
      throw unsupported(offset, `more than ${this.#limits.mostReferences} files, the most that are read`);
    places.set(path, place);
    this.references.push({ path, relative, needed: 0, scope: "exclusive" });
    this.#countedBy.push(-1);
    this.#counted.push(0);
    return place;
  }

  /** Bytes of this file that the present operator has not counted yet. */
  #countFile(place: number, size: number): number {
    const operator = this.operators.length;
    const before = this.#countedBy[place] === operator ? (this.#counted[place] ?? 0) : 0;
    this.#countedBy[place] = operator;
    this.#counted[place] = Math.max(before, size);
    return Math.max(0, size - before);
  }

  #countSegment(place: number, start: number, size: number): number {
    const counted = this.#segments.get(place) ?? new Map<number, number>();
    const before = counted.get(start) ?? 0;
    this.#segments.set(place, counted.set(start, Math.max(before, size)));
    return Math.max(0, size - before);
  }
}

/** Where in its file the last byte of the handle ends. A file of the log of changes begins with a byte that is not counted. */
function endOf(handle: StoredHandle, role: StateRole): bigint {
  if (handle.kind === "segment") return handle.start + handle.size;
  if (handle.size === -1n) return 0n;
  return role === "log" ? handle.size + 1n : handle.size;
}

const MOST = BigInt(Number.MAX_SAFE_INTEGER);

/** A number of bytes that is told exactly, not rounded. */
function exact(bytes: bigint, offset: number): number {
  if (bytes > MOST) throw tooMuch(offset);
  return Number(bytes);
}

function tooMuch(offset: number): Error {
  return corrupt(offset, `more than ${MOST} bytes of state at byte ${offset}`);
}

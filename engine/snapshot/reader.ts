import type { SnapshotContent, SnapshotDefect, SnapshotReading } from "../../model/index.ts";
import { type ContentLimits, Ledger } from "./content.ts";
import { Cursor } from "./cursor.ts";
import { orDefect, unsupported } from "./defect.ts";
import type { RawSnapshot } from "./raw.ts";
import { readSnapshot, type WholeSnapshot } from "./read-snapshot.ts";
import type { Findings } from "./walk.ts";

/** The most that is read of one `_metadata` file; beyond it the file is `unsupported`. */
export interface MetadataLimits extends ContentLimits {
  readonly mostBytes: number;
}

export const METADATA_LIMITS: MetadataLimits = {
  mostBytes: 2 ** 30,
  mostReferences: 5_000_000,
  mostOperators: 1_000_000,
};

/** Written by the development line only, of which there is no release. */
const UNPROVEN = 7;

/** What Outrider uses of a whole `_metadata` file that lies in memory. Never throws, whatever the bytes are. */
export function readMetadata(bytes: Uint8Array, limits: MetadataLimits = METADATA_LIMITS): SnapshotReading {
  const ledger = new Ledger(limits);
  return orDefect(() => contentOf(wholeOf(bytes, false, ledger), ledger));
}

/** What Outrider uses of a walk that has come to the end of its file. Throws a defect for an id too large to count. */
export function contentOf(whole: WholeSnapshot, ledger: Ledger): { ok: true; content: SnapshotContent } {
  const { raw, kind, format, length } = whole;
  if (raw.checkpointId > BigInt(Number.MAX_SAFE_INTEGER))
    throw unsupported(
      8,
      `the checkpoint id ${raw.checkpointId} at byte 8 is larger than can be told exactly`,
    );
  const content: SnapshotContent = {
    version: raw.version,
    checkpointId: Number(raw.checkpointId),
    kind,
    format,
    operators: ledger.operators,
    references: ledger.references,
    inlineBytes: ledger.inlineBytes,
    metadataBytes: length,
    proven: raw.version !== UNPROVEN,
  };
  return { ok: true, content };
}

/** A `_metadata` file with every handle, or why it cannot be read. */
export type SnapshotParse =
  | { readonly ok: true; readonly snapshot: RawSnapshot }
  | { readonly ok: false; readonly defect: SnapshotDefect };

/**
 * Reads everything that a `_metadata` file holds, so that `writeMetadata` gives the same bytes again. Memory grows with
 * the file: for tests and for small files. Never throws.
 */
export function parseSnapshot(bytes: Uint8Array): SnapshotParse {
  return orDefect(() => ({ ok: true, snapshot: wholeOf(bytes, true, NOBODY).raw }));
}

const NOBODY: Findings = {
  stored: () => undefined,
  inline: () => undefined,
  operator: () => undefined,
  subtask: () => undefined,
  operatorEnd: () => undefined,
};

function wholeOf(bytes: Uint8Array, keep: boolean, findings: Findings): WholeSnapshot {
  const cursor = new Cursor(bytes.byteLength, 0);
  cursor.show(bytes, 0, true);
  const step = readSnapshot({ cursor, keep, findings }).next();
  if (step.done === true) return step.value;
  throw new Error("a walk over a whole file asked for more bytes");
}

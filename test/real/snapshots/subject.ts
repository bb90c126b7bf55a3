import { parseSnapshot, readMetadata, type SnapshotParse } from "../../../engine/snapshot/index.ts";
import type { SnapshotReading } from "../../../model/index.ts";
import { type SnapshotStorage, verifySnapshot } from "../../../recovery/index.ts";

/** What these tests are about. With `SUBJECT_OFF=1` it believes everything, and they must go red: so we know they can. */
export interface Subject {
  parse(bytes: Uint8Array): SnapshotParse;
  read(bytes: Uint8Array): SnapshotReading;
  verify(storage: SnapshotStorage, target: string): Promise<Verdict>;
  /** Whether a restore is given the snapshot at all. */
  readonly restores: boolean;
}

/** The part of a report that is judged here. */
export interface Verdict {
  readonly state: string;
  readonly problems: readonly { readonly file: string; readonly sentence: string }[];
}

const real: Subject = {
  parse: parseSnapshot,
  read: (bytes) => readMetadata(bytes),
  verify: (storage, target) => verifySnapshot(storage, target, { now: Date.now() }),
  restores: true,
};

const trusting: Subject = {
  parse: (bytes) => {
    const parsed = parseSnapshot(bytes);
    return parsed.ok ? { ok: true, snapshot: { ...parsed.snapshot, operators: [] } } : parsed;
  },
  read: () => ({ ok: true, content: NOTHING }),
  verify: async () => ({ state: "verified", problems: [] }),
  restores: false,
};

const NOTHING = {
  version: 0,
  checkpointId: 0,
  kind: "unknown",
  format: null,
  operators: [],
  references: [],
  inlineBytes: 0,
  metadataBytes: 0,
  proven: false,
} as const;

export const subject: Subject = process.env["SUBJECT_OFF"] === "1" ? trusting : real;

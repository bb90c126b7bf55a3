import { corrupt, unsupported } from "./defect.ts";
import { type Properties, readProperties } from "./properties.ts";
import type { RawSnapshot } from "./raw.ts";
import { readBody } from "./read-body.ts";
import { MORE, type Reading, type Walk } from "./walk.ts";

/** Begins every `_metadata` file. */
export const HEADER_MAGIC = 0x4960672d;
const OLDEST = 2;
const NEWEST = 7;
/** First version with properties at its end. */
const WITH_PROPERTIES = 4;

/** A whole `_metadata` file; without `keep` its lists are empty and it has no properties. */
export interface WholeSnapshot {
  readonly raw: RawSnapshot;
  readonly kind: Properties["kind"];
  readonly format: Properties["format"];
  /** Bytes of the file. */
  readonly length: number;
}

/** The whole grammar, from the first byte to the last. */
export function* readSnapshot(walk: Walk): Reading<WholeSnapshot> {
  const { cursor } = walk;
  if (cursor.low) yield MORE;
  const version = readVersion(walk);
  const body = yield* readBody(walk, version);
  if (cursor.low) yield MORE;
  const propertiesAt = cursor.offset;
  const { kind, format } =
    version < WITH_PROPERTIES ? ({ kind: "unknown", format: null } as const) : readProperties(cursor);
  cursor.expectEnd(`a file of version ${version}`);
  const properties = version < WITH_PROPERTIES || !walk.keep ? null : cursor.since(propertiesAt);
  return { raw: { version, ...body, properties }, kind, format, length: cursor.offset };
}

function readVersion(walk: Walk): number {
  const { cursor } = walk;
  if (cursor.atEnd) throw corrupt(0, "is empty");
  if (cursor.int() !== HEADER_MAGIC)
    throw corrupt(
      0,
      "does not begin as a _metadata file does (49 60 67 2d): it is something else or was overwritten",
    );
  const version = cursor.int();
  if (version >= OLDEST && version <= NEWEST) return version;
  const reason = version === 1 ? "is too old" : "is none that is known";
  throw unsupported(4, `the version ${version} ${reason}; versions ${OLDEST} to ${NEWEST} are read`);
}

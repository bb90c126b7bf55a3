import type {
  ReferenceScope,
  SavepointFormat,
  SnapshotKind,
  SnapshotOperator,
} from "../../../../model/index.ts";
import type { HandleRow, LoadedOperator, LoadedSnapshot, Whole } from "./reading.ts";

/** What Outrider uses of a snapshot, worked out from what Flink loaded; numbers beyond 2^53 are rounded. */
export interface LoadedContent {
  readonly checkpointId: number;
  readonly kind: SnapshotKind;
  readonly format: SavepointFormat | null;
  readonly operators: readonly SnapshotOperator[];
  /** `needed` by path; names relative to the directory of `_metadata` begin with `./`. */
  readonly needed: Readonly<Record<string, number>>;
  readonly shared: readonly string[];
  /** Files of changes: their length on disk says little. */
  readonly compressible: readonly string[];
  readonly inlineBytes: number;
}

/** The same facts as `readMetadata` gives, by another way. */
export function contentOf(loaded: LoadedSnapshot): LoadedContent {
  const rows = loaded.operators.flatMap(rowsOf);
  const needed: Record<string, number> = {};
  const shared = new Set<string>();
  const compressible = new Set<string>();
  for (const row of rows) {
    const file = fileOf(row);
    if (file === undefined) continue;
    needed[file.path] = Math.max(needed[file.path] ?? 0, file.end);
    if (file.scope === "shared") shared.add(file.path);
    if (isLog(row.role)) compressible.add(file.path);
  }
  const { properties } = loaded;
  return {
    checkpointId: Number(loaded.checkpointId),
    kind: properties === null ? "unknown" : properties.savepoint ? "savepoint" : "checkpoint",
    format: properties?.format == null ? null : FORMATS[properties.format],
    operators: loaded.operators.map(operatorOf),
    needed,
    shared: [...shared].sort(),
    compressible: [...compressible].sort(),
    inlineBytes: inlineIn(rows) + loaded.masters.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

const FORMATS = { CANONICAL: "canonical", NATIVE: "native" } as const;

function operatorOf(operator: LoadedOperator): SnapshotOperator {
  const { id, uid, name, parallelism, maxParallelism, subtasks } = operator;
  const rows = rowsOf(operator);
  const finished = subtasks.filter((subtask) => subtask.finished).length;
  return {
    id,
    uid,
    name,
    parallelism,
    maxParallelism,
    bytes: storedIn(rows) + inlineIn(rows),
    subtasks: subtasks.filter(({ handles }) => handles.length > 0).length,
    finished: operator.finished || (parallelism > 0 && finished === parallelism),
  };
}

const rowsOf = ({ coordinator, subtasks }: LoadedOperator): readonly HandleRow[] => [
  ...coordinator,
  ...subtasks.flatMap(({ handles }) => handles),
];

interface LoadedFile {
  readonly path: string;
  readonly start: number;
  readonly size: number;
  /** Where in the file its last byte ends. */
  readonly end: number;
  readonly scope: ReferenceScope;
}

function fileOf(row: HandleRow): LoadedFile | undefined {
  if (row.kind !== "file" && row.kind !== "relative" && row.kind !== "segment") return undefined;
  const size = known(row.size);
  if (row.kind === "segment") {
    const start = Number(row.start);
    const scope = row.scope === "SHARED" ? "shared" : "exclusive";
    return { path: row.path, start, size, end: start + size, scope };
  }
  // A file of changes begins with a byte that says whether it is compressed; Flink does not count it.
  const first = isLog(row.role) && Number(row.size) >= 0 ? 1 : 0;
  const path = row.kind === "file" ? row.path : `./${row.path}`;
  return { path, start: 0, size, end: size + first, scope: scopeOf(row.role) };
}

/** The role without the name of a file, which may be any text. */
const container = (role: string): string => role.replace(/\/(private|shared):.*/s, "/$1:");
const isLog = (role: string): boolean => /\/at:-?\d+$/.test(container(role));
/** All of a changelog is shared. */
const scopeOf = (role: string): ReferenceScope =>
  /\/(?:shared:|materialized|later|at:)/.test(container(role)) ? "shared" : "exclusive";

/** -1: Flink did not know it. */
const known = (size: Whole): number => Math.max(0, Number(size));

/** Bytes in files; a file or a segment that is named twice counts once. */
function storedIn(rows: readonly HandleRow[]): number {
  const pieces = new Map<string, number>();
  for (const row of rows) {
    const file = fileOf(row);
    if (file === undefined) continue;
    const piece = row.kind === "segment" ? `${file.start} ${file.path}` : file.path;
    pieces.set(piece, Math.max(pieces.get(piece) ?? 0, file.size));
  }
  return [...pieces.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function inlineIn(rows: readonly HandleRow[]): number {
  return rows.reduce(
    (sum, row) => sum + (row.kind === "inline" || row.kind === "changes-inline" ? row.bytes : 0),
    0,
  );
}

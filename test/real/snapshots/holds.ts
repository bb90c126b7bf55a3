import type { FlinkReading } from "./oracle/reading.ts";
import type { Pressed } from "./press.ts";

/** What a flavour is made for, in lines such as `managed-keyed/shared:000014.sst file s3://…/OWN/shared/…`. */
interface Mark {
  readonly holds: readonly RegExp[];
  readonly lacks?: readonly RegExp[];
}

const SHARED_FILE = /^managed-keyed\/shared:\S+ file .*\/OWN\/shared\//;
const IN_FLIGHT = [/^input (?:merged-)?channels? /, /^output (?:merged-)?channels? /];
const OPERATOR_STATE = [/^managed-operator operator .*BROADCAST.*UNION.*SPLIT_DISTRIBUTE/];

/** A setting that Flink dropped in silence would make a flavour the same as another: here it is seen. */
const MARKS: Readonly<Record<string, Mark>> = {
  "hashmap-full": {
    holds: [...OPERATOR_STATE, /^managed-keyed relative /, /^finished subtask/, /^finished operator/],
  },
  "hashmap-inline": { holds: [/^managed-keyed inline/], lacks: [/ (?:file|relative) /] },
  "rocksdb-full": { holds: [/^managed-keyed incremental/], lacks: [/\/shared:/] },
  "rocksdb-incremental": { holds: [/^managed-keyed incremental/, SHARED_FILE] },
  "rocksdb-raw-timers": { holds: [/^raw-keyed key-groups/, /^raw-keyed relative /] },
  unaligned: { holds: [...IN_FLIGHT, /^output relative /] },
  "unaligned-rocksdb": { holds: [...IN_FLIGHT, SHARED_FILE] },
  changelog: {
    holds: [/^managed-keyed\/later changes-in-files/, /^managed-keyed\/later\/at:0 file .*\/dstl\/OWN\//],
  },
  "changelog-compressed": { holds: [/^managed-keyed\/later\/at:0 file /] },
  "changelog-materialized": {
    holds: [
      /^managed-keyed\/later changes-in-files/,
      /^managed-keyed\/materialized\/\S+ file .*\/taskowned\//,
    ],
  },
  "file-merging": {
    holds: [...OPERATOR_STATE, /^managed-keyed\/shared:\S+ segment /, /^managed-operator empty-segment/],
  },
  "file-merging-across": { holds: [...IN_FLIGHT, /^managed-keyed segment /, /^input segment /] },
  "savepoint-canonical": { holds: [/^managed-keyed savepoint-key-groups/, / relative /], lacks: [/ file /] },
  "savepoint-native": { holds: [/^managed-keyed incremental/, / relative /], lacks: [/ file /] },
  "savepoint-native-hashmap": { holds: [...OPERATOR_STATE, /^managed-keyed key-groups/], lacks: [/ file /] },
  claimed: { holds: [/\/shared:\S+ file .*\/FIRST\/shared\//, SHARED_FILE] },
  "not-claimed": { holds: [SHARED_FILE], lacks: [/\/FIRST\//] },
  entropy: { holds: [/^managed-keyed\/meta file s3:\/\/[^/]+\/\w{4}\/ckpt\/OWN\/chk-/, SHARED_FILE] },
};

/** What is wrong with a snapshot as an example of its flavour: lines that are missing, or there and should not be. */
export function unlike({ flavour, jobIds }: Pressed, reading: FlinkReading): readonly string[] {
  const mark = MARKS[flavour.name];
  if (mark === undefined) return [`no mark for ${flavour.name}`];
  const lines = linesOf(reading).map((line) =>
    line.replaceAll(jobIds[0] ?? "-", "OWN").replaceAll(jobIds[1] ?? "-first", "FIRST"),
  );
  const missing = mark.holds.filter((pattern) => !lines.some((line) => pattern.test(line)));
  const odd = lines.filter((line) => mark.lacks?.some((pattern) => pattern.test(line)));
  return [...missing.map((pattern) => `nothing like ${pattern}`), ...odd];
}

function linesOf(reading: FlinkReading): readonly string[] {
  if (!reading.ok) return [];
  return reading.operators.flatMap(({ finished, subtasks }) => [
    finished ? "finished operator" : "operator",
    ...subtasks.flatMap((subtask) => [
      subtask.finished ? "finished subtask" : "subtask",
      ...subtask.handles.map((row) => {
        const detail =
          "path" in row ? row.path : "names" in row ? row.names.map(({ mode }) => mode).join(" ") : "";
        return `${row.role} ${row.kind} ${detail}`;
      }),
    ]),
  ]);
}

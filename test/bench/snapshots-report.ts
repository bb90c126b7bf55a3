import type { ParseRow } from "./snapshots-parse.ts";
import type { VerifyRow } from "./snapshots-verify.ts";

/** Everything that one run of the bench saw. */
export interface SnapshotBench {
  readonly at: string;
  readonly machine: string;
  readonly parse: readonly ParseRow[];
  readonly verify: readonly VerifyRow[];
}

/** What we want of 100,000 files in S3; the bench ends with 1 where it is missed. */
export const GOALS = { ratio: 1.2, heapBytes: 50e6 } as const;

/** The goals that a row misses, as words; rows that are no subject of them miss none. */
export function missedBy(row: VerifyRow): readonly string[] {
  const missed: string[] = [];
  const files = row.files.toLocaleString("en");
  const ratio = row.verifyMs / row.listMs;
  if (row.store === "S3" && row.files >= 100_000 && ratio > GOALS.ratio) {
    missed.push(`${files} files in S3 took ${ratio.toFixed(2)} times a bare listing; goal ${GOALS.ratio}`);
  }
  if (row.heapBytes > GOALS.heapBytes) {
    missed.push(`${files} files in ${row.store} needed ${megabytes(row.heapBytes)} more heap; goal 50 MB`);
  }
  if (requestsOf(row) >= row.files) missed.push(`${files} files in ${row.store}: a request per file`);
  return missed;
}

/** The result as a page of the documentation. */
export function renderSnapshots(bench: SnapshotBench): string {
  return [
    "# What verifying a snapshot costs",
    "",
    "<!-- written by npm run bench:snapshots -- --write -->",
    "",
    `${bench.at}, ${bench.machine}. Medians.`,
    "",
    "The S3 server is versitygw over a local folder, on loopback; the files are spread over directories of 5,000. *Bare",
    "listing*: the same directories in pages of 1,000, as many at once, by the AWS SDK alone, and for local files by",
    "`opendir` and `lstat`; both in turns in one process. A verification also reads and parses `_metadata` and compares",
    "every length; it can be faster than the SDK's listing, because it reads the pages itself. *CPU* is that of the process",
    "alone, without the server. *Heap*: live bytes at the peak above those before it; garbage comes on top.",
    "",
    "## Verification",
    "",
    "| store | files | directories | verified | bare listing | ratio | CPU | CPU of the listing | heap | requests |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|",
    ...bench.verify.map(verifyLine),
    "",
    ...growth(bench.verify),
    "## Parsing `_metadata`",
    "",
    "| references | size | whole | in chunks of 64 KiB |",
    "|--:|--:|--:|--:|",
    ...bench.parse.map(parseLine),
    "",
  ].join("\n");
}

function verifyLine(row: VerifyRow): string {
  const requests = Object.entries(row.requests).map(([name, n]) => `${n} ${name.replace(/Command$/, "")}`);
  const cells = [
    row.store,
    row.files.toLocaleString("en"),
    row.directories,
    duration(row.verifyMs),
    duration(row.listMs),
    (row.verifyMs / row.listMs).toFixed(2),
    duration(row.verifyCpuMs),
    duration(row.listCpuMs),
    megabytes(row.heapBytes),
    requests.join(", ") || "none",
  ];
  return `| ${cells.join(" | ")} |`;
}

function growth(rows: readonly VerifyRow[]): readonly string[] {
  return [...new Set(rows.map((r) => r.store))].flatMap((store) => {
    const costs = rows
      .filter((r) => r.store === store)
      .map((r) => `${((r.verifyMs / r.files) * 1_000).toFixed(0)} µs at ${r.files.toLocaleString("en")}`);
    return [`Per file, ${store}: ${costs.join(", ")}.`, ""];
  });
}

function parseLine({ references, bytes, wholeMbPerS, streamedMbPerS }: ParseRow): string {
  const cells = [
    references.toLocaleString("en"),
    megabytes(bytes),
    `${wholeMbPerS.toFixed(0)} MB/s`,
    `${streamedMbPerS.toFixed(0)} MB/s`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function requestsOf({ requests }: VerifyRow): number {
  return Object.values(requests).reduce((sum, n) => sum + n, 0);
}

function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e6).toFixed(2)} MB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function duration(ms: number): string {
  return ms < 1_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

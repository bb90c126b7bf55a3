import { describe, expect, test } from "vitest";
import { missedBy, renderSnapshots } from "./snapshots-report.ts";
import type { VerifyRow } from "./snapshots-verify.ts";

const row: VerifyRow = {
  store: "S3",
  files: 100_000,
  directories: 20,
  runs: 5,
  verifyMs: 1_100,
  listMs: 1_000,
  verifyCpuMs: 300,
  listCpuMs: 600,
  requests: { GetObjectCommand: 1, ListObjectsV2Command: 101 },
  heapBytes: 30e6,
};

describe("the bench of snapshots", () => {
  test.each<[string, Partial<VerifyRow>, string]>([
    ["nothing", {}, ""],
    ["nothing of a small snapshot's ratio", { files: 1_000, verifyMs: 3_000 }, ""],
    ["nothing of the ratio of local files", { store: "local files", verifyMs: 3_000, requests: {} }, ""],
    ["the ratio", { verifyMs: 1_300 }, "100,000 files in S3 took 1.30 times a bare listing; goal 1.2"],
    ["the heap", { heapBytes: 60e6 }, "100,000 files in S3 needed 60.0 MB more heap; goal 50 MB"],
    ["requests for files", { requests: { HeadObjectCommand: 100_000 } }, "a request per file"],
  ])("misses %s", (_, change, expected) => {
    const missed = missedBy({ ...row, ...change });
    expect(missed).toHaveLength(expected === "" ? 0 : 1);
    expect(missed.join()).toContain(expected);
  });

  test("makes a page with all its figures", () => {
    const parse = [{ references: 1_000, bytes: 140_000, wholeMbPerS: 51.4, streamedMbPerS: 60.2 }];
    const page = renderSnapshots({ at: "2026-11-21", machine: "2 cores", parse, verify: [row] });
    expect(page).toContain(
      "| S3 | 100,000 | 20 | 1.10 s | 1.00 s | 1.10 | 300 ms | 600 ms | 30.0 MB | 1 GetObject, 101 ListObjectsV2 |",
    );
    expect(page).toContain("Per file, S3: 11 µs at 100,000.");
    expect(page).toContain("| 1,000 | 0.14 MB | 51 MB/s | 60 MB/s |");
  });
});

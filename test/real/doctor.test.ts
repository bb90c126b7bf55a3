import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Findings } from "../../model/index.ts";
import { startCluster } from "./flink/cluster.ts";
import type { FlinkVersion } from "./flink/fetch.ts";
import { startLoadJob } from "./flink/load.ts";

const versions: readonly FlinkVersion[] = ["1.20.5", "2.3.0"];
const main = join(import.meta.dirname, "../../sidecar/main.ts");

function doctor(url: string): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [main, "doctor", "--url", url, "-o", "json"], { encoding: "utf8" });
}

describe.each(versions)("doctor on Flink %s", (version) => {
  test("names the problems that were planted in the job, with exit 1", async () => {
    const planted = process.env["SUBJECT_OFF"] !== "1";
    const cluster = await startCluster({ version, portBase: 18400 });
    try {
      await startLoadJob(cluster, {
        rate: planted ? 1500 : 50,
        args: { "work-ms": 2, "count-ms": 1, ...(planted ? { checkpoint: "off" } : {}) },
      });
      await sleep(80_000); // gauges lie for 75 s after a start
      const { status, stdout } = doctor(cluster.restUrl);
      const { findings } = JSON.parse(stdout) as Findings;
      expect(status).toBe(1);
      expect(findings.map((f) => f.code)).toEqual(
        expect.arrayContaining(["checkpointing-off", "backpressured-vertex"]),
      );
      expect(findings[0]?.severity).toBe("critical");
      expect(findings.find((f) => f.code === "backpressured-vertex")?.sentence).toContain("work");
    } finally {
      await cluster.stop();
    }
  });
});

test("a Flink that is not there ends in one sentence and exit 2", () => {
  const { status, stdout, stderr } = doctor("http://127.0.0.1:18499");
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { parseExposition } from "../../collector/index.ts";
import { createFlinkRest, createJobReader, createReporterReader } from "../../engine/index.ts";
import { numberOf } from "../../model/index.ts";
import { startCluster } from "./flink/cluster.ts";
import type { FlinkVersion } from "./flink/fetch.ts";
import { startLoadJob } from "./flink/load.ts";

const versions: readonly FlinkVersion[] = ["1.20.5", "2.3.0"];
const RATE = 200;

describe.each(versions)("reporter pages of Flink %s", (version) => {
  test("tell the same of a job as REST does, within the seconds that REST is behind", async () => {
    const cluster = await startCluster({ version, portBase: 18600 });
    const rest = createFlinkRest({ url: cluster.restUrl });
    const { jobManager, taskManagers } = cluster.reporterUrls;
    // With the subject off the pages that hold the task's counters are not read, and the test must go red.
    const pages = process.env["SUBJECT_OFF"] === "1" ? [jobManager] : taskManagers;
    const reporter = createReporterReader({ pages, parse: parseExposition });
    try {
      const job = await startLoadJob(cluster, { rate: RATE, args: { "work-ms": 2, "count-ms": 1 } });
      const reader = createJobReader(rest);
      // REST refreshes its counters only when asked, and answers the old snapshot first: ask steadily.
      for (let i = 0; i < 10; i++) {
        await reader.readJob(job.jobId);
        await sleep(2_000);
      }
      const byRest = await reader.readJob(job.jobId);
      const byPages = await reporter.readJob(job.jobId, byRest.graph);
      const work = job.vertices["work"] ?? "";
      const [a, b] = [byRest.vertices[work], byPages.vertices[work]];
      const read = numberOf(a?.readRecords) ?? Number.NaN;
      expect(read, "REST counts records").toBeGreaterThan(RATE * 5);
      expect(Math.abs((numberOf(b?.readRecords) ?? Number.NaN) - read)).toBeLessThan(RATE * 8);
      const cost = (v: typeof a) =>
        (numberOf(v?.busyMs) ?? Number.NaN) / (numberOf(v?.readRecords) ?? Number.NaN);
      expect(cost(b) / cost(a), "busy milliseconds per record").toBeCloseTo(1, 0);
      const gen = job.vertices["gen"] ?? "";
      expect(numberOf(byPages.sources[gen]?.pendingRecords)).toBeLessThan(RATE * 2);
      expect(byPages.sources[gen]?.pendingRecords.kind).toBe("value");
    } finally {
      await reporter.close();
      await rest.close();
      await cluster.stop();
    }
  });
});

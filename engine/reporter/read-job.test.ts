import { describe, expect, it } from "vitest";
import { type Graph, numberOf } from "../../model/index.ts";
import { RECORDED_VERSIONS, recordedPage, recordingsOf } from "../rest/fixtures.ts";
import { graphOf } from "../rest/job-readings.ts";
import { jobReply } from "../rest/replies.ts";
import { createReporterReader, type PageSample, readoutsOf } from "./read-job.ts";

const LINE = /^(\w+)\{(.*)\} (\S+)$/;

/** Enough of a parser for recorded pages; the real one is the collector's. */
function parse(text: string): { samples: PageSample[] } {
  const samples = text.split("\n").flatMap((line): PageSample[] => {
    const [, name, labels, value] = LINE.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...(labels ?? "").matchAll(/(\w+)="([^"]*)"/g)].map((m) => [m[1], m[2]]);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
  return { samples };
}

describe.each(RECORDED_VERSIONS)("the reporter page of real Flink %s", (version) => {
  const job = jobReply.parse(recordingsOf(version).get("job")?.reply);
  const graph = graphOf(job);
  const readout = readoutsOf(parse(recordedPage(version)).samples, job.jid, graph);

  it("tells the same counters as REST, only some seconds later", () => {
    for (const vertex of job.vertices) {
      const page = readout.vertices[vertex.id];
      const later = (numberOf(page?.idleMs) ?? 0) - (vertex.metrics["accumulated-idle-time"] ?? 0);
      expect(later).toBeGreaterThanOrEqual(0);
      expect(later / vertex.parallelism).toBeLessThan(15_000);
      const written = (numberOf(page?.writeRecords) ?? -1) - (vertex.metrics["write-records"] ?? 0);
      expect(written).toBeGreaterThanOrEqual(0);
      expect(written).toBeLessThan(10_000);
    }
  });

  it("has the source's consumption and pending records", () => {
    const [source] = Object.values(readout.sources);
    expect(numberOf(source?.consumedRecords)).toBeGreaterThan(1_000);
    expect(numberOf(source?.pendingRecords)).toBeGreaterThanOrEqual(0);
  });
});

describe("readings from pages", () => {
  const graph: Graph = {
    vertices: [{ id: "v", name: "v", parallelism: 2, maxParallelism: 8, slotSharingGroup: "g" }],
    edges: [],
  };
  const written = (subtask: number, attempt: number, value: number): PageSample => ({
    name: "flink_taskmanager_job_task_numRecordsOut",
    labels: { job_id: "j", task_id: "v", subtask_index: `${subtask}`, task_attempt_num: `${attempt}` },
    value,
  });
  const total = (samples: PageSample[]) => readoutsOf(samples, "j", graph).vertices["v"]?.writeRecords;

  it("sum the newest attempt of every subtask", () => {
    expect(total([written(0, 1, 5), written(0, 0, 900), written(1, 0, 7)])).toEqual({
      kind: "value",
      value: 12,
    });
  });

  it("are absent when a subtask is missing, because the sum would look like a drop", () => {
    expect(total([written(0, 1, 5)])).toEqual({ kind: "missing", why: "absent" });
  });

  it("fail as a whole when a page cannot be read", async () => {
    const reader = createReporterReader({ pages: ["http://u:s3cret@127.0.0.1:1/metrics"], parse });
    await expect(reader.readJob("j", graph)).rejects.toThrow(
      /^cannot read a metrics page: http:\/\/<secret>@127/,
    );
    await reader.close();
  });
});

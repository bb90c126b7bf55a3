import { afterEach, describe, expect, it } from "vitest";
import { type Failure, type JobReadout, numberOf, reading } from "../../model/index.ts";
import { createFlinkRest } from "./client.ts";
import { RECORDED_VERSIONS, type Recording, recordingsOf, replay } from "./fixtures.ts";
import { createJobReader } from "./read-job.ts";
import { jobReply } from "./replies.ts";
import { sourceNamesIn } from "./source-metrics.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function readerOf(version: string, change: (r: Map<string, Recording>) => void = () => {}) {
  const recordings = recordingsOf(version);
  change(recordings);
  const server = await replay(recordings);
  const rest = createFlinkRest({ url: server.url, retries: 0 });
  closing.push(() => rest.close(), server.close);
  let now = 0;
  const reader = createJobReader(rest, { now: () => now });
  const [job] = await reader.listJobs();
  const id = job?.flinkJobId ?? "";
  return {
    recordings,
    requests: server.requests,
    read: (): Promise<JobReadout> => reader.readJob(id),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

const recordedJob = (recordings: ReadonlyMap<string, Recording>) =>
  jobReply.parse(recordings.get("job")?.reply);
const replyOf = (recordings: ReadonlyMap<string, Recording>, name: string): Recording => {
  const found = recordings.get(name);
  if (found === undefined) throw new Error(`no recording ${name}`);
  return found;
};
const GEN = "6bf01baa9d2ca23a3ef7ce311722523d";

describe.each(RECORDED_VERSIONS)("a job of real Flink %s", (version) => {
  it("is read with graph, counters, requirements, slots and checkpoints", async () => {
    const { read, recordings } = await readerOf(version);
    const job = await read();
    const recorded = recordedJob(recordings);
    expect(job).toMatchObject({
      name: "outrider-load",
      state: "RUNNING",
      adaptive: true,
      at: recorded.now,
      runningSince: recorded.timestamps["RUNNING"],
      slotsTotal: { kind: "value", value: 24 },
    });
    expect(job.graph.vertices.map((v) => v.name)).toEqual(["Source: gen", "work", "count", "drop: Writer"]);
    expect(job.graph.edges.map((e) => e.ship)).toEqual(["REBALANCE", "HASH", "FORWARD"]);
    expect(Object.keys(job.requirements ?? {}).toSorted()).toEqual(
      job.graph.vertices.map((v) => v.id).toSorted(),
    );
    expect(job.checkpoints?.completed).toBeGreaterThan(0);
    expect(job.checkpoints).toMatchObject({ intervalMs: reading(5_000), timeoutMs: reading(600_000) });
    expect(job.checkpoints?.latestPath).toMatch(/^file:\/data\/flink\/checkpoints\//);
    for (const [at, vertex] of job.graph.vertices.entries()) {
      expect(numberOf(job.vertices[vertex.id]?.busyMs)).toBe(
        recorded.vertices[at]?.metrics["accumulated-busy-time"],
      );
    }
  });

  it("has a source whose consumption, pending records and task clock come from one reply", async () => {
    const job = await (await readerOf(version)).read();
    const source = job.sources[GEN];
    expect(Object.keys(job.sources)).toEqual([GEN]);
    expect(numberOf(source?.consumedRecords)).toBeGreaterThan(1_000);
    expect(numberOf(source?.pendingRecords)).toBeGreaterThanOrEqual(0);
    expect(numberOf(source?.idleMs)).toBeGreaterThan(1_000);
    // 1.20 reports no records read by a source in `/jobs/:id`; the operator knows them.
    expect(numberOf(job.vertices[GEN]?.readRecords)).toBeGreaterThan(1_000);
  });

  it("counts the partitions of a source only where its metrics tell them", async () => {
    const job = await (await readerOf(version)).read();
    expect(numberOf(job.vertices[GEN]?.sourcePartitions)).toBe(version === "1.20" ? undefined : 24);
  });

  it("costs few requests once its metric names are known", async () => {
    const { read, requests } = await readerOf(version);
    await read();
    requests.length = 0;
    await read();
    expect(requests.filter((r) => r.includes("/vertices/"))).toHaveLength(1);
    expect(requests.length).toBeLessThanOrEqual(5);
  });

  it("keeps its readings when Flink answers NaN, as missing", async () => {
    const { read } = await readerOf(version, (recordings) => {
      const recording = replyOf(recordings, "job");
      recording.reply = JSON.parse(
        JSON.stringify(recording.reply).replaceAll(
          /"accumulated-busy-time":[\d.]+/g,
          '"accumulated-busy-time":"NaN"',
        ),
      );
    });
    expect((await read()).vertices[GEN]?.busyMs).toEqual({ kind: "missing", why: "nan" });
  });

  it("drops its source's readings when they are of another attempt", async () => {
    const { read, recordings } = await readerOf(version);
    await read();
    const recording = replyOf(recordings, "job");
    const job = JSON.stringify(recording.reply);
    const restarted = job.replace(/"RUNNING":17\d+/, `"RUNNING":${recordedJob(recordings).now}`);
    expect(restarted).not.toBe(job);
    recording.reply = JSON.parse(restarted);
    expect((await read()).sources).toEqual({});
    expect(Object.keys((await read()).sources)).toEqual([GEN]);
  });

  it("drops its source's readings when their clock is far ahead of the job's", async () => {
    const { read } = await readerOf(version, (recordings) => {
      const recording = replyOf(recordings, "job");
      recording.reply = JSON.parse(
        JSON.stringify(recording.reply).replaceAll(
          /"accumulated-(\w+)-time":[\d.]+/g,
          '"accumulated-$1-time":0',
        ),
      );
    });
    const job = await read();
    expect(job.sources).toEqual({});
    expect(job.vertices[GEN]?.pendingRecords).toEqual({ kind: "missing", why: "absent" });
  });

  it("is still read when checkpoints, slots or source metrics fail", async () => {
    const { read } = await readerOf(version, (recordings) => {
      for (const name of ["job-checkpoints", "overview", "job-vertex-0-metric-names"])
        recordings.delete(name);
    });
    const job = await read();
    expect(job).toMatchObject({ state: "RUNNING", checkpoints: undefined, sources: {} });
    expect(job.slotsTotal.kind).toBe("missing");
  });

  it("is not adaptive under the default scheduler, whose requirements answer is a 500", async () => {
    const { read } = await readerOf(version, (recordings) => {
      const { request } = replyOf(recordings, "job-requirements");
      const text =
        "java.lang.UnsupportedOperationException: The DefaultScheduler does not support changing the parallelism";
      recordings.set("job-requirements", {
        request,
        status: 500,
        reply: { errors: ["Internal server error.", text] },
      });
    });
    expect(await read()).toMatchObject({ adaptive: false, requirements: undefined });
  });

  it("is not adaptive when the cluster says that it cannot rescale, and then is not asked", async () => {
    const { read, requests } = await readerOf(version, (recordings) => {
      const config = replyOf(recordings, "config");
      config.reply = { "flink-version": version, features: { "web-rescale": false } };
    });
    expect((await read()).adaptive).toBe(false);
    expect(requests.filter((r) => r.includes("resource-requirements"))).toEqual([]);
  });

  it("fails as not found when Flink has forgotten it", async () => {
    const { read } = await readerOf(version, (recordings) => {
      const gone = replyOf(recordings, "unknown-job");
      recordings.set("job", { ...gone, request: replyOf(recordings, "job").request });
    });
    const failure: Failure = await read().then(
      () => {
        throw new Error("it did not fail");
      },
      (error) => error,
    );
    expect(failure.code).toBe("not-found");
    expect(failure.message).toMatch(/got 404: Job 0{32} not found/);
  });
});

describe("the names of a source's metrics", () => {
  it.each([
    [
      ["Source__a.pendingRecords", "Source__a.numRecordsIn", "Map.numRecordsIn"],
      "Source__a.pendingRecords",
      "Source__a.numRecordsIn",
    ],
    [["Map.numRecordsIn", "Source__a.numRecordsIn"], undefined, "Source__a.numRecordsIn"],
    [["numRecordsIn"], undefined, undefined],
    [[], undefined, undefined],
  ])("in %j", (names, pendingRecords, consumedRecords) => {
    expect(sourceNamesIn(names)).toMatchObject({ pendingRecords, consumedRecords });
  });

  it("tell Kafka's partitions, over all topics", () => {
    const names = ["a", "b.c"].flatMap((t) =>
      [0, 1].flatMap((p) =>
        ["currentOffset", "committedOffset"].map((m) => `S.KafkaSourceReader.topic.${t}.partition.${p}.${m}`),
      ),
    );
    expect(sourceNamesIn(names).partitions).toBe(4);
  });
});

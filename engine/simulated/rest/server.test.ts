import { request as httpRequest } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { type Collected, collect, parseExposition } from "../../../collector/index.ts";
import { ABSENT, numberOf } from "../../../model/index.ts";
import {
  COUNT,
  DROP,
  GEN,
  JOB,
  type LoadJobParts,
  type SimulatedFlink,
  simulatedFlink,
  WORK,
} from "../../../test/support/simulated-flink.ts";
import { EPOCH } from "../../../test/support/worlds.ts";
import {
  createActuator,
  createFlinkRest,
  createJobReader,
  createReporterReader,
  createTransport,
} from "../../index.ts";
import { readReport } from "../../tuning/read-report.ts";

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((o) => o.close()));
});

async function listening(parts: LoadJobParts = {}): Promise<SimulatedFlink & { url: string }> {
  const flink = simulatedFlink({ parallelism: 2, ...parts });
  open.push(flink.server);
  return { ...flink, url: await flink.server.listen(0) };
}

function client(url: string) {
  const rest = createFlinkRest({ url });
  open.push(rest);
  return rest;
}

const versions = ["1.20.5", "2.3.0"];

describe.each(versions)("our own readers over HTTP, Flink %s", (flinkVersion) => {
  it("read a job with all its numbers", async () => {
    const { url, at, cluster } = await listening({ cluster: { flinkVersion } });
    const reader = createJobReader(client(url), { now: () => cluster.now() });
    for (const seconds of [100, 103, 106]) {
      at(seconds);
      await reader.readJob(JOB);
    }
    at(109);
    const job = await reader.readJob(JOB);
    expect(job).toMatchObject({ name: "orders", state: "RUNNING", adaptive: true, runningSince: EPOCH });
    expect(job.graph.edges.map((e) => e.ship)).toEqual(["REBALANCE", "HASH", "REBALANCE"]);
    expect(job.requirements).toEqual({ [GEN]: 2, [WORK]: 2, [COUNT]: 2, [DROP]: 2 });
    // Counters of 106 s, of the last question but one.
    for (const id of [GEN, WORK, COUNT]) {
      expect(numberOf(job.vertices[id]?.readRecords ?? ABSENT)).toBeCloseTo(26_500, -1);
    }
    expect(numberOf(job.sources[GEN]?.pendingRecords ?? ABSENT)).toBeLessThan(50);
    expect(numberOf(job.slotsTotal)).toBe(32);
    expect(job.checkpoints?.completed).toBeGreaterThan(15);
  });

  it("give the true rate, cost and number of partitions", async () => {
    const { url, at, cluster } = await listening({ cluster: { flinkVersion } });
    const reader = createJobReader(client(url), { now: () => cluster.now() });
    let found: Collected | undefined;
    for (const seconds of [100, 103, 106, 109, 112]) {
      at(seconds);
      found = collect(found?.baseline, await reader.readJob(JOB), "flink/default/orders");
    }
    const { [GEN]: gen, [WORK]: work } = found?.observation.vertices ?? {};
    expect(numberOf(gen?.inRate ?? ABSENT)).toBeCloseTo(250, -1);
    expect(numberOf(work?.inRate ?? ABSENT)).toBeCloseTo(250, -1);
    expect(numberOf(work?.costMs ?? ABSENT)).toBeCloseTo(2, 1);
    expect(numberOf(found?.observation.backlog ?? ABSENT)).toBeLessThan(50);
    // Flink 1.20 does not tell splits.
    expect(numberOf(gen?.sourcePartitions ?? ABSENT)).toBe(flinkVersion === "2.3.0" ? 24 : undefined);
  });

  it("see a rescale come true", async () => {
    const { url, at } = await listening({ cluster: { flinkVersion } });
    const rest = client(url);
    at(60);
    const target = { [GEN]: 2, [WORK]: 5, [COUNT]: 3, [DROP]: 2 };
    expect(await createActuator(rest).apply(JOB, target)).toBe("requested");
    at(80);
    const parallelism = (await rest.job(JOB)).vertices.map((v) => [v.id, v.parallelism]);
    expect(Object.fromEntries(parallelism)).toEqual(target);
  });

  it("diagnose the cluster: doctor leaves nothing unread", async () => {
    const { url, at, ask } = await listening({ cluster: { flinkVersion } });
    const transport = createTransport({ url });
    open.push(transport);
    for (const seconds of [110, 115, 120]) {
      at(seconds);
      ask("GET /jobmanager/metrics");
    }
    const report = await readReport(transport, { at: EPOCH + 120_000, settleMs: 1 });
    const text = JSON.stringify(report, (_, value) =>
      value?.kind === "unread" ? `UNREAD ${value.why}` : value,
    );
    const unread = [...text.matchAll(/UNREAD [^"]*/g)].map(([m]) => m);
    // Not a question to inner vertices.
    expect(unread.filter((why) => !/only sources report pending/.test(why))).toEqual([]);
  });
});

describe("the reporter pages of all TaskManagers", () => {
  it.each(versions)("tell the same counters as REST, Flink %s", async (flinkVersion) => {
    const { url, server, at, cluster } = await listening({ cluster: { flinkVersion } });
    const rest = client(url);
    const [, ...pages] = await server.listenReporters(0);
    const reporter = createReporterReader({
      pages: pages.map((page) => `${page}/metrics`),
      parse: parseExposition,
    });
    open.push(reporter);
    const reader = createJobReader(rest, { now: () => cluster.now() });
    for (const seconds of [110, 115, 120]) {
      at(seconds);
      await reader.readJob(JOB);
    }
    const { graph } = await reader.readJob(JOB);
    const page = await reporter.readJob(JOB, graph);
    // The same instant, read again once its snapshot has arrived.
    at(120.05);
    const job = await reader.readJob(JOB);
    for (const id of [GEN, WORK, COUNT, DROP]) {
      const { hottestBusyMsPerSecond: _, ...ours } = page.vertices[id] ?? {};
      const { hottestBusyMsPerSecond: __, ...theirs } = job.vertices[id] ?? {};
      expect({ id, ...ours }).toEqual({ id, ...theirs });
    }
    expect(page.sources).toEqual(job.sources);
  });
});

describe("the server", () => {
  const send = (url: string, method: string, body: string) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const request = httpRequest(
        url,
        { method, headers: { "content-length": Buffer.byteLength(body) } },
        (response) => {
          response.setEncoding("utf8");
          let text = "";
          response.on("data", (chunk) => {
            text += chunk;
          });
          response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        },
      );
      request.on("error", reject);
      request.end(body);
    });

  it.each([
    ["GET", "/v1/jobs/overview", "{}", 200],
    ["GET", "/jobs", "not JSON at all", 200],
    ["HEAD", "/config", "", 404],
    ["PUT", `/jobs/${JOB}/resource-requirements`, "x".repeat(1024 * 1024), 400],
    ["PUT", `/jobs/${JOB}/resource-requirements`, "x".repeat(1024 * 1024 + 1), 413],
    ["POST", "/simulator/clock", '{"advanceToMs": -1}', 400],
  ])("%s %s", async (method, path, body, status) => {
    const { url } = await listening();
    expect((await send(url + path, method, body)).status).toBe(status);
  });

  it("is held back by rest-slow, at most a little where time is stepped", async () => {
    const slow = { atMs: 0, kind: "rest-slow", delayMs: 3_600_000, forMs: 60_000 } as const;
    const { url } = await listening({ trouble: [slow] });
    expect((await send(`${url}/config`, "GET", "")).status).toBe(200);
  });

  it("says why it cannot listen", async () => {
    const { url } = await listening();
    const { server } = simulatedFlink();
    open.push(server);
    await expect(server.listen(Number(new URL(url).port))).rejects.toThrow(/EADDRINUSE/);
  });
});

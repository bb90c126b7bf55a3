import { afterEach, describe, expect, it } from "vitest";
import { ABSENT, reading, type VertexReadout } from "../../model/index.ts";
import { aGraph } from "../../test/support/observations.ts";
import { anEdge, aSource, aVertex, aWorld, EPOCH, stepLoad } from "../../test/support/worlds.ts";
import { steppedClock } from "../simulated/clock.ts";
import { Simulation } from "../simulated/cluster.ts";
import { createSimulatorServer } from "../simulated/rest/server.ts";
import { createFlinkRest } from "./client.ts";
import { RECORDED_VERSIONS, recordingsOf } from "./fixtures.ts";
import { readsOf, suspectsOf } from "./hot-subtasks.ts";
import { vertexReply } from "./metric-replies.ts";
import { createJobReader } from "./read-job.ts";

/** Flink's routes know ids of 32 hex digits only. */
const [GEN, WORK, SINK] = ["a".repeat(32), "b".repeat(32), "c".repeat(32)] as const;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** gen → work (2 ms a record, 4 subtasks) at 1,200 records/s; `hotShare` of them have one key. */
async function aFlink(hotShare: number) {
  const world = aWorld({
    vertices: [
      aSource(GEN, stepLoad([[0, 1_200]])),
      aVertex(WORK, { waitMs: 2, parallelism: 4 }),
      aVertex(SINK, { parallelism: 4 }),
    ],
    edges: [anEdge(`${GEN}>${WORK}`, "HASH", { hotShare }), anEdge(`${WORK}>${SINK}`)],
  });
  const cluster = new Simulation(world);
  const server = createSimulatorServer({
    cluster,
    clock: steppedClock(),
    trouble: world.trouble,
    setLoad: () => {},
    operator: cluster,
  });
  const rest = createFlinkRest({ url: await server.listen(0), retries: 0 });
  closing.push(
    () => rest.close(),
    () => server.close(),
  );
  let seconds = 0;
  const reader = createJobReader(rest, { now: () => seconds * 1_000 });
  const [job] = await reader.listJobs();
  return {
    async readAt(at: number) {
      seconds = at;
      cluster.advanceTo(EPOCH + at * 1_000);
      return await reader.readJob(job?.flinkJobId ?? "");
    },
  };
}

describe("a job on the simulated Flink", () => {
  it("whose records have one hot key is read subtask by subtask, there and nowhere else", async () => {
    const flink = await aFlink(0.6);
    let job = await flink.readAt(60);
    for (let at = 65; at <= 120; at += 5) job = await flink.readAt(at);
    const reads = job.vertices[WORK]?.subtaskReads ?? [];
    const sum = reads.reduce((a, b) => a + b, 0);
    expect(reads).toHaveLength(4);
    expect(Math.max(...reads) / sum).toBeGreaterThan(0.6);
    expect(job.vertices[GEN]?.subtaskReads).toBeUndefined();
    expect(job.vertices[SINK]?.subtaskReads).toBeUndefined();
  });

  it("whose records spread evenly costs no such request, and tells of its machines", async () => {
    const flink = await aFlink(0);
    let job = await flink.readAt(60);
    for (let at = 65; at <= 120; at += 5) job = await flink.readAt(at);
    expect(Object.values(job.vertices).map((v) => v.subtaskReads)).toEqual([undefined, undefined, undefined]);
    for (const share of Object.values(job.pressure ?? {})) {
      expect(share).toMatchObject({ kind: "value" });
    }
    expect(Object.keys(job.pressure ?? {})).toEqual(["gcShare", "heapShare", "cpuLoad", "cpuLoadLeast"]);
  });
});

describe("a vertex is suspected", () => {
  const graph = aGraph("src>work work>sink", { parallelism: 4 });
  const readout = (hottest: number | undefined): VertexReadout => ({
    readRecords: ABSENT,
    writeRecords: ABSENT,
    busyMs: ABSENT,
    idleMs: ABSENT,
    backPressuredMs: ABSENT,
    pendingRecords: ABSENT,
    sourcePartitions: ABSENT,
    hottestBusyMsPerSecond: reading(hottest),
  });
  it.each([
    ["when its hottest subtask is far above the mean", [0, 0], [0.3, 0], 900, ["work"]],
    ["not when all are equally busy", [0, 0], [0.9, 0], 950, []],
    ["not when the hottest has room", [0, 0], [0.1, 0], 500, []],
    ["when the one before waits for it although it is not busy", [0, 0.7], [0.4, 0], undefined, ["work"]],
    ["not when it waits for others itself", [0, 0.7], [0.4, 0.6], undefined, []],
    ["not when it is busy on the whole", [0, 0.7], [0.95, 0], undefined, []],
  ])("%s", (_, [srcBusy = 0, srcHeld = 0], [busy = 0, held = 0], hottest, expected) => {
    const shares = new Map([
      ["src", { busy: srcBusy, held: srcHeld }],
      ["work", { busy, held }],
    ]);
    const vertices = { src: readout(undefined), work: readout(hottest), sink: readout(undefined) };
    expect(suspectsOf(graph, vertices, shares)).toEqual(expected);
  });

  it("never without shares, and never with one subtask", () => {
    const vertices = { work: readout(1_000) };
    expect(suspectsOf(graph, vertices, new Map())).toEqual([]);
    expect(suspectsOf(aGraph("src>work"), vertices, new Map([["work", { busy: 0.1, held: 0 }]]))).toEqual([]);
  });
});

describe.each(RECORDED_VERSIONS)("the reply about a vertex of real Flink %s", (version) => {
  const reply = recordingsOf(version).get("job-vertex-1-details")?.reply;
  const details = vertexReply.parse(reply);
  it("tells what each subtask has read", () => {
    const reads = readsOf(details, details.parallelism) ?? [];
    expect(reads).toHaveLength(details.parallelism);
    expect(Math.min(...reads)).toBeGreaterThan(1_000);
  });

  it.each<[string, (subtask: (typeof details.subtasks)[number]) => object | undefined]>([
    ["has not been heard", (s) => ({ ...s, metrics: { ...s.metrics, "read-records-complete": false } })],
    ["has no number", (s) => ({ ...s, metrics: {} })],
    ["says NaN", (s) => ({ ...s, metrics: { ...s.metrics, "read-records": "NaN" } })],
    ["has an impossible number", (s) => ({ ...s, subtask: 10_000_000 })],
  ])("is not used when a subtask %s", (_, change) => {
    const broken = vertexReply.parse({ ...details, subtasks: details.subtasks.map(change) });
    expect(readsOf(broken, details.parallelism)).toBeUndefined();
  });

  it("is not used when it is of another parallelism", () => {
    expect(readsOf(details, details.parallelism + 1)).toBeUndefined();
  });
});

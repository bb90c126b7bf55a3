import type { VertexId } from "../../../../model/index.ts";
import type { BenchWorld, LoadCurve } from "../../../../sidecar/whatif/contest.ts";
import { benchWorld, vertexIdIn } from "./build.ts";
import type { EdgeShape, VertexShape } from "./shape.ts";

/**
 * The LoadSimulationPipeline of the Flink Kubernetes operator's examples, with its defaults: three branches, in each of
 * which vertices are kept busy by a sine and not by records. A constant source gives 10 records per sampling interval of
 * 1 s; they are dealt out to the vertices and broadcast to the sink. The load of this world is the amplitude, 0 to 1: at
 * 1 a vertex needs `max load` subtasks. Unlike there, throughput falls in proportion once a vertex has too few of them
 * (there it falls to one record per subtask and interval), so that what an oracle may do is well defined.
 */
const BRANCHES: readonly (readonly number[])[] = [
  [1, 2, 4, 8, 16],
  [16, 8, 4, 2, 1],
  [8, 4, 16, 1, 2],
];
const NAME = "load-simulation";
const RECORDS_PER_SECOND = 10;
const PERIOD_MS = 3_600_000;
const RECORD_BYTES = 13;
/** Of one subtask, for records that cost next to nothing. */
const FREE = 10_000;

/** 0.5 + 0.5 sin(2πt / period): half at the start, 1 after a quarter of an hour, 0 after three. */
const amplitude: LoadCurve = {
  rateAt: (ms) => Math.max(0, 0.5 + 0.5 * Math.sin((2 * Math.PI * ms) / PERIOD_MS)),
  arrivedBy: (ms) =>
    Math.max(
      0,
      0.5 * ms + ((0.5 * PERIOD_MS) / (2 * Math.PI)) * (1 - Math.cos((2 * Math.PI * ms) / PERIOD_MS)),
    ) / 1_000,
};

interface Branch {
  readonly vertices: readonly VertexShape[];
  readonly edges: readonly EdgeShape[];
}

const loadName = (branch: number, step: number, maxLoad: number): string =>
  `MaxLoad: ${maxLoad} (${branch + 1}.${step + 1})`;

function branchOf(loads: readonly number[], branch: number): Branch {
  const source: VertexShape = {
    name: `ImpulseSource ${branch + 1}`,
    capacity: FREE,
    source: { share: 1 / BRANCHES.length, partitions: 1, constantRate: RECORDS_PER_SECOND },
  };
  const busy = loads.map(
    (maxLoad, step): VertexShape => ({
      name: loadName(branch, step, maxLoad),
      capacity: FREE,
      busyDemand: (load) => ({
        subtasks: {
          rateAt: (ms) => maxLoad * load.rateAt(ms),
          arrivedBy: (ms) => maxLoad * load.arrivedBy(ms),
        },
        recordsPerSecond: RECORDS_PER_SECOND,
      }),
    }),
  );
  const sink: VertexShape = { name: `Sink ${branch + 1}`, capacity: FREE };
  const vertices = [source, ...busy, sink];
  const edges = vertices.slice(1).map(
    (to, i): EdgeShape => ({
      from: vertices[i]?.name ?? "",
      to: to.name,
      ship: to === sink ? "BROADCAST" : "REBALANCE",
      recordBytes: RECORD_BYTES,
    }),
  );
  return { vertices, edges };
}

const branches = BRANCHES.map(branchOf);
const records = benchWorld({
  name: NAME,
  title: "LoadSimulationPipeline",
  fullRate: 1,
  maxParallelism: 40,
  vertices: branches.flatMap((b) => b.vertices),
  edges: branches.flatMap((b) => b.edges),
  ownLoad: amplitude,
});

const maxLoads: ReadonlyMap<VertexId, number> = new Map(
  BRANCHES.flatMap((loads, branch) =>
    loads.map((maxLoad, step) => [vertexIdIn(NAME, loadName(branch, step, maxLoad)), maxLoad] as const),
  ),
);

/** In units of the amplitude: every vertex reads it whole, and carries `parallelism ÷ max load` of it. */
export const loadSimulation: BenchWorld = {
  ...records,
  share: Object.fromEntries(Object.keys(records.share).map((id) => [id, 1])),
  capacityOf: (vertex, parallelism) => {
    const maxLoad = maxLoads.get(vertex);
    return maxLoad === undefined ? FREE * parallelism : parallelism / maxLoad;
  },
};

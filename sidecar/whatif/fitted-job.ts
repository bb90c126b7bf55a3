import type { LoadSeries } from "../../autoscaler/index.ts";
import {
  Failure,
  type Graph,
  type Instant,
  inputsOf,
  type JobKey,
  type Milliseconds,
  outputsOf,
  type ScaleInputs,
  type VertexId,
  type VertexInputs,
} from "../../model/index.ts";

/** One vertex as it was learned. */
export interface FittedVertex {
  readonly id: VertexId;
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly slotSharingGroup: string;
  readonly source: boolean;
  /** Sources: partitions that the load is dealt out in; null: not told, any number. */
  readonly partitions: number | null;
  /** Records/s that it reads per record/s at all sources together. */
  readonly share: number;
  /** `[parallelism, records/s at 100 % busy]`, ascending, loaded evenly. */
  readonly capacity: readonly (readonly [number, number])[];
  /** Records/s that the outside takes at most; null: no such limit is known. */
  readonly cap: number | null;
}

export interface FittedEdge {
  readonly from: VertexId;
  readonly to: VertexId;
  readonly ship: "FORWARD" | "REBALANCE" | "HASH";
  /** Records that arrive per record that `from` reads. */
  readonly selectivity: number;
  /** Share of the records with one hot key. */
  readonly hotShare: number;
}

/** All that a simulation of a job needs, in plain values: what its past and its present taught. */
export interface FittedJob {
  readonly job: JobKey;
  readonly at: Instant;
  /** Records/s that arrive at all sources together now. */
  readonly rate: number;
  /** Records that wait now. */
  readonly backlog: number;
  readonly vertices: readonly FittedVertex[];
  readonly edges: readonly FittedEdge[];
  readonly restartPauseMs: Milliseconds;
  /** Null: not assessed, or the job takes no checkpoints; then nothing can be said of a restart. */
  readonly checkpointIntervalMs: Milliseconds | null;
  /** Slots that this job can have: its own and the free ones; null: not assessed. */
  readonly slots: number | null;
  readonly lagObjectiveMs: Milliseconds;
  /** Mean load before now. */
  readonly load: LoadSeries | null;
  /** What stands on an assumption rather than on a measurement, as sentences. */
  readonly assumed: readonly string[];
}

/** What is known of a job beside the numbers of its decisions. */
export interface FitContext {
  readonly job: JobKey;
  readonly at: Instant;
  readonly graph: Graph;
  readonly lagObjectiveMs: Milliseconds;
  readonly load: LoadSeries | null;
  /** Rescales whose pause was measured. */
  readonly pausesSeen: number;
}

/** More vertices than this are not simulated: it would take minutes. */
export const MOST_VERTICES = 300;
/** A share of less than this is unevenness of the hash, no hot key. */
const LEAST_HOT = 0.05;

/** Fits a simulated job to what was learned. Throws a `conflict` that names every number that is not assessed. */
export function fitJob(inputs: ScaleInputs, context: FitContext): FittedJob {
  const { job, graph } = context;
  if (graph.vertices.length > MOST_VERTICES)
    throw new Failure(
      "conflict",
      `cannot simulate ${job}: got ${graph.vertices.length} vertices; expected at most ${MOST_VERTICES}`,
    );
  const missing = missingIn(inputs);
  if (missing.length > 0)
    throw new Failure("conflict", `cannot simulate ${job} yet: not assessed: ${missing.join(", ")}`);
  const vertices = Object.entries(inputs.vertices);
  const rate = vertices.reduce((sum, [, v]) => sum + (v.source ? (v.arrivalRate ?? 0) : 0), 0);
  if (!(rate > 0))
    throw new Failure(
      "conflict",
      `cannot simulate ${job}: nothing arrives, so no cost can be scaled to a load`,
    );
  const used = slotsOf(vertices.map(([, v]) => v));
  return {
    job,
    at: context.at,
    rate,
    backlog: inputs.backlog ?? 0,
    vertices: vertices.map(([id, v]) => fitVertex(id, v, rate)),
    edges: fitEdges(graph, inputs),
    restartPauseMs: inputs.restartPauseMs,
    checkpointIntervalMs: inputs.pressure.checkpointIntervalMs,
    slots: inputs.slotsFree === null ? null : used + inputs.slotsFree,
    lagObjectiveMs: context.lagObjectiveMs,
    load: context.load,
    assumed: assumptionsOf(inputs, context),
  };
}

function missingIn(inputs: ScaleInputs): readonly string[] {
  const missing = Object.values(inputs.vertices).flatMap((v) => [
    ...(v.arrivalRate === null ? [`arrival rate of ${v.name}`] : []),
    ...(v.capacity === null || v.capacity <= 0 ? [`cost per record of ${v.name}`] : []),
  ]);
  return inputs.backlog === null ? [...missing, "backlog"] : missing;
}

function fitVertex(id: VertexId, v: VertexInputs, rate: number): FittedVertex {
  return {
    id,
    name: v.name,
    parallelism: v.parallelism,
    maxParallelism: v.maxParallelism,
    slotSharingGroup: v.slotSharingGroup,
    source: v.source,
    partitions: v.partitions,
    share: (v.arrivalRate ?? 0) / rate,
    capacity: curveOf(v),
    cap: v.bound?.rate ?? null,
  };
}

/** What was measured, the present cost at the present parallelism; beyond both ends the learned power law goes on. */
function curveOf(v: VertexInputs): readonly (readonly [number, number])[] {
  const points = new Map(v.measured.filter(([p, rate]) => p > 0 && rate > 0));
  points.set(v.parallelism, v.capacity ?? 0);
  const sorted = [...points].sort((a, b) => a[0] - b[0]);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return [];
  const before = first[0] > 1 ? [[1, first[1] * (1 / first[0]) ** v.beta] as const] : [];
  return [...before, ...sorted, [last[0] * 2, last[1] * 2 ** v.beta] as const];
}

function fitEdges(graph: Graph, inputs: ScaleInputs): readonly FittedEdge[] {
  return graph.vertices.flatMap(({ id }) => {
    const edges = inputsOf(graph, id);
    const target = inputs.vertices[id];
    // Of several inputs each brings what it writes, where it writes to nobody else.
    const weights = edges.map((e) =>
      outputsOf(graph, e.from).length === 1 ? (inputs.vertices[e.from]?.selectivity ?? 1) : 1,
    );
    const brought = edges.reduce(
      (sum, e, i) => sum + (inputs.vertices[e.from]?.arrivalRate ?? 0) * (weights[i] ?? 1),
      0,
    );
    const factor = brought > 0 ? (target?.arrivalRate ?? 0) / brought : 0;
    return edges.map((e, i) => ({
      from: e.from,
      to: e.to,
      ship: shipOf(e.ship),
      selectivity: (weights[i] ?? 1) * factor,
      hotShare: e.ship === "HASH" && target !== undefined ? hotKeyShare(target) : 0,
    }));
  });
}

const SHIPS = ["FORWARD", "HASH"] as const;

/** Everything that deals records out evenly is as good as REBALANCE; so is BROADCAST, whose copies count once or in what is read. */
const shipOf = (ship: string): FittedEdge["ship"] => SHIPS.find((s) => s === ship) ?? "REBALANCE";

/** From s = h + (1 − h) × even: what sticks to one subtask beyond its even part. */
function hotKeyShare({ hottestShare, parallelism, maxParallelism }: VertexInputs): number {
  const even = Math.ceil(maxParallelism / parallelism) / maxParallelism;
  if (hottestShare === null || parallelism < 2 || even >= 1) return 0;
  const hot = (hottestShare - even) / (1 - even);
  return hot < LEAST_HOT ? 0 : Math.min(0.99, hot);
}

/** Of every slot sharing group its largest parallelism. */
function slotsOf(vertices: readonly VertexInputs[]): number {
  const groups = new Map<string, number>();
  for (const { slotSharingGroup: group, parallelism } of vertices)
    groups.set(group, Math.max(groups.get(group) ?? 0, parallelism));
  return [...groups.values()].reduce((a, b) => a + b, 0);
}

function assumptionsOf(inputs: ScaleInputs, { pausesSeen }: FitContext): readonly string[] {
  const blind = Object.values(inputs.vertices).filter((v) => v.confidence < 0.5);
  const untold = Object.values(inputs.vertices).filter((v) => v.source && v.partitions === null);
  return [
    ...pauseAssumed(inputs.restartPauseMs, pausesSeen),
    ...(blind.length === 0
      ? []
      : [
          `Other sizes were hardly seen of ${blind.map((v) => v.name).join(", ")}: capacity grows as subtasks^${(blind[0]?.beta ?? 1).toFixed(2)}, as stream operators usually do.`,
        ]),
    ...(untold.length === 0
      ? []
      : [
          `The partitions of ${untold.map((v) => v.name).join(", ")} are not told: the load is dealt out evenly.`,
        ]),
    ...(inputs.slotsFree === null ? ["Free slots are not assessed: there are taken to be enough."] : []),
  ];
}

function pauseAssumed(pauseMs: Milliseconds, pausesSeen: number): readonly string[] {
  if (pausesSeen === 0)
    return [`The pause of a rescale was never measured: the configured ${pauseMs / 1_000} s are taken.`];
  return pauseMs > 0 ? [] : ["No pause was seen in the rescales so far: none is taken."];
}

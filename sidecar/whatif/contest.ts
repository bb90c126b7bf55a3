import type { AutoscalerConfig, LoadSeries } from "../../autoscaler/index.ts";
import type { Trouble, World } from "../../engine/simulated/index.ts";
import type { Instant, JobReadout, Milliseconds, Parallelism, VertexId } from "../../model/index.ts";

/** Records per second that arrive at all sources together, as a function of milliseconds since the world's epoch. */
export interface LoadCurve {
  rateAt(ms: Milliseconds): number;
  /** Records that arrived from the epoch until `ms`: the integral of the rate, never falling. */
  arrivedBy(ms: Milliseconds): number;
}

/** What a contest changes of a world. */
export interface WorldOptions {
  readonly seed: number;
  /** Subtasks at the start, by vertex id; a vertex that is not named keeps the world's own. */
  readonly parallelism?: Readonly<Record<VertexId, number>>;
  readonly trouble?: readonly Trouble[];
  /** Pause of every restart. */
  readonly pauseMs?: Milliseconds;
  /** `metrics.fetcher.update-interval`. */
  readonly fetcherMs?: Milliseconds;
  /** Slots of the whole cluster. */
  readonly slots?: number;
  /** Share of all records that have one hot key, on every hash edge of the world. */
  readonly hotShare?: number;
  /** Standard deviation (of the logarithm) of the cost per record, drawn anew for every second. */
  readonly noise?: number;
  /** Grid of virtual time. */
  readonly tickMs?: Milliseconds;
  /** Records per second that the outside takes of a vertex, all subtasks together, by vertex id. */
  readonly caps?: Readonly<Record<VertexId, number>>;
}

/** A job that policies are measured on: its graph, its capacity points and its share of the load. */
export interface BenchWorld {
  readonly name: string;
  readonly title: string;
  /** Records per second at all sources together that it carries with its largest sensible parallelism. */
  readonly fullRate: number;
  /** Bound of every vertex that all policies are given. */
  readonly maxParallelism: number;
  /** Records per second that a vertex reads per record per second at all sources together, without overload. */
  readonly share: Readonly<Record<VertexId, number>>;
  /** The load that belongs to the world (LoadSimulationPipeline); undefined: any. */
  readonly ownLoad?: LoadCurve;
  /** `load`: total of all sources; the world splits it among them. The cluster has room for every vertex at its bound. */
  world(load: LoadCurve, options: WorldOptions): World;
  /** True mean capacity in records/s read by that vertex (all subtasks together), without trouble and noise. */
  capacityOf(vertex: VertexId, parallelism: number): number;
}

/** Mean busy share of the slots in use over the last 60 s, 0..1: what HPA and the vendors' rules look at. */
export interface CpuReadout {
  readonly jobShare: number;
  /** The same by vertex, of its own subtasks. */
  readonly vertexShare: Readonly<Record<VertexId, number>>;
}

/** A policy that rides beside one job. */
export interface Contestant {
  readonly name: string;
  readonly passMs: Milliseconds;
  /** Wished upper bounds; a vertex that is not named keeps what it has. Undefined: leave the job as it is. */
  pass(
    readout: JobReadout,
    cpu: CpuReadout,
    now: Instant,
  ): Parallelism | undefined | Promise<Parallelism | undefined>;
  /** Called once, after the run. */
  end?(): void | Promise<void>;
}

/** All that a policy is told before a run. */
export interface ContestSetup {
  readonly bench: BenchWorld;
  /** The world as it will be run. */
  readonly world: World;
  /** The true load of the scored time, for those who may know it (static peak, static mean, the oracle). */
  readonly load: LoadCurve;
  readonly durationMs: Milliseconds;
  readonly seed: number;
  /** Mean rate of all sources together before the scored time; null: the policy starts without a past. */
  readonly history: LoadSeries | null;
  readonly minParallelism: number;
  readonly maxParallelism: number;
  readonly passMs: Milliseconds;
  /** Seconds of lag that are still inside the objective. */
  readonly lagObjectiveMs: Milliseconds;
  /** Overrides of the settings, where a what-if gives them. */
  readonly settings?: Partial<AutoscalerConfig>;
}

/** Sees the requests of Outrider's own hand: what a PUT of resource requirements would do. */
export interface Hand {
  /** Throws a `Failure` where Flink would refuse. */
  put(target: Parallelism): void;
}

/** `hand`: for those that act by themselves, as Outrider does, rather than by what `pass` returns. */
export type ContestantFactory = (setup: ContestSetup, hand: Hand) => Contestant;

/** One row of a bench: how a policy enters a contest. */
export interface Entrant {
  readonly name: string;
  /** Parallelism of every vertex at the start; without it what carries the load of the first minutes (`startOf`). */
  readonly start?: (setup: Omit<ContestSetup, "world">) => Parallelism;
  /** False: it is not given the days before the scored time. */
  readonly withoutHistory?: boolean;
  readonly create: ContestantFactory;
}

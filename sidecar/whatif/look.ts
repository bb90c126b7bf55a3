import type { Simulation } from "../../engine/simulated/index.ts";
import type { Instant, Milliseconds, VertexId } from "../../model/index.ts";

type Job = Simulation["jobs"][number];
type RunningVertex = Job["vertices"][number];

/** Counters of the subtasks of one vertex as the JobManager fetched them; whole numbers, as Flink counts. */
export interface VertexLook {
  /** Tells the attempt. */
  readonly startedAt: Instant;
  readonly reads: readonly number[];
  readonly written: number;
  readonly busyMs: number;
  readonly idleMs: number;
  readonly backPressuredMs: number;
  /** Sources only; 0 elsewhere. */
  readonly pending: number;
  /** Largest busy time of a subtask over the last 60 s (a gauge), ms/s. */
  readonly hottestBusy: number;
}

/** What the metric store holds of one moment. */
export interface Fetched {
  readonly at: Instant;
  readonly vertices: ReadonlyMap<VertexId, VertexLook>;
}

/** A fetch asks all TaskManagers; its result is there this much later. */
const FETCH_MS = 50;
/** A task registers its metrics this long after its start. */
const REGISTERED_AFTER_MS = 100;
const NOTHING: Fetched = { at: 0, vertices: new Map() };

/**
 * The metric store of a simulated JobManager for one job without trouble in its protocols: it fetches when it is
 * asked, at most every `fetcherIntervalMs`, and answers with the fetch before. What `engine/simulated` answers over
 * REST, without the making of replies; a test holds the two together.
 */
export class MetricLook {
  private readonly simulation: Simulation;
  private readonly gauges: BusyGauges;
  private readonly missing: (vertex: VertexId, name: string) => boolean;
  private arrived: Fetched = NOTHING;
  private coming: Fetched | undefined;
  private fetchedAt = Number.NEGATIVE_INFINITY;

  /** Make it before the simulation's time moves: gauges are sampled from then on. */
  constructor(simulation: Simulation) {
    this.simulation = simulation;
    this.gauges = new BusyGauges(simulation);
    this.missing = missingIn(simulation);
  }

  /** The newest fetch that has arrived. Asking starts the next one where the last is old enough. */
  look(): Fetched {
    const now = this.simulation.now();
    if (this.coming !== undefined && now >= this.coming.at + FETCH_MS) {
      this.arrived = this.coming;
      this.coming = undefined;
    }
    if (this.coming === undefined && now - this.fetchedAt > this.simulation.plan.fetcherIntervalMs) {
      this.fetchedAt = now;
      this.coming = this.fetch(now);
    }
    return this.arrived;
  }

  private fetch(at: Instant): Fetched {
    const vertices = new Map<VertexId, VertexLook>();
    const job = this.simulation.jobs[0];
    if (job?.state === "RUNNING") {
      for (const vertex of job.vertices) {
        if (at - vertex.startedAt < REGISTERED_AFTER_MS || this.missing(vertex.id, vertex.plan.name))
          continue;
        vertices.set(vertex.id, lookAt(vertex, this.gauges.hottest(vertex)));
      }
    }
    return { at, vertices };
  }
}

function lookAt(vertex: RunningVertex, hottestBusy: number): VertexLook {
  const { parallelism, source } = vertex;
  const look = { written: 0, busyMs: 0, idleMs: 0, backPressuredMs: 0, pending: 0 };
  const reads: number[] = [];
  for (let i = 0; i < parallelism; i++) {
    reads.push(Math.floor(vertex.read[i] ?? 0));
    // Rounded up where reads are rounded down: nobody may seem to read what was not written.
    look.written += Math.ceil((vertex.written[i] ?? 0) - 1e-6);
    look.busyMs += Math.round(vertex.busyMs[i] ?? 0);
    look.idleMs += Math.round(vertex.idleMs[i] ?? 0);
    look.backPressuredMs += Math.round(vertex.backPressuredMs[i] ?? 0);
    look.pending += source === undefined ? 0 : Math.floor(source.pendingOf(i));
  }
  return { startedAt: vertex.startedAt, reads, ...look, hottestBusy };
}

/** Whether trouble of the world keeps the metrics of a vertex away now. */
function missingIn(simulation: Simulation): (vertex: VertexId, name: string) => boolean {
  const spells = simulation.world.trouble.filter((t) => t.kind === "metrics-missing");
  return (vertex, name) => {
    const ms = simulation.now() - simulation.epoch;
    return spells.some(
      (t) =>
        t.atMs <= ms &&
        ms < t.atMs + t.forMs &&
        (t.vertex === undefined || t.vertex === vertex || t.vertex === name),
    );
  };
}

const SAMPLE_MS: Milliseconds = 5_000;
const SAMPLES = 12;
/** The first sample of a task holds idle time of before its first record, in proportion to the sample's own. */
const EARLY_SHARE = 2_500 / 3_750;

/** Samples of one attempt of a vertex, all subtasks: idle and back-pressured time. */
interface Samples {
  readonly startedAt: Instant;
  readonly idle: Float64Array[];
  readonly held: Float64Array[];
  idleBefore: Float64Array;
  heldBefore: Float64Array;
}

/** Busy time of subtasks as Flink's gauges show it: 1000 − idle − back-pressured, means of 60 s. */
class BusyGauges {
  private readonly samples = new Map<VertexId, Samples>();

  constructor(simulation: Simulation) {
    simulation.onTick(SAMPLE_MS, (now) => {
      const job = simulation.jobs[0];
      if (job?.state === "RUNNING") for (const vertex of job.vertices) this.sample(vertex, now);
    });
  }

  private sample(vertex: RunningVertex, now: Instant): void {
    const age = now - vertex.startedAt;
    if (age <= 0) return;
    const known = this.samples.get(vertex.id);
    const samples = known?.startedAt === vertex.startedAt ? known : emptySamples(vertex);
    this.samples.set(vertex.id, samples);
    if (age >= SAMPLE_MS) {
      const early = samples.idle.length === 0 ? 1 + EARLY_SHARE : 1;
      samples.idle.push(vertex.idleMs.map((ms, i) => (ms - (samples.idleBefore[i] ?? 0)) * early));
      samples.held.push(vertex.backPressuredMs.map((ms, i) => ms - (samples.heldBefore[i] ?? 0)));
      if (samples.idle.length > SAMPLES) samples.idle.shift();
      if (samples.held.length > SAMPLES) samples.held.shift();
    }
    samples.idleBefore = vertex.idleMs.slice();
    samples.heldBefore = vertex.backPressuredMs.slice();
  }

  /** Of the hottest subtask, ms/s; 1000 while there is no sample, as Flink says it. */
  hottest(vertex: RunningVertex): number {
    const samples = this.samples.get(vertex.id);
    const count = samples?.startedAt === vertex.startedAt ? samples.idle.length : 0;
    if (samples === undefined || count === 0) return 1_000;
    let most = 0;
    for (let i = 0; i < vertex.parallelism; i++) {
      const share = (rows: readonly Float64Array[]): number => {
        let sum = 0;
        for (const row of rows) sum += row[i] ?? 0;
        return Math.min(1_000, Math.max(0, (sum / (count * SAMPLE_MS)) * 1_000));
      };
      most = Math.max(most, 1_000 - share(samples.idle) - share(samples.held));
    }
    return Math.max(0, most);
  }
}

const emptySamples = (vertex: RunningVertex): Samples => ({
  startedAt: vertex.startedAt,
  idle: [],
  held: [],
  idleBefore: new Float64Array(vertex.parallelism),
  heldBefore: new Float64Array(vertex.parallelism),
});

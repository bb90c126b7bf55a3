import { Simulation } from "../../engine/simulated/index.ts";
import {
  Failure,
  type Instant,
  type Milliseconds,
  type Parallelism,
  type VertexId,
} from "../../model/index.ts";
import type { ContestantFactory, ContestSetup, CpuReadout, Hand } from "./contest.ts";
import { createSimulatedReader } from "./readout.ts";

/** A rescale that came true: parallelism and slots before and after. */
export interface Move {
  /** When it was asked for, ms since the epoch of the world. */
  readonly askedMs: Milliseconds;
  /** When the job ran with it. */
  readonly atMs: Milliseconds;
  readonly from: Parallelism;
  readonly to: Parallelism;
}

/** What happened in a run: one entry per virtual second, taken at its end. */
export interface RunTrace {
  readonly policy: string;
  readonly seconds: number;
  /** Records that arrived at all sources in that second. */
  readonly arrivals: Float64Array;
  /** Records that had arrived and were not done with, counted as source records. */
  readonly backlog: Float64Array;
  readonly slots: Float64Array;
  /** 1: its tasks did not work. */
  readonly down: Uint8Array;
  readonly moves: readonly Move[];
  /** When a change was asked for that differed from what the job had been asked to be, ms since the epoch. */
  readonly askedMs: readonly Milliseconds[];
  readonly start: Parallelism;
  /** Passes in which the job could not be read, or Flink refused the wish. */
  readonly failures: number;
}

const SECOND_MS = 1_000;
const CPU_SPAN_SECONDS = 60;

/** One policy beside one simulated job, in virtual time. Deterministic for a world and its seed. */
export async function runContest(setup: ContestSetup, create: ContestantFactory): Promise<RunTrace> {
  const { world, passMs, durationMs } = setup;
  const simulation = new Simulation(world);
  const reader = createSimulatedReader(simulation);
  const hand = handOf(simulation);
  const contestant = create(setup, hand);
  const log = new RunLog(simulation, setup, hand);
  const cpu = new CpuMeter();
  const { fetcherIntervalMs } = world.cluster;
  let failures = 0;

  async function pass(now: Instant): Promise<void> {
    const job = theJob(simulation);
    try {
      const readout = await reader.readJob(job.id);
      const wish = await contestant.pass(readout, cpu.readout(), now);
      if (wish !== undefined) hand.put(wish);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures += 1;
    }
  }

  let nextPass = passMs;
  for (let ms = SECOND_MS; ms <= durationMs; ms += SECOND_MS) {
    while (nextPass <= ms) {
      simulation.advanceTo(world.epoch + nextPass);
      await pass(simulation.now());
      nextPass += passMs;
    }
    simulation.advanceTo(world.epoch + ms);
    // A process that looks every few seconds keeps the metrics fresh; passes further apart must not make them old.
    if (passMs > 2 * fetcherIntervalMs && ms === nextPass - fetcherIntervalMs) reader.touch();
    log.note(ms);
    cpu.note(simulation);
  }
  await contestant.end?.();
  return { policy: contestant.name, ...log.trace(), failures };
}

export function theJob(simulation: Simulation): Simulation["jobs"][number] {
  const job = simulation.jobs[0];
  if (job === undefined) throw new TypeError("a contest has a job");
  return job;
}

/** Asks the simulated Flink as a PUT of resource requirements would, and remembers when. */
interface LoggedHand extends Hand {
  readonly asked: Milliseconds[];
}

function handOf(simulation: Simulation): LoggedHand {
  const asked: Milliseconds[] = [];
  return {
    asked,
    put(target) {
      const job = theJob(simulation);
      const present = job.requirements ?? {};
      const wish = Object.fromEntries(
        Object.entries(present).map(([id, bounds]) => {
          const upperBound = target[id] ?? bounds.upperBound;
          return [id, { lowerBound: Math.max(1, Math.min(bounds.lowerBound, upperBound)), upperBound }];
        }),
      );
      if (Object.entries(wish).every(([id, b]) => present[id]?.upperBound === b.upperBound)) return;
      try {
        simulation.putRequirements(job.id, wish);
      } catch (error) {
        throw new Failure("rejected", `cannot rescale job ${job.name}: got ${String(error)}; expected a 200`);
      }
      asked.push(simulation.now() - simulation.epoch);
    },
  };
}

/** Writes down a run, second by second. */
class RunLog {
  private readonly simulation: Simulation;
  private readonly hand: LoggedHand;
  private readonly share: Readonly<Record<VertexId, number>>;
  private readonly series: Pick<RunTrace, "arrivals" | "backlog" | "slots" | "down">;
  private readonly moves: Move[] = [];
  private readonly start: Parallelism;
  private last: Parallelism;
  private arrivedBefore = 0;
  private noted = 0;

  constructor(simulation: Simulation, { durationMs, bench }: ContestSetup, hand: LoggedHand) {
    const seconds = Math.floor(durationMs / SECOND_MS);
    this.simulation = simulation;
    this.hand = hand;
    this.share = bench.share;
    this.series = {
      arrivals: new Float64Array(seconds),
      backlog: new Float64Array(seconds),
      slots: new Float64Array(seconds),
      down: new Uint8Array(seconds),
    };
    this.start = parallelismNow(simulation);
    this.last = this.start;
  }

  note(ms: Milliseconds): void {
    const job = theJob(this.simulation);
    const i = ms / SECOND_MS - 1;
    this.noted = i + 1;
    const outside = outsideOf(job);
    this.series.arrivals[i] = outside.arrived - this.arrivedBefore;
    this.arrivedBefore = outside.arrived;
    this.series.backlog[i] = outside.pending + inFlight(job, this.share);
    this.series.slots[i] = slotsOf(job.vertices);
    this.series.down[i] = job.running ? 0 : 1;
    const now = parallelismNow(this.simulation);
    if (job.state !== "RUNNING" || sameParallelism(now, this.last)) return;
    // The machines of the new size are held from the moment the old one stops.
    const slots = this.series.slots[i] ?? 0;
    for (let d = i; d >= 0 && (d === i || this.series.down[d] === 1); d--) this.series.slots[d] = slots;
    this.moves.push({ askedMs: this.hand.asked.at(-1) ?? ms, atMs: ms, from: this.last, to: now });
    this.last = now;
  }

  trace(): Omit<RunTrace, "policy" | "failures"> {
    const { start, moves, noted: seconds } = this;
    return { seconds, ...this.series, start, moves, askedMs: this.hand.asked };
  }
}

function outsideOf(job: Simulation["jobs"][number]): { arrived: number; pending: number } {
  let arrived = 0;
  let pending = 0;
  for (const broker of job.brokers.values()) {
    for (let s = 0; s < broker.arrived.length; s++) {
      const came = broker.arrived[s] ?? 0;
      arrived += came;
      pending += Math.max(0, came - (broker.positions[s] ?? 0));
    }
  }
  return { arrived, pending };
}

/** Records in the queues of all edges, each counted as the part of a source record that it stands for. */
function inFlight(job: Simulation["jobs"][number], share: Readonly<Record<VertexId, number>>): number {
  let sum = 0;
  for (const vertex of job.vertices) {
    const each = share[vertex.id] ?? 1;
    if (each <= 0) continue;
    for (const edge of vertex.inputs) sum += (edge.written - edge.read) / each;
  }
  return Math.max(0, sum);
}

function parallelismNow(simulation: Simulation): Parallelism {
  return Object.fromEntries(theJob(simulation).vertices.map((v) => [v.id, v.parallelism]));
}

const sameParallelism = (a: Parallelism, b: Parallelism): boolean =>
  Object.keys(a).every((id) => a[id] === b[id]);

/** Slots of a job: of every slot sharing group its largest parallelism. */
export function slotsOf(
  vertices: readonly { readonly plan: { readonly slotSharingGroup: string }; readonly parallelism: number }[],
): number {
  const groups = new Map<string, number>();
  for (const { plan, parallelism } of vertices) {
    const group = plan.slotSharingGroup;
    groups.set(group, Math.max(groups.get(group) ?? 0, parallelism));
  }
  let slots = 0;
  for (const most of groups.values()) slots += most;
  return slots;
}

/** Busy share of every vertex over the last 60 s of its tasks' time, sampled once a second. */
class CpuMeter {
  private readonly samples: ReadonlyMap<VertexId, { startedAt: Instant; busy: number; time: number }>[] = [];

  note(simulation: Simulation): void {
    const sample = new Map<VertexId, { startedAt: Instant; busy: number; time: number }>();
    for (const { id, startedAt, parallelism, busyMs, idleMs, backPressuredMs } of theJob(simulation)
      .vertices) {
      const one = { startedAt, busy: 0, time: 0 };
      for (let i = 0; i < parallelism; i++) {
        one.busy += busyMs[i] ?? 0;
        one.time += (busyMs[i] ?? 0) + (idleMs[i] ?? 0) + (backPressuredMs[i] ?? 0);
      }
      sample.set(id, one);
    }
    this.samples.push(sample);
    if (this.samples.length > CPU_SPAN_SECONDS + 1) this.samples.shift();
  }

  readout(): CpuReadout {
    const vertexShare: Record<VertexId, number> = {};
    for (const [id, newest] of this.samples.at(-1) ?? []) {
      // An attempt that is younger than the span is looked at since its start.
      const oldest = this.samples.find((s) => s.get(id)?.startedAt === newest.startedAt)?.get(id);
      const time = newest.time - (oldest?.time ?? 0);
      vertexShare[id] = time <= 0 ? 0 : (newest.busy - (oldest?.busy ?? 0)) / time;
    }
    return { jobShare: Math.max(0, ...Object.values(vertexShare)), vertexShare };
  }
}

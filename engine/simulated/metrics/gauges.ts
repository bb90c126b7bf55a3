import type { FlinkJobId, Instant, VertexId } from "../../../model/index.ts";
import type { JobView, SimulatedCluster, SubtaskView, TaskManagerView } from "../view.ts";
import { createMeter, type Meter } from "./meter.ts";
import { createShare, type Share } from "./share.ts";

/** Flink's `View` updates: every gauge and meter is computed anew this often. */
export const TICK_MS = 5_000;

/** Gauges of one subtask as they were at the last tick. */
export interface SubtaskGauges {
  /** Means over the last 60 s, or over as much of it as has been sampled. */
  readonly idleMsPerSecond: number;
  readonly backPressuredMsPerSecond: number;
  readonly busyMsPerSecond: number;
  /** Growth over the last 60 s / 60, with 0 for what was before the start. */
  readonly readPerSecond: number;
  readonly writePerSecond: number;
}

/** What a TaskManager's machine has used up since it started. */
export interface MachineGauges {
  readonly cpuMs: number;
  readonly allocatedBytes: number;
  /** Time in collections that a script adds to those that allocation makes. */
  readonly extraGcMs: number;
  readonly gcMsPerSecond: number;
}

/** The sampled side of the metrics; everything else is read off the counters. */
export interface Gauges {
  of(job: FlinkJobId, vertex: VertexId, subtask: SubtaskView): SubtaskGauges;
  machine(taskManager: TaskManagerView): MachineGauges;
}

interface Rings {
  readonly startedAt: Instant;
  readonly idle: Share;
  readonly backPressured: Share;
  readonly read: Meter;
  readonly write: Meter;
}

interface Machine {
  readonly startedAt: Instant;
  cpuMs: number;
  allocatedBytes: number;
  extraGcMs: number;
  readonly gc: Meter;
}

/** Bytes that a TaskManager allocates per second: by itself, and per core in use. */
const ALLOCATED_IDLE = 1_000_000;
const ALLOCATED_PER_CORE = 24_000_000;
export const allocatedPerSecond = (coresUsed: number): number =>
  ALLOCATED_IDLE + coresUsed * ALLOCATED_PER_CORE;
/** The collector runs when this much is allocated, and then takes so long. */
export const EDEN_BYTES = 64 * 1024 * 1024;
export const GC_MS = 8;

const RUNS_SINCE_LESS_THAN_A_TICK: SubtaskGauges = {
  idleMsPerSecond: 0,
  backPressuredMsPerSecond: 0,
  busyMsPerSecond: 1_000,
  readPerSecond: 0,
  writePerSecond: 0,
};
const JUST_STARTED: MachineGauges = { cpuMs: 0, allocatedBytes: 0, extraGcMs: 0, gcMsPerSecond: 0 };

/** Samples the cluster's counters from now on, every five seconds of its time. */
export function createGauges(cluster: SimulatedCluster): Gauges {
  const subtasks = new Map<string, Rings>();
  const machines = new Map<string, Machine>();
  const keyOf = (job: FlinkJobId, vertex: VertexId, index: number): string => `${job}/${vertex}/${index}`;

  cluster.onTick(TICK_MS, (now) => {
    for (const job of cluster.jobs) sampleJob(job, now);
    for (const taskManager of cluster.taskManagers) {
      if (taskManager.alive) sampleMachine(machines, taskManager);
    }
  });

  function sampleJob(job: JobView, now: Instant): void {
    if (job.state !== "RUNNING") return;
    for (const vertex of job.vertices) {
      for (const subtask of vertex.subtasks) {
        const key = keyOf(job.id, vertex.id, subtask.index);
        const known = subtasks.get(key);
        const rings = known?.startedAt === subtask.startedAt ? known : ringsFrom(subtask.startedAt);
        if (rings !== known) subtasks.set(key, rings);
        sample(rings, subtask, now);
      }
    }
  }

  return {
    of(job, vertex, subtask) {
      const rings = subtasks.get(keyOf(job, vertex, subtask.index));
      return rings?.startedAt === subtask.startedAt ? gaugesOf(rings) : RUNS_SINCE_LESS_THAN_A_TICK;
    },
    machine(taskManager) {
      const known = machines.get(taskManager.id);
      if (known?.startedAt !== taskManager.startedAt) return JUST_STARTED;
      const { cpuMs, allocatedBytes, extraGcMs, gc } = known;
      return { cpuMs, allocatedBytes, extraGcMs, gcMsPerSecond: gc.perSecond() };
    },
  };
}

function ringsFrom(startedAt: Instant): Rings {
  return {
    startedAt,
    idle: createShare("waits before its first record"),
    backPressured: createShare("exact"),
    read: createMeter(),
    write: createMeter(),
  };
}

function sample(rings: Rings, subtask: SubtaskView, now: Instant): void {
  const age = now - rings.startedAt;
  if (age <= 0) return;
  rings.idle.sample(subtask.idleMs, age);
  rings.backPressured.sample(subtask.backPressuredMs, age);
  rings.read.mark(subtask.readRecords);
  rings.write.mark(subtask.writeRecords);
}

function gaugesOf(rings: Rings): SubtaskGauges {
  const idleMsPerSecond = rings.idle.msPerSecond();
  const backPressuredMsPerSecond = rings.backPressured.msPerSecond();
  return {
    idleMsPerSecond,
    backPressuredMsPerSecond,
    // Flink does not measure busy time: it is what the other two leave over, and so 1000 before they exist.
    busyMsPerSecond: Math.max(0, 1_000 - idleMsPerSecond - backPressuredMsPerSecond),
    readPerSecond: rings.read.perSecond(),
    writePerSecond: rings.write.perSecond(),
  };
}

function sampleMachine(machines: Map<string, Machine>, taskManager: TaskManagerView): void {
  const { id, startedAt, coresUsed, gcShare } = taskManager;
  let machine = machines.get(id);
  if (machine?.startedAt !== startedAt) {
    machine = { startedAt, cpuMs: 0, allocatedBytes: 0, extraGcMs: 0, gc: createMeter() };
    machines.set(id, machine);
  }
  machine.cpuMs += coresUsed * TICK_MS;
  machine.allocatedBytes += (allocatedPerSecond(coresUsed) * TICK_MS) / 1_000;
  machine.extraGcMs += gcShare * TICK_MS;
  machine.gc.mark(Math.floor(machine.allocatedBytes / EDEN_BYTES) * GC_MS + machine.extraGcMs);
}

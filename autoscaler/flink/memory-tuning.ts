import type { FlinkOptions } from "./flink-options.ts";
import { type BufferSettings, DEFAULT_BUFFERS, networkMemory } from "./network-buffers.ts";
import { formatMemory } from "./quantities.ts";
import { type ParallelismChanges, slotsAfter } from "./quota.ts";
import type { FlinkTopology } from "./topology.ts";

const MIB = 1024 ** 2;

/** What of the job and its TaskManagers bears on their memory: bytes, slots. */
export interface MemoryCase {
  readonly processBytes: number;
  readonly slotsPerTaskManager: number;
  readonly slotsUsed: number;
  readonly topology: FlinkTopology;
  readonly changes: ParallelismChanges;
  readonly heapUsed: number;
  readonly managedUsed: number;
  readonly metaspaceUsed: number;
  readonly buffers?: BufferSettings;
}

type TuningOptions = Pick<FlinkOptions, "memoryOverhead" | "maximizeManaged" | "memoryCompensation">;

/** How Flink divides a process of a size, with its default settings; its fractions are floats. */
function memoryModel(processBytes: number) {
  const overhead = Math.min(1024 * MIB, Math.max(192 * MIB, Math.floor(processBytes * Math.fround(0.1))));
  const metaspace = 256 * MIB;
  const flink = processBytes - overhead - metaspace;
  const managed = Math.floor(flink * Math.fround(0.4));
  return { overhead, managed, frameworkOffHeap: 128 * MIB, taskOffHeap: 0 };
}

/** Gives bytes until there are none: later wishes get what earlier ones left. */
class Budget {
  left: number;
  constructor(bytes: number) {
    this.left = bytes;
  }
  take(wished: number): number {
    const given = Math.max(0, Math.min(wished, this.left));
    this.left -= given;
    return given;
  }
}

/**
 * The configuration that the Java autoscaler would give the TaskManagers after a rescale. Outrider changes no memory;
 * this is for showing and comparing.
 */
export function tuneMemory(c: MemoryCase, options: TuningOptions): Readonly<Record<string, string>> {
  const model = memoryModel(c.processBytes);
  const budget = new Budget(c.processBytes);
  for (const fixed of [model.frameworkOffHeap, model.taskOffHeap, model.overhead]) budget.take(fixed);
  const after = Object.fromEntries(c.topology.map((v) => [v.id, c.changes[v.id]?.to ?? v.parallelism]));
  const network = budget.take(
    networkMemory(c.topology, after, c.slotsPerTaskManager, c.buffers ?? DEFAULT_BUFFERS),
  );
  const withOverhead = (used: number): number => Math.floor(used * (1 + options.memoryOverhead));
  const metaspace = budget.take(withOverhead(c.metaspaceUsed));
  const heapNow = budget.take(withOverhead(c.heapUsed));
  const managedWish = c.managedUsed <= 0 ? 0 : options.maximizeManaged ? budget.left : model.managed;
  const managed = budget.take(managedWish);
  const extra = options.memoryCompensation ? compensation(c, heapNow) : 0;
  const heap = heapNow + budget.take(extra);
  const total = c.processBytes - budget.left;
  const flink = heap + managed + network + model.frameworkOffHeap + model.taskOffHeap;
  return {
    "taskmanager.memory.managed.fraction": fraction(managed, flink),
    "taskmanager.memory.network.min": formatMemory(network),
    "taskmanager.memory.network.max": formatMemory(network),
    "taskmanager.memory.jvm-metaspace.size": formatMemory(metaspace),
    "taskmanager.memory.jvm-overhead.fraction": fraction(model.overhead, total),
    "taskmanager.memory.framework.heap.size": formatMemory(0),
    "taskmanager.memory.process.size": formatMemory(total),
  };
}

/** Heap that is added where fewer TaskManagers remain; never negative. */
function compensation(c: MemoryCase, heap: number): number {
  const present = Object.fromEntries(c.topology.map((v) => [v.id, v.parallelism]));
  return Math.floor(
    heap *
      (scalingFactor(c.slotsUsed, slotsAfter(present, c.changes, c.slotsUsed), c.slotsPerTaskManager) - 1),
  );
}

/** TaskManagers before ÷ after, at least 1. */
export function scalingFactor(slotsBefore: number, slotsThen: number, perTaskManager: number): number {
  const count = (slots: number): number => Math.ceil(slots / perTaskManager);
  return Math.max(1, count(slotsBefore) / Math.max(1, count(slotsThen)));
}

/** Up to 3 decimals, as Java prints a float: `0.0`. */
function fraction(part: number, whole: number): string {
  const value = Math.ceil((part / whole) * 1_000) / 1_000;
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

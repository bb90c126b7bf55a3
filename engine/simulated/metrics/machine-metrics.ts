import type { Instant } from "../../../model/index.ts";
import type { ClusterView, TaskManagerView } from "../view.ts";
import { majorOf } from "./flink-version.ts";
import { allocatedPerSecond, EDEN_BYTES, type Gauges, GC_MS, type MachineGauges } from "./gauges.ts";
import type { MetricValue } from "./vertex-shape.ts";

const MIB = 1024 * 1024;

/** Sizes of a simulated TaskManager, in bytes; its page, its REST entry and its metrics agree on them. */
export const MEMORY = {
  heapMax: 512 * MIB,
  heapLive: 96 * MIB,
  framework: 64 * MIB,
  network: 64 * MIB,
  managed: 256 * MIB,
  metaspaceMax: 256 * MIB,
  metaspaceUsed: 41 * MIB,
  overhead: 64 * MIB,
} as const;

/** What a collection leaves in the heap, in bytes. */
const heapLiveOf = ({ heapShare }: Pick<TaskManagerView, "heapShare">): number =>
  Math.max(MEMORY.heapLive, (heapShare ?? 0) * MEMORY.heapMax);

/** A heap that fills up to its young generation, where there is room for one, and falls back. */
export function heapUsedOf(machine: MachineGauges, of: Pick<TaskManagerView, "heapShare">): number {
  const live = heapLiveOf(of);
  const young = Math.min(1, (MEMORY.heapMax - live) / EDEN_BYTES);
  return Math.round(live + (machine.allocatedBytes % EDEN_BYTES) * young);
}

/** A heap that is nearly full is collected in whole, which takes so long. */
const FULL_GC_MS = 200;

const collectionsOf = (machine: MachineGauges): number => Math.floor(machine.allocatedBytes / EDEN_BYTES);

const fullCollectionsOf = (machine: MachineGauges): number => Math.floor(machine.extraGcMs / FULL_GC_MS);

/** The figures of memory and CPU of one TaskManager that a decision may depend on, each 0..1, as they are now. */
export interface MachinePressure {
  readonly gcShare: number;
  readonly heapShare: number;
  readonly cpuLoad: number;
}

/** Without the lateness of the metrics: `heapShare` in the middle between two collections. */
export function machinePressure(of: TaskManagerView): MachinePressure {
  const live = heapLiveOf(of);
  const young = Math.min(EDEN_BYTES, MEMORY.heapMax - live);
  return {
    gcShare: Math.min(1, of.gcShare + ((allocatedPerSecond(of.coresUsed) / EDEN_BYTES) * GC_MS) / 1_000),
    heapShare: (live + young / 2) / MEMORY.heapMax,
    cpuLoad: cpuLoadOf(of),
  };
}

const cpuLoadOf = ({ cores, coresUsed, gcShare }: TaskManagerView): number =>
  cores > 0 ? Math.min(1, (coresUsed + gcShare) / cores) : 0;

interface Collector {
  readonly count: number;
  /** Milliseconds since the start, and per second over the last minute. */
  readonly time: number;
  readonly perSecond: number;
}

/** Young collections come by allocation, whole ones by script. */
export function garbageCollectors(machine: MachineGauges): Record<"all" | "copy" | "full", Collector> {
  const young = collectionsOf(machine);
  const [copyMs, fullMs] = [young * GC_MS, Math.round(machine.extraGcMs)];
  const perSecond = (ms: number): number =>
    ms === 0 ? 0 : (machine.gcMsPerSecond * ms) / Math.max(1, copyMs + fullMs);
  const full = fullCollectionsOf(machine);
  return {
    all: { count: young + full, time: copyMs + fullMs, perSecond: perSecond(copyMs + fullMs) },
    copy: { count: young, time: copyMs, perSecond: perSecond(copyMs) },
    full: { count: full, time: fullMs, perSecond: perSecond(fullMs) },
  };
}

/** `Status.…` names without the prefix. */
function jvm(
  machine: MachineGauges,
  of: Pick<TaskManagerView, "heapShare">,
  cpuLoad: number,
  flinkMajor: number,
): [string, MetricValue][] {
  const { all, copy, full } = garbageCollectors(machine);
  const collector = (name: string, { count, time, perSecond }: Collector): [string, MetricValue][] => [
    [`GarbageCollector.${name}.Count`, count],
    [`GarbageCollector.${name}.Time`, time],
    [`GarbageCollector.${name}.TimeMsPerSecond`, perSecond],
  ];
  return [
    ["CPU.Load", cpuLoad],
    ["CPU.Time", Math.round(machine.cpuMs * 1e6)],
    ["Threads.Count", 62],
    ["ClassLoader.ClassesLoaded", 9_412],
    ["ClassLoader.ClassesUnloaded", 0],
    ["Memory.Heap.Used", heapUsedOf(machine, of)],
    ["Memory.Heap.Committed", MEMORY.heapMax],
    ["Memory.Heap.Max", MEMORY.heapMax],
    ["Memory.NonHeap.Used", MEMORY.metaspaceUsed + 24 * MIB],
    ["Memory.NonHeap.Committed", MEMORY.metaspaceUsed + 26 * MIB],
    ["Memory.NonHeap.Max", 2 * MEMORY.metaspaceMax],
    ["Memory.Metaspace.Used", MEMORY.metaspaceUsed],
    ["Memory.Metaspace.Committed", MEMORY.metaspaceUsed + MIB],
    ["Memory.Metaspace.Max", MEMORY.metaspaceMax],
    ["Memory.Direct.Count", 2_086],
    ["Memory.Direct.MemoryUsed", MEMORY.network + 7 * MIB],
    ["Memory.Direct.TotalCapacity", MEMORY.network + 7 * MIB],
    ["Memory.Mapped.Count", 0],
    ["Memory.Mapped.MemoryUsed", 0],
    ["Memory.Mapped.TotalCapacity", 0],
    ...collector("All", all),
    ...collector("Copy", copy),
    ...collector("MarkSweepCompact", full),
    ...(flinkMajor >= 2
      ? [
          ["FileDescriptor.Open", 212] as [string, MetricValue],
          ["FileDescriptor.Max", 1_048_576] as [string, MetricValue],
        ]
      : []),
  ];
}

const underJvm = (list: [string, MetricValue][]): [string, MetricValue][] =>
  list.map(([name, value]) => [`Status.JVM.${name}`, value]);

/** What one TaskManager says of itself. */
export function taskManagerMetricsOf(
  taskManager: TaskManagerView,
  segmentBytes: number,
  flinkVersion: string,
  gauges: Gauges,
): Map<string, MetricValue> {
  const machine = gauges.machine(taskManager);
  const major = majorOf(flinkVersion);
  const total = Math.floor(MEMORY.network / segmentBytes);
  const used = Math.min(total, (taskManager.slots - taskManager.freeSlots) * 16);
  return new Map<string, MetricValue>([
    ...underJvm(jvm(machine, taskManager, cpuLoadOf(taskManager), major)),
    ["Status.Flink.Memory.Managed.Total", MEMORY.managed],
    ["Status.Flink.Memory.Managed.Used", 0],
    ["Status.Shuffle.Netty.TotalMemorySegments", total],
    ["Status.Shuffle.Netty.UsedMemorySegments", used],
    ["Status.Shuffle.Netty.AvailableMemorySegments", total - used],
    ["Status.Shuffle.Netty.TotalMemory", total * segmentBytes],
    ["Status.Shuffle.Netty.UsedMemory", used * segmentBytes],
    ["Status.Shuffle.Netty.AvailableMemory", (total - used) * segmentBytes],
    ["Status.Shuffle.Netty.RequestedMemoryUsage", total === 0 ? 0 : Math.round((used / total) * 100)],
    ...(major >= 2 ? [] : oldNetworkNames(total, used)),
  ]);
}

const oldNetworkNames = (total: number, used: number): [string, MetricValue][] => [
  ["Status.Network.TotalMemorySegments", total],
  ["Status.Network.AvailableMemorySegments", total - used],
];

/** What the JobManager says of itself and of the cluster. */
export function jobManagerMetricsOf(cluster: ClusterView, now: Instant): Map<string, MetricValue> {
  const seconds = Math.max(0, now - cluster.epoch) / 1_000;
  const machine = { cpuMs: seconds * 20, allocatedBytes: seconds * 500_000, extraGcMs: 0, gcMsPerSecond: 0 };
  const slots = cluster.taskManagers.reduce((sum, t) => sum + t.slots, 0);
  const free = cluster.taskManagers.reduce((sum, t) => sum + t.freeSlots, 0);
  return new Map<string, MetricValue>([
    ...underJvm(jvm(machine, { heapShare: undefined }, 0.02, majorOf(cluster.plan.flinkVersion))),
    ["taskSlotsTotal", slots],
    ["taskSlotsAvailable", free],
    ["numRegisteredTaskManagers", cluster.taskManagers.length],
    ["numRunningJobs", cluster.jobs.filter((j) => j.state === "RUNNING").length],
  ]);
}

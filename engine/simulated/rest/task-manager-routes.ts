import { garbageCollectors, heapUsedOf, MEMORY, taskManagerMetricsOf } from "../metrics/machine-metrics.ts";
import type { JobView, TaskManagerView } from "../view.ts";
import type { Desk } from "./desk.ts";
import { ok, refusal } from "./reply.ts";
import { type Route, route } from "./route.ts";

const MIB = 1024 * 1024;
const TASK_HEAP = MEMORY.heapMax - MEMORY.framework;

/** Routes about TaskManagers. Not cached; only the machine's numbers come from the metric store. */
export const taskManagerRoutes: readonly Route[] = [
  route("GET /taskmanagers", ({ desk }) =>
    ok({ taskmanagers: desk.cluster.taskManagers.map((t) => lineOf(desk, t)) }),
  ),
  route("GET /taskmanagers/:taskmanagerid", ({ desk, at }) => {
    const found = desk.cluster.taskManagers.find((t) => t.id === at["taskmanagerid"]);
    return found === undefined
      ? refusal(404, `Could not find TaskExecutor with id ${at["taskmanagerid"]}.`)
      : ok({
          ...lineOf(desk, found),
          allocatedSlots: slotsOf(desk, found),
          metrics: machineOf(desk, found),
        });
  }),
];

/** Subtasks that a job has on a TaskManager, by vertex. */
const tasksOn = (job: JobView, id: string): { readonly group: string; readonly tasks: number }[] =>
  job.state === "RUNNING"
    ? job.vertices.map((v) => ({
        group: v.plan.slotSharingGroup,
        tasks: v.subtasks.filter((s) => s.taskManager === id).length,
      }))
    : [];

function lineOf({ cluster, flinkMajor }: Desk, t: TaskManagerView) {
  const tasks = cluster.jobs.flatMap((job) => tasksOn(job, t.id)).reduce((sum, v) => sum + v.tasks, 0);
  return {
    id: t.id,
    path: `pekko.tcp://flink@${t.id}:6122/user/rpc/taskmanager_0`,
    dataPort: 6121,
    jmxPort: -1,
    // A time and not a duration, whatever its name says.
    timeSinceLastHeartbeat: t.lastHeartbeatAt,
    slotsNumber: t.slots,
    freeSlots: t.freeSlots,
    ...(flinkMajor >= 2 ? { assignedTasks: tasks } : {}),
    totalResource: resourceOf(t, t.slots),
    freeResource: resourceOf(t, t.freeSlots),
    hardware: {
      cpuCores: Math.ceil(t.cores),
      physicalMemory: 16 * 1024 * MIB,
      freeMemory: MEMORY.heapMax,
      managedMemory: MEMORY.managed,
    },
    memoryConfiguration: {
      frameworkHeap: MEMORY.framework,
      taskHeap: TASK_HEAP,
      frameworkOffHeap: MEMORY.framework,
      taskOffHeap: 0,
      networkMemory: MEMORY.network,
      managedMemory: MEMORY.managed,
      jvmMetaspace: MEMORY.metaspaceMax,
      jvmOverhead: MEMORY.overhead,
      totalFlinkMemory: MEMORY.heapMax + MEMORY.framework + MEMORY.network + MEMORY.managed,
      totalProcessMemory:
        MEMORY.heapMax +
        MEMORY.framework +
        MEMORY.network +
        MEMORY.managed +
        MEMORY.metaspaceMax +
        MEMORY.overhead,
    },
  };
}

/** The share of a TaskManager that so many of its slots stand for; memory in MiB. */
function resourceOf(t: TaskManagerView, slots: number) {
  const share = t.slots === 0 ? 0 : slots / t.slots;
  const part = (bytes: number): number => Math.floor((bytes * share) / MIB);
  return {
    cpuCores: t.cores * share,
    taskHeapMemory: part(TASK_HEAP),
    taskOffHeapMemory: 0,
    managedMemory: part(MEMORY.managed),
    networkMemory: part(MEMORY.network),
    extendedResources: {},
  };
}

/** A group's subtasks share slots, so its largest vertex says how many slots it has here. */
function slotsOf({ cluster, flinkMajor }: Desk, t: TaskManagerView) {
  return cluster.jobs.flatMap((job) =>
    [...Map.groupBy(tasksOn(job, t.id), (v) => v.group).values()].flatMap((vertices) => {
      const slots = Math.max(...vertices.map((v) => v.tasks));
      return Array.from({ length: slots }, (_, i) => ({
        jobId: job.id,
        resource: resourceOf(t, 1),
        ...(flinkMajor >= 2 ? { assignedTasks: vertices.filter((v) => v.tasks > i).length } : {}),
      }));
    }),
  );
}

function machineOf({ cluster, flinkMajor, gauges }: Desk, t: TaskManagerView) {
  const { segmentBytes, flinkVersion } = cluster.plan;
  const metrics = taskManagerMetricsOf(t, segmentBytes, flinkVersion, gauges);
  const machine = gauges.machine(t);
  const number = (name: string): number => Number(metrics.get(`Status.${name}`) ?? 0);
  const { all, copy, full } = garbageCollectors(machine);
  return {
    heapUsed: heapUsedOf(machine, t),
    heapCommitted: MEMORY.heapMax,
    heapMax: MEMORY.heapMax,
    nonHeapUsed: number("JVM.Memory.NonHeap.Used"),
    nonHeapCommitted: number("JVM.Memory.NonHeap.Committed"),
    nonHeapMax: number("JVM.Memory.NonHeap.Max"),
    directCount: number("JVM.Memory.Direct.Count"),
    directUsed: number("JVM.Memory.Direct.MemoryUsed"),
    directMax: number("JVM.Memory.Direct.TotalCapacity"),
    mappedCount: 0,
    mappedUsed: 0,
    mappedMax: 0,
    ...(flinkMajor >= 2
      ? {}
      : {
          memorySegmentsAvailable: number("Network.AvailableMemorySegments"),
          memorySegmentsTotal: number("Network.TotalMemorySegments"),
        }),
    nettyShuffleMemorySegmentsAvailable: number("Shuffle.Netty.AvailableMemorySegments"),
    nettyShuffleMemorySegmentsUsed: number("Shuffle.Netty.UsedMemorySegments"),
    nettyShuffleMemorySegmentsTotal: number("Shuffle.Netty.TotalMemorySegments"),
    nettyShuffleMemoryAvailable: number("Shuffle.Netty.AvailableMemory"),
    nettyShuffleMemoryUsed: number("Shuffle.Netty.UsedMemory"),
    nettyShuffleMemoryTotal: number("Shuffle.Netty.TotalMemory"),
    garbageCollectors: [
      { name: "All", count: all.count, time: all.time },
      { name: "Copy", count: copy.count, time: copy.time },
      { name: "MarkSweepCompact", count: full.count, time: full.time },
    ],
  };
}

import { type Promql, promql } from "../../../model/index.ts";
import type { PanelQuery, RowSpec } from "../panel.ts";
import { ofItsJobManager, ofItsTaskManagers } from "../selectors.ts";

/** Which TaskManagers are shown; a session cluster has others. */
const WHOSE =
  "Only TaskManagers that hold subtasks of the job; in a session cluster they may serve other jobs too.";

/** Memory, garbage collection, CPU and threads of the job's processes. */
export const PROCESSES: RowSpec = {
  id: 500,
  title: "Heap, garbage collection and CPU",
  panels: [
    {
      id: 501,
      kind: "timeseries",
      title: "Heap of TaskManagers",
      description: `Heap in use and the most there may be. The saw-tooth is normal; look at its lower edge. ${WHOSE}`,
      unit: "bytes",
      min: 0,
      width: 8,
      height: 8,
      queries: [
        worker("used", ofItsTaskManagers("flink_taskmanager_Status_JVM_Memory_Heap_Used")),
        worker("most", bounded(ofItsTaskManagers("flink_taskmanager_Status_JVM_Memory_Heap_Max"))),
      ],
      runbooks: ["FlinkTaskManagerHeapHigh"],
    },
    {
      id: 502,
      kind: "timeseries",
      title: "Memory of TaskManagers outside the heap",
      description: `Managed memory (a reservation: near its whole with RocksDB), network buffers, metaspace, direct buffers. ${WHOSE}`,
      unit: "bytes",
      min: 0,
      width: 8,
      height: 8,
      queries: [
        worker("managed", ofItsTaskManagers("flink_taskmanager_Status_Flink_Memory_Managed_Used")),
        worker("network", ofItsTaskManagers("flink_taskmanager_Status_Shuffle_Netty_UsedMemory")),
        worker("metaspace", ofItsTaskManagers("flink_taskmanager_Status_JVM_Memory_Metaspace_Used")),
        worker("direct", ofItsTaskManagers("flink_taskmanager_Status_JVM_Memory_Direct_MemoryUsed")),
      ],
      runbooks: ["FlinkTaskManagerHeapHigh"],
    },
    {
      id: 503,
      kind: "timeseries",
      title: "Heap of the JobManager",
      description: "Heap in use and the most there may be, of the JobManager that leads the job.",
      unit: "bytes",
      min: 0,
      width: 8,
      height: 8,
      queries: [
        leader("used", ofItsJobManager("flink_jobmanager_Status_JVM_Memory_Heap_Used")),
        leader("most", bounded(ofItsJobManager("flink_jobmanager_Status_JVM_Memory_Heap_Max"))),
      ],
    },
    {
      id: 504,
      kind: "timeseries",
      title: "Time in garbage collection",
      description: `Share of time that all collectors of a process take. Above a fifth the heap is too small. ${WHOSE}`,
      unit: "percentunit",
      min: 0,
      width: 8,
      height: 8,
      steps: [
        { from: null, color: "green" },
        { from: 0.2, color: "red" },
      ],
      queries: [
        worker(
          "",
          perSecond(ofItsTaskManagers("flink_taskmanager_Status_JVM_GarbageCollector_All_TimeMsPerSecond")),
        ),
        leader(
          "",
          perSecond(ofItsJobManager("flink_jobmanager_Status_JVM_GarbageCollector_All_TimeMsPerSecond")),
        ),
      ],
      runbooks: ["FlinkGarbageCollection"],
    },
    {
      id: 505,
      kind: "timeseries",
      title: "CPU",
      description: `Share of the machine's or container's processors that the process uses. ${WHOSE}`,
      unit: "percentunit",
      min: 0,
      width: 8,
      height: 8,
      queries: [
        worker("", known(ofItsTaskManagers("flink_taskmanager_Status_JVM_CPU_Load"))),
        leader("", known(ofItsJobManager("flink_jobmanager_Status_JVM_CPU_Load"))),
      ],
    },
    {
      id: 506,
      kind: "timeseries",
      title: "Threads",
      description: `Live threads of the processes. A number that grows with every restart is a leak in user code. ${WHOSE}`,
      unit: "short",
      min: 0,
      width: 8,
      height: 8,
      queries: [
        worker("", ofItsTaskManagers("flink_taskmanager_Status_JVM_Threads_Count")),
        leader("", ofItsJobManager("flink_jobmanager_Status_JVM_Threads_Count")),
      ],
    },
  ],
};

/** A query with one series per TaskManager. */
function worker(what: string, expr: Promql): PanelQuery {
  return { expr, legend: `{{tm_id}} ${what}`.trim() };
}

function leader(what: string, expr: Promql): PanelQuery {
  return { expr, legend: `JobManager ${what}`.trim() };
}

/** Without a bound Flink writes -1. */
function bounded(expr: Promql): Promql {
  return promql`(${expr}) > 0`;
}

/** What Flink does not know it writes as -1. */
function known(expr: Promql): Promql {
  return promql`(${expr}) >= 0`;
}

/** Milliseconds per second as a share of time. */
function perSecond(expr: Promql): Promql {
  return promql`(${expr}) / 1000`;
}

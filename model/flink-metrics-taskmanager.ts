import { type FlinkMetric, metricsOf } from "./flink-metric.ts";

const worker = metricsOf("taskmanager");

/** What a TaskManager's page holds of its process. */
export const TASKMANAGER_METRICS = {
  flink_taskmanager_Status_JVM_CPU_Load: worker(
    "gauge",
    "ratio",
    "Share of all CPUs that the process uses.",
    { sentinel: "-1 if unknown" },
  ),
  flink_taskmanager_Status_JVM_CPU_Time: worker("counter", "ns", "CPU time used."),
  flink_taskmanager_Status_JVM_Threads_Count: worker("gauge", "1", "Live threads."),
  flink_taskmanager_Status_JVM_ClassLoader_ClassesLoaded: worker("counter", "1", "Classes loaded."),
  flink_taskmanager_Status_JVM_ClassLoader_ClassesUnloaded: worker("counter", "1", "Classes unloaded."),
  flink_taskmanager_Status_JVM_FileDescriptor_Open: worker("gauge", "1", "Open file descriptors.", {
    since: "2.3",
  }),
  flink_taskmanager_Status_JVM_FileDescriptor_Max: worker("gauge", "1", "Most file descriptors.", {
    since: "2.3",
  }),
  flink_taskmanager_Status_JVM_GarbageCollector_All_Count: worker(
    "counter",
    "1",
    "Garbage collections of all collectors.",
  ),
  flink_taskmanager_Status_JVM_GarbageCollector_All_Time: worker(
    "counter",
    "ms",
    "Time in garbage collections of all collectors.",
  ),
  flink_taskmanager_Status_JVM_GarbageCollector_All_TimeMsPerSecond: worker(
    "meter",
    "ms/s",
    "Time in garbage collections of all collectors.",
  ),
  flink_taskmanager_Status_JVM_Memory_Heap_Used: worker("gauge", "bytes", "Heap in use."),
  flink_taskmanager_Status_JVM_Memory_Heap_Committed: worker("gauge", "bytes", "Heap held by the JVM."),
  flink_taskmanager_Status_JVM_Memory_Heap_Max: worker("gauge", "bytes", "Most Heap that there may be.", {
    sentinel: "-1 if unbounded",
  }),
  flink_taskmanager_Status_JVM_Memory_NonHeap_Used: worker("gauge", "bytes", "NonHeap in use."),
  flink_taskmanager_Status_JVM_Memory_NonHeap_Committed: worker("gauge", "bytes", "NonHeap held by the JVM."),
  flink_taskmanager_Status_JVM_Memory_NonHeap_Max: worker(
    "gauge",
    "bytes",
    "Most NonHeap that there may be.",
    { sentinel: "-1 if unbounded" },
  ),
  flink_taskmanager_Status_JVM_Memory_Metaspace_Used: worker("gauge", "bytes", "Metaspace in use."),
  flink_taskmanager_Status_JVM_Memory_Metaspace_Committed: worker(
    "gauge",
    "bytes",
    "Metaspace held by the JVM.",
  ),
  flink_taskmanager_Status_JVM_Memory_Metaspace_Max: worker(
    "gauge",
    "bytes",
    "Most Metaspace that there may be.",
    { sentinel: "-1 if unbounded" },
  ),
  flink_taskmanager_Status_JVM_Memory_Direct_Count: worker("gauge", "1", "Direct buffers."),
  flink_taskmanager_Status_JVM_Memory_Direct_MemoryUsed: worker(
    "gauge",
    "bytes",
    "Memory in direct buffers.",
  ),
  flink_taskmanager_Status_JVM_Memory_Direct_TotalCapacity: worker(
    "gauge",
    "bytes",
    "Capacity of all direct buffers.",
  ),
  flink_taskmanager_Status_JVM_Memory_Mapped_Count: worker("gauge", "1", "Mapped buffers."),
  flink_taskmanager_Status_JVM_Memory_Mapped_MemoryUsed: worker(
    "gauge",
    "bytes",
    "Memory in mapped buffers.",
  ),
  flink_taskmanager_Status_JVM_Memory_Mapped_TotalCapacity: worker(
    "gauge",
    "bytes",
    "Capacity of all mapped buffers.",
  ),
  flink_taskmanager_Status_Flink_Memory_Managed_Used: worker(
    "gauge",
    "bytes",
    "Managed memory reserved; with RocksDB near 100 % by design.",
  ),
  flink_taskmanager_Status_Flink_Memory_Managed_Total: worker("gauge", "bytes", "Managed memory."),
  flink_taskmanager_Status_Shuffle_Netty_AvailableMemory: worker("gauge", "bytes", "Network memory free."),
  flink_taskmanager_Status_Shuffle_Netty_UsedMemory: worker("gauge", "bytes", "Network memory used."),
  flink_taskmanager_Status_Shuffle_Netty_TotalMemory: worker("gauge", "bytes", "Network memory."),
  flink_taskmanager_Status_Shuffle_Netty_AvailableMemorySegments: worker(
    "gauge",
    "1",
    "Network buffers free.",
  ),
  flink_taskmanager_Status_Shuffle_Netty_UsedMemorySegments: worker("gauge", "1", "Network buffers used."),
  flink_taskmanager_Status_Shuffle_Netty_TotalMemorySegments: worker("gauge", "1", "Network buffers."),
  flink_taskmanager_Status_Shuffle_Netty_RequestedMemoryUsage: worker(
    "gauge",
    "percent",
    "Network memory that tasks ask for; above 100 the next start may fail.",
  ),
} as const satisfies Record<string, FlinkMetric>;

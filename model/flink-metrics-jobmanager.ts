import { type FlinkMetric, metricsOf } from "./flink-metric.ts";

const cluster = metricsOf("jobmanager");
const job = metricsOf("jobmanager-job");

/** What a JobManager's page holds: of the cluster, of every job, of its process. */
export const JOBMANAGER_METRICS = {
  flink_jobmanager_numRegisteredTaskManagers: cluster("gauge", "1", "TaskManagers that have registered."),
  flink_jobmanager_numPendingTaskManagers: cluster(
    "gauge",
    "1",
    "TaskManagers asked of Kubernetes or YARN that have not come yet.",
    { absent: "only where Flink itself asks for TaskManagers (native Kubernetes, YARN)" },
  ),
  flink_jobmanager_numRunningJobs: cluster(
    "gauge",
    "1",
    "Jobs that run; jobs that ended are not counted anywhere.",
  ),
  flink_jobmanager_taskSlotsTotal: cluster("gauge", "1", "Slots of all registered TaskManagers."),
  flink_jobmanager_taskSlotsAvailable: cluster(
    "gauge",
    "1",
    "Slots that nobody uses; 0 is normal in application mode.",
  ),
  flink_jobmanager_job_initializingTime: job("gauge", "ms", "How long the job has now been INITIALIZING.", {
    sentinel: "0 while it is not",
  }),
  flink_jobmanager_job_createdTime: job("gauge", "ms", "How long the job has now been CREATED.", {
    sentinel: "0 while it is not",
  }),
  flink_jobmanager_job_runningTime: job("gauge", "ms", "How long the job has now been RUNNING.", {
    sentinel: "0 while it is not",
  }),
  flink_jobmanager_job_restartingTime: job("gauge", "ms", "How long the job has now been RESTARTING.", {
    sentinel: "0 while it is not",
  }),
  flink_jobmanager_job_failingTime: job("gauge", "ms", "How long the job has now been FAILING.", {
    sentinel: "0 while it is not",
  }),
  flink_jobmanager_job_cancellingTime: job("gauge", "ms", "How long the job has now been CANCELLING.", {
    sentinel: "0 while it is not",
  }),
  flink_jobmanager_job_deployingTime: job(
    "gauge",
    "ms",
    "How long the job has now been deploying its tasks.",
    { sentinel: "0 while it is not" },
  ),
  flink_jobmanager_job_allSubTasksRunningOrFinishedTime: job(
    "gauge",
    "ms",
    "How long all subtasks have been running or finished.",
    { since: "2.3" },
  ),
  flink_jobmanager_job_uptime: job("gauge", "ms", "How long the job has run without a break.", {
    sentinel: "-1 when it ended",
  }),
  flink_jobmanager_job_downtime: job("gauge", "ms", "How long the job has not been running.", {
    sentinel: "0 while it runs, -1 when it ended",
  }),
  flink_jobmanager_job_numRestarts: job("counter", "1", "Restarts since submission, rescales included."),
  flink_jobmanager_job_fullRestarts: job("counter", "1", "Restarts of the whole job since submission.", {
    until: "1.20",
  }),
  flink_jobmanager_job_numRescales: job("counter", "1", "Rescales since submission.", { since: "2.3" }),
  flink_jobmanager_job_totalNumberOfCheckpoints: job(
    "counter",
    "1",
    "Checkpoints triggered since the JobManager took the job over.",
  ),
  flink_jobmanager_job_numberOfCompletedCheckpoints: job(
    "counter",
    "1",
    "Checkpoints completed since the JobManager took the job over.",
  ),
  flink_jobmanager_job_numberOfFailedCheckpoints: job(
    "counter",
    "1",
    "Checkpoints failed since the JobManager took the job over.",
  ),
  flink_jobmanager_job_numberOfInProgressCheckpoints: job("gauge", "1", "Checkpoints under way."),
  flink_jobmanager_job_lastCompletedCheckpointId: job(
    "gauge",
    "1",
    "Number of the newest completed checkpoint.",
    { sentinel: "-1 before the first" },
  ),
  flink_jobmanager_job_lastCheckpointDuration: job(
    "gauge",
    "ms",
    "Duration of the newest completed checkpoint; stands still while checkpoints fail.",
    { sentinel: "-1 before the first" },
  ),
  flink_jobmanager_job_lastCheckpointSize: job(
    "gauge",
    "bytes",
    "What the newest completed checkpoint wrote: with incremental checkpoints not the whole state.",
    { sentinel: "-1 before the first" },
  ),
  flink_jobmanager_job_lastCheckpointFullSize: job(
    "gauge",
    "bytes",
    "The whole state in the newest completed checkpoint.",
    { sentinel: "-1 before the first" },
  ),
  flink_jobmanager_job_lastCheckpointMetadataSize: job(
    "gauge",
    "bytes",
    "Size of the metadata of the newest completed checkpoint.",
    { sentinel: "-1 before the first", since: "2.3" },
  ),
  flink_jobmanager_job_lastCheckpointPersistedData: job(
    "gauge",
    "bytes",
    "In-flight data that the newest completed checkpoint wrote (unaligned checkpoints).",
    { sentinel: "-1 before the first" },
  ),
  flink_jobmanager_job_lastCheckpointProcessedData: job(
    "gauge",
    "bytes",
    "Data processed while the newest completed checkpoint was aligned.",
    { sentinel: "-1 before the first" },
  ),
  flink_jobmanager_job_lastCheckpointCompletedTimestamp: job(
    "gauge",
    "timestamp-ms",
    "When the newest checkpoint completed.",
    { sentinel: "-1 before the first", since: "2.3" },
  ),
  flink_jobmanager_job_lastCheckpointRestoreTimestamp: job(
    "gauge",
    "timestamp-ms",
    "When the job was last restored from a checkpoint or savepoint.",
    { sentinel: "-1 if never" },
  ),
  flink_jobmanager_job_lastCheckpointExternalPath: job(
    "gauge",
    "1",
    "A path, which Prometheus cannot hold.",
    { sentinel: "always 0" },
  ),
  flink_jobmanager_Status_JVM_CPU_Load: cluster(
    "gauge",
    "ratio",
    "Share of all CPUs that the process uses.",
    { sentinel: "-1 if unknown" },
  ),
  flink_jobmanager_Status_JVM_CPU_Time: cluster("counter", "ns", "CPU time used."),
  flink_jobmanager_Status_JVM_Threads_Count: cluster("gauge", "1", "Live threads."),
  flink_jobmanager_Status_JVM_ClassLoader_ClassesLoaded: cluster("counter", "1", "Classes loaded."),
  flink_jobmanager_Status_JVM_ClassLoader_ClassesUnloaded: cluster("counter", "1", "Classes unloaded."),
  flink_jobmanager_Status_JVM_FileDescriptor_Open: cluster("gauge", "1", "Open file descriptors.", {
    since: "2.3",
  }),
  flink_jobmanager_Status_JVM_FileDescriptor_Max: cluster("gauge", "1", "Most file descriptors.", {
    since: "2.3",
  }),
  flink_jobmanager_Status_JVM_GarbageCollector_All_Count: cluster(
    "counter",
    "1",
    "Garbage collections of all collectors.",
  ),
  flink_jobmanager_Status_JVM_GarbageCollector_All_Time: cluster(
    "counter",
    "ms",
    "Time in garbage collections of all collectors.",
  ),
  flink_jobmanager_Status_JVM_GarbageCollector_All_TimeMsPerSecond: cluster(
    "meter",
    "ms/s",
    "Time in garbage collections of all collectors.",
  ),
  flink_jobmanager_Status_JVM_Memory_Heap_Used: cluster("gauge", "bytes", "Heap in use."),
  flink_jobmanager_Status_JVM_Memory_Heap_Committed: cluster("gauge", "bytes", "Heap held by the JVM."),
  flink_jobmanager_Status_JVM_Memory_Heap_Max: cluster("gauge", "bytes", "Most Heap that there may be.", {
    sentinel: "-1 if unbounded",
  }),
  flink_jobmanager_Status_JVM_Memory_NonHeap_Used: cluster("gauge", "bytes", "NonHeap in use."),
  flink_jobmanager_Status_JVM_Memory_NonHeap_Committed: cluster("gauge", "bytes", "NonHeap held by the JVM."),
  flink_jobmanager_Status_JVM_Memory_NonHeap_Max: cluster(
    "gauge",
    "bytes",
    "Most NonHeap that there may be.",
    { sentinel: "-1 if unbounded" },
  ),
  flink_jobmanager_Status_JVM_Memory_Metaspace_Used: cluster("gauge", "bytes", "Metaspace in use."),
  flink_jobmanager_Status_JVM_Memory_Metaspace_Committed: cluster(
    "gauge",
    "bytes",
    "Metaspace held by the JVM.",
  ),
  flink_jobmanager_Status_JVM_Memory_Metaspace_Max: cluster(
    "gauge",
    "bytes",
    "Most Metaspace that there may be.",
    { sentinel: "-1 if unbounded" },
  ),
  flink_jobmanager_Status_JVM_Memory_Direct_Count: cluster("gauge", "1", "Direct buffers."),
  flink_jobmanager_Status_JVM_Memory_Direct_MemoryUsed: cluster(
    "gauge",
    "bytes",
    "Memory in direct buffers.",
  ),
  flink_jobmanager_Status_JVM_Memory_Direct_TotalCapacity: cluster(
    "gauge",
    "bytes",
    "Capacity of all direct buffers.",
  ),
  flink_jobmanager_Status_JVM_Memory_Mapped_Count: cluster("gauge", "1", "Mapped buffers."),
  flink_jobmanager_Status_JVM_Memory_Mapped_MemoryUsed: cluster(
    "gauge",
    "bytes",
    "Memory in mapped buffers.",
  ),
  flink_jobmanager_Status_JVM_Memory_Mapped_TotalCapacity: cluster(
    "gauge",
    "bytes",
    "Capacity of all mapped buffers.",
  ),
} as const satisfies Record<string, FlinkMetric>;

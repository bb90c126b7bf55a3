import type { FaultClass } from "../../model/index.ts";

/**
 * What an exception means, as data. Rules are tried in order; of each one the deepest cause first. A rule fits a cause
 * when all the patterns it has fit: `exception` its class, `message` its message, `frames` one of its stack frames,
 * `firstFrame` the innermost one outside the JDK, and `context` anything in the whole stack.
 */
export interface FaultRule {
  readonly class: FaultClass;
  readonly exception?: RegExp;
  readonly message?: RegExp;
  readonly frames?: RegExp;
  readonly firstFrame?: RegExp;
  readonly context?: RegExp;
  /**
   * `pure`: never the cause, it only keeps a loop going or wraps. `weak`: tells that something happened elsewhere; the
   * cause only where nothing else is known.
   */
  readonly echo?: "pure" | "weak";
  /** What it means, in one clause; for the reference page. */
  readonly meaning: string;
}

/** Flink reads state at the start of a job or of a task. */
const RESTORING =
  /StreamTaskStateInitializer|BackendRestorerProcedure|RestoreOperation|Restore(?:Procedure|Utils)|StateDownloader|StateBackendBuilder|Checkpoints\.load|CheckpointCoordinator\.restore|restoreSavepoint|resolveCheckpointPointer|FsCheckpointStorageAccess|[Cc]ould not restore (?:keyed|operator) state/;
/** A file system that state is kept on. */
const STORE =
  /\.s3[.a]|S3AFileSystem|[sS]3Exception|flink\.fs\.(?:s3|gs|azure|oss)|hadoop\.(?:fs|hdfs|ipc)|fs\.azurebfs|azure\.storage|cloud\.storage|aliyun|FsCheckpointStreamFactory|presto\.s3|s3a?:\/\/|gs:\/\/|abfss?:\/\/|hdfs:\/\/|oss:\/\//i;
/** Between Flink's own processes. */
const FLINK_WIRE =
  /org\.apache\.flink\.(?:shaded\.netty|runtime\.(?:io\.network|rpc|blob))|(?:akka|pekko)\.remote/;
const NO_ANSWER =
  /ConnectException|UnknownHostException|NoRouteToHostException|Socket(?:Timeout)?Exception|ConnectTimeoutException|ConnectionPoolTimeoutException|HttpHostConnectException|ClosedChannelException|SSL\w*Exception|ConnectionClosedException/;

export const FAULT_RULES: readonly FaultRule[] = [
  // What is never the cause.
  {
    class: "unrecognised",
    exception: /UnsupportedOperationException$/,
    message: /Partial recovery is not supported/,
    echo: "pure",
    meaning: "a source that cannot take part of its work back fails again after each restart",
  },
  {
    class: "unrecognised",
    frames: /\.addSplitsBack\(/,
    echo: "pure",
    meaning: "a source gives back its splits after another failure",
  },
  {
    class: "unrecognised",
    exception: /CancellationException$|CancelTaskException$/,
    echo: "pure",
    meaning: "a task was cancelled because another one failed",
  },
  {
    class: "unrecognised",
    message: /^Task has been cancell?ed|^The (?:execution|task) (?:attempt )?(?:was|has been) cancell?ed/i,
    echo: "pure",
    meaning: "a task was cancelled because another one failed",
  },

  // Memory.
  {
    class: "resources",
    exception: /OutOfMemoryError$/,
    message: /unable to create (?:new )?native thread|reached[\w\s/]*process/i,
    meaning: "the machine or the container allows no more threads",
  },
  {
    class: "out-of-memory",
    exception: /(?:OutOfMemoryError|OutOfDirectMemoryError)$/,
    meaning: "heap, metaspace or direct memory is used up",
  },
  {
    class: "out-of-memory",
    message: /OOMKilled|exit(?: ?code|ed with code| status)?[ =:]+137\b|running beyond (?:the )?'?physical/i,
    meaning: "the container used more memory than it may and was killed",
  },

  // State that the program cannot take.
  {
    class: "state-incompatible",
    exception: /StateMigrationException$/,
    meaning: "the serializer of a state is not compatible with the one that wrote it",
  },
  {
    class: "state-incompatible",
    message: /Cannot map checkpoint\/savepoint state for operator/,
    meaning: "the snapshot holds state of an operator that the program does not have (its uid changed)",
  },
  {
    class: "state-incompatible",
    message:
      /max(?:imum)? ?parallelism .*(?:mismatch|changed|checkpoint|savepoint|latest)|(?:mismatch|Failed to rollback).*max(?:imum)? ?parallelism/is,
    meaning: "the max parallelism is not the one that the snapshot was taken with",
  },
  {
    class: "state-incompatible",
    message: /Failed to rollback to checkpoint\/savepoint/,
    meaning: "Flink refuses the snapshot for this program",
  },
  {
    class: "state-incompatible",
    exception:
      /InvalidClassException$|ClassNotFoundException$|ClassCastException$|KryoException$|InvalidTypesException$/,
    context: RESTORING,
    meaning: "a class that the state was written with is missing or has changed",
  },
  {
    class: "state-incompatible",
    message:
      /must not be incompatible|serializer.*(?:is|are) (?:not compatible|incompatible)|Unrecognized checkpoint version|Cannot find (?:checkpoint|savepoint) (?:de)?serializer for version|Heap state backend meta info|Unable to restore .* state .* with|cannot restore.*(?:different|another) state backend/i,
    meaning: "the state was written in a form that this program or this Flink does not read",
  },

  // Files of a snapshot that are not there, cut or damaged.
  {
    class: "missing-file",
    message:
      /Cannot find (?:checkpoint or savepoint file\/directory|meta ?data file '_metadata')|Could not find (?:any )?valid checkpoint metadata/i,
    meaning: "there is no snapshot where the job should be restored from",
  },
  {
    class: "missing-file",
    exception: /FileNotFoundException$|NoSuchFileException$|NoSuchKeyException$|BlobNotFoundException$/,
    context: RESTORING,
    meaning: "a file of the snapshot is gone (lifecycle rule, cleaner, another job that owned it)",
  },
  {
    class: "missing-file",
    message:
      /NoSuchKey|The specified key does not exist|Status Code: 404|404 Not Found|No such (?:file|object|key)|BlobNotFound/i,
    context: RESTORING,
    meaning: "a file of the snapshot is gone (lifecycle rule, cleaner, another job that owned it)",
  },
  {
    class: "missing-file",
    exception: /EOFException$|StreamCorruptedException$|UTFDataFormatException$/,
    context: RESTORING,
    meaning: "a file of the snapshot is shorter than it should be, or damaged",
  },
  {
    class: "missing-file",
    exception: /RocksDBException$/,
    message:
      /Corruption|checksum|bad (?:block|table)|not an sst file|While open(?:ing)? a file|No such file/i,
    meaning: "RocksDB cannot read the files of its state",
  },
  {
    class: "missing-file",
    message:
      /Unexpected magic number|Invalid(?:ly)? .*checkpoint metadata|checksum (?:error|mismatch)|Corrupted? (?:stream|state|data)/i,
    context: RESTORING,
    meaning: "a file of the snapshot is damaged",
  },

  // The store of the state does not serve.
  {
    class: "storage-unreachable",
    message:
      /Slow ?Down|Status Code: 5\d\d|\(Service: (?:Amazon )?S3[,;].*Status Code: (?:5\d\d|403|429)|ServiceUnavailable|503 (?:Service Unavailable|Slow)|Please reduce your request rate|RequestTimeout|InternalError.*S3/i,
    context: STORE,
    meaning: "the store of the state asks to slow down or answers with an error of its own",
  },
  {
    class: "storage-unreachable",
    exception: /(?:StandbyException|SafeModeException|RetriableException)\)?$/,
    context: STORE,
    meaning: "HDFS does not take requests now",
  },
  {
    class: "storage-unreachable",
    message:
      /Unable to execute HTTP request|Unable to load (?:AWS )?credentials|Access ?Denied|InvalidAccessKeyId|ExpiredToken|SignatureDoesNotMatch|AuthorizationPermissionMismatch|Name node is in safe mode|failed on connection exception|could only be (?:written|replicated) to 0/i,
    context: STORE,
    meaning: "the store of the state cannot be reached, or refuses access",
  },
  {
    class: "storage-unreachable",
    exception: NO_ANSWER,
    context: STORE,
    meaning: "the store of the state does not answer",
  },

  // A record or a schema that cannot be read or written.
  {
    class: "serialization",
    exception:
      /(?:JsonParseException|JsonMappingException|MismatchedInputException|UnrecognizedPropertyException|InvalidFormatException|JsonProcessingException|InvalidProtocolBufferException|AvroTypeException|AvroRuntimeException|AvroMissingFieldException|SerializationException|NotSerializableException|KryoException|MalformedInputException)$/,
    meaning: "a record does not have the form that it is read or written with",
  },
  {
    class: "serialization",
    message:
      /[Ff]ailed to deserialize|[Cc]ould not (?:de)?serialize|Cannot (?:de)?serialize|Serializer consumed more bytes than the record had|[Dd]eserializ\w+ (?:error|failed)|Error (?:de)?serializing|Corrupt(?:ed)? (?:JSON|record|message)|Failed to (?:read|parse) (?:JSON|Avro|CSV)/,
    meaning: "a record does not have the form that it is read or written with",
  },

  // Slots, buffers, disks.
  {
    class: "resources",
    exception: /NoResourceAvailableException$/,
    echo: "weak",
    meaning: "there are not enough free slots",
  },
  {
    class: "resources",
    message:
      /Could not acquire the minimum required resources|Slot request bulk is not fulfillable|Could not fulfill (?:all pending|resource requirements|slot request)|Could not allocate (?:the required|all required) (?:slot|resources)/i,
    echo: "weak",
    meaning: "there are not enough free slots",
  },
  {
    class: "resources",
    message: /Insufficient number of network buffers/,
    meaning: "a TaskManager has too few network buffers for this parallelism",
  },
  {
    class: "resources",
    exception: /MemoryAllocationException$|MemoryReservationException$/,
    meaning: "a slot has too little managed memory",
  },
  {
    class: "resources",
    message:
      /No space left on device|Too many open files|Disk quota exceeded|Cannot allocate memory|Could not allocate \d+ pages|exceeds the maximum (?:akka|pekko) ?framesize/i,
    meaning: "a disk, file handles or a configured size are used up",
  },

  // A process of Flink is gone.
  {
    class: "process-lost",
    message:
      /(?:Connection unexpectedly closed by|Lost connection to|Connecting to) (?:the )?(?:remote )?task manager|remote task manager (?:was|has been) lost|The assigned slot .* was removed|slot .* has been (?:removed|released)/i,
    echo: "weak",
    meaning: "the connection to another TaskManager broke, mostly because that one is gone",
  },
  {
    class: "process-lost",
    message:
      /TaskManager with id .* is no longer reachable|Heartbeat of TaskManager with id .* timed out|Task ?(?:Manager|Executor).*(?:disconnected|is shutting down|was lost|has been lost|is terminating)|The heartbeat of TaskManager/i,
    meaning: "a TaskManager is gone",
  },
  {
    class: "process-lost",
    message:
      /Pod terminated|Container released on a \*lost\* node|Container .*(?:exit code|killed|preempt|completed)|Worker .* (?:is )?terminated|Diagnostics: .*(?:Container|pod)/i,
    meaning: "the pod or container of a TaskManager ended",
  },
  {
    class: "process-lost",
    exception: /RecipientUnreachableException$/,
    echo: "weak",
    meaning: "a TaskManager that Flink still lists does not exist any more",
  },
  {
    class: "process-lost",
    message:
      /Job ?(?:Manager|Master) .*(?:lost (?:the )?leadership|is no longer (?:the )?leader|is shutting down|changed)|ResourceManager leader|lost leadership|Heartbeat of (?:JobManager|ResourceManager)|heartbeat of (?:JobManager|ResourceManager)/i,
    meaning: "the JobManager was lost or another one took over",
  },

  // Between Flink's processes.
  {
    class: "network",
    exception:
      /(?:PartitionNotFoundException|PartitionConnectionException|PartitionProducerStateProvider\w*|ProducerFailedException)$/,
    echo: "weak",
    meaning: "a task asked for the output of another one that is not there",
  },
  {
    class: "network",
    exception: /(?:Remote|Local)TransportException$/,
    meaning: "a connection between two TaskManagers broke",
  },
  {
    class: "network",
    exception: /(?:AskTimeoutException|RpcConnectionException|RpcException)$/,
    meaning: "a call between Flink's processes was not answered",
  },
  {
    class: "network",
    message: /^Invocation of \[.*\] at recipient|Ask timed out on/,
    meaning: "a call between Flink's processes was not answered in time",
  },
  {
    class: "network",
    exception: NO_ANSWER,
    frames: FLINK_WIRE,
    echo: "weak",
    meaning: "one of Flink's processes cannot reach another",
  },

  // What the job reads from and writes to.
  {
    class: "connector",
    exception:
      /^(?:org\.apache\.flink\.kafka\.shaded\.)?org\.apache\.kafka\.|\.kafka\.common\.(?:errors\.\w+|KafkaException)$|FlinkKafkaException$/,
    meaning: "Kafka refuses, does not answer, or no longer has what is asked for",
  },
  {
    class: "connector",
    exception:
      /^java\.sql\.|^(?:com\.mysql|org\.postgresql|oracle\.jdbc|com\.microsoft\.sqlserver|com\.clickhouse|org\.mariadb|com\.zaxxer\.hikari)\.|SQL\w*Exception$/,
    meaning: "a database refuses, or cannot be reached",
  },
  {
    class: "connector",
    exception:
      /services\.(?:kinesis|dynamodb|dynamodbv2|firehose|sqs|glue|secretsmanager)\.|ProvisionedThroughputExceededException$|KinesisException$/,
    meaning: "Kinesis or another AWS service refuses or throttles",
  },
  {
    class: "connector",
    exception:
      /^(?:org\.elasticsearch|co\.elastic|org\.opensearch|org\.apache\.pulsar|com\.mongodb|com\.rabbitmq|com\.datastax|redis\.clients|io\.lettuce|org\.apache\.hadoop\.hbase|com\.google\.api\.gax|com\.google\.cloud|io\.grpc|org\.apache\.iceberg|org\.apache\.hudi|org\.apache\.paimon|io\.delta|io\.debezium|com\.ververica\.cdc|org\.apache\.flink\.cdc|org\.apache\.doris|com\.starrocks)\./,
    meaning: "a system that the job reads from or writes to refuses, or cannot be reached",
  },
  {
    class: "connector",
    firstFrame:
      /^(?:org\.apache\.flink\.(?:connector|streaming\.connectors|cdc)\.|org\.apache\.(?:kafka|iceberg|hudi|paimon|pulsar|http)\.|io\.debezium\.|org\.(?:postgresql|elasticsearch|opensearch)\.|com\.(?:mysql|mongodb|clickhouse)\.|software\.amazon\.)/,
    meaning: "a connector or its client failed",
  },
  {
    class: "connector",
    exception: NO_ANSWER,
    meaning: "a service that the job calls does not answer",
  },

  // The program.
  {
    class: "user-code",
    exception:
      /(?:NoClassDefFoundError|ClassNotFoundException|NoSuchMethodError|NoSuchFieldError|IncompatibleClassChangeError|AbstractMethodError|UnsupportedClassVersionError|ExceptionInInitializerError|LinkageError|VerifyError)$/,
    meaning: "the jar lacks a class, or was built against another version of one",
  },
  {
    class: "user-code",
    message:
      /Cannot (?:load|instantiate) user (?:class|function)|Could not instantiate .*(?:function|operator|serializer)/i,
    meaning: "the jar lacks a class, or was built against another version of one",
  },
  {
    class: "user-code",
    message: /is NOT NULL, however, a null value is being written/,
    meaning: "a record breaks a rule of the program's own tables",
  },
  {
    class: "user-code",
    firstFrame: /^(?!org\.apache\.flink\.|org\.apache\.(?:pekko|hadoop)\.|akka\.|org\.rocksdb\.)/,
    meaning: "the program threw it: a record it cannot take, or a defect",
  },

  // Checkpoints themselves, where nothing deeper says why.
  {
    class: "checkpointing",
    message:
      /Exceeded checkpoint tolerable failure threshold|Checkpoint expired before completing|Checkpoint was declined|Could not (?:materialize|complete|perform) (?:the )?(?:checkpoint|snapshot)|Asynchronous task checkpoint failed/i,
    meaning: "more checkpoints failed or expired than are tolerated",
  },
  {
    class: "checkpointing",
    exception: /CheckpointException$/,
    meaning: "a checkpoint failed",
  },
];

import { describe, expect, it } from "vitest";
import { FAULT_CLASSES, type FaultClass, type FlinkException } from "../../model/index.ts";
import { classify, failureOf } from "./classify.ts";

const exceptionOf = (stack: string, more: Partial<FlinkException> = {}): FlinkException => ({
  at: 1_000,
  name: stack.split(":", 1)[0] ?? "",
  stack,
  task: "work (1/2) - execution #0",
  taskManager: "tm-1",
  labels: {},
  ...more,
});

const SUPPRESSED = `org.apache.flink.runtime.JobException: Recovery is suppressed by FixedDelayRestartBackoffTimeStrategy(maxNumberRestartAttempts=3, backoffTimeMS=10000)
	at org.apache.flink.runtime.executiongraph.failover.ExecutionFailureHandler.handleFailure(ExecutionFailureHandler.java:219)
	at org.apache.flink.runtime.rpc.pekko.PekkoRpcActor.handleRpcInvocation(PekkoRpcActor.java:309)
`;
const RESTORE = `java.lang.Exception: Exception while creating StreamOperatorStateContext.
	at org.apache.flink.streaming.api.operators.StreamTaskStateInitializerImpl.streamOperatorStateContext(StreamTaskStateInitializerImpl.java:330)
	at org.apache.flink.streaming.runtime.tasks.StreamTask.restoreInternal(StreamTask.java:764)
Caused by: org.apache.flink.util.FlinkException: Could not restore keyed state backend for KeyedProcessOperator_b71731f1c0df9c3076c4a455334d0ad6_(2/4) from any of the 1 provided restore options.
	at org.apache.flink.streaming.api.operators.BackendRestorerProcedure.createAndRestore(BackendRestorerProcedure.java:165)
`;
const CHAINED = `java.io.IOException: Failed to deserialize consumer record due to
	at org.apache.flink.connector.kafka.source.reader.KafkaRecordEmitter.emitRecord(KafkaRecordEmitter.java:56)
Caused by: org.apache.flink.streaming.runtime.tasks.ExceptionInChainedOperatorException: Could not forward element to next operator
	at org.apache.flink.streaming.runtime.tasks.CopyingChainingOutput.pushToOperator(CopyingChainingOutput.java:92)
`;
const CHECKPOINT = `java.lang.Exception: Could not materialize checkpoint 41 for operator count (1/2)#0.
	at org.apache.flink.streaming.runtime.tasks.AsyncCheckpointRunnable.handleExecutionException(AsyncCheckpointRunnable.java:298)
Caused by: java.util.concurrent.ExecutionException: java.io.IOException: Could not flush to file and close the file system output stream to s3://state/c/shared/9f2a in order to obtain the stream state handle
	at java.base/java.util.concurrent.FutureTask.report(FutureTask.java:122)
Caused by: java.io.IOException: Could not flush to file and close the file system output stream to s3://state/c/shared/9f2a in order to obtain the stream state handle
	at org.apache.flink.runtime.state.filesystem.FsCheckpointStreamFactory$FsCheckpointStateOutputStream.closeAndGetHandle(FsCheckpointStreamFactory.java:375)
`;

type Case = readonly [name: string, stack: string, faultClass: FaultClass, exception: string];

/** As Flink 1.17 to 2.3, its file systems and its connectors word them; frames shortened, user classes made up. */
const CASES: readonly Case[] = [
  // out-of-memory
  [
    "heap",
    "java.lang.OutOfMemoryError: Java heap space\n\tat java.base/java.util.Arrays.copyOf(Arrays.java:3537)\n\tat com.shop.Sessions.processElement(Sessions.java:40)",
    "out-of-memory",
    "java.lang.OutOfMemoryError",
  ],
  [
    "metaspace with Flink's explanation",
    "java.lang.OutOfMemoryError: Metaspace. The metaspace out-of-memory error has occurred. This can mean two things: either Flink JVM processes require a larger size of JVM Metaspace to load classes or there is a class loading leak.\n\tat java.base/java.lang.ClassLoader.defineClass1(Native Method)",
    "out-of-memory",
    "java.lang.OutOfMemoryError",
  ],
  [
    "direct memory",
    "java.lang.OutOfMemoryError: Direct buffer memory. The direct out-of-memory error has occurred. This can mean two things: either job(s) require(s) a larger size of JVM direct memory or there is a direct memory leak.\n\tat java.base/java.nio.Bits.reserveMemory(Bits.java:175)",
    "out-of-memory",
    "java.lang.OutOfMemoryError",
  ],
  [
    "direct memory of Netty",
    "org.apache.flink.shaded.netty4.io.netty.util.internal.OutOfDirectMemoryError: failed to allocate 16777216 byte(s) of direct memory (used: 134217728, max: 134217728)\n\tat org.apache.flink.shaded.netty4.io.netty.util.internal.PlatformDependent.incrementMemoryCounter(PlatformDependent.java:806)",
    "out-of-memory",
    "org.apache.flink.shaded.netty4.io.netty.util.internal.OutOfDirectMemoryError",
  ],
  [
    "garbage collection, behind wrappers",
    `${SUPPRESSED}Caused by: java.lang.RuntimeException: java.lang.OutOfMemoryError: GC overhead limit exceeded\n\tat com.shop.Enrich.map(Enrich.java:31)\nCaused by: java.lang.OutOfMemoryError: GC overhead limit exceeded\n\tat java.base/java.util.HashMap.resize(HashMap.java:702)`,
    "out-of-memory",
    "java.lang.OutOfMemoryError",
  ],
  [
    "a pod killed by the kernel",
    "org.apache.flink.runtime.resourcemanager.exceptions.ResourceManagerException: Pod terminated, container termination statuses: [flink-main-container(exitCode=137, reason=OOMKilled, message=null)], pod status: Failed(reason=null, message=null)",
    "out-of-memory",
    "org.apache.flink.runtime.resourcemanager.exceptions.ResourceManagerException",
  ],
  [
    "a YARN container over its limit",
    "java.lang.Exception: Container [pid=4711,containerID=container_e12_1700000000000_0007_01_000003] is running beyond 'PHYSICAL' memory limits. Current usage: 4.1 GB of 4 GB physical memory used. Killing container.",
    "out-of-memory",
    "java.lang.Exception",
  ],

  // resources
  [
    "no more threads, which Java calls out of memory",
    "java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached\n\tat java.base/java.lang.Thread.start0(Native Method)",
    "resources",
    "java.lang.OutOfMemoryError",
  ],
  [
    "no slots",
    "org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException: Could not acquire the minimum required resources.",
    "resources",
    "org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException",
  ],
  [
    "no slots within the timeout",
    `${SUPPRESSED}Caused by: java.util.concurrent.CompletionException: org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException: Slot request bulk is not fulfillable! Could not allocate the required slot within slot request timeout
	at java.base/java.util.concurrent.CompletableFuture.encodeThrowable(CompletableFuture.java:332)
Caused by: org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException: Slot request bulk is not fulfillable! Could not allocate the required slot within slot request timeout
	... 12 more
Caused by: java.util.concurrent.TimeoutException: Timeout has occurred: 300000 ms
	... 24 more`,
    "resources",
    "org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException",
  ],
  [
    "network buffers",
    "java.io.IOException: Insufficient number of network buffers: required 512, but only 473 available. The total number of network buffers is currently set to 2048 of 32768 bytes each. You can increase this number by setting the configuration keys 'taskmanager.memory.network.fraction', 'taskmanager.memory.network.min', and 'taskmanager.memory.network.max'.\n\tat org.apache.flink.runtime.io.network.buffer.NetworkBufferPool.internalCreateBufferPool(NetworkBufferPool.java:495)",
    "resources",
    "java.io.IOException",
  ],
  [
    "managed memory",
    `${RESTORE}Caused by: org.apache.flink.runtime.memory.MemoryAllocationException: Could not created the shared memory resource of size 268435456. Not enough memory left to reserve from the slot's managed memory.\n\tat org.apache.flink.runtime.memory.MemoryManager.lambda$getSharedMemoryResourceForManagedMemory$8(MemoryManager.java:538)`,
    "resources",
    "org.apache.flink.runtime.memory.MemoryAllocationException",
  ],
  [
    "a full disk",
    "java.io.IOException: No space left on device\n\tat java.base/java.io.FileOutputStream.writeBytes(Native Method)\n\tat org.apache.flink.runtime.io.network.partition.PartitionedFileWriter.writeBuffers(PartitionedFileWriter.java:220)",
    "resources",
    "java.io.IOException",
  ],
  [
    "file handles",
    "java.net.SocketException: Too many open files\n\tat java.base/sun.nio.ch.Net.socket0(Native Method)\n\tat com.shop.Http.call(Http.java:12)",
    "resources",
    "java.net.SocketException",
  ],

  // state-incompatible
  [
    "a changed serializer",
    "java.lang.RuntimeException: Error while getting state\n\tat org.apache.flink.runtime.state.DefaultKeyedStateStore.getState(DefaultKeyedStateStore.java:62)\n\tat com.shop.Totals.open(Totals.java:18)\nCaused by: org.apache.flink.util.StateMigrationException: The new state serializer (org.apache.flink.api.java.typeutils.runtime.PojoSerializer@7c3e4b1a) must not be incompatible with the old state serializer (org.apache.flink.api.java.typeutils.runtime.PojoSerializer@1d2f3a4b).\n\tat org.apache.flink.runtime.state.heap.HeapKeyedStateBackend.tryRegisterStateTable(HeapKeyedStateBackend.java:212)",
    "state-incompatible",
    "org.apache.flink.util.StateMigrationException",
  ],
  [
    "operator state with another serializer",
    "org.apache.flink.util.StateMigrationException: The new state typeSerializer for operator state must not be incompatible.\n\tat org.apache.flink.runtime.state.DefaultOperatorStateBackend.getListState(DefaultOperatorStateBackend.java:298)",
    "state-incompatible",
    "org.apache.flink.util.StateMigrationException",
  ],
  [
    "an operator that is gone",
    "org.apache.flink.runtime.client.JobInitializationException: Could not start the JobMaster.\n\tat org.apache.flink.runtime.jobmaster.DefaultJobMasterServiceProcess.lambda$new$0(DefaultJobMasterServiceProcess.java:97)\nCaused by: java.util.concurrent.CompletionException: java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint s3://state/savepoints/savepoint-256b32-a2dc1e4c22ad. Cannot map checkpoint/savepoint state for operator 6cdc5bb954874d922eaee11a8e7b5dd5 to the new program, because the operator is not available in the new program. If you want to allow to skip this, you can set the --allowNonRestoredState option on the CLI.\n\tat java.base/java.util.concurrent.CompletableFuture.encodeThrowable(CompletableFuture.java:314)\nCaused by: java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint s3://state/savepoints/savepoint-256b32-a2dc1e4c22ad. Cannot map checkpoint/savepoint state for operator 6cdc5bb954874d922eaee11a8e7b5dd5 to the new program, because the operator is not available in the new program. If you want to allow to skip this, you can set the --allowNonRestoredState option on the CLI.\n\tat org.apache.flink.runtime.checkpoint.Checkpoints.throwNonRestoredStateException(Checkpoints.java:237)",
    "state-incompatible",
    "java.lang.IllegalStateException",
  ],
  [
    "another max parallelism",
    "java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint file:/savepoints/savepoint-fca98f-4c1a4baeebec. Max parallelism mismatch between checkpoint/savepoint state and new program. Cannot map operator f3dcb3ca563a8ba134b6239a5c78c939 with max parallelism 128 to new program with max parallelism 256. This indicates that the program has been changed in a non-compatible way after the checkpoint/savepoint.\n\tat org.apache.flink.runtime.checkpoint.Checkpoints.loadAndValidateCheckpoint(Checkpoints.java:170)",
    "state-incompatible",
    "java.lang.IllegalStateException",
  ],
  [
    "Kryo classes in another order",
    `${SUPPRESSED}Caused by: ${RESTORE}Caused by: com.esotericsoftware.kryo.KryoException: Encountered unregistered class ID: 13\n\tat com.esotericsoftware.kryo.util.DefaultClassResolver.readClass(DefaultClassResolver.java:137)`,
    "state-incompatible",
    "com.esotericsoftware.kryo.KryoException",
  ],
  [
    "a class with another serial version",
    `${RESTORE}Caused by: org.apache.flink.runtime.state.BackendBuildingException: Failed when trying to restore heap backend\n\tat org.apache.flink.runtime.state.heap.HeapKeyedStateBackendBuilder.restoreState(HeapKeyedStateBackendBuilder.java:177)\nCaused by: java.io.InvalidClassException: com.shop.Order; local class incompatible: stream classdesc serialVersionUID = 6543210987654321012, local class serialVersionUID = 123\n\tat java.base/java.io.ObjectStreamClass.initNonProxy(ObjectStreamClass.java:597)`,
    "state-incompatible",
    "java.io.InvalidClassException",
  ],
  [
    "a class of the state that the jar lacks",
    `${RESTORE}Caused by: java.io.IOException: Could not find class 'com.shop.LegacyOrder' in classpath.\n\tat org.apache.flink.util.InstantiationUtil.resolveClassByName(InstantiationUtil.java:767)\nCaused by: java.lang.ClassNotFoundException: com.shop.LegacyOrder\n\tat java.base/java.net.URLClassLoader.findClass(URLClassLoader.java:445)`,
    "state-incompatible",
    "java.lang.ClassNotFoundException",
  ],

  // missing-file
  [
    "no snapshot at the path",
    "java.util.concurrent.CompletionException: java.lang.RuntimeException: java.io.FileNotFoundException: Cannot find checkpoint or savepoint file/directory 's3a://state/c/92700edf6c80d546dbcadd971fafbb2a/chk-413' on file system 's3a'.\n\tat java.base/java.util.concurrent.CompletableFuture.encodeThrowable(CompletableFuture.java:314)",
    "missing-file",
    "java.io.FileNotFoundException",
  ],
  [
    "no metadata in the directory",
    "java.io.FileNotFoundException: Cannot find meta data file '_metadata' in directory 'file:/checkpoints/9d2c/chk-7'. Please try to load the checkpoint/savepoint directly from the metadata file instead of the directory.\n\tat org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(AbstractFsCheckpointStorageAccess.java:310)",
    "missing-file",
    "java.io.FileNotFoundException",
  ],
  [
    "a state file of the local file system",
    `${RESTORE}Caused by: org.apache.flink.runtime.state.BackendBuildingException: Failed when trying to restore heap backend\n\tat org.apache.flink.runtime.state.heap.HeapKeyedStateBackendBuilder.restoreState(HeapKeyedStateBackendBuilder.java:177)\nCaused by: java.io.FileNotFoundException: /checkpoints/2929aef3637c7b9a4c1c0dafcd5f2708/chk-552/0d9a3a2e-5c1b-4d0f-9d59-1f4f0c7a9b21 (No such file or directory)\n\tat java.base/java.io.FileInputStream.open0(Native Method)\n\tat org.apache.flink.core.fs.local.LocalDataInputStream.<init>(LocalDataInputStream.java:50)`,
    "missing-file",
    "java.io.FileNotFoundException",
  ],
  [
    "a shared file on S3",
    `${RESTORE}Caused by: java.io.IOException: java.io.FileNotFoundException: No such file or directory: s3a://state/c/shared/4cf1-9a\n\tat org.apache.flink.contrib.streaming.state.RocksDBStateDownloader.downloadDataForStateHandle(RocksDBStateDownloader.java:142)\nCaused by: com.amazonaws.services.s3.model.AmazonS3Exception: The specified key does not exist. (Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey; Request ID: tx0001; S3 Extended Request ID: null), S3 Extended Request ID: null\n\tat com.amazonaws.http.AmazonHttpClient$RequestExecutor.handleErrorResponse(AmazonHttpClient.java:1879)`,
    "missing-file",
    "com.amazonaws.services.s3.model.AmazonS3Exception",
  ],
  [
    "a shared file on S3, newer client",
    `${RESTORE}Caused by: org.apache.flink.runtime.state.BackendBuildingException: Caught unexpected exception.\n\tat org.apache.flink.state.rocksdb.RocksDBKeyedStateBackendBuilder.build(RocksDBKeyedStateBackendBuilder.java:450)\nCaused by: software.amazon.awssdk.services.s3.model.NoSuchKeyException: The specified key does not exist. (Service: S3, Status Code: 404, Request ID: 17A2B3)\n\tat software.amazon.awssdk.core.internal.http.CombinedResponseHandler.handleErrorResponse(CombinedResponseHandler.java:125)`,
    "missing-file",
    "software.amazon.awssdk.services.s3.model.NoSuchKeyException",
  ],
  [
    "a state file that was cut",
    `${RESTORE}Caused by: java.io.EOFException\n\tat java.base/java.io.DataInputStream.readFully(DataInputStream.java:202)\n\tat org.apache.flink.runtime.state.heap.HeapRestoreOperation.restore(HeapRestoreOperation.java:140)`,
    "missing-file",
    "java.io.EOFException",
  ],
  [
    "a damaged table of RocksDB",
    `${RESTORE}Caused by: org.rocksdb.RocksDBException: Corruption: block checksum mismatch: stored = 3735928559, computed = 1, type = 1 in /tmp/flink-io/job_2929/op/db/000031.sst offset 0 size 4096\n\tat org.rocksdb.RocksDB.open(Native Method)`,
    "missing-file",
    "org.rocksdb.RocksDBException",
  ],
  [
    "HDFS lost the file",
    `${RESTORE}Caused by: java.io.FileNotFoundException: File does not exist: /flink/c/9d2c/chk-7/1b2a3c4d-0000-1111-2222-333344445555\n\tat org.apache.hadoop.hdfs.server.namenode.INodeFile.valueOf(INodeFile.java:86)`,
    "missing-file",
    "java.io.FileNotFoundException",
  ],

  // storage-unreachable
  [
    "S3 asks to slow down",
    `${CHECKPOINT}Caused by: com.amazonaws.services.s3.model.AmazonS3Exception: Please reduce your request rate. (Service: Amazon S3; Status Code: 503; Error Code: SlowDown; Request ID: 9A81F722B001; S3 Extended Request ID: x), S3 Extended Request ID: x\n\tat com.amazonaws.http.AmazonHttpClient$RequestExecutor.handleErrorResponse(AmazonHttpClient.java:1879)`,
    "storage-unreachable",
    "com.amazonaws.services.s3.model.AmazonS3Exception",
  ],
  [
    "S3 has trouble of its own, newer client",
    `${CHECKPOINT}Caused by: software.amazon.awssdk.services.s3.model.S3Exception: We encountered an internal error. Please try again. (Service: S3, Status Code: 500, Request ID: 17A2B3)\n\tat software.amazon.awssdk.core.internal.http.CombinedResponseHandler.handleErrorResponse(CombinedResponseHandler.java:125)`,
    "storage-unreachable",
    "software.amazon.awssdk.services.s3.model.S3Exception",
  ],
  [
    "S3 cannot be reached",
    `${RESTORE}Caused by: com.amazonaws.SdkClientException: Unable to execute HTTP request: Connect to minio:9000 [minio/10.0.3.7] failed: Connection refused (Connection refused)\n\tat com.amazonaws.http.AmazonHttpClient$RequestExecutor.handleRetryableException(AmazonHttpClient.java:1219)\n\tat org.apache.hadoop.fs.s3a.S3AFileSystem.getObjectMetadata(S3AFileSystem.java:1550)\nCaused by: org.apache.http.conn.HttpHostConnectException: Connect to minio:9000 [minio/10.0.3.7] failed: Connection refused (Connection refused)\n\tat org.apache.http.impl.conn.DefaultHttpClientConnectionOperator.connect(DefaultHttpClientConnectionOperator.java:156)`,
    "storage-unreachable",
    "com.amazonaws.SdkClientException",
  ],
  [
    "S3 refuses access",
    `${RESTORE}Caused by: java.nio.file.AccessDeniedException: s3a://state/c/shared: getFileStatus on s3a://state/c/shared: com.amazonaws.services.s3.model.AmazonS3Exception: Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: 9A81F722B001)\n\tat org.apache.hadoop.fs.s3a.S3AUtils.translateException(S3AUtils.java:254)\nCaused by: com.amazonaws.services.s3.model.AmazonS3Exception: Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: 9A81F722B001)\n\tat com.amazonaws.http.AmazonHttpClient$RequestExecutor.handleErrorResponse(AmazonHttpClient.java:1810)`,
    "storage-unreachable",
    "com.amazonaws.services.s3.model.AmazonS3Exception",
  ],
  [
    "the bucket's name is not known",
    `${CHECKPOINT}Caused by: java.net.UnknownHostException: state.s3.eu-central-1.amazonaws.com\n\tat java.base/java.net.InetAddress$CachedAddresses.get(InetAddress.java:801)\n\tat org.apache.hadoop.fs.s3a.S3AFileSystem.finishedWrite(S3AFileSystem.java:3900)`,
    "storage-unreachable",
    "java.net.UnknownHostException",
  ],
  [
    "HDFS on standby",
    `${CHECKPOINT}Caused by: org.apache.hadoop.ipc.RemoteException(org.apache.hadoop.ipc.StandbyException): Operation category WRITE is not supported in state standby\n\tat org.apache.hadoop.ipc.Client.getRpcResponse(Client.java:1511)`,
    "storage-unreachable",
    "org.apache.hadoop.ipc.RemoteException(org.apache.hadoop.ipc.StandbyException)",
  ],
  [
    "the name node is away",
    `${RESTORE}Caused by: java.net.ConnectException: Call From tm-3/10.0.0.3 to namenode:8020 failed on connection exception: java.net.ConnectException: Connection refused; For more details see:  http://wiki.apache.org/hadoop/ConnectionRefused\n\tat org.apache.hadoop.net.NetUtils.wrapException(NetUtils.java:913)\nCaused by: java.net.ConnectException: Connection refused\n\tat java.base/sun.nio.ch.Net.pollConnect(Native Method)\n\tat org.apache.hadoop.ipc.Client$Connection.setupConnection(Client.java:700)`,
    "storage-unreachable",
    "java.net.ConnectException",
  ],
  [
    "Azure throttles",
    'java.io.IOException: Could not perform checkpoint 12 for operator work (1/4)#0.\n\tat org.apache.flink.streaming.runtime.tasks.StreamTask.performCheckpoint(StreamTask.java:1402)\nCaused by: org.apache.hadoop.fs.azurebfs.contracts.exceptions.AbfsRestOperationException: Operation failed: "Server busy", 503, PUT, https://x.dfs.core.windows.net/c/chk-12?action=flush, ServerBusy, "ServiceUnavailable"\n\tat org.apache.hadoop.fs.azurebfs.services.AbfsRestOperation.execute(AbfsRestOperation.java:146)',
    "storage-unreachable",
    "org.apache.hadoop.fs.azurebfs.contracts.exceptions.AbfsRestOperationException",
  ],
  [
    "a read from S3 times out",
    `${RESTORE}Caused by: java.net.SocketTimeoutException: Read timed out\n\tat java.base/java.net.SocketInputStream.socketRead0(Native Method)\n\tat org.apache.hadoop.fs.s3a.S3AInputStream.read(S3AInputStream.java:400)`,
    "storage-unreachable",
    "java.net.SocketTimeoutException",
  ],

  // serialization
  [
    "a record that is no JSON",
    "java.io.IOException: Failed to deserialize consumer record ConsumerRecord(topic = orders, partition = 2, leaderEpoch = 0, offset = 4711, CreateTime = 1700000000000, serialized key size = -1, serialized value size = 68, headers = RecordHeaders(headers = [], isReadOnly = false), key = null, value = [B@e22eeca).\n\tat org.apache.flink.connector.kafka.source.reader.deserializer.KafkaDeserializationSchemaWrapper.deserialize(KafkaDeserializationSchemaWrapper.java:57)\nCaused by: org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonParseException: Unrecognized token 'ORDER': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n\tat org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonParser._constructError(JsonParser.java:2477)",
    "serialization",
    "org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonParseException",
  ],
  [
    "a field of another type",
    'java.io.IOException: Failed to deserialize JSON \'{"amount":"x"}\'.\n\tat org.apache.flink.formats.json.JsonRowDataDeserializationSchema.deserialize(JsonRowDataDeserializationSchema.java:175)\nCaused by: org.apache.flink.formats.json.JsonToRowDataConverters$JsonParseException: Fail to deserialize at field: amount.\n\tat org.apache.flink.formats.json.JsonToRowDataConverters.lambda$createRowConverter$1(JsonToRowDataConverters.java:380)\nCaused by: java.lang.NumberFormatException: For input string: "x"\n\tat java.base/java.lang.Integer.parseInt(Integer.java:652)',
    "serialization",
    "org.apache.flink.formats.json.JsonToRowDataConverters$JsonParseException",
  ],
  [
    "Avro",
    "org.apache.avro.AvroTypeException: Found string, expecting union\n\tat org.apache.avro.io.ResolvingDecoder.doAction(ResolvingDecoder.java:308)",
    "serialization",
    "org.apache.avro.AvroTypeException",
  ],
  [
    "the schema registry's record",
    "org.apache.kafka.common.errors.SerializationException: Error deserializing Avro message for id 42\n\tat io.confluent.kafka.serializers.AbstractKafkaAvroDeserializer.deserialize(AbstractKafkaAvroDeserializer.java:409)",
    "serialization",
    "org.apache.kafka.common.errors.SerializationException",
  ],
  [
    "bytes left over between tasks",
    "java.io.IOException: Can't get next record for channel InputChannelInfo{gateIdx=0, inputChannelIdx=1}\n\tat org.apache.flink.streaming.runtime.io.AbstractStreamTaskNetworkInput.emitNext(AbstractStreamTaskNetworkInput.java:108)\nCaused by: java.io.IOException: Serializer consumed more bytes than the record had. This indicates broken serialization. If you are using custom serialization types (Value or Writable), check their serialization methods.\n\tat org.apache.flink.runtime.io.network.api.serialization.NonSpanningWrapper.readInto(NonSpanningWrapper.java:339)\nCaused by: java.lang.IndexOutOfBoundsException: pos: 12, length: 8, index: 0, offset: 12\n\tat org.apache.flink.core.memory.MemorySegment.get(MemorySegment.java:540)",
    "serialization",
    "java.io.IOException",
  ],
  [
    "Kryo on a record, not on state",
    "com.esotericsoftware.kryo.KryoException: java.lang.UnsupportedOperationException\nSerialization trace:\nitems (com.shop.Order)\n\tat com.esotericsoftware.kryo.serializers.ObjectField.read(ObjectField.java:125)\n\tat org.apache.flink.api.java.typeutils.runtime.kryo.KryoSerializer.copy(KryoSerializer.java:273)\nCaused by: java.lang.UnsupportedOperationException\n\tat java.base/java.util.ImmutableCollections.uoe(ImmutableCollections.java:142)",
    "serialization",
    "com.esotericsoftware.kryo.KryoException",
  ],

  // process-lost
  [
    "a TaskManager that stopped its heartbeat",
    "java.util.concurrent.TimeoutException: Heartbeat of TaskManager with id tm-1 timed out.\n\tat org.apache.flink.runtime.jobmaster.JobMaster$TaskManagerHeartbeatListener.notifyHeartbeatTimeout(JobMaster.java:1496)",
    "process-lost",
    "java.util.concurrent.TimeoutException",
  ],
  [
    "a TaskManager that cannot be reached",
    "org.apache.flink.runtime.jobmaster.JobMasterException: TaskManager with id 10.0.0.3:41231-e2d6f8 is no longer reachable.\n\tat org.apache.flink.runtime.jobmaster.JobMaster$TaskManagerHeartbeatListener.notifyTargetUnreachable(JobMaster.java:1511)",
    "process-lost",
    "org.apache.flink.runtime.jobmaster.JobMasterException",
  ],
  [
    "its resource manager lost it",
    "org.apache.flink.runtime.resourcemanager.exceptions.ResourceManagerException: TaskManager with id tm-1 is no longer reachable.",
    "process-lost",
    "org.apache.flink.runtime.resourcemanager.exceptions.ResourceManagerException",
  ],
  [
    "a broken data connection",
    "org.apache.flink.runtime.io.network.netty.exception.RemoteTransportException: Connection unexpectedly closed by remote task manager '127.0.0.1/127.0.0.1:35665 [ tm-2 ] '. This might indicate that the remote task manager was lost.\n\tat org.apache.flink.runtime.io.network.netty.CreditBasedPartitionRequestClientHandler.channelInactive(CreditBasedPartitionRequestClientHandler.java:134)",
    "process-lost",
    "org.apache.flink.runtime.io.network.netty.exception.RemoteTransportException",
  ],
  [
    "a connection that cannot be made after a loss",
    "org.apache.flink.runtime.io.network.netty.exception.RemoteTransportException: Connecting to remote task manager '10.0.0.3/10.0.0.3:41231 [ tm-2 ] ' has failed. This might indicate that the remote task manager has been lost.\n\tat org.apache.flink.runtime.io.network.netty.PartitionRequestClientFactory.connect(PartitionRequestClientFactory.java:177)\nCaused by: org.apache.flink.shaded.netty4.io.netty.channel.AbstractChannel$AnnotatedConnectException: Connection refused: 10.0.0.3/10.0.0.3:41231\nCaused by: java.net.ConnectException: Connection refused\n\tat java.base/sun.nio.ch.Net.pollConnect(Native Method)",
    "process-lost",
    "org.apache.flink.runtime.io.network.netty.exception.RemoteTransportException",
  ],
  [
    "a pod that was taken away",
    "java.lang.Exception: Pod terminated, container termination statuses: [flink-main-container(exitCode=143, reason=Error, message=null)], pod status: Failed(reason=null, message=null)",
    "process-lost",
    "java.lang.Exception",
  ],
  [
    "a YARN node that was lost",
    "org.apache.flink.util.FlinkException: Container released on a *lost* node",
    "process-lost",
    "org.apache.flink.util.FlinkException",
  ],
  [
    "a TaskManager that was told to go",
    "org.apache.flink.util.FlinkException: TaskExecutor pekko.tcp://flink@10.0.0.3:6122/user/rpc/taskmanager_0 has no more allocated slots for job 2929aef3637c7b9a4c1c0dafcd5f2708. TaskManager tm-2 is shutting down.",
    "process-lost",
    "org.apache.flink.util.FlinkException",
  ],
  [
    "a process that Flink still lists",
    "org.apache.flink.runtime.rpc.exceptions.RecipientUnreachableException: Could not send message [RemoteRpcInvocation(TaskExecutorGateway.submitTask(TaskDeploymentDescriptor, JobMasterId, Duration))] from sender [unknown] to recipient [pekko.tcp://flink@127.0.0.1:41185/user/rpc/taskmanager_0], because the recipient is unreachable.",
    "process-lost",
    "org.apache.flink.runtime.rpc.exceptions.RecipientUnreachableException",
  ],
  [
    "a slot that was taken away",
    "org.apache.flink.util.FlinkException: The assigned slot 10.0.0.3:41231-e2d6f8_1 was removed.\n\tat org.apache.flink.runtime.resourcemanager.slotmanager.SlotManagerImpl.removeSlot(SlotManagerImpl.java:960)",
    "process-lost",
    "org.apache.flink.util.FlinkException",
  ],

  // network
  [
    "a partition that is not there",
    "org.apache.flink.runtime.io.network.partition.PartitionNotFoundException: Partition 5a3c#0@d41d8cd98f00b204e9800998ecf8427e not found.\n\tat org.apache.flink.runtime.io.network.partition.ResultPartitionManager.createSubpartitionView(ResultPartitionManager.java:105)",
    "network",
    "org.apache.flink.runtime.io.network.partition.PartitionNotFoundException",
  ],
  [
    "a connection that was reset",
    "org.apache.flink.runtime.io.network.netty.exception.LocalTransportException: readAddress(..) failed: Connection timed out (connection to '10.0.0.3/10.0.0.3:41231')\n\tat org.apache.flink.runtime.io.network.netty.CreditBasedPartitionRequestClientHandler.exceptionCaught(CreditBasedPartitionRequestClientHandler.java:168)\nCaused by: org.apache.flink.shaded.netty4.io.netty.channel.unix.Errors$NativeIoException: readAddress(..) failed: Connection timed out",
    "network",
    "org.apache.flink.runtime.io.network.netty.exception.LocalTransportException",
  ],
  [
    "a call that was not answered",
    "java.util.concurrent.TimeoutException: Invocation of [RemoteRpcInvocation(TaskExecutorGateway.submitTask(TaskDeploymentDescriptor, JobMasterId, Time))] at recipient [pekko.tcp://flink@10.0.0.3:6122/user/rpc/taskmanager_0] timed out. This is usually caused by: 1) Pekko failed sending the message silently, due to problems like oversized payload or serialization failures.\n\tat org.apache.flink.runtime.jobmaster.RpcTaskManagerGateway.submitTask(RpcTaskManagerGateway.java:60)\nCaused by: org.apache.pekko.pattern.AskTimeoutException: Ask timed out on [Actor[pekko.tcp://flink@10.0.0.3:6122/user/rpc/taskmanager_0#-1]] after [10000 ms]. Message of type [org.apache.flink.runtime.rpc.messages.RemoteRpcInvocation]. A typical reason for `AskTimeoutException` is that the recipient actor didn't send a reply.",
    "network",
    "org.apache.pekko.pattern.AskTimeoutException",
  ],

  // connector
  [
    "Kafka without metadata",
    "org.apache.kafka.common.errors.TimeoutException: Timeout of 60000ms expired before the position for partition orders-3 could be determined\n",
    "connector",
    "org.apache.kafka.common.errors.TimeoutException",
  ],
  [
    "Kafka transactions that were fenced, shaded",
    "org.apache.flink.kafka.shaded.org.apache.kafka.common.errors.ProducerFencedException: There is a newer producer with the same transactionalId which fences the current one.",
    "connector",
    "org.apache.flink.kafka.shaded.org.apache.kafka.common.errors.ProducerFencedException",
  ],
  [
    "Kafka's topics cannot be listed",
    "org.apache.flink.util.FlinkException: Global failure triggered by OperatorCoordinator for 'Source: orders' (operator 6bf01baa9d2ca23a3ef7ce311722523d).\n\tat org.apache.flink.runtime.operators.coordination.OperatorCoordinatorHolder$LazyInitializedCoordinatorContext.failJob(OperatorCoordinatorHolder.java:651)\nCaused by: org.apache.flink.util.FlinkRuntimeException: Failed to list subscribed topic partitions due to \n\tat org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumerator.checkPartitionChanges(KafkaSourceEnumerator.java:234)\nCaused by: java.lang.RuntimeException: Failed to get metadata for topics [orders].\n\tat org.apache.flink.connector.kafka.source.enumerator.subscriber.KafkaSubscriberUtils.getTopicMetadata(KafkaSubscriberUtils.java:47)\nCaused by: java.util.concurrent.ExecutionException: org.apache.kafka.common.errors.UnknownTopicOrPartitionException: This server does not host this topic-partition.\n\tat java.base/java.util.concurrent.CompletableFuture.reportGet(CompletableFuture.java:396)\nCaused by: org.apache.kafka.common.errors.UnknownTopicOrPartitionException: This server does not host this topic-partition.",
    "connector",
    "org.apache.kafka.common.errors.UnknownTopicOrPartitionException",
  ],
  [
    "offsets that Kafka has dropped",
    "org.apache.kafka.clients.consumer.OffsetOutOfRangeException: Fetch position FetchPosition{offset=120, offsetEpoch=Optional.empty} is out of range for partition orders-0\n\tat org.apache.kafka.clients.consumer.internals.Fetcher.handleOffsetOutOfRange(Fetcher.java:1366)",
    "connector",
    "org.apache.kafka.clients.consumer.OffsetOutOfRangeException",
  ],
  [
    "a database that is away",
    "java.io.IOException: java.sql.BatchUpdateException: Communications link failure\n\tat org.apache.flink.connector.jdbc.internal.JdbcOutputFormat.flush(JdbcOutputFormat.java:216)\nCaused by: java.sql.BatchUpdateException: Communications link failure\n\tat com.mysql.cj.jdbc.exceptions.SQLError.createBatchUpdateException(SQLError.java:224)\nCaused by: com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure\n\tat com.mysql.cj.jdbc.exceptions.SQLError.createCommunicationsException(SQLError.java:174)",
    "connector",
    "com.mysql.cj.jdbc.exceptions.CommunicationsException",
  ],
  [
    "a row that the database refuses",
    'org.postgresql.util.PSQLException: ERROR: duplicate key value violates unique constraint "orders_pkey"\n\tat org.postgresql.core.v3.QueryExecutorImpl.receiveErrorResponse(QueryExecutorImpl.java:2713)',
    "connector",
    "org.postgresql.util.PSQLException",
  ],
  [
    "Kinesis throttles",
    "software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException: Rate exceeded for shard shardId-000000000003 in stream clicks under account 123456789012. (Service: Kinesis, Status Code: 400, Request ID: e2)\n\tat software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException$BuilderImpl.build(ProvisionedThroughputExceededException.java:150)",
    "connector",
    "software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException",
  ],
  [
    "Elasticsearch refuses a bulk",
    "org.apache.flink.util.FlinkRuntimeException: Complete bulk has failed.\n\tat org.apache.flink.connector.elasticsearch.sink.ElasticsearchWriter$BulkListener.lambda$afterBulk$0(ElasticsearchWriter.java:238)\nCaused by: org.elasticsearch.ElasticsearchStatusException: method [POST], host [http://es:9200], URI [/_bulk], status line [HTTP/1.1 429 Too Many Requests]\n\tat org.elasticsearch.client.RestHighLevelClient.parseResponseException(RestHighLevelClient.java:2135)",
    "connector",
    "org.elasticsearch.ElasticsearchStatusException",
  ],
  [
    "a service that does not answer",
    `${CHAINED}Caused by: java.net.http.HttpConnectTimeoutException: HTTP connect timed out\n\tat java.net.http/jdk.internal.net.http.HttpClientImpl.send(HttpClientImpl.java:562)\n\tat com.shop.Scores.map(Scores.java:44)\nCaused by: java.net.ConnectException: HTTP connect timed out\n\tat java.net.http/jdk.internal.net.http.MultiExchange.toTimeoutException(MultiExchange.java:540)`,
    "connector",
    "java.net.ConnectException",
  ],
  [
    "the sink's commit",
    "org.apache.iceberg.exceptions.CommitFailedException: Cannot commit: stale table metadata\n\tat org.apache.iceberg.flink.sink.IcebergFilesCommitter.commitOperation(IcebergFilesCommitter.java:392)",
    "connector",
    "org.apache.iceberg.exceptions.CommitFailedException",
  ],

  // user-code
  [
    "a null in a function",
    'java.lang.NullPointerException: Cannot invoke "com.shop.Order.amount()" because "order" is null\n\tat com.shop.Totals.map(Totals.java:27)\n\tat org.apache.flink.streaming.api.operators.StreamMap.processElement(StreamMap.java:38)',
    "user-code",
    "java.lang.NullPointerException",
  ],
  [
    "a poison record in an operator that is chained to Kafka",
    `${CHAINED}Caused by: java.lang.NumberFormatException: For input string: "abc"\n\tat java.base/java.lang.NumberFormatException.forInputString(NumberFormatException.java:67)\n\tat java.base/java.lang.Integer.parseInt(Integer.java:652)\n\tat com.shop.Parse.flatMap(Parse.java:19)\n\tat org.apache.flink.streaming.api.operators.StreamFlatMap.processElement(StreamFlatMap.java:47)\n\tat org.apache.flink.connector.kafka.source.reader.KafkaRecordEmitter.emitRecord(KafkaRecordEmitter.java:53)`,
    "user-code",
    "java.lang.NumberFormatException",
  ],
  [
    "the recorded failure of a lab job",
    "java.lang.IllegalStateException: failure asked for by file\n\tat lab.LoadJob$Work.map(LoadJob.java:67)\n\tat lab.LoadJob$Work.map(LoadJob.java:61)\n\tat org.apache.flink.streaming.api.operators.StreamMap.processElement(StreamMap.java:38)",
    "user-code",
    "java.lang.IllegalStateException",
  ],
  [
    "a failure that the program wrapped",
    `${SUPPRESSED}Caused by: java.lang.RuntimeException: order 17 cannot be booked\n\tat com.shop.Booking.processElement(Booking.java:50)\nCaused by: java.lang.ArithmeticException: / by zero\n\tat com.shop.Money.divide(Money.java:9)\n\tat com.shop.Booking.processElement(Booking.java:48)`,
    "user-code",
    "java.lang.ArithmeticException",
  ],
  [
    "generated code of SQL",
    "java.lang.RuntimeException: Division by zero\n\tat StreamExecCalc$47.processElement(Unknown Source)\n\tat org.apache.flink.streaming.runtime.tasks.OneInputStreamTask$StreamTaskNetworkOutput.emitRecord(OneInputStreamTask.java:238)",
    "user-code",
    "java.lang.RuntimeException",
  ],
  [
    "a null in a column that takes none",
    "org.apache.flink.table.api.TableException: Column 'user_id' is NOT NULL, however, a null value is being written into it. You can set job configuration 'table.exec.sink.not-null-enforcer'='DROP' to suppress this exception and drop such records silently.\n\tat org.apache.flink.table.runtime.operators.sink.ConstraintEnforcer.processNotNullConstraint(ConstraintEnforcer.java:270)",
    "user-code",
    "org.apache.flink.table.api.TableException",
  ],
  [
    "a method that another version of a library had",
    "java.lang.NoSuchMethodError: 'com.google.common.collect.ImmutableList com.google.common.collect.ImmutableList.copyOf(java.util.Collection)'\n\tat com.shop.Rules.open(Rules.java:22)",
    "user-code",
    "java.lang.NoSuchMethodError",
  ],
  [
    "a file that the program itself wants at its start",
    "java.io.FileNotFoundException: /etc/shop/rules.yaml (No such file or directory)\n\tat java.base/java.io.FileInputStream.open0(Native Method)\n\tat com.shop.Rules.open(Rules.java:17)\n\tat org.apache.flink.streaming.runtime.tasks.RegularOperatorChain.initializeStateAndOpenOperators(RegularOperatorChain.java:107)\n\tat org.apache.flink.streaming.runtime.tasks.StreamTask.restoreGates(StreamTask.java:753)",
    "user-code",
    "java.io.FileNotFoundException",
  ],

  // checkpointing
  [
    "too many failed checkpoints",
    "org.apache.flink.util.FlinkRuntimeException: Exceeded checkpoint tolerable failure threshold. The latest checkpoint failed due to Checkpoint expired before completing., view the Checkpoint History tab or the Job Manager log to find out why continuous checkpoints failed.\n\tat org.apache.flink.runtime.checkpoint.CheckpointFailureManager.checkFailureAgainstCounter(CheckpointFailureManager.java:212)",
    "checkpointing",
    "org.apache.flink.util.FlinkRuntimeException",
  ],
  [
    "a declined checkpoint",
    "org.apache.flink.runtime.checkpoint.CheckpointException: Checkpoint was declined (tasks not ready).\n\tat org.apache.flink.streaming.runtime.tasks.SubtaskCheckpointCoordinatorImpl.checkpointState(SubtaskCheckpointCoordinatorImpl.java:290)",
    "checkpointing",
    "org.apache.flink.runtime.checkpoint.CheckpointException",
  ],

  // unrecognised
  [
    "nothing that is known",
    "java.lang.IllegalStateException: Timer service is shut down\n\tat org.apache.flink.streaming.runtime.tasks.SystemProcessingTimeService.registerTimer(SystemProcessingTimeService.java:110)",
    "unrecognised",
    "java.lang.IllegalStateException",
  ],
  ["a line that is no stack", "something went wrong", "unrecognised", "something went wrong"],
];

describe("an exception", () => {
  it.each(CASES)("of %s has its class and its telling cause", (_name, stack, faultClass, exception) => {
    const found = classify(exceptionOf(stack));
    expect({ class: found.class, exception: found.exception }).toEqual({ class: faultClass, exception });
    expect(found.message.length).toBeLessThanOrEqual(300);
    expect(found.message).not.toContain("\n");
  });

  it("of every class stands in the table, and there are more than sixty", () => {
    expect(CASES.length).toBeGreaterThan(60);
    expect(FAULT_CLASSES.filter((c) => !CASES.some(([, , known]) => known === c))).toEqual([]);
  });

  it.each([
    [
      "a source that cannot recover in part",
      "java.lang.UnsupportedOperationException: Partial recovery is not supported\n\tat org.apache.flink.connector.kinesis.source.enumerator.assigner.UniformShardAssigner.x(UniformShardAssigner.java:1)",
      "pure",
    ],
    [
      "splits that are given back",
      "java.lang.NullPointerException\n\tat org.apache.flink.connector.kinesis.source.enumerator.KinesisStreamsSourceEnumerator.addSplitsBack(KinesisStreamsSourceEnumerator.java:180)",
      "pure",
    ],
    [
      "a cancelled task",
      "java.util.concurrent.CancellationException\n\tat java.base/java.util.concurrent.CompletableFuture.cancel(CompletableFuture.java:2478)",
      "pure",
    ],
    ["a wrapper with nothing inside", SUPPRESSED, "pure"],
    [
      "a broken connection to another TaskManager",
      "org.apache.flink.runtime.io.network.netty.exception.RemoteTransportException: Connection unexpectedly closed by remote task manager '10.0.0.3:1 [ tm-2 ] '. This might indicate that the remote task manager was lost.",
      "weak",
    ],
    [
      "missing slots",
      "org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException: Could not acquire the minimum required resources.",
      "weak",
    ],
    [
      "a null in a function",
      "java.lang.NullPointerException\n\tat com.shop.Totals.map(Totals.java:27)",
      null,
    ],
  ] as const)("of %s is an echo of another one as it should be", (_name, stack, echo) => {
    expect(classify(exceptionOf(stack)).echo).toBe(echo);
  });

  it("is what the settings say it is, before Outrider's own table", () => {
    const stack =
      "java.lang.IllegalStateException: quota of tenant 17 is used up\n\tat com.shop.Quota.map(Quota.java:3)";
    expect(classify(exceptionOf(stack)).class).toBe("user-code");
    expect(classify(exceptionOf(stack), [{ match: "quota of tenant", class: "resources" }]).class).toBe(
      "resources",
    );
    expect(
      classify(exceptionOf(stack), [{ match: "^java.lang.IllegalState.*quota", class: "connector" }]).class,
    ).toBe("connector");
  });

  it("is judged by what failed with it, where Flink's own choice is an echo", () => {
    const echo = exceptionOf(
      "org.apache.flink.runtime.io.network.netty.exception.RemoteTransportException: Connection unexpectedly closed by remote task manager 'x'. This might indicate that the remote task manager was lost.",
    );
    const real = exceptionOf(
      "java.util.concurrent.TimeoutException: Heartbeat of TaskManager with id tm-1 timed out.",
      { at: 1_200, task: null },
    );
    const { fault } = failureOf({ ...echo, concurrent: [real] });
    expect(fault).toMatchObject({
      at: 1_000,
      exception: "java.util.concurrent.TimeoutException",
      task: null,
    });
  });

  it("has one fingerprint for the same fault again, and another for another", () => {
    const failure = (message: string, task: string) =>
      failureOf(
        exceptionOf(`java.lang.IllegalStateException: ${message}\n\tat com.shop.A.map(A.java:1)`, { task }),
      ).fault.fingerprint;
    const once = failure(
      "order 17 at 10.0.0.3:41231 has id 0a1b2c3d4e5f60718293a4b5c6d7e8f9",
      "work (1/4) - execution #0",
    );
    expect(
      failure("order 18 at 10.0.0.9:5 has id ffffffff4e5f60718293a4b5c6d7e8f9", "work (3/4) - execution #7"),
    ).toBe(once);
    expect(failure("order 17 cannot be booked", "work (1/4) - execution #0")).not.toBe(once);
    expect(
      failure(
        "order 17 at 10.0.0.3:41231 has id 0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "count (1/4) - execution #0",
      ),
    ).not.toBe(once);
  });

  it("does not give away passwords that its message repeats", () => {
    const stack =
      "java.sql.SQLException: cannot connect to jdbc:mysql://app:geheim@db/shop?user=app&password=geheim&x=1\n\tat com.mysql.X.y(X.java:1)";
    const { message } = classify(exceptionOf(stack));
    expect(message).not.toContain("geheim");
    expect(message).toContain("x=1");
  });
});

describe("a text that is no exception of anybody", () => {
  it.each([
    ["one word", "a".repeat(16_000)],
    ["one frame", `x\n\tat ${"a".repeat(15_000)}(\n`],
    ["only causes", "\nCaused by: ".repeat(1_300)],
    ["a thousand slots", "Container ".repeat(1_600)],
    ["nothing", ""],
    ["blanks", " ".repeat(16_000)],
  ])("(%s) is classified like any other, and stays bounded", (_what, stack) => {
    const { fault } = failureOf(exceptionOf(stack));
    expect(FAULT_CLASSES).toContain(fault.class);
    expect(fault.message.length).toBeLessThanOrEqual(300);
    expect(fault.fingerprint.length).toBeLessThan(1_400);
  });
});

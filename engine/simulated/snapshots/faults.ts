import { StateFault, type Thrown } from "../physics/state-fault.ts";

/** What Flink throws where state cannot be read or written: texts and frames as on 1.20 and 2.3. */

const FS = "org.apache.flink.runtime.state.filesystem";
const POINTER = [
  `${FS}.AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(AbstractFsCheckpointStorageAccess.java:275)`,
  "org.apache.flink.runtime.checkpoint.CheckpointCoordinator.restoreSavepoint(CheckpointCoordinator.java:1850)",
];
const LOAD = [
  "org.apache.flink.runtime.checkpoint.Checkpoints.loadCheckpointMetadata(Checkpoints.java:102)",
  "org.apache.flink.runtime.checkpoint.Checkpoints.loadAndValidateCheckpoint(Checkpoints.java:130)",
];
const METADATA_READER = "org.apache.flink.runtime.checkpoint.metadata";

export const directoryMissing = (path: string): StateFault =>
  new StateFault({
    name: "java.io.FileNotFoundException",
    message: `Cannot find checkpoint or savepoint file/directory '${path}' on file system 'file'.`,
    frames: POINTER,
  });

export const metadataMissing = (path: string): StateFault =>
  new StateFault({
    name: "java.io.FileNotFoundException",
    message: `Cannot find meta data file '_metadata' in directory '${path}'. Please try to load the checkpoint/savepoint directly from the metadata file instead of the directory.`,
    frames: POINTER,
  });

const MAGIC = [0x49, 0x60, 0x67, 0x2d];

export function metadataBroken(bytes: Uint8Array): StateFault {
  if (bytes.length >= MAGIC.length && MAGIC.some((byte, i) => bytes[i] !== byte))
    return new StateFault({ name: "java.io.IOException", message: "Unexpected magic number.", frames: LOAD });
  const frames = [
    "java.io.DataInputStream.readFully(DataInputStream.java:202)",
    `${METADATA_READER}.MetadataV2V3SerializerBase.deserializeStreamStateHandle(MetadataV2V3SerializerBase.java:760)`,
    ...LOAD,
  ];
  return new StateFault({ name: "java.io.EOFException", message: "null", frames });
}

/** As a task says it that reads its keyed state back. */
function restoring(cause: Thrown): StateFault {
  const initializer =
    "org.apache.flink.streaming.api.operators.StreamTaskStateInitializerImpl.streamOperatorStateContext(StreamTaskStateInitializerImpl.java:330)";
  return new StateFault(
    {
      name: "java.lang.Exception",
      message: "Exception while creating StreamOperatorStateContext.",
      frames: [initializer],
    },
    [
      {
        name: "org.apache.flink.util.FlinkException",
        message: "Could not restore keyed state backend from any of the 1 provided restore options.",
        frames: [
          "org.apache.flink.streaming.api.operators.BackendRestorerProcedure.createAndRestore(BackendRestorerProcedure.java:165)",
        ],
      },
      {
        name: "org.apache.flink.runtime.state.BackendBuildingException",
        message: "Failed when trying to restore heap backend",
        frames: [
          "org.apache.flink.runtime.state.heap.HeapKeyedStateBackendBuilder.restoreState(HeapKeyedStateBackendBuilder.java:177)",
        ],
      },
      cause,
    ],
  );
}

export const fileMissing = (path: string): StateFault =>
  restoring({
    name: "java.io.FileNotFoundException",
    message: `${path} (No such file or directory)`,
    frames: ["org.apache.flink.core.fs.local.LocalDataInputStream.<init>(LocalDataInputStream.java:50)"],
  });

export const fileShort = (path: string): StateFault =>
  restoring({
    name: "java.io.EOFException",
    message: `null (reading ${path})`,
    frames: ["java.io.DataInputStream.readFully(DataInputStream.java:202)"],
  });

const timedOut = (path: string): Thrown => ({
  name: "java.net.ConnectException",
  message: `Unable to execute HTTP request: the store of ${path} cannot be reached (Connection refused)`,
  frames: [
    `${FS}.FsCheckpointStreamFactory.createCheckpointStateOutputStream(FsCheckpointStreamFactory.java:120)`,
  ],
});

/** The store does not serve. */
export const unreachable = (path: string): StateFault =>
  new StateFault(
    {
      name: "java.io.IOException",
      message: `Could not open output stream for state backend: ${path}`,
      frames: [
        `${FS}.FsCheckpointStreamFactory$FsCheckpointStateOutputStream.createStream(FsCheckpointStreamFactory.java:400)`,
      ],
    },
    [timedOut(path)],
  );

/** The file system refuses to write. */
export const notWritten = (path: string, why: string): StateFault =>
  new StateFault(
    { name: "java.io.IOException", message: `Failed to create savepoint directory at ${path}` },
    [{ name: "java.io.IOException", message: why }],
  );

/** How one kind of snapshot is made: what the load job is told, what Flink is told, and what is done to the job. */
export interface Flavour {
  readonly name: string;
  readonly takes: "checkpoint" | "savepoint-canonical" | "savepoint-native";
  /** Checkpoints before the one that counts (or before the savepoint): they make shared files be used again. */
  readonly before?: number;
  /** Arguments of the load job besides the common ones. */
  readonly args?: Readonly<Record<string, string | number | boolean>>;
  readonly flinkConfiguration?: Readonly<Record<string, string>>;
  /** Keys that only a cluster can have: it is one of its own. */
  readonly clusterConfiguration?: Readonly<Record<string, string>>;
  /** The snapshot is that of a second job, which resumed from a checkpoint of the first and in this mode. */
  readonly resumed?: "CLAIM" | "NO_CLAIM";
  /** So many tasks finish while the job runs, and the snapshot is taken after that. */
  readonly finishedTasks?: number;
  /** Checkpoints are repeated until one holds records in flight. */
  readonly inFlight?: boolean;
  /** Only on an object store: random characters stand in the paths of the data files. */
  readonly entropy?: boolean;
  /** Stores on which Flink leaves files behind that no snapshot refers to. */
  readonly litters?: readonly StoreName[];
  /** Stores on which the files that the snapshot refers to are not there, although Flink calls it complete. */
  readonly lost?: readonly StoreName[];
  /** Files are compressed and shorter than the sizes that the snapshot names. */
  readonly compressed?: boolean;
  /** Part of the short pass, and on which stores; the rest is for `--full`. */
  readonly short?: readonly StoreName[];
}

/** Where the snapshots lie. */
export type StoreName = "local" | "s3";

const rocksdb = {
  "state.backend.type": "rocksdb",
  // Else the little managed memory of a slot makes it write and merge files all the time, and none is used twice.
  "state.backend.rocksdb.memory.managed": "false",
};
/** RocksDB whose checkpoints share files. */
export const rocksdbIncremental = { ...rocksdb, "execution.checkpointing.incremental": "true" };
const unaligned = { "execution.checkpointing.unaligned.enabled": "true" };
const fileMerging = { "execution.checkpointing.file-merging.enabled": "true" };
const changelog = { "state.changelog.enabled": "true" };
/** More than the job can do: its buffers are full, and an unaligned checkpoint holds what is in them. */
const overload = { rate: 20_000, "work-ms": 2, "count-ms": 4 };

/** For every job; a flavour's own keys win. */
export const commonConfiguration = {
  "state.backend.type": "hashmap",
  // Only those that are asked for: when the job is cancelled, no other is under way.
  "execution.checkpointing.interval": "1h",
} as const;

export const FLAVOURS: readonly Flavour[] = [
  {
    name: "hashmap-full",
    takes: "checkpoint",
    // A finished task stays until one checkpoint has seen it.
    before: 1,
    args: { "operator-state": true, "finish-subtask": 1, "finite-branch": true },
    finishedTasks: 5,
    short: ["local"],
  },
  {
    name: "hashmap-inline",
    takes: "checkpoint",
    args: { "operator-state": true },
    clusterConfiguration: { "execution.checkpointing.data-inline-threshold": "20kb" },
    short: ["local"],
  },
  { name: "rocksdb-full", takes: "checkpoint", before: 1, flinkConfiguration: rocksdb },
  {
    name: "rocksdb-incremental",
    takes: "checkpoint",
    before: 2,
    flinkConfiguration: rocksdbIncremental,
    short: ["s3"],
  },
  {
    name: "rocksdb-raw-timers",
    takes: "checkpoint",
    args: { "window-ms": 60_000 },
    flinkConfiguration: { ...rocksdbIncremental, "state.backend.rocksdb.timer-service.factory": "HEAP" },
  },
  {
    name: "unaligned",
    takes: "checkpoint",
    args: overload,
    flinkConfiguration: unaligned,
    inFlight: true,
    short: ["local"],
  },
  {
    name: "unaligned-rocksdb",
    takes: "checkpoint",
    args: overload,
    flinkConfiguration: { ...rocksdbIncremental, ...unaligned },
    inFlight: true,
  },
  { name: "changelog", takes: "checkpoint", before: 2, flinkConfiguration: changelog, short: ["local"] },
  {
    name: "changelog-compressed",
    takes: "checkpoint",
    before: 2,
    flinkConfiguration: changelog,
    clusterConfiguration: { "dstl.dfs.compression.enabled": "true" },
    compressed: true,
  },
  {
    name: "changelog-materialized",
    takes: "checkpoint",
    before: 4,
    flinkConfiguration: {
      ...rocksdbIncremental,
      ...changelog,
      "state.changelog.periodic-materialize.interval": "500ms",
    },
    litters: ["local", "s3"],
  },
  {
    name: "file-merging",
    takes: "checkpoint",
    before: 2,
    args: { "operator-state": true },
    flinkConfiguration: { ...rocksdbIncremental, ...fileMerging },
    litters: ["s3"],
    short: ["local"],
  },
  {
    name: "file-merging-across",
    takes: "checkpoint",
    before: 2,
    args: overload,
    flinkConfiguration: {
      ...unaligned,
      ...fileMerging,
      "execution.checkpointing.file-merging.across-checkpoint-boundary": "true",
    },
    inFlight: true,
    // An object is there only once it is closed, which here comes checkpoints later, and never after a cancellation.
    lost: ["s3"],
  },
  {
    name: "savepoint-canonical",
    takes: "savepoint-canonical",
    before: 1,
    args: { "operator-state": true },
    flinkConfiguration: rocksdbIncremental,
    short: ["local", "s3"],
  },
  {
    name: "savepoint-native",
    takes: "savepoint-native",
    before: 1,
    flinkConfiguration: rocksdbIncremental,
    short: ["local"],
  },
  { name: "savepoint-native-hashmap", takes: "savepoint-native", args: { "operator-state": true } },
  {
    name: "claimed",
    takes: "checkpoint",
    resumed: "CLAIM",
    flinkConfiguration: rocksdbIncremental,
    short: ["local"],
  },
  { name: "not-claimed", takes: "checkpoint", resumed: "NO_CLAIM", flinkConfiguration: rocksdbIncremental },
  {
    name: "entropy",
    takes: "checkpoint",
    before: 1,
    flinkConfiguration: rocksdbIncremental,
    entropy: true,
    short: ["s3"],
  },
];

/** The flavours of a pass over one store. */
export function flavoursOf(store: StoreName, full: boolean): readonly Flavour[] {
  const possible = FLAVOURS.filter((flavour) => store === "s3" || flavour.entropy !== true);
  return full ? possible : possible.filter((flavour) => flavour.short?.includes(store) === true);
}

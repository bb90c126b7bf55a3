import { join } from "node:path";
import { s3Credentials } from "../s3/server.ts";
import type { StoreName } from "./flavours.ts";

/** Where a cluster keeps its snapshots, as Flink is told. */
export interface SnapshotStore {
  readonly name: StoreName;
  /** Everything lies below it. */
  readonly root: string;
  readonly savepointRoot: string;
  /** A checkpoint directory whose data files get random characters in their paths; local files know no such thing. */
  readonly entropyRoot: string | undefined;
  /** Keys of the cluster that go with it. */
  readonly clusterConfiguration: Readonly<Record<string, string>>;
  /** Where a location (`file:/…`, `s3://bucket/…`) really lies: a path of this machine. */
  onDisk(location: string): string;
}

/** A folder of this machine. */
export function localStore(directory: string): SnapshotStore {
  const root = `file://${directory}`;
  return {
    name: "local",
    root,
    savepointRoot: `${root}/sp`,
    entropyRoot: undefined,
    clusterConfiguration: rootsBelow(root),
    onDisk: (location) => location.replace(/^file:(?:\/\/)?/, ""),
  };
}

/** A bucket of an S3 server that keeps its buckets as folders below `folder`. */
export function s3Store(options: {
  readonly url: string;
  readonly folder: string;
  readonly bucket: string;
}): SnapshotStore {
  const root = `s3://${options.bucket}`;
  return {
    name: "s3",
    root,
    savepointRoot: `${root}/sp`,
    entropyRoot: `${root}/_entropy_/ckpt`,
    clusterConfiguration: {
      ...rootsBelow(root),
      "s3.endpoint": options.url,
      "s3.path.style.access": "true",
      "s3.access-key": s3Credentials.accessKeyId,
      "s3.secret-key": s3Credentials.secretAccessKey,
      // This server cannot delete the marker of a directory in which something lies; AWS can.
      "s3.directory.marker.retention": "keep",
      "s3.entropy.key": "_entropy_",
      "s3.entropy.length": "4",
    },
    onDisk: (location) => join(options.folder, location.replace(/^s3:\/\//, "")),
  };
}

/** The changelog is a matter of the cluster, not of a job; it lies outside the directory of a checkpoint. */
function rootsBelow(root: string): Readonly<Record<string, string>> {
  return {
    "execution.checkpointing.dir": `${root}/ckpt`,
    "execution.checkpointing.savepoint-dir": `${root}/sp`,
    "state.changelog.storage": "filesystem",
    "dstl.dfs.base-path": `${root}/dstl`,
  };
}

import {
  type ClusterReadout,
  Failure,
  HA_MODES,
  type Instant,
  type Milliseconds,
} from "../../model/index.ts";
import type { FlinkRest } from "./client.ts";
import { parseFlinkDuration } from "./flink-duration.ts";

export interface ClusterReader {
  /**
   * What recovery asks of a cluster, in four requests. Throws the `Failure` of version or TaskManagers, without which
   * nothing can be judged; jars and configuration may be missing and are then named in `unread`.
   */
  readCluster(): Promise<ClusterReadout>;
}

type HighAvailability = ClusterReadout["highAvailability"];

/** Flink's default of `heartbeat.timeout`. */
const HEARTBEAT_TIMEOUT_MS: Milliseconds = 50_000;

export function createClusterReader(rest: FlinkRest, wallClock: () => Instant = Date.now): ClusterReader {
  return {
    async readCluster() {
      const [version, taskManagers, jars, config] = await Promise.all([
        rest.config(),
        rest.taskManagers(),
        orFailure(rest.jars()),
        orFailure(rest.clusterConfig()),
      ]);
      const keys = config instanceof Failure ? undefined : config;
      const unread: ("jars" | "configuration")[] = [];
      // A cluster that takes no jars has none; that is an answer.
      if (jars instanceof Failure && jars.code !== "not-supported") unread.push("jars");
      if (keys === undefined) unread.push("configuration");
      return {
        at: wallClock(),
        flinkVersion: version["flink-version"],
        highAvailability: keys === undefined ? null : highAvailabilityOf(keys),
        heartbeatTimeoutMs: durationOf(keys?.["heartbeat.timeout"]) ?? HEARTBEAT_TIMEOUT_MS,
        taskManagers: taskManagers.map((t) => ({
          id: t.id,
          slots: t.slotsNumber,
          freeSlots: t.freeSlots,
          lastHeartbeatAt: t.timeSinceLastHeartbeat ?? null,
        })),
        jars: jars instanceof Failure ? [] : jars.map(({ id, name }) => ({ id, name })),
        checkpointDirectory: textOf(keys, "execution.checkpointing.dir", "state.checkpoints.dir"),
        savepointDirectory: textOf(keys, "execution.checkpointing.savepoint-dir", "state.savepoints.dir"),
        // Neither REST nor metrics tell when the process started.
        jobManagerStartedAt: null,
        // Every JobManager makes itself a folder `flink-web-<uuid>` when it starts.
        jobManagerProcess: keys?.["web.tmpdir"] ?? null,
        unread,
      };
    },
  };
}

/** The first of the keys that is set: the newer name comes first. */
function textOf(
  keys: Readonly<Record<string, string>> | undefined,
  ...names: readonly string[]
): string | null {
  for (const name of names) {
    const value = keys?.[name]?.trim();
    if (value !== undefined && value !== "") return value;
  }
  return null;
}

/** A short name or the class of a factory. */
function highAvailabilityOf(keys: Readonly<Record<string, string>>): HighAvailability {
  const set = textOf(keys, "high-availability.type", "high-availability")?.toLowerCase() ?? "none";
  return HA_MODES.find((mode) => mode === set) ?? (set.includes("kubernetes") ? "kubernetes" : "other");
}

const durationOf = (text: string | undefined): Milliseconds | undefined =>
  text === undefined ? undefined : parseFlinkDuration(text);

async function orFailure<T>(promise: Promise<T>): Promise<T | Failure> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

import { readFileSync } from "node:fs";
import {
  createActuator,
  createFlinkRest,
  createHealthReader,
  createJobReader,
  createRecentReplies,
  type FlinkRest,
} from "../engine/index.ts";
import { Failure, sentenceOf } from "../model/index.ts";
import type { ProcessClock } from "./clock.ts";
import type { DrivenCluster } from "./cluster.ts";
import { authorizationOf, type ClusterConfig, isWatched, toMs } from "./config/index.ts";

/** One Flink cluster of the configuration as the loop drives it; `rest` holds its connections. */
export function driveCluster(
  cluster: ClusterConfig,
  clock: ProcessClock,
): { cluster: DrivenCluster; rest: FlinkRest } {
  const rest = createFlinkRest(restOptionsOf(cluster));
  const recent = createRecentReplies();
  return {
    rest,
    cluster: {
      name: cluster.name,
      url: cluster.url,
      namespace: cluster.namespace,
      reader: createJobReader(rest, { now: () => clock.steady(), recent }),
      actuator: createActuator(rest),
      eyes: createHealthReader(rest, { recent, now: () => clock.steady(), wallClock: () => clock.now() }),
      hand: rest,
      readVersion: async () => (await rest.config())["flink-version"],
      includes: (jobName) => isWatched(cluster, jobName),
    },
  };
}

function restOptionsOf(cluster: ClusterConfig) {
  const { caFile, rejectUnauthorized = true } = cluster.tls ?? {};
  return {
    url: cluster.url,
    timeoutMs: toMs(cluster.timeout),
    authorization: () => authorizationOf(cluster),
    tls: { rejectUnauthorized, ...(caFile === undefined ? {} : { ca: readAuthorities(caFile) }) },
  };
}

function readAuthorities(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const message = `cannot read the authorities to trust: ${file}; got ${sentenceOf(cause)}; expected a PEM file`;
    throw new Failure("bad-config", message, { cause });
  }
}

import { readFileSync } from "node:fs";
import {
  type AutoscalerConfig,
  compileAutoscalerSettings,
  overrideAutoscaler,
} from "../../autoscaler/index.ts";
import {
  Failure,
  type JobKey,
  type Location,
  type LocationMap,
  type Milliseconds,
  type Mode,
  parseDuration,
  parseLocation,
  sentenceOf,
} from "../../model/index.ts";
import {
  compileRecoverySettings,
  overrideRecovery,
  type RecoveryConfig,
  type RecoveryOverrides,
} from "../../recovery/index.ts";
import { matchesGlob } from "./glob.ts";
import type { ClusterConfig, Config, Role } from "./schema.ts";

/** Milliseconds of a setting that the schema has checked. */
export function toMs(text: string): Milliseconds {
  return parseDuration(text) ?? 0;
}

/** What holds for one job: the installation's settings, then each match under `jobs` in the order of the file. */
export function settingsOf(
  config: Config,
  key: JobKey,
): { mode: Mode; autoscaler: AutoscalerConfig; recovery: RecoveryConfig } {
  let mode = config.mode;
  let autoscaler = config.autoscaler;
  const recovery: RecoveryOverrides[] = [];
  for (const [glob, job] of Object.entries(config.jobs ?? {})) {
    if (!matchesGlob(glob, key)) continue;
    mode = job.mode ?? mode;
    autoscaler = overrideAutoscaler(autoscaler, job.autoscaler ?? {});
    if (job.recovery !== undefined) recovery.push(job.recovery);
  }
  return {
    mode,
    autoscaler: compileAutoscalerSettings(autoscaler),
    recovery: compileRecoverySettings(overrideRecovery(config.recovery, recovery)),
  };
}

/** Which snapshots may be read besides those that Flink names, and where Outrider sees what Flink names. */
export function placesOf(config: Config): { roots: readonly Location[]; maps: readonly LocationMap[] } {
  return {
    roots: (config.storage.roots ?? []).map(parseLocation),
    maps: (config.storage.maps ?? []).map(({ from, to }) => ({
      from: parseLocation(from),
      to: parseLocation(to),
    })),
  };
}

/** Whether a job of this name is looked after; what is excluded stays out even where it is included as well. */
export function isWatched(cluster: ClusterConfig, jobName: string): boolean {
  const included = cluster.jobs?.include?.some((glob) => matchesGlob(glob, jobName)) ?? true;
  return included && !cluster.jobs?.exclude?.some((glob) => matchesGlob(glob, jobName));
}

/** The `Authorization` header of a cluster; call it per request, because a mounted token is rotated. */
export function authorizationOf(cluster: ClusterConfig): string | undefined {
  const { bearer, bearerFile, username, password } = cluster.auth ?? {};
  if (username !== undefined) {
    return `Basic ${Buffer.from(`${username}:${password ?? ""}`).toString("base64")}`;
  }
  const token = bearer ?? (bearerFile === undefined ? undefined : readSecret(bearerFile));
  return token === undefined ? undefined : `Bearer ${token}`;
}

export interface Token {
  readonly name: string;
  readonly role: Role;
  readonly value: string;
}

/** The tokens of the HTTP API with those from files read. */
export function readTokens(config: Config): readonly Token[] {
  return (config.tokens ?? []).map(({ name, role, value, valueFile }) => ({
    name,
    role,
    value: value ?? readSecret(valueFile ?? ""),
  }));
}

function readSecret(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch (cause) {
    const message = `cannot read a secret: ${file}; got ${sentenceOf(cause)}; expected a readable file`;
    throw new Failure("bad-config", message, { cause });
  }
  if (text === "" || /\s/.test(text)) {
    throw new Failure(
      "bad-config",
      `cannot read a secret: ${file}; got nothing or several words; expected one token`,
    );
  }
  return text;
}

import {
  type AutoscalerConfig,
  autoscalerSettings,
  compileAutoscalerSettings,
} from "../../autoscaler/index.ts";
import { createActuator } from "../../engine/rest/actuate.ts";
import { createFlinkRest, type FlinkRest } from "../../engine/rest/client.ts";
import { createHealthReader } from "../../engine/rest/read-health.ts";
import { createJobReader } from "../../engine/rest/read-job.ts";
import {
  type DecisionRecord,
  Failure,
  jobKey,
  type Mode,
  type OutriderEvent,
  parseJobKey,
} from "../../model/index.ts";
import {
  compileRecoverySettings,
  type RecoveryConfig,
  recoverySettings,
  type SnapshotStorage,
} from "../../recovery/index.ts";
import type { DrivenCluster } from "../../sidecar/cluster.ts";
import { FleetSlots } from "../../sidecar/fleet-slots.ts";
import { LiveFleet } from "../../sidecar/live-fleet.ts";
import { Loop } from "../../sidecar/loop.ts";
import { Recovery } from "../../sidecar/restore/recovery.ts";
import { createReferences, Savepoints } from "../../sidecar/savepoints/index.ts";
import { SnapshotWatch } from "../../sidecar/snapshots/index.ts";
import {
  compileStorageSettings,
  openStores,
  snapshotStorage,
  storageSettings,
} from "../../sidecar/storage/index.ts";
import type { WriteHook } from "../../sidecar/store/database.ts";
import type { DecisionHistory, Store } from "../../sidecar/store/port.ts";
import { openStore } from "../../sidecar/store/sqlite.ts";
import { Teller } from "../../sidecar/tell.ts";
import { JOB_NAME } from "./troubled-flink.ts";

/** Time between two passes, in virtual milliseconds. */
export const PASS_MS = 2_000;
/** More than any reply of the scripted Flink, less than a test wants to wait for. */
const TIMEOUT_MS = 700;
const MAX_BYTES = 200_000;

/** Short enough that a whole life of a job fits in a few dozen passes. */
export const QUICK: AutoscalerConfig = {
  ...compileAutoscalerSettings(autoscalerSettings.parse({})),
  stabilizationMs: 2_000,
  minWatchMs: 6_000,
  cooldownUpMs: 4_000,
  cooldownDownMs: 10_000,
  scaleDownPatienceMs: 20_000,
  restartPauseMs: 1_000,
  rescaleDeadlineMs: 30_000,
  yieldToOthersMs: 60_000,
  windowMs: 40_000,
};

/** A target that does not depend on how long a killed process was away, so that decisions can be counted. */
export const CRASH_SETTINGS: Partial<AutoscalerConfig> = { maxParallelism: 3 };

function silent(): never {
  throw new Failure("unreachable", "cannot read the store: got no answer; expected one");
}

/** A store that does not answer. */
const DOWN: SnapshotStorage = {
  // biome-ignore lint/correctness/useYield: it ends before its first page
  list: async function* () {
    silent();
  },
  readMetadata: async () => silent(),
};

export interface RideOptions {
  /** Cluster name → address of its Flink. */
  readonly clusters: Readonly<Record<string, string>>;
  readonly storePath?: string;
  readonly mode?: Mode;
  readonly settings?: Partial<AutoscalerConfig>;
  /** What differs for the job of a cluster. */
  readonly settingsIn?: Readonly<Record<string, Partial<AutoscalerConfig>>>;
  /** Slots that all jobs together may have. */
  readonly fleetSlots?: number;
  /** Also looks after the state of jobs, with these settings. */
  readonly recovery?: Partial<RecoveryConfig>;
  readonly onWrite?: WriteHook;
  /** Lets a test stand between the process and its Flink. */
  readonly through?: (rest: FlinkRest) => FlinkRest;
}

export const keyOf = (cluster: string): string => jobKey({ cluster, namespace: "default", name: JOB_NAME });

/** Outrider without its HTTP side and its clock: the real loop, store and REST client, one round at a time. */
export class Ride {
  readonly store: Store;
  readonly fleet: LiveFleet;
  readonly events: OutriderEvent[] = [];
  /** Snapshots cannot be read. */
  storeDown = false;
  mode: Mode;
  private now = 0;
  readonly recovery: Recovery | undefined;
  readonly savepoints: Savepoints | undefined;
  private readonly loop: Loop;
  private readonly snapshots: SnapshotWatch;
  private readonly stores = openStores(compileStorageSettings(storageSettings.parse({})));
  private readonly driven: readonly DrivenCluster[];
  private readonly rests: readonly FlinkRest[];

  constructor(options: RideOptions) {
    const { storePath = ":memory:", mode = "act", settings = {}, onWrite, through = (r) => r } = options;
    this.mode = mode;
    const bounds = { keepMs: 86_400_000, maxRows: 10_000 };
    this.store = openStore({ path: storePath, ...bounds, ...(onWrite === undefined ? {} : { onWrite }) });
    const clusters = Object.entries(options.clusters).map(([name, url]) => ({ name, url }));
    this.fleet = new LiveFleet(clusters);
    this.rests = clusters.map(({ url }) =>
      through(createFlinkRest({ url, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES })),
    );
    this.driven = clusters.map((cluster, i) => this.drive(cluster, this.rests[i]));
    const modeOf = () => this.mode;
    const publish = (event: OutriderEvent) => void this.events.push(event);
    const { store, fleet } = this;
    this.snapshots = new SnapshotWatch({
      store,
      storageFor: (_job, roots, signal) => {
        if (this.storeDown) return DOWN;
        return snapshotStorage(this.stores, { roots, signal });
      },
      now: () => this.now,
      tell: (event) => publish(store.appendEvent(event)),
    });
    this.recovery = options.recovery && this.recoveryWith(options.recovery);
    this.savepoints = options.recovery && this.savepointsWith(options.recovery);
    this.loop = new Loop({
      clusters: this.driven,
      store,
      fleet,
      teller: new Teller({ store, fleet, modeOf, publish, shown: () => undefined }),
      clock: { now: () => this.now, sleep: async () => undefined },
      intervalMs: PASS_MS,
      concurrency: 4,
      modeOf,
      settingsOf: (job) => ({
        ...QUICK,
        ...settings,
        ...options.settingsIn?.[parseJobKey(job)?.cluster ?? ""],
      }),
      slots: options.fleetSlots === undefined ? undefined : new FleetSlots(options.fleetSlots, store),
      ...(this.recovery === undefined ? {} : { recovery: this.recovery }),
      ...(this.savepoints === undefined ? {} : { savepoints: this.savepoints }),
      passed: () => undefined,
    });
  }

  private recoveryWith(changes: Partial<RecoveryConfig>): Recovery {
    const settings = { ...compileRecoverySettings(recoverySettings.parse({})), ...changes };
    return new Recovery({
      store: this.store,
      points: this.snapshots,
      modeOf: () => this.mode,
      settingsOf: () => settings,
      clock: { now: () => this.now },
      wake: () => undefined,
    });
  }

  private savepointsWith({ savepoints }: Partial<RecoveryConfig>): Savepoints {
    const settings = savepoints ?? compileRecoverySettings(recoverySettings.parse({})).savepoints;
    const { store, snapshots: points, fleet } = this;
    return new Savepoints({
      store,
      points,
      references: createReferences({
        points,
        jobs: () => fleet.jobs().map((j) => j.key),
        storageFor: (_job, roots, signal) => snapshotStorage(this.stores, { roots, signal }),
      }),
      modeOf: () => this.mode,
      settingsOf: () => settings,
      now: () => this.now,
      tell: (event) => void this.events.push(store.appendEvent(event)),
    });
  }

  private drive(cluster: { name: string; url: string }, rest: FlinkRest | undefined): DrivenCluster {
    if (rest === undefined) throw new TypeError("every cluster has its client");
    const reader = createJobReader(rest, { now: () => this.now });
    return {
      ...cluster,
      namespace: "default",
      reader,
      actuator: createActuator(rest),
      eyes: createHealthReader(rest, { now: () => this.now, wallClock: () => this.now }),
      hand: rest,
      readVersion: async () => (await rest.config())["flink-version"],
      includes: () => true,
    };
  }

  /** The first cluster. */
  get main(): DrivenCluster & { readonly reader: { listJobs: DrivenCluster["reader"]["listJobs"] } } {
    const [first] = this.driven;
    if (first === undefined) throw new TypeError("a ride has a cluster");
    return first;
  }

  /** One round over every cluster. */
  async round(now: number): Promise<void> {
    this.now = now;
    await Promise.all(this.driven.map((cluster) => this.loop.round(cluster, now)));
    await this.recovery?.settled();
    await this.savepoints?.settled();
    await this.snapshots.settled();
  }

  /** Decisions about a job's state, oldest first. */
  restores(cluster = "main"): readonly DecisionHistory<"restore">[] {
    return this.store.decisions({ job: keyOf(cluster), kind: "restore", limit: 1_000 }).items.toReversed();
  }

  /** Decisions of a job, oldest first. */
  decisions(cluster = "main"): readonly DecisionHistory<"scale">[] {
    return this.store.decisions({ job: keyOf(cluster), kind: "scale", limit: 1_000 }).items.toReversed();
  }

  /** Those of them that are to be done. */
  acts(cluster = "main"): readonly DecisionHistory<"scale">[] {
    return this.decisions(cluster).filter((d) => d.record.effective !== null);
  }

  view(cluster = "main") {
    const view = this.fleet.job(keyOf(cluster));
    if (view === undefined) throw new TypeError(`no job was seen in cluster ${cluster}`);
    return view;
  }

  records(): readonly DecisionRecord[] {
    return this.store.decisions({ kind: "scale", limit: 10_000 }).items.map((d) => d.record);
  }

  /** Ends without a last word: what a kill leaves. */
  async abandon(): Promise<void> {
    await Promise.all(this.rests.map((r) => r.close()));
    this.store.close();
  }

  async close(): Promise<void> {
    await Promise.all(this.rests.map((r) => r.close()));
    await this.snapshots.close();
    this.stores.close();
    this.store.close();
  }
}

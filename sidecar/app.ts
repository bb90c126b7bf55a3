import type { JobKey, Mode, OutriderEvent } from "../model/index.ts";
import { type ProcessClock, realClock } from "./clock.ts";
import { type Config, placesOf, readTokens, settingsOf, toMs } from "./config/index.ts";
import { countEvent } from "./count-events.ts";
import { driveCluster } from "./drive-cluster.ts";
import { CONSOLE_FOLDER } from "./ensure-console.ts";
import type { Fleet } from "./fleet.ts";
import { FleetSlots } from "./fleet-slots.ts";
import { createConsole, createHttpApp, listen } from "./http/index.ts";
import { LiveFleet } from "./live-fleet.ts";
import { Loop } from "./loop.ts";
import { Recovery } from "./restore/recovery.ts";
import { createReferences, Savepoints } from "./savepoints/index.ts";
import { SnapshotWatch, type SnapshotWatchOptions } from "./snapshots/index.ts";
import { compileStorageSettings, openStores, snapshotStorage } from "./storage/index.ts";
import type { Store } from "./store/port.ts";
import { openStore } from "./store/sqlite.ts";
import { createLogger } from "./telemetry/log.ts";
import { createMetrics, type Metrics } from "./telemetry/metrics.ts";
import { Teller } from "./tell.ts";

/** Retention is kept this often; it costs one short transaction. */
const PRUNE_EVERY_MS = 3_600_000;
/** A job that Flink no longer lists stays in view this long; its records stay in the store. */
const FORGET_GONE_MS = 86_400_000;

export interface App {
  /** Address of API and console. */
  readonly url: string;
  readonly store: Store;
  readonly fleet: Fleet;
  /** Calls back with every event once it is stored; returns what ends that. */
  subscribe(listener: (event: OutriderEvent) => void): () => void;
  /** Ends passes, then the HTTP side, then the store. Idempotent. */
  stop(): Promise<void>;
  /** Settles when the loop ends: rejects with what ended it, resolves after `stop`. */
  readonly done: Promise<void>;
}

/** Puts the process together: the only place that knows every part. Listens before it reads Flink. */
export async function startApp(
  config: Config,
  version: string,
  clock: ProcessClock = realClock,
): Promise<App> {
  const log = createLogger({ level: config.log.level });
  const store = openStore({
    path: config.store.path,
    keepMs: toMs(config.store.keep),
    maxRows: config.store.maxRecords,
  });
  const metrics = createMetrics();
  const fleet = new LiveFleet(config.clusters);
  const bus = createBus();
  const modeOf = (key: JobKey): Mode => store.modeOf(key) ?? settingsOf(config, key).mode;
  const publish = (event: OutriderEvent): void => {
    const fields = { type: event.type, job: event.job, decision: event.decision };
    log[event.severity === "info" ? "info" : event.severity === "warning" ? "warn" : "error"](
      fields,
      event.sentence,
    );
    countEvent(store, event, metrics);
    bus.publish(event);
  };
  const teller = new Teller({
    store,
    fleet,
    modeOf,
    publish,
    shown: (view) => metrics.showJob(view),
    checkpointed: metrics.showCheckpoints,
    answered: metrics.clusterAnswered,
  });
  const driven = config.clusters.map((cluster) => driveCluster(cluster, clock));
  const { snapshots, stores, storageFor } = watchSnapshots(config, store, clock, metrics, publish);
  const recovery: Recovery = new Recovery({
    store,
    points: snapshots,
    modeOf,
    settingsOf: (key) => settingsOf(config, key).recovery,
    clock,
    wake: () => loop.wake(),
  });
  const savepoints = new Savepoints({
    store,
    points: snapshots,
    references: createReferences({
      points: snapshots,
      jobs: () => fleet.jobs().map((j) => j.key),
      storageFor,
    }),
    modeOf,
    settingsOf: (key) => settingsOf(config, key).recovery.savepoints,
    now: () => clock.now(),
    tell: (event) => publish(store.appendEvent(event)),
  });
  const loop: Loop = new Loop({
    clusters: driven.map((d) => d.cluster),
    store,
    fleet,
    teller,
    clock,
    intervalMs: toMs(config.interval),
    concurrency: config.concurrency,
    modeOf,
    settingsOf: (key) => settingsOf(config, key).autoscaler,
    recovery,
    savepoints,
    slots: config.fleet.maxSlots === undefined ? undefined : new FleetSlots(config.fleet.maxSlots, store),
    passed: (job, ms, ok) => metrics.passed(job, ms / 1_000, ok),
  });
  const tokens = readTokens(config);
  const http = createHttpApp({
    fleet,
    store,
    now: () => clock.now(),
    metrics: () => metrics.render(),
    tokens,
    routers: [createConsole({ folder: CONSOLE_FOLDER, tokens })],
    modeOf,
    wake: () => loop.wake(),
    snapshots,
    recovery: recovery.desk,
    savepoints,
    log,
    version,
    events: {
      subscribe: bus.subscribe,
      publish: (event) => publish(store.appendEvent(event)),
    },
  });
  const listening = await listen(http, config.server).catch((error: unknown) => {
    store.close();
    throw error;
  });

  const stopping = new AbortController();
  const prune = setInterval(() => {
    const now = clock.now();
    for (const key of fleet.forgetGone(now - FORGET_GONE_MS)) {
      metrics.forgetJob(key);
      recovery.forget(key);
      savepoints.forget(key);
    }
    const rows = store.prune(now);
    if (rows > 0) log.info({ rows }, "Old records were deleted");
  }, PRUNE_EVERY_MS);
  prune.unref();
  const loopEnd = loop.run(stopping.signal);
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopping.abort();
    clearInterval(prune);
    await loopEnd.catch(() => undefined);
    await listening.close();
    await Promise.all(driven.map((d) => d.rest.close()));
    // A step that was under way ends without an answer; the next start looks what became of it.
    await snapshots.close();
    await recovery.settled().catch(() => undefined);
    await savepoints.settled().catch(() => undefined);
    await stores.close();
    store.close();
  };
  return {
    url: listening.url,
    store,
    fleet,
    subscribe: bus.subscribe,
    done: loopEnd,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Knows from what each job can be restored: what Flink names may be read, and what the configuration adds. */
function watchSnapshots(
  config: Config,
  store: Store,
  clock: ProcessClock,
  metrics: Metrics,
  publish: (event: OutriderEvent) => void,
) {
  const stores = openStores(compileStorageSettings(config.storage));
  const { roots, maps } = placesOf(config);
  const storageFor: SnapshotWatchOptions["storageFor"] = (_job, named, signal) =>
    snapshotStorage(stores, { roots: [...roots, ...named], maps, signal });
  const snapshots = new SnapshotWatch({
    store,
    storageFor,
    now: () => clock.now(),
    tell: (event) => publish(store.appendEvent(event)),
    shown: metrics.showSnapshots,
    verified: metrics.snapshotVerified,
    keep: config.recovery.maxSnapshots,
  });
  return { snapshots, stores, storageFor };
}

/** Events to whoever listens now; the store keeps them for whoever comes later. */
function createBus() {
  const listeners = new Set<(event: OutriderEvent) => void>();
  return {
    subscribe: (listener: (event: OutriderEvent) => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publish: (event: OutriderEvent): void => {
      for (const listener of listeners) listener(event);
    },
  };
}

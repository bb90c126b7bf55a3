/** For tests: the API listening for real on a free port, over a fake fleet and a store in memory. */
import type {
  Graph,
  JobKey,
  Mode,
  Observation,
  OutriderEvent,
  Parallelism,
  ScaleDecision,
} from "../../model/index.ts";
import { STALE } from "../../model/index.ts";
import type { Fleet, JobView } from "../fleet.ts";
import type { RecoveryDesk } from "../restore/desk.ts";
import type { Store } from "../store/port.ts";
import { openStore } from "../store/sqlite.ts";
import { createHttpApp } from "./app.ts";
import type { StreamLimits } from "./event-stream.ts";
import { type Listening, listen } from "./listen.ts";
import type { HttpDeps } from "./route.ts";
import type { Token } from "./security.ts";

export const NOW = Date.UTC(2026, 10, 21, 12);
export const ORDERS = "prod/default/orders";
const GRAPH: Graph = {
  vertices: [
    { id: "a".repeat(32), name: "source", parallelism: 1, maxParallelism: 128, slotSharingGroup: "default" },
    { id: "b".repeat(32), name: "sink", parallelism: 1, maxParallelism: 128, slotSharingGroup: "default" },
  ],
  edges: [{ from: "a".repeat(32), to: "b".repeat(32), ship: "HASH" }],
};

export interface FakeProcess extends Listening {
  readonly store: Store;
  readonly logged: string[];
  readonly state: { ready: boolean; wakes: number; jobs: JobView[]; broken: boolean };
  tell(sentence: string): OutriderEvent;
}

export function aJob(key: JobKey = ORDERS, changes: Partial<JobView> = {}): JobView {
  return {
    key,
    cluster: "prod",
    flinkJobId: "f".repeat(32),
    state: "RUNNING",
    mode: "approve",
    pause: null,
    verdict: "on-target",
    sentence: "carries 100 records/s at 60 % of its capacity",
    parallelism: { source: 1, sink: 1 },
    wanted: null,
    lagRecords: null,
    arrivalRate: null,
    decision: null,
    lastPassAt: NOW,
    graph: GRAPH,
    diagnosis: null,
    restorePoint: null,
    ...changes,
  };
}

export function aDecision(
  effective: Parallelism | null,
  changes: Partial<ScaleDecision> = {},
): ScaleDecision {
  return {
    kind: "scale",
    version: 1,
    job: ORDERS,
    flinkJobId: "f".repeat(32),
    at: NOW,
    trigger: "pass",
    inputs: { vertices: {} } as ScaleDecision["inputs"],
    settings: {},
    proposal: effective ?? {},
    guards: [
      { name: "cooldown", verdict: effective ? "pass" : "veto", sentence: "3 min to go", numbers: {} },
    ],
    effective,
    estimate: { pauseMs: 1, backlogAfterPause: null, drainMs: null, slotsBefore: 1, slotsAfter: 2 },
    reason: effective ? "utilization" : "cooldown",
    sentence: "wants 2 subtasks",
    ...changes,
  };
}

export async function startFake(
  options: {
    tokens?: readonly Token[];
    limits?: StreamLimits;
    recovery?: (store: Store) => RecoveryDesk;
  } = {},
): Promise<FakeProcess> {
  const store = openStore({ path: ":memory:", keepMs: 1e12, maxRows: 1e6 });
  const listeners = new Set<(e: OutriderEvent) => void>();
  const state: FakeProcess["state"] = { ready: true, wakes: 0, jobs: [aJob()], broken: false };
  const logged: string[] = [];
  const publish = (event: Omit<OutriderEvent, "seq">): OutriderEvent => {
    const stored = store.appendEvent(event);
    for (const l of listeners) l(stored);
    return stored;
  };
  const deps: HttpDeps = {
    fleet: fakeFleet(state),
    store,
    now: () => NOW,
    metrics: () => Promise.resolve("outrider_passes_total 1\n"),
    tokens: options.tokens ?? [],
    modeOf: (key): Mode => store.modeOf(key) ?? "observe",
    wake: () => {
      state.wakes++;
    },
    log: { error: (fields, message) => logged.push(`${message} ${JSON.stringify(fields)}`), info: () => {} },
    version: "0.1.0",
    ...(options.recovery === undefined ? {} : { recovery: options.recovery(store) }),
    events: {
      subscribe: (l) => {
        listeners.add(l);
        return () => listeners.delete(l);
      },
      publish,
    },
  };
  const server = await listen(createHttpApp(deps, options.limits), { host: "127.0.0.1", port: 0 });
  const tell = (sentence: string) =>
    publish({ at: NOW, job: ORDERS, type: "test", severity: "info", sentence, decision: undefined });
  return { ...server, store, logged, state, tell };
}

function fakeFleet(state: FakeProcess["state"]): Fleet {
  const observed = { job: ORDERS, at: NOW, graph: GRAPH, vertices: {}, edges: [], backlog: STALE };
  return {
    clusters: () => {
      if (state.broken) throw new Error("secret detail");
      return [{ name: "prod", url: "http://flink:8081", flinkVersion: "2.2.0", said: null }];
    },
    jobs: () => state.jobs,
    job: (key) => state.jobs.find((j) => j.key === key),
    history: () => [],
    observations: () => [observed as unknown as Observation],
    lastSaid: () => ({ at: NOW, ok: true, sentence: "answered the job's details" }),
    ready: () => state.ready,
  };
}

import { describe, expect, it } from "vitest";
import { ABSENT, type CheckpointReadout, Failure, type OutriderEvent } from "../model/index.ts";
import { aGraph, anObservation } from "../test/support/observations.ts";
import type { DrivenCluster } from "./cluster.ts";
import type { Pass } from "./cycle.ts";
import { aDecision, NOW, ORDERS } from "./http/fake-process.ts";
import { LiveFleet } from "./live-fleet.ts";
import { openStore } from "./store/sqlite.ts";
import { Teller } from "./tell.ts";

const LISTED = {
  flinkJobId: "f".repeat(32),
  name: "orders",
  state: "RUNNING",
  startTime: NOW - 60_000,
} as const;

function aTeller() {
  const store = openStore({ path: ":memory:", keepMs: 1e12, maxRows: 1e6 });
  const fleet = new LiveFleet([{ name: "prod", url: "http://flink:8081" }]);
  const events: OutriderEvent[] = [];
  const publish = (event: OutriderEvent) => {
    events.push(event);
  };
  const checkpoints: (CheckpointReadout | undefined)[] = [];
  const checkpointed = (_: string, readout: CheckpointReadout | undefined) => void checkpoints.push(readout);
  const teller = new Teller({ store, fleet, modeOf: () => "act", publish, shown: () => {}, checkpointed });
  const cluster = { name: "prod" } as DrivenCluster;
  const told = () => events.map((e) => e.type);
  return { store, fleet, events, teller, cluster, told, checkpoints };
}

const aPass = (changes: Partial<Pass> = {}): Pass => ({
  watched: { baseline: undefined, window: undefined, learned: undefined },
  observation: anObservation(NOW, aGraph("source>sink"), {
    source: { inRate: 90, pendingGrowth: 10 },
  }),
  verdict: "within-target",
  sentence: "Hold: all is well.",
  record: undefined,
  wanted: { source: 1, sink: 2 },
  settled: undefined,
  ...changes,
});

describe("a pass", () => {
  it("shows the job, and tells its state once", () => {
    const { teller, cluster, fleet, told } = aTeller();
    for (let i = 0; i < 3; i++) teller.passDone(cluster, ORDERS, LISTED, 1, aPass(), NOW + i);
    expect(fleet.job(ORDERS)).toMatchObject({
      state: "RUNNING",
      verdict: "within-target",
      parallelism: { source: 1, sink: 1 },
      wanted: { source: 1, sink: 2 },
      lagRecords: 0,
      arrivalRate: 100,
    });
    expect(told()).toEqual(["state"]);
  });

  it("does not say what is wanted while a number is missing", () => {
    const { teller, cluster, fleet } = aTeller();
    teller.passDone(cluster, ORDERS, LISTED, 1, aPass({ verdict: "metric-missing" }), NOW);
    expect(fleet.job(ORDERS)?.wanted).toBeNull();
  });

  it("says that two running jobs have one key", () => {
    const { teller, cluster, fleet } = aTeller();
    teller.passDone(cluster, ORDERS, LISTED, 2, aPass(), NOW);
    expect(fleet.job(ORDERS)?.verdict).toBe("duplicate-key");
  });

  it("tells a decision, its permit and its attempt once each, then its outcome", () => {
    const { store, teller, cluster, events, told } = aTeller();
    const record = store.recordDecision("d", aDecision({ sink: 2 }));
    const done = (changes: Partial<Pass>) => teller.passDone(cluster, ORDERS, LISTED, 1, aPass(changes), NOW);
    store.appendPermit({ decision: "d", at: NOW, code: "needs-approval", by: "mode", sentence: "waits" });
    done({ record });
    done({ record });
    store.appendPermit({ decision: "d", at: NOW, code: "allowed", by: "ann", sentence: "approved by ann" });
    store.appendAttempt({
      decision: "d",
      at: NOW,
      requestId: "d",
      status: "failed",
      sentence: "Flink refused",
    });
    done({ record });
    const outcome = {
      decision: "d",
      at: NOW,
      expected: { sink: 2 },
      observed: { sink: 1 },
      tookMs: null,
    } as const;
    store.appendOutcome({ ...outcome, verdict: "not-reached", sentence: "not reached" });
    done({ settled: "d" });
    done({ settled: "d" });
    expect(told()).toEqual(["state", "decision", "permit", "attempt", "outcome"]);
    expect(events.slice(1).map((e) => e.severity)).toEqual(["info", "info", "warning", "warning"]);
    expect(events.slice(1).every((e) => e.decision === "d" && e.job === ORDERS)).toBe(true);
  });

  it("that failed is told once per cause and hides the backlog", () => {
    const { teller, cluster, fleet, told } = aTeller();
    teller.passDone(cluster, ORDERS, LISTED, 1, aPass(), NOW);
    const failed = (message: string) =>
      teller.passFailed(cluster, ORDERS, LISTED, new Failure("timeout", message), NOW);
    failed("no answer");
    failed("no answer");
    expect(fleet.job(ORDERS)).toMatchObject({
      verdict: "unreadable",
      sentence: "Hold: no answer.",
      lagRecords: null,
      arrivalRate: null,
    });
    failed("half an answer");
    expect(told()).toEqual(["state", "unreadable", "unreadable"]);
  });
});

describe("checkpoints", () => {
  it("that a failed pass did not read are not known", () => {
    const { teller, cluster, checkpoints } = aTeller();
    const readout: CheckpointReadout = {
      completed: 3,
      failed: 0,
      inProgress: 0,
      latestCompletedAt: ABSENT,
      latestDurationMs: ABSENT,
      latestPath: undefined,
      intervalMs: ABSENT,
      timeoutMs: ABSENT,
    };
    teller.passDone(cluster, ORDERS, LISTED, 1, aPass({ checkpoints: readout }), NOW);
    teller.passFailed(cluster, ORDERS, LISTED, new Failure("timeout", "no answer"), NOW);
    expect(checkpoints).toEqual([readout, undefined]);
  });
});

describe("a cluster", () => {
  it("that falls silent takes its jobs along, and is told once until it answers", () => {
    const { teller, cluster, fleet, told } = aTeller();
    teller.passDone(cluster, ORDERS, LISTED, 1, aPass(), NOW);
    teller.clusterSilent(cluster, "cannot reach it", NOW);
    teller.clusterSilent(cluster, "cannot reach it", NOW);
    expect(fleet.job(ORDERS)).toMatchObject({
      state: "UNREACHABLE",
      lagRecords: null,
      arrivalRate: null,
      verdict: "unreachable",
    });
    teller.clusterAnswered(cluster, 1, "2.2.0", NOW);
    teller.clusterAnswered(cluster, 1, "2.2.0", NOW);
    expect(told()).toEqual(["state", "cluster-silent", "cluster-answers"]);
  });

  it("announces jobs that appear and tells once of those that are gone", () => {
    const { teller, cluster, fleet, told } = aTeller();
    teller.jobsListed(cluster, [ORDERS], NOW);
    teller.passDone(cluster, ORDERS, LISTED, 1, aPass(), NOW);
    teller.jobsListed(cluster, [ORDERS], NOW);
    teller.jobsListed(cluster, [], NOW);
    teller.jobsListed(cluster, [], NOW);
    expect(fleet.job(ORDERS)).toMatchObject({ state: "GONE", verdict: "gone" });
    expect(told()).toEqual(["job-appeared", "state", "job-gone"]);
  });

  it("shows a job that ended, and how grave that is", () => {
    const { teller, cluster, fleet, events } = aTeller();
    teller.jobEnded(cluster, ORDERS, { ...LISTED, state: "FAILED" }, NOW);
    expect(fleet.job(ORDERS)).toMatchObject({ state: "FAILED", verdict: "not-running" });
    expect(events).toMatchObject([{ type: "state", severity: "critical" }]);
  });
});

import { describe, expect, it } from "vitest";
import type { Job, NewestDecision } from "../api/replies.ts";
import { changesOf, matches, rankJobs, type Standing, standingOf } from "./rank.ts";

const NEWEST: NewestDecision = {
  id: "d",
  at: 1,
  since: 1,
  times: 1,
  acts: true,
  permit: null,
  approval: null,
  attempt: null,
  outcome: null,
};

function aJob(changes: Partial<Job> = {}): Job {
  return {
    key: "prod/default/orders",
    cluster: "prod",
    flinkJobId: "f",
    state: "RUNNING",
    mode: "approve",
    pause: null,
    verdict: "within-target",
    sentence: "Hold.",
    parallelism: { source: 1, work: 2 },
    wanted: null,
    lagRecords: 0,
    decision: "d",
    lastPassAt: 1,
    diagnosis: null,
    newest: { ...NEWEST, acts: false },
    ...changes,
  };
}

const scaleUp = (newest: Partial<NewestDecision>, changes: Partial<Job> = {}): Job =>
  aJob({ verdict: "scale-up", newest: { ...NEWEST, ...newest }, ...changes });
const wrong = (kind: "failed" | "restart-loop") => ({ kind, since: 0, sentence: "" });
const pause = { job: "x", owner: "me", reason: "release", from: 0, until: 9 };

describe("a job stands as", () => {
  it.each<[Standing, string, Job]>([
    ["unreachable", "its cluster is silent, whatever was decided", scaleUp({}, { state: "UNREACHABLE" })],
    ["failed", "it failed", aJob({ state: "FAILED", verdict: "not-running" })],
    [
      "acting",
      "it failed and is being restored",
      aJob({ state: "FAILED", verdict: "recovering", diagnosis: wrong("failed") }),
    ],
    [
      "needs-approval",
      "it failed and its restore waits for a person",
      scaleUp({ permit: "needs-approval" }, { state: "FAILED", diagnosis: wrong("failed") }),
    ],
    [
      "needs-person",
      "it runs and loops, and Outrider does not end that",
      aJob({ verdict: "would-delete-snapshot", diagnosis: wrong("restart-loop") }),
    ],
    ["waiting", "Flink is at it", aJob({ verdict: "flink-recovers", diagnosis: wrong("restart-loop") })],
    ["failed", "it is failing", aJob({ state: "FAILING", verdict: "not-running" })],
    ["gone", "Flink no longer lists it", aJob({ state: "GONE", verdict: "gone" })],
    ["needs-approval", "a decision waits", scaleUp({ permit: "needs-approval" })],
    ["needs-person", "a guard needs a person", aJob({ verdict: "cluster-capacity" })],
    ["needs-person", "two jobs share its key", aJob({ verdict: "duplicate-key" })],
    ["needs-person", "a rescale was refused", scaleUp({ attempt: "failed" }, { mode: "act" })],
    ["needs-person", "a rescale did not come true", scaleUp({ outcome: "not-reached" }, { mode: "act" })],
    ["not-assessed", "a metric is missing", aJob({ verdict: "metric-missing" })],
    ["not-assessed", "a metric is missing although it is paused", aJob({ verdict: "metrics-stale", pause })],
    ["not-assessed", "its verdict is one that the console does not know", aJob({ verdict: "brand-new" })],
    ["not-assessed", "Flink suspends it", aJob({ state: "SUSPENDED", verdict: "not-running" })],
    ["acting", "a rescale is under way", aJob({ verdict: "rescaling", newest: NEWEST })],
    ["acting", "it restarts for our rescale", aJob({ state: "RESTARTING", verdict: "rescaling" })],
    ["acting", "it was approved", scaleUp({ approval: "approved" })],
    ["would-act", "the mode is observe", scaleUp({ permit: "read-only" }, { mode: "observe" })],
    ["paused", "a wise change is held by a pause", scaleUp({ permit: "paused" }, { pause })],
    ["paused", "it is well and paused", aJob({ pause })],
    ["waiting", "its decision was rejected", scaleUp({ approval: "rejected" })],
    ["waiting", "it cools down", aJob({ verdict: "cooldown" })],
    ["waiting", "it restarts by itself", aJob({ state: "RESTARTING", verdict: "not-running" })],
    ["well", "every vertex has what it needs", aJob()],
    ["ended", "it finished", aJob({ state: "FINISHED", verdict: "not-running" })],
  ])("%s when %s", (standing, _why, job) => {
    expect(standingOf(job)).toBe(standing);
  });
});

describe("the fleet", () => {
  it("puts those who need a person first, among equals the larger backlog", () => {
    const jobs = [
      aJob({ key: "well" }),
      aJob({ key: "blind", verdict: "metric-missing", lagRecords: null }),
      scaleUp({}, { key: "small", lagRecords: 5 }),
      scaleUp({}, { key: "unknown", lagRecords: null }),
      scaleUp({}, { key: "large", lagRecords: 50 }),
      aJob({ key: "lost", state: "UNREACHABLE" }),
    ];
    expect(rankJobs(jobs).map((j) => j.key)).toEqual(["lost", "large", "small", "unknown", "blind", "well"]);
  });

  it("keeps those that are well in their place, however their backlogs breathe", () => {
    const jobs = [5, 900, 70].map((lagRecords, i) => aJob({ key: `well-${i}`, lagRecords }));
    expect(rankJobs(jobs).map((j) => j.key)).toEqual(["well-0", "well-1", "well-2"]);
  });

  it.each([
    ["", true],
    ["ORDERS", true],
    ["prod well", true],
    ["needs approval", false],
    ["orders nothing", false],
  ])("filtered by %j shows the job: %s", (filter, expected) => {
    expect(matches(aJob(), filter)).toBe(expected);
  });
});

describe("the wanted change", () => {
  it("names the vertices that differ only", () => {
    expect(changesOf({ a: 1, b: 2 }, { a: 1, b: 5 })).toEqual([{ name: "b", from: 2, to: 5 }]);
  });

  it("is none while Outrider cannot tell", () => {
    expect(changesOf({ a: 1 }, null)).toEqual([]);
  });
});

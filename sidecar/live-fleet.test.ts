import { describe, expect, it } from "vitest";
import { aGraph, anObservation } from "../test/support/observations.ts";
import { aJob, NOW, ORDERS } from "./http/fake-process.ts";
import { LiveFleet } from "./live-fleet.ts";

const newFleet = () => new LiveFleet([{ name: "prod", url: "http://flink:8081" }]);
const said = (sentence: string) => ({ at: NOW, ok: true, sentence });
const twin = "e".repeat(32);

describe("the fleet", () => {
  it("is ready once every cluster was asked", () => {
    const fleet = newFleet();
    expect(fleet.ready()).toBe(false);
    fleet.clusterSaid("prod", said("lists 1 jobs"), "2.2.0");
    expect(fleet.ready()).toBe(true);
  });

  it("remembers a cluster's version while the cluster is silent", () => {
    const fleet = newFleet();
    fleet.clusterSaid("prod", said("lists 1 jobs"), "2.2.0");
    fleet.clusterSaid("prod", { ...said("unreachable"), ok: false });
    expect(fleet.clusters()).toMatchObject([{ flinkVersion: "2.2.0", said: { ok: false } }]);
  });

  it("forgets a job that is long gone, and only that", () => {
    const fleet = newFleet();
    const other = "prod/default/other";
    fleet.show(aJob(ORDERS, { state: "GONE", lastPassAt: NOW - 1_000 }), said("gone"), 1);
    fleet.show(aJob(other, { lastPassAt: NOW - 1_000 }), said("runs"), 1);
    expect(fleet.forgetGone(NOW - 2_000)).toEqual([]);
    expect(fleet.forgetGone(NOW)).toEqual([ORDERS]);
    expect(fleet.jobs().map((j) => j.key)).toEqual([other]);
    expect(fleet.lastSaid(ORDERS)).toBeUndefined();
  });

  it("does not invent a cluster that is not configured", () => {
    const fleet = newFleet();
    fleet.clusterSaid("other", said("lists 1 jobs"));
    expect(fleet.clusters().map((c) => c.name)).toEqual(["prod"]);
  });

  it("shows a job that was submitted again in place of its former self", () => {
    const fleet = newFleet();
    fleet.show(aJob(), said("old"), 1);
    fleet.show(aJob(ORDERS, { flinkJobId: twin }), said("new"), 1);
    expect(fleet.jobs().map((j) => j.flinkJobId)).toEqual([twin]);
    expect(fleet.lastSaid(ORDERS)?.sentence).toBe("new");
  });

  it("shows both jobs of one key while both run, and one when one is left", () => {
    const fleet = newFleet();
    fleet.show(aJob(), said("one"), 2);
    fleet.show(aJob(ORDERS, { flinkJobId: twin }), said("two"), 2);
    expect(fleet.jobs()).toHaveLength(2);
    fleet.show(aJob(), said("one"), 1);
    expect(fleet.jobs()).toHaveLength(1);
  });

  it("lists jobs by key, and the keys of one cluster", () => {
    const fleet = newFleet();
    fleet.show(aJob("prod/default/b"), said("b"), 1);
    fleet.show(aJob("prod/default/a"), said("a"), 1);
    fleet.show(aJob("test/default/a", { cluster: "test" }), said("a"), 1);
    expect(fleet.jobs().map((j) => j.key)).toEqual(["prod/default/a", "prod/default/b", "test/default/a"]);
    expect(fleet.keysOf("prod")).toEqual(["prod/default/a", "prod/default/b"]);
  });

  it("has a job's observations, and keeps them when a pass brought none", () => {
    const fleet = newFleet();
    expect(fleet.observations(ORDERS)).toEqual([]);
    const observations = [anObservation(NOW, aGraph("v"), {})];
    fleet.observed(ORDERS, { observations, from: NOW, to: NOW, coverage: 1, watchedMs: 0 });
    fleet.observed(ORDERS, undefined);
    expect(fleet.observations(ORDERS)).toEqual(observations);
  });

  it("keeps a job's history longer than the window that it came in", () => {
    const fleet = newFleet();
    for (const at of [NOW, NOW + 2_000, NOW + 2_000]) {
      const observations = [anObservation(at, aGraph("v"), {})];
      fleet.observed(ORDERS, { observations, from: at, to: at, coverage: 1, watchedMs: 0 });
    }
    expect(fleet.history(ORDERS).map((p) => p.at)).toEqual([NOW, NOW + 2_000]);
    expect(fleet.history("other")).toEqual([]);
  });

  it("knows nothing of a job that it was never shown", () => {
    expect([newFleet().job(ORDERS), newFleet().lastSaid(ORDERS)]).toEqual([undefined, undefined]);
  });
});

import { describe, expect, it } from "vitest";
import type { ScaleInputs } from "../model/index.ts";
import { aConfig, aVertex, NOW, someInputs } from "../test/support/scale-inputs.ts";
import { fallsBehind } from "./falls-behind.ts";
import { stableFreeze } from "./stable-freeze.ts";

const DAY = 86_400_000;
const calm = { v: aVertex({ name: "v", source: true, parallelism: 4 }) };
const swamped = { v: aVertex({ name: "v", source: true, arrivalRate: 2_000 }) };
const old = { runningSince: NOW - 3 * DAY, lastRescaleAt: NOW - 2 * DAY };
const calendar = { floors: { v: 6 }, ceilings: {}, plans: ["p"], excludedUntil: null };
const UNSTABLE = "which is not stable yet";
const FROZEN = "so that it is only scaled up when it falls behind (freezeAfterStable 1 d)";

describe("a job that is stable", () => {
  type Direction = "up" | "down" | "both" | "none";
  it.each<[string, number | null, Partial<ScaleInputs>, typeof calm, Direction, string]>([
    ["is not frozen where that is off", null, old, calm, "down", "pass jobs are not frozen"],
    ["is not shrunk", DAY, old, calm, "down", `veto the job was not rescaled for 2 d, ${FROZEN}`],
    [
      "does not grow for what is only expected",
      DAY,
      old,
      calm,
      "up",
      `veto the job was not rescaled for 2 d, ${FROZEN}`,
    ],
    [
      "grows when it falls behind",
      DAY,
      old,
      swamped,
      "up",
      "pass the job was not rescaled for 2 d, but it falls behind",
    ],
    [
      "keeps a schedule",
      DAY,
      { ...old, calendar },
      calm,
      "up",
      "pass the job was not rescaled for 2 d, but a plan asks for a change",
    ],
    ["is no reason where nothing is to be done", DAY, old, calm, "none", "pass nothing is to be changed"],
    [
      "is not one that was rescaled lately",
      DAY,
      { ...old, lastRescaleAt: NOW - DAY + 1 },
      calm,
      "down",
      `pass the job was not rescaled for 1 d, ${UNSTABLE}`,
    ],
    [
      "is one that never was, since it began to run",
      DAY,
      { ...old, lastRescaleAt: null },
      calm,
      "down",
      `veto the job was not rescaled for 3 d, ${FROZEN}`,
    ],
    [
      "is not one that somebody else changed",
      DAY,
      { ...old, foreignChangeAt: NOW - 3_600_000 },
      calm,
      "down",
      `pass the job was not rescaled for 1 h, ${UNSTABLE}`,
    ],
  ])("%s", (_, freezeAfterStableMs, changes, vertices, direction, expected) => {
    const proposed = { config: aConfig({ freezeAfterStableMs }), now: NOW, direction };
    const { verdict, sentence } = stableFreeze(someInputs(vertices, changes), proposed);
    expect(`${verdict} ${sentence}`).toBe(expected);
  });
});

describe("a job falls behind", () => {
  const none = { v: aVertex({ source: true, arrivalRate: 0 }) };
  it.each<[string, Partial<ScaleInputs>, typeof calm, boolean]>([
    ["when more arrives than a vertex can do", {}, swamped, true],
    ["when its backlog is older than the objective", { backlog: 3_001 }, calm, true],
    ["not at the objective", { backlog: 3_000 }, calm, false],
    ["when there is a backlog and nothing arrives", { backlog: 1 }, none, true],
    ["not when its backlog is unknown", { backlog: null }, calm, false],
    ["not when it has none", { backlog: 0 }, none, false],
  ])("%s", (_, changes, vertices, expected) => {
    expect(fallsBehind(someInputs(vertices, changes), aConfig({ lagObjectiveMs: 30_000 }))).toBe(expected);
  });
});

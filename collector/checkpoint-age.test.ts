import { describe, expect, it } from "vitest";
import { ABSENT, numberOf, reading } from "../model/index.ts";
import { checkpointAge } from "./collect.ts";

describe("the age of a checkpoint", () => {
  const checkpoints = {
    completed: 1,
    failed: 0,
    inProgress: 0,
    latestCompletedAt: reading(1_000),
    latestDurationMs: ABSENT,
    latestPath: undefined,
  };

  it("is counted from its end", () => {
    expect(numberOf(checkpointAge(checkpoints, 61_000))).toBe(60_000);
  });

  it("is absent where there is none", () => {
    expect(checkpointAge(undefined, 61_000)).toEqual(ABSENT);
    expect(checkpointAge({ ...checkpoints, latestCompletedAt: ABSENT }, 61_000)).toEqual(ABSENT);
  });
});

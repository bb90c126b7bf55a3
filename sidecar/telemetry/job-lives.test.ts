import { describe, expect, test } from "vitest";
import type { JobView } from "../fleet.ts";
import { type JobLife, JobLives } from "./job-lives.ts";

const PLACE = { cluster: "c", namespace: "n" };

/** Looks at one job in rounds of an answering cluster: `RUNNING a` is a state and a Flink job id. */
function lookedAt(...looks: readonly string[]): JobLife[] {
  const lives = new JobLives();
  return looks.map((look) => {
    const [state, flinkJobId] = look.split(" ");
    lives.answered("c", state !== "UNREACHABLE");
    return lives.see({ key: "c/n/j", cluster: "c", flinkJobId, state } as JobView, PLACE);
  });
}

const counts = (lives: readonly JobLife[]) => ({
  starts: lives.filter((l) => l.started).length,
  ends: lives.flatMap((l) => l.ended ?? []),
  expected: lives.at(-1)?.expected,
});

describe("the life of a job", () => {
  test.each<[string, readonly string[], ReturnType<typeof counts>]>([
    ["found running is no start", ["RUNNING a", "RUNNING a"], { starts: 0, ends: [], expected: true }],
    ["found restarting is no start", ["RESTARTING a", "RUNNING a"], { starts: 0, ends: [], expected: true }],
    [
      "a restart is no start",
      ["RUNNING a", "RESTARTING a", "RUNNING a"],
      { starts: 0, ends: [], expected: true },
    ],
    [
      "redeployed is a start",
      ["RUNNING a", "CANCELED a", "CREATED b", "RUNNING b"],
      { starts: 1, ends: ["CANCELED"], expected: true },
    ],
    [
      "namesakes are not started anew on every look",
      ["RUNNING a", "RUNNING b", "RUNNING a", "RUNNING b"],
      { starts: 1, ends: [], expected: true },
    ],
    [
      "found failed is no end, and nobody expects it",
      ["FAILED a", "FAILED a"],
      { starts: 0, ends: [], expected: undefined },
    ],
    [
      "failed stays expected",
      ["RUNNING a", "FAILED a", "FAILED a"],
      { starts: 0, ends: ["FAILED"], expected: true },
    ],
    [
      "finished is not expected, also when it is gone",
      ["RUNNING a", "FINISHED a", "GONE a"],
      { starts: 0, ends: ["FINISHED"], expected: false },
    ],
    ["gone without an end stays expected", ["RUNNING a", "GONE a"], { starts: 0, ends: [], expected: true }],
    [
      "out of reach changes nothing",
      ["RUNNING a", "UNREACHABLE a", "RUNNING a"],
      { starts: 0, ends: [], expected: true },
    ],
  ])("%s", (_, looks, expected) => {
    expect(counts(lookedAt(...looks))).toEqual(expected);
  });

  test("jobs are counted by state in their place", () => {
    const lives = new JobLives();
    for (const [key, state] of [
      ["a", "RUNNING"],
      ["b", "RUNNING"],
      ["c", "FAILED"],
    ]) {
      lives.see({ key, cluster: "c", flinkJobId: "x", state } as JobView, PLACE);
    }
    expect([...lives.statesOf("c", "n")]).toEqual([
      ["RUNNING", 2],
      ["FAILED", 1],
    ]);
    expect([...lives.statesOf("c", "other")]).toEqual([]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Candidate } from "../model/index.ts";
import { candidateAt } from "./catalogue.ts";
import { chooseCandidate, rankCandidates, replayOf } from "./rank.ts";

const JOB_A = "a".repeat(32);
const JOB_B = "b".repeat(32);

function chk(
  job: string,
  id: number,
  takenAt: number | null,
  state: Candidate["state"] = "verified",
): Candidate {
  return { ...candidateAt(`s3://b/${job}/chk-${id}`, "flink", "told"), takenAt, state };
}
const savepoint = (name: string, takenAt: number | null): Candidate => ({
  ...candidateAt(`s3://b/savepoint-${name}`, "directory", "found"),
  takenAt,
});
const namesOf = (candidates: readonly Candidate[]): readonly string[] =>
  candidates.map((c) => c.path.slice(-8).replace(/^.*(?=chk)/, ""));

describe("candidates are ranked newest first", () => {
  it.each<[string, readonly Candidate[], readonly string[]]>([
    ["by id inside one job", [chk(JOB_A, 9, 90), chk(JOB_A, 10, 100)], ["chk-10", "chk-9"]],
    [
      "by id even where a copy has other times",
      [chk(JOB_A, 9, 500), chk(JOB_A, 10, 100)],
      ["chk-10", "chk-9"],
    ],
    [
      "by time across jobs, because the newer job may have begun at an older id",
      [chk(JOB_A, 45, 100), chk(JOB_B, 42, 200), chk(JOB_A, 41, 50)],
      ["chk-42", "chk-45", "chk-41"],
    ],
    [
      "savepoints by time among checkpoints",
      [chk(JOB_A, 1, 10), savepoint("aaaa", 15), chk(JOB_A, 2, 20)],
      ["chk-2", "int-aaaa", "chk-1"],
    ],
    [
      "with those of unknown time right above the next older one of their job",
      [chk(JOB_A, 1, 10), chk(JOB_A, 2, null), chk(JOB_B, 9, 15)],
      ["chk-9", "chk-2", "chk-1"],
    ],
    ["and last where nothing tells", [savepoint("none", null), chk(JOB_A, 1, 10)], ["chk-1", "int-none"]],
  ])("%s", (_, candidates, expected) => {
    expect(namesOf(rankCandidates(candidates))).toEqual(expected);
  });

  it("in one order, whatever order they come in", () => {
    const candidate = fc
      .tuple(fc.constantFrom(JOB_A, JOB_B), fc.nat(5), fc.option(fc.nat(5)))
      .map(([job, id, at]) => chk(job, id, at));
    const distinct = fc.uniqueArray(candidate, { selector: (c) => c.path, maxLength: 12 });
    const shuffled = distinct.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        const ranked = rankCandidates(list);
        expect(rankCandidates(other)).toEqual(ranked);
        for (const job of [JOB_A, JOB_B]) {
          const ids = ranked.filter((c) => c.flinkJobId === job).map((c) => c.checkpointId ?? -1);
          expect(ids).toEqual(ids.toSorted((a, b) => b - a));
        }
      }),
    );
  });
});

describe("the choice", () => {
  const at = (...states: readonly Candidate["state"][]) =>
    chooseCandidate(states.map((state, i) => chk(JOB_A, 100 - i, null, state)));

  it.each<[string, readonly Candidate["state"][], string | null, number, number]>([
    ["takes the newest verified one", ["verified", "verified"], "chk-100", 0, 0],
    ["names what it passes over", ["incomplete", "corrupt", "unsupported", "verified"], "chk-97", 0, 3],
    ["waits for newer ones that are not known", ["unknown", "unchecked", "verified"], "chk-98", 2, 0],
    ["does not care for older unknown ones", ["verified", "unknown"], "chk-100", 0, 0],
    ["is none where none is verified", ["unknown", "corrupt"], null, 1, 1],
    ["is none of none", [], null, 0, 0],
  ])("%s", (_, states, chosen, undecided, passedOver) => {
    const choice = at(...states);
    expect(choice.chosen?.path.slice(choice.chosen.path.lastIndexOf("/") + 1) ?? null).toBe(chosen);
    expect([choice.undecided.length, choice.passedOver.length]).toEqual([undecided, passedOver]);
  });
});

it("the replay window runs from where the snapshot was taken, and is unknown where that is", () => {
  expect(replayOf(chk(JOB_A, 1, 1_000), 61_000)).toEqual({ from: 1_000, to: 61_000, ms: 60_000 });
  expect(replayOf(chk(JOB_A, 1, 70_000), 61_000)?.ms).toBe(0);
  expect(replayOf(chk(JOB_A, 1, null), 61_000)).toBeNull();
});

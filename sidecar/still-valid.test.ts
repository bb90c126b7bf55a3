import { describe, expect, it } from "vitest";
import type { DecisionRecord, Parallelism, ScaleDecision } from "../model/index.ts";
import { aDecision, NOW } from "./http/fake-process.ts";
import { doubtAbout, type Since, WORD_STANDS_MS } from "./still-valid.ts";

const START = { work: 4, sink: 4 };
const vertices = (parallelism: Parallelism) =>
  Object.fromEntries(
    Object.entries(parallelism).map(([id, p]) => [id, { name: `the ${id}`, parallelism: p }]),
  );
const inputs = { vertices: vertices(START) } as unknown as ScaleDecision["inputs"];

const decided = (effective: Parallelism | null, changes: Partial<DecisionRecord> = {}): DecisionRecord => ({
  ...aDecision(effective, { inputs }),
  id: "old",
  since: NOW,
  times: 1,
  ...changes,
});
const since = (effective: Parallelism | null, changes: Partial<Since> = {}): Since => ({
  newest: aDecision(effective, { sentence: "Hold: work is busy enough." }),
  present: START,
  attempted: undefined,
  rejected: undefined,
  ...changes,
});

describe("a decision that newer ones differ from", () => {
  it.each<[string, Parallelism, Parallelism]>([
    ["both grow, the newest further", { work: 6, sink: 4 }, { work: 9, sink: 4 }],
    ["both grow, the newest less far", { work: 9, sink: 4 }, { work: 6, sink: 4 }],
    ["the newest grows one more vertex", { work: 6, sink: 4 }, { work: 6, sink: 8 }],
    ["the newest grows one vertex less", { work: 6, sink: 8 }, { work: 6, sink: 4 }],
    ["both shrink, the newest further", { work: 2, sink: 4 }, { work: 1, sink: 4 }],
    ["the same change", { work: 6, sink: 4 }, { work: 6, sink: 4 }],
    ["a vertex that is not named stays as it is", { work: 6 }, { work: 7 }],
    ["one grows where the newest leaves it, one shrinks in both", { work: 2, sink: 5 }, { work: 2, sink: 4 }],
  ])("may still be carried out: %s", (_, old, newest) => {
    expect(doubtAbout(decided(old), since(newest), NOW)).toBeUndefined();
  });

  it.each<[string, Parallelism, Parallelism, string]>([
    ["the newest shrinks what it grows", { work: 6 }, { work: 2 }, "takes the work from 4 to 6, 2 is wanted"],
    ["the newest grows what it shrinks", { work: 2 }, { work: 6 }, "takes the work from 4 to 2, 6 is wanted"],
    [
      "it would shrink further than the newest",
      { work: 1 },
      { work: 3 },
      "takes the work from 4 to 1, 3 is wanted",
    ],
    [
      "it shrinks what the newest leaves alone",
      { work: 6, sink: 2 },
      { work: 6, sink: 4 },
      "takes the sink from 4 to 2, 4 is wanted",
    ],
    [
      "one vertex moves the opposite way, another the same",
      { work: 6, sink: 6 },
      { work: 6, sink: 2 },
      "takes the sink from 4 to 6, 2 is wanted",
    ],
    ["they move different vertices", { work: 6 }, { sink: 6 }, "no vertex that it changes still has to"],
  ])("must not, for now, when %s", (_, old, newest, words) => {
    const doubt = doubtAbout(decided(old), since(newest), NOW);
    expect(doubt).toEqual({ sentence: expect.stringContaining(words), final: false });
    expect(doubt?.sentence).toContain("the load turned");
  });

  const up = { work: 6 };
  it.each<[string, Partial<DecisionRecord>, Since, string, boolean]>([
    ["the newest look holds", {}, since(null), "wants no change: work is busy enough", false],
    [
      "the job was submitted anew",
      {},
      since(up, { newest: aDecision(up, { flinkJobId: "0".repeat(32) }) }),
      `anew, as ${"0".repeat(32)}`,
      false,
    ],
    ["a newer one was attempted", {}, since(up, { attempted: "s-2" }), "s-2 was acted on since", true],
    ["a newer one was rejected", {}, since(up, { rejected: "s-3" }), "s-3 was rejected since", true],
    [
      "somebody else rescaled the job",
      {},
      since(up, { present: { work: 4, sink: 5 } }),
      "the sink has 5 subtasks, it was decided for 4",
      true,
    ],
    ["a vertex is gone", {}, since(up, { present: { work: 4 } }), "the sink has no subtasks", true],
    [
      "it names a vertex without inputs",
      { effective: { new: 2 } },
      since(up),
      "decided for an unknown",
      true,
    ],
    ["it is too old", { at: NOW - WORD_STANDS_MS - 1 }, since(up), "at most 5 min count", true],
  ])("must not when %s", (_, changes, situation, words, final) => {
    const doubt = doubtAbout(decided(up, changes), situation, NOW);
    expect(doubt).toEqual({ sentence: expect.stringContaining(words), final });
  });

  it("counts its age from when it was proposed last, five minutes included", () => {
    const old = decided(up, { since: NOW - 10 * WORD_STANDS_MS, at: NOW - WORD_STANDS_MS });
    expect(doubtAbout(old, since({ work: 7 }), NOW)).toBeUndefined();
  });
});

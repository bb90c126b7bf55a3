import { describe, expect, it } from "vitest";
import {
  backOff,
  type JobMemory,
  keepMemory,
  noticeRequirements,
  recallMemory,
  sameParallelism,
} from "./memory.ts";
import { openStore } from "./store/sqlite.ts";

const JOB = "prod/default/orders";
const FLINK = "f".repeat(32);
const NOW = 1_000_000;
const newStore = () => openStore({ path: ":memory:", keepMs: 1e12, maxRows: 1e6 });
const known: JobMemory = { ...recallMemory(newStore(), JOB), flinkJobId: FLINK, requirements: { a: 2 } };

describe("noticeRequirements", () => {
  const empty = { ...known, flinkJobId: null, requirements: null };

  it("learns at the first look, without blaming anybody", () => {
    expect(noticeRequirements(empty, FLINK, { a: 5 }, null, NOW)).toEqual({
      ...known,
      requirements: { a: 5 },
    });
  });

  it("learns anew of a job that was submitted again", () => {
    const seen = noticeRequirements(known, "e".repeat(32), { a: 5 }, null, NOW);
    expect(seen).toMatchObject({ flinkJobId: "e".repeat(32), requirements: { a: 5 }, foreignChangeAt: null });
  });

  it("notices what somebody else changed", () => {
    const seen = noticeRequirements(known, FLINK, { a: 5 }, null, NOW);
    expect(seen).toMatchObject({ requirements: { a: 5 }, foreignChangeAt: NOW });
  });

  it("notices a change that is not the one we asked for", () => {
    expect(noticeRequirements(known, FLINK, { a: 5 }, { a: 3 }, NOW).foreignChangeAt).toBe(NOW);
  });

  it("does not take our own change for somebody else's", () => {
    const seen = noticeRequirements(known, FLINK, { a: 3 }, { a: 3 }, NOW);
    expect(seen).toMatchObject({ requirements: { a: 3 }, foreignChangeAt: null });
  });

  it("keeps the moment of an earlier foreign change when ours comes true", () => {
    const before = { ...known, foreignChangeAt: 5 };
    expect(noticeRequirements(before, FLINK, { a: 3 }, { a: 3 }, NOW).foreignChangeAt).toBe(5);
  });

  it.each([
    ["nothing changed", { a: 2 }],
    ["Flink did not tell", undefined],
  ])("changes nothing when %s", (_, seen) => {
    expect(noticeRequirements(known, FLINK, seen, null, NOW)).toBe(known);
  });
});

describe("what is kept of a job", () => {
  it("comes back from the store", () => {
    const store = newStore();
    keepMemory(store, JOB, recallMemory(store, JOB), known);
    expect(recallMemory(store, JOB)).toEqual(known);
    expect(recallMemory(store, "prod/default/other").requirements).toBeNull();
  });

  it("is filled up when an older version kept less, and survives nonsense", () => {
    const store = newStore();
    store.remember(JOB, "history", { concluded: 7 });
    expect(recallMemory(store, JOB)).toMatchObject({ concluded: 7, refusals: 0, retryAt: null });
    store.remember(JOB, "history", "nonsense");
    expect(recallMemory(store, JOB).lastRescaleAt).toBeNull();
  });

  it("is not written while nothing changed", () => {
    const store = newStore();
    keepMemory(store, JOB, known, { ...known });
    expect(store.recall(JOB, "history")).toBeUndefined();
  });
});

it.each([
  [0, 10_000],
  [1, 10_000],
  [2, 20_000],
  [3, 40_000],
  [7, 600_000],
  [5_000, 600_000],
])("after %d refusals in a row %d ms pass before the next attempt", (refusals, ms) => {
  expect(backOff(refusals)).toBe(ms);
});

it.each([
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [{ a: 1 }, { a: 2 }, false],
  [{ a: 1 }, { a: 1, b: 1 }, false],
  [{ a: 1 }, { b: 1 }, false],
  [{}, {}, true],
])("%j and %j are the same parallelism: %j", (a, b, same) => {
  expect(sameParallelism(a, b)).toBe(same);
});

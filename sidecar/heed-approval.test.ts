import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Parallelism, ScaleDecision } from "../model/index.ts";
import { heedApproval } from "./heed-approval.ts";
import { aDecision, NOW, ORDERS } from "./http/fake-process.ts";
import { WORD_STANDS_MS } from "./still-valid.ts";
import type { Store } from "./store/port.ts";
import { openStore } from "./store/sqlite.ts";

const PRESENT = { work: 2 };
const inputs = {
  vertices: { work: { name: "work", parallelism: 2 } },
} as unknown as ScaleDecision["inputs"];
const decided = (effective: Parallelism | null, at = NOW) => aDecision(effective, { inputs, at });
const LATE = NOW + WORD_STANDS_MS + 1;
const NOTHING = { due: undefined, givenUp: undefined };

let store: Store;
beforeEach(() => {
  store = openStore({ path: ":memory:", keepMs: 1e12, maxRows: 1e6 });
});
afterEach(() => store.close());

/** Records decisions to act as `d3`, `d4` … by their target, then the words on some of them, in order. */
function given(targets: readonly number[], ...approved: readonly number[]): void {
  for (const work of targets) store.recordDecision(`d${work}`, decided({ work }));
  for (const work of approved) {
    store.appendApproval({ decision: `d${work}`, at: NOW, by: "ann", verdict: "approved", reason: null });
  }
}
const heed = (newest: Parallelism | null, now = NOW, mode: "act" | "approve" = "approve") =>
  heedApproval(store, mode, decided(newest, now), PRESENT, now);

describe("an approval that newer decisions differ from", () => {
  it("is due while both move the same way", () => {
    given([3, 4], 3);
    expect(heed({ work: 5 })).toEqual({ ...NOTHING, due: expect.objectContaining({ id: "d3" }) });
  });

  it("is not due in mode act, where the newest is done", () => {
    given([3, 4], 3);
    expect(heed({ work: 5 }, NOW, "act")).toEqual(NOTHING);
  });

  it.each([
    ["holds", null],
    ["wants the opposite", { work: 1 }],
  ])("waits while the newest look %s, then is given up once", (_, newest) => {
    given([3, 4], 3);
    expect(heed(newest)).toEqual(NOTHING);
    expect(store.decision("d3")?.outcome).toBeNull();
    expect(heed(newest, LATE)).toEqual({ ...NOTHING, givenUp: "d3" });
    expect(store.decision("d3")?.outcome).toEqual({
      decision: "d3",
      at: LATE,
      verdict: "superseded",
      expected: { work: 3 },
      observed: PRESENT,
      tookMs: null,
      sentence: expect.stringMatching(/^not carried out, although ann approved it: it is too old/),
    });
    expect(heed(newest, LATE)).toEqual(NOTHING);
  });

  it("is not given up, however old, while exactly it is the newest and wanted", () => {
    given([3], 3);
    expect(heed({ work: 3 }, LATE)).toEqual(NOTHING);
    expect(heed({ work: 4 }, LATE)).toEqual({ ...NOTHING, givenUp: "d3" });
  });

  it("of two, the newest word is due, and they are given up one in a pass, the oldest word first", () => {
    given([3, 4, 5], 4, 3);
    expect(heed({ work: 6 }).due?.id).toBe("d3");
    expect([heed(null, LATE), heed(null, LATE), heed(null, LATE)].map((h) => h.givenUp)).toEqual([
      "d4",
      "d3",
      undefined,
    ]);
  });

  it("is left alone where it is of another job, a no, or was acted on", () => {
    given([3, 4, 5], 4);
    store.appendApproval({ decision: "d3", at: NOW, by: "bob", verdict: "rejected", reason: "no" });
    const attempt = { decision: "d4", at: NOW, requestId: "d4", sentence: "so" } as const;
    store.appendAttempt({ ...attempt, status: "failed" });
    store.recordDecision("x", aDecision({ work: 3 }, { job: `${ORDERS}2`, inputs }));
    store.appendApproval({ decision: "x", at: NOW, by: "ann", verdict: "approved", reason: null });
    expect(heed({ work: 6 })).toEqual(NOTHING);
    expect(heed({ work: 6 }, LATE)).toEqual(NOTHING);
  });
});

describe("what the store knows of it", () => {
  const later = (id: string) => {
    const { newest, ...rest } = store.laterActs(id, "scale");
    return { newest: newest?.id, ...rest };
  };

  it("tells the newest later decision to act, the newest attempted and the newest rejected", () => {
    given([3, 4, 5, 6]);
    store.recordDecision("hold", decided(null));
    expect(later("d6")).toEqual({ newest: undefined, attempted: undefined, rejected: undefined });
    const attempt = { at: NOW, requestId: "r", sentence: "so", status: "failed" } as const;
    for (const decision of ["d3", "d4"]) store.appendAttempt({ ...attempt, decision });
    for (const decision of ["d3", "d5"]) {
      store.appendApproval({ decision, at: NOW, by: "bob", verdict: "rejected", reason: null });
    }
    expect(later("d3")).toEqual({ newest: "d6", attempted: "d4", rejected: "d5" });
    expect(later("d5")).toEqual({ newest: "d6", attempted: undefined, rejected: undefined });
    expect(later("unknown").newest).toBeUndefined();
  });

  it("gives a change whose approval was given up a new record, the same one each time", () => {
    given([3], 3);
    heed(null, LATE);
    const again = store.recordDecision("d3", decided({ work: 3 }, LATE)).id;
    expect(again).not.toBe("d3");
    expect(store.recordDecision("d3", decided({ work: 3 }, LATE + 1))).toMatchObject({ id: again, times: 2 });
    expect(store.decision(again)).toMatchObject({ approval: null, outcome: null });
  });
});

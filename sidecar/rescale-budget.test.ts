import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { DecisionRecord, ScaleDecision } from "../model/index.ts";
import { aConfig, aVertex, NOW, SUBJECT, someInputs } from "../test/support/scale-inputs.ts";
import { overDay } from "./rescale-budget.ts";
import type { Store } from "./store/port.ts";
import { openStore } from "./store/sqlite.ts";

const HOUR = 3_600_000;
const WEEK = 168 * HOUR;
let folder: string;
let store: Store;
const open = (): Store => openStore({ path: join(folder, "s.sqlite"), keepMs: WEEK, maxRows: 1_000 });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "outrider-budget-"));
  store = open();
  return () => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  };
});

function act(changes: Partial<ScaleDecision> = {}): ScaleDecision {
  return {
    ...{ kind: "scale", version: 1, at: NOW, trigger: "pass" },
    ...SUBJECT,
    inputs: someInputs({ v: aVertex() }),
    settings: {},
    proposal: { v: 2 },
    guards: [],
    effective: { v: 2 },
    estimate: { pauseMs: 0, backlogAfterPause: null, drainMs: null, slotsBefore: 1, slotsAfter: 2 },
    reason: "scale-up",
    sentence: "",
    ...changes,
  };
}

type End = "accepted" | "requested" | "failed";

/** A rescale of some hours ago, as it stands in the store. */
function past(
  id: string,
  hoursAgo: number,
  status: End = "accepted",
  changes: Partial<ScaleDecision> = {},
): void {
  const at = NOW - hoursAgo * HOUR;
  store.recordDecision(id, act({ at, ...changes }));
  store.appendAttempt({ decision: id, at, requestId: id, status: "intended", sentence: "" });
  store.appendAttempt({ decision: id, at: at + 1, requestId: id, status, sentence: "" });
}

/** What the budget says of one more decision. */
function ask(perDay: number, changes: Partial<ScaleDecision> = {}, id = "next"): string | null {
  const record: DecisionRecord = { ...act(changes), id, since: NOW, times: 1 };
  return overDay(store, record, aConfig({ rescalesPerDay: perDay }), NOW);
}

describe("the rescales of a day", () => {
  it("count attempts that Flink heard of, answered or not", () => {
    past("a", 1);
    past("b", 2, "requested");
    expect(ask(3)).toBeNull();
    expect(ask(2)).toContain("2 of 2 rescales within 24 h are spent");
  });

  it("count neither what Flink refused nor what is older nor other jobs", () => {
    past("a", 1, "failed");
    past("b", 25);
    past("c", 1, "accepted", { job: "prod/default/other" });
    expect(ask(1)).toBeNull();
  });

  it("do not count the decision itself, which is asked again until Flink has answered", () => {
    past("a", 1, "requested");
    expect(ask(1, {}, "a")).toBeNull();
  });

  it("do not hold a roll-back", () => {
    past("a", 1);
    expect(ask(1, { reason: "roll-back" })).toBeNull();
  });

  it("keep the last one from scaling down", () => {
    past("a", 1);
    const estimate = { ...act().estimate, slotsBefore: 4, slotsAfter: 2 };
    expect(ask(2, { estimate, reason: "scale-down" })).toContain("the last one is kept for scaling up");
    expect(ask(2)).toBeNull();
  });

  it("are not forgotten by a restart", () => {
    past("a", 1);
    store.close();
    store = open();
    expect(ask(1)).toContain("1 of 1");
  });

  it("are not counted where nobody set a budget", () => {
    past("a", 1);
    expect(overDay(store, { ...act(), id: "x", since: NOW, times: 1 }, aConfig(), NOW)).toBeNull();
  });
});

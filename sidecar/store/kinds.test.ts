import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Attempt } from "../../model/index.ts";
import { aRestore, aRestorePlan } from "../../test/support/restore-records.ts";
import { aDecision } from "../http/fake-process.ts";
import type { Store } from "./port.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";
import { openStore } from "./sqlite.ts";

let folder: string;
let store: Store;
const bounds = { keepMs: 1_000, maxRows: 100 };
const JOB = aRestore().job;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "outrider-store-"));
  store = openStore({ path: ":memory:", ...bounds });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const attempt = (step: Attempt["step"], status: Attempt["status"]): Attempt => ({
  decision: "r-1",
  at: 1,
  status,
  requestId: "r",
  sentence: "so",
  ...(step === undefined ? {} : { step }),
});
const scaleHold = (at: number) => aDecision(null, { job: JOB, at });

describe("decisions of several kinds about one job", () => {
  test("equal holds in a row merge, whatever another kind says between them", () => {
    store.recordDecision("s-1", scaleHold(1));
    store.recordDecision("r-1", aRestore({ effective: null, at: 2 }));
    expect(store.recordDecision("s-2", scaleHold(3))).toMatchObject({ id: "s-1", times: 2 });
    expect(store.recordDecision("r-2", aRestore({ effective: null, at: 4 }))).toMatchObject({
      id: "r-1",
      times: 2,
    });
  });

  test("are asked for by kind, or all", () => {
    store.recordDecision("s-1", scaleHold(1));
    store.recordDecision("r-1", aRestore({ at: 2 }));
    const ids = (query: object) => store.decisions({ limit: 9, ...query }).items.map((h) => h.record.id);
    expect(ids({ job: JOB })).toEqual(["r-1", "s-1"]);
    expect(ids({ kind: "restore" })).toEqual(["r-1"]);
    expect(ids({ job: JOB, kind: "scale" })).toEqual(["s-1"]);
    expect(ids({ acts: true })).toEqual(["r-1"]);
    expect(ids({ attempted: true })).toEqual([]);
    store.appendAttempt(attempt("run", "intended"));
    expect(ids({ attempted: true })).toEqual(["r-1"]);
    expect(ids({ job: "c/default/other", kind: "restore" })).toEqual([]);
  });

  test("open ones are asked for by kind, or all", () => {
    store.recordDecision("r-1", aRestore());
    store.recordDecision("s-1", aDecision({ a: 2 }, { job: JOB }));
    store.appendAttempt(attempt("cancel", "intended"));
    store.appendAttempt({ ...attempt(undefined, "intended"), decision: "s-1" });
    expect(store.openDecisions().map((h) => h.record.id)).toEqual(["r-1", "s-1"]);
    expect(store.openDecisions("restore").map((h) => h.record.id)).toEqual(["r-1"]);
  });

  test("prune keeps the newest of each kind", () => {
    store.recordDecision("r-1", aRestore({ at: 1 }));
    store.recordDecision("s-1", scaleHold(2));
    store.prune(100_000);
    expect(store.decisions({ limit: 9 }).items).toHaveLength(2);
  });
});

describe("a restore", () => {
  test("has attempts per step; of a step and status there is one", () => {
    store.recordDecision("r-1", aRestore());
    for (const step of ["cancel", "run", "cancel"] as const) store.appendAttempt(attempt(step, "intended"));
    expect(store.decision("r-1")?.attempts.map((a) => a.step)).toEqual(["cancel", "run"]);
  });

  test("stays open although a step failed; its outcome ends it", () => {
    store.recordDecision("r-1", aRestore());
    store.appendAttempt(attempt("run", "intended"));
    store.appendAttempt(attempt("run", "failed"));
    expect(store.openDecisions("restore")).toHaveLength(1);
    store.appendOutcome({
      decision: "r-1",
      at: 9,
      verdict: "not-reached",
      expected: {},
      observed: {},
      tookMs: null,
      sentence: "no",
    });
    expect(store.openDecisions("restore")).toEqual([]);
  });

  test("of the same snapshot is the same decision as long as nobody answered, of another one a new one", () => {
    store.recordDecision("r-1", aRestore({ at: 1 }));
    const again = aRestore({ at: 2, effective: aRestorePlan({ steps: ["verify", "run"] }) });
    expect(store.recordDecision("r-1", again)).toMatchObject({ id: "r-1", times: 2 });
    const other = aRestore({ at: 3, effective: aRestorePlan({ snapshot: "file:/ckpt/chk-40" }) });
    expect(store.recordDecision("r-2", other).id).toBe("r-2");
    expect(store.laterActs("r-1", "restore").newest?.id).toBe("r-2");
  });
});

test("what all jobs have under one name is recalled at once", () => {
  store.remember("a", "life", { x: 1 });
  store.remember("b", "life", 2);
  store.remember("b", "other", 3);
  expect([...store.recallAll("life")]).toEqual([
    ["a", { x: 1 }],
    ["b", 2],
  ]);
});

test("a store of the version before kinds and steps opens with everything in it", () => {
  const path = join(folder, "old.sqlite");
  const old = new DatabaseSync(path);
  old.exec(`${MIGRATIONS[0]}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1`);
  const body = JSON.stringify(aDecision({ a: 2 }, { job: JOB }));
  const insert = old.prepare(
    "INSERT INTO decisions (id, last_id, job, at, since, times, hold_key, body) VALUES (?, ?, ?, 5, 5, 1, NULL, ?)",
  );
  for (const id of ["s-1", "s-2"]) insert.run(id, id, JOB, body);
  const addAttempt = old.prepare("INSERT INTO attempts (decision, status, body) VALUES (?, ?, ?)");
  for (const [id, status] of [
    ["s-1", "intended"],
    ["s-1", "failed"],
    ["s-2", "intended"],
  ] as const) {
    addAttempt.run(id, status, JSON.stringify({ ...attempt(undefined, status), decision: id }));
  }
  old.close();

  const opened = openStore({ path, ...bounds });
  expect(opened.decisions({ kind: "scale", limit: 9 }).items.map((h) => h.record.id)).toEqual(["s-2", "s-1"]);
  expect(opened.decision("s-1")?.attempts.map((a) => a.status)).toEqual(["intended", "failed"]);
  // A failed attempt of a decision without steps ends it, as before.
  expect(opened.openDecisions().map((h) => h.record.id)).toEqual(["s-2"]);
  opened.recordDecision("r-1", aRestore());
  opened.appendAttempt(attempt("run", "intended"));
  expect(opened.openDecisions("restore")).toHaveLength(1);
  opened.close();
  openStore({ path, ...bounds }).close();
});

import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Failure, type ScaleDecision } from "../../model/index.ts";
import type { Store } from "./port.ts";
import { openStore } from "./sqlite.ts";

let folder: string;
let store: Store;
const bounds = { keepMs: 1_000, maxRows: 100 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "outrider-store-"));
  store = openStore({ path: ":memory:", ...bounds });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function aDecision(over: Partial<ScaleDecision> = {}): ScaleDecision {
  return {
    kind: "scale",
    version: 1,
    job: "c/default/j",
    flinkJobId: "f1",
    at: 100,
    trigger: "pass",
    inputs: {} as ScaleDecision["inputs"],
    settings: {},
    proposal: { a: 2, b: 3 },
    guards: [],
    effective: null,
    estimate: { pauseMs: 0, backlogAfterPause: null, drainMs: null, slotsBefore: 1, slotsAfter: 1 },
    reason: "cooldown",
    sentence: "waiting",
    ...over,
  };
}
const act = (over: Partial<ScaleDecision> = {}) =>
  aDecision({ effective: { a: 4 }, reason: "scale-up", ...over });
const permit = (decision: string, code: "allowed" | "paused" = "allowed", by = "act", at = 1) =>
  ({ decision, at, code, by, sentence: "so" }) as const;
const attempt = (decision: string, status: "intended" | "requested" | "failed" | "abandoned", at = 1) =>
  ({ decision, at, status, requestId: "r", sentence: "so" }) as const;
const outcome = (decision: string, verdict: "reached" | "not-reached" = "reached") =>
  ({ decision, at: 2, verdict, expected: { a: 4 }, observed: { a: 4 }, tookMs: 5, sentence: "so" }) as const;
const approval = (decision: string, verdict: "approved" | "rejected", by = "ann") =>
  ({ decision, at: 2, by, verdict, reason: null }) as const;
const event = (over: object = {}) =>
  ({
    at: 1,
    job: undefined,
    type: "t",
    severity: "info",
    sentence: "s",
    decision: undefined,
    ...over,
  }) as const;
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof Failure ? error.code : String(error);
  }
  return "nothing";
};

describe("recordDecision", () => {
  test("keeps the decision under its id and returns the record", () => {
    const record = store.recordDecision("d1", act());
    expect(record).toEqual({ ...act(), id: "d1", since: 100, times: 1 });
    expect(store.decision("d1")).toEqual({
      record,
      permits: [],
      approval: null,
      attempts: [],
      outcome: null,
    });
    expect(store.decision("d2")).toBeUndefined();
  });
  test("a proposal that nobody has answered has the newest numbers", () => {
    store.recordDecision("d1", act());
    const again = store.recordDecision("d1", act({ at: 300, sentence: "newer" }));
    expect(again).toMatchObject({ id: "d1", since: 100, at: 300, times: 2, sentence: "newer" });
  });
  test.each(["attempt", "approval"] as const)("a proposal with an %s never changes", (answer) => {
    store.recordDecision("d1", act());
    const word = { decision: "d1", at: 150, by: "ann", verdict: "approved", reason: null } as const;
    const intended = { decision: "d1", at: 150, status: "intended", requestId: "r", sentence: "" } as const;
    if (answer === "attempt") store.appendAttempt(intended);
    else store.appendApproval(word);
    const again = store.recordDecision("d1", act({ at: 300, sentence: "newer" }));
    expect(again).toMatchObject({ id: "d1", at: 100, times: 1 });
  });
  test("a proposal that comes back after another one is a new record, the same one each time", () => {
    const b = () => store.recordDecision("b", act({ effective: { a: 2 } })).id;
    const c = () => store.recordDecision("c", act({ effective: { a: 3 } })).id;
    expect([b(), c()]).toEqual(["b", "c"]);
    const second = b();
    expect(["b", "c"]).not.toContain(second);
    // A pass that is repeated after a crash finds the same one.
    expect(b()).toBe(second);
    const third = c();
    expect(["b", "c", second]).not.toContain(third);
    expect(store.decisions({ limit: 9 }).items.map((d) => d.record.id)).toEqual([third, second, "c", "b"]);
  });
  test("the same hold again changes nothing", () => {
    store.recordDecision("h1", aDecision());
    store.recordDecision("h2", aDecision({ at: 200 }));
    expect(store.recordDecision("h2", aDecision({ at: 300 }))).toMatchObject({ id: "h1", times: 2, at: 200 });
    expect(store.recordDecision("h1", aDecision({ at: 300 }))).toMatchObject({ id: "h1", times: 2, at: 200 });
  });
  test.each<[string, Partial<ScaleDecision>, boolean]>([
    ["an equal hold", { proposal: { b: 3, a: 2 }, sentence: "newer" }, true],
    ["another reason", { reason: "metric-missing" }, false],
    ["another proposal", { proposal: { a: 2, b: 4 } }, false],
    ["another Flink job id", { flinkJobId: "f2" }, false],
    ["another job", { job: "c/default/k" }, false],
    ["a decision to act", { effective: { a: 2 } }, false],
  ])("after a hold, %s", (_name, over, merged) => {
    store.recordDecision("h1", aDecision());
    const second = store.recordDecision("h2", aDecision({ at: 200, ...over }));
    expect(second).toMatchObject(
      merged
        ? { id: "h1", since: 100, at: 200, times: 2, sentence: "newer" }
        : { id: "h2", since: 200, times: 1 },
    );
  });
  test("an equal hold after another record is a new record, and equal acts are never merged", () => {
    store.recordDecision("h1", aDecision());
    store.recordDecision("d1", act());
    expect(store.recordDecision("h2", aDecision()).id).toBe("h2");
    store.recordDecision("d2", act({ job: "x/y/z" }));
    expect(store.recordDecision("d3", act({ job: "x/y/z" })).id).toBe("d3");
  });
});

test("decisions come in pages, newest first, of all jobs or one", () => {
  for (let i = 1; i <= 5; i++) store.recordDecision(`d${i}`, act({ job: i % 2 ? "odd" : "even" }));
  const ids = (page: ReturnType<Store["decisions"]>) => page.items.map((h) => h.record.id);
  const first = store.decisions({ limit: 2 });
  expect(ids(first)).toEqual(["d5", "d4"]);
  store.recordDecision("d6", act());
  const second = store.decisions({ limit: 3, before: first.next ?? "" });
  expect(ids(second)).toEqual(["d3", "d2", "d1"]);
  expect(second.next).toBeNull();
  expect(ids(store.decisions({ job: "odd", limit: 9 }))).toEqual(["d5", "d3", "d1"]);
  expect(codeOf(() => store.decisions({ limit: 1, before: "1; DROP" }))).toBe("bad-request");
});

test("open decisions have an attempt and neither an outcome nor a failed or abandoned attempt", () => {
  for (const id of ["none", "open", "done", "failed", "left"]) store.recordDecision(id, act());
  for (const id of ["open", "done", "failed", "left"]) store.appendAttempt(attempt(id, "intended"));
  store.appendOutcome(outcome("done"));
  store.appendAttempt(attempt("failed", "failed"));
  store.appendAttempt(attempt("left", "abandoned"));
  expect(store.openDecisions().map((h) => h.record.id)).toEqual(["open"]);
});

describe("appends", () => {
  beforeEach(() => void store.recordDecision("d", act()));
  test("a permit equal to the last one in decision, code and by is written once", () => {
    store.appendPermit(permit("d"));
    store.appendPermit(permit("d", "allowed", "act", 9));
    store.appendPermit(permit("d", "paused"));
    store.appendPermit(permit("d", "paused", "bob"));
    store.appendPermit(permit("d"));
    expect(store.decision("d")?.permits.map((p) => p.code)).toEqual([
      "allowed",
      "paused",
      "paused",
      "allowed",
    ]);
  });
  test("an attempt of equal decision and status is written once", () => {
    store.appendAttempt(attempt("d", "intended", 1));
    store.appendAttempt(attempt("d", "requested", 2));
    store.appendAttempt(attempt("d", "intended", 3));
    expect(store.decision("d")?.attempts.map((a) => [a.status, a.at])).toEqual([
      ["intended", 1],
      ["requested", 2],
    ]);
  });
  test("the first outcome stays", () => {
    store.appendOutcome(outcome("d", "reached"));
    store.appendOutcome(outcome("d", "not-reached"));
    expect(store.decision("d")?.outcome).toEqual(outcome("d", "reached"));
  });
  test("the first word counts, the same word changes nothing, another one is a conflict", () => {
    store.appendApproval(approval("d", "approved"));
    store.appendApproval(approval("d", "approved", "bob"));
    expect(codeOf(() => store.appendApproval(approval("d", "rejected")))).toBe("conflict");
    expect(store.decision("d")?.approval).toEqual(approval("d", "approved"));
  });
  test.each<[string, () => void]>([
    ["permit", () => store.appendPermit(permit("x"))],
    ["attempt", () => store.appendAttempt(attempt("x", "intended"))],
    ["outcome", () => store.appendOutcome(outcome("x"))],
    ["approval", () => store.appendApproval(approval("x", "approved"))],
  ])("%s without a record is not-found", (_name, work) => {
    expect(codeOf(work)).toBe("not-found");
  });
});

test("a pause stands until it is ended; ending says whether there was one", () => {
  const pause = { job: "j", owner: "ann", reason: "audit", from: 10, until: 50 };
  expect(store.endPause("j", 20)).toBe(false);
  store.setPause(pause);
  store.setPause(pause);
  expect(store.pauseOf("j")).toEqual(pause);
  expect(store.endPause("j", 60)).toBe(false);
  expect(store.endPause("j", 20)).toBe(true);
  expect(store.endPause("j", 20)).toBe(false);
  expect(store.pauseOf("j")).toBeUndefined();
  store.setPause({ ...pause, until: 90 });
  expect(store.pauseOf("j")?.until).toBe(90);
});

test("a job's own mode holds until null removes it", () => {
  store.setMode("j", "act", "ann", 1);
  store.setMode("j", "approve", "ann", 2);
  expect(store.modeOf("j")).toBe("approve");
  store.setMode("j", null, "ann", 3);
  expect(store.modeOf("j")).toBeUndefined();
});

test("events come oldest first from a sequence that is never reused, also not after prune", () => {
  const one = store.appendEvent(event());
  expect(store.appendEvent(event())).toEqual(one);
  store.appendEvent(event({ at: 2, job: "j" }));
  const told = store.appendEvent(event({ at: 3, job: "j", decision: "d" }));
  expect(store.appendEvent(event({ at: 4, job: "j", decision: "d" }))).toEqual(told);
  expect(store.eventsAfter(0, 9).map((e) => e.seq)).toEqual([1, 2, 3]);
  expect(store.eventsAfter(1, 1).map((e) => e.seq)).toEqual([2]);
  expect(store.eventsAfter(0, 9, "j").map((e) => e.seq)).toEqual([2, 3]);
  expect(store.eventsBefore(undefined, 2).map((e) => e.seq)).toEqual([3, 2]);
  expect(store.eventsBefore(3, 9).map((e) => e.seq)).toEqual([2, 1]);
  expect(store.eventsBefore(3, 9, "j").map((e) => e.seq)).toEqual([2]);
  expect(store.prune(10_000)).toBe(3);
  expect(store.appendEvent(event({ at: 9_999 })).seq).toBe(4);
});

test("what is remembered is recalled, whatever JSON can say", () => {
  for (const value of [1, null, "x", { a: [1] }]) {
    store.remember("j", "n", value);
    expect(store.recall("j", "n")).toEqual(value);
  }
  store.remember("j", "n", undefined);
  expect(store.recall("j", "n")).toBeUndefined();
});

describe("prune", () => {
  test("by age takes a decision with all that hangs on it, but no open one and not the newest of a job", () => {
    for (const id of ["old", "open", "newest"]) store.recordDecision(id, act());
    store.recordDecision("other", act({ job: "k" }));
    store.appendPermit(permit("old"));
    store.appendAttempt(attempt("old", "intended"));
    store.appendOutcome(outcome("old"));
    store.appendAttempt(attempt("open", "intended"));
    expect(store.prune(100_000)).toBe(4);
    expect(store.decisions({ limit: 9 }).items.map((h) => h.record.id)).toEqual(["other", "newest", "open"]);
  });
  test("by number takes the oldest rows of each table", () => {
    for (let i = 0; i < 130; i++) {
      store.recordDecision(`d${i}`, act());
      store.appendEvent(event({ at: i }));
      store.remember("j", `n${i}`, i);
    }
    expect(store.prune(100)).toBe(90);
    expect(store.decision("d29")).toBeUndefined();
    expect(store.decision("d30")).toBeDefined();
    expect(store.eventsAfter(0, 999)).toHaveLength(100);
    expect(store.recall("j", "n29")).toBeUndefined();
  });
});

test("the hook is called around every write with the method's name, and never for reads", () => {
  const seen: string[] = [];
  const hooked = openStore({
    path: ":memory:",
    ...bounds,
    onWrite: (point, phase) => seen.push(`${phase} ${point}`),
  });
  hooked.recordDecision("d", act());
  hooked.appendAttempt(attempt("d", "intended"));
  hooked.openDecisions();
  hooked.close();
  expect(seen).toEqual([
    "before recordDecision",
    "after recordDecision",
    "before appendAttempt",
    "after appendAttempt",
  ]);
});

describe("a file that cannot be used is refused with one clear sentence", () => {
  test.each<[string, (path: string) => void, RegExp]>([
    ["not a database", (p) => writeFileSync(p, "hello ".repeat(500)), /a file that is not a database/],
    [
      "another program's",
      (p) => new DatabaseSync(p).exec("CREATE TABLE t (x INTEGER)"),
      /the database of another program/,
    ],
    [
      "a newer version",
      (p) => {
        openStore({ path: p, ...bounds }).close();
        const raw = new DatabaseSync(p);
        raw.exec("PRAGMA user_version = 99");
        raw.close();
      },
      /version 99 of the store, written by a newer Outrider/,
    ],
    ["in use", (p) => void openStore({ path: p, ...bounds }), /another process has locked; .*stop the other/],
  ])("%s", (_name, prepare, message) => {
    const path = join(folder, "s.sqlite");
    prepare(path);
    expect(() => openStore({ path, ...bounds })).toThrow(message);
    expect(codeOf(() => openStore({ path, ...bounds }))).toBe("store-broken");
  });
  test("a folder that is a file", () => {
    writeFileSync(join(folder, "f"), "");
    expect(codeOf(() => openStore({ path: join(folder, "f", "s.sqlite"), ...bounds }))).toBe("store-broken");
    expect(codeOf(() => openStore({ path: folder, ...bounds }))).toBe("store-broken");
  });
  test.skipIf(process.getuid?.() === 0)("a folder that cannot be written", () => {
    chmodSync(folder, 0o500);
    expect(codeOf(() => openStore({ path: join(folder, "s.sqlite"), ...bounds }))).toBe("store-broken");
  });
  test("a closed store", () => {
    const closed = openStore({ path: ":memory:", ...bounds });
    closed.close();
    closed.close();
    expect(codeOf(() => closed.recordDecision("d", act()))).toBe("store-broken");
  });
});

test("after kill -9 in the middle of writing, everything acknowledged is there and it opens again", async () => {
  const path = join(folder, "made", "s.sqlite");
  const child = spawn(process.execPath, ["--input-type=module", "-e", CHILD], {
    env: { ...process.env, STORE: path, MODULE: new URL("./sqlite.ts", import.meta.url).href },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  const exited = new Promise((resolve) => child.on("close", resolve));
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.split("\n").length > 40) child.kill("SIGKILL");
  }
  await exited;

  const reopened = openStore({ path, ...bounds });
  const acknowledged = text.split("\n").slice(0, -1);
  expect(acknowledged.length).toBeGreaterThanOrEqual(40);
  for (const id of acknowledged) {
    expect(reopened.decision(id)?.attempts).toHaveLength(1);
    expect(reopened.recall("j", id)).toBe(id);
  }
  expect(reopened.openDecisions().length).toBeGreaterThanOrEqual(acknowledged.length);
  reopened.close();
});

const CHILD = `
import { writeSync } from "node:fs";
const { openStore } = await import(process.env.MODULE);
const store = openStore({ path: process.env.STORE, keepMs: 1e9, maxRows: 1e6 });
for (let i = 0; ; i++) {
  const id = "d" + i;
  store.recordDecision(id, { kind: "scale", job: "j", at: i, effective: { a: i }, proposal: {}, reason: "r" });
  store.appendAttempt({ decision: id, at: i, status: "intended", requestId: id, sentence: "s" });
  store.remember("j", id, id);
  writeSync(1, id + "\\n");
}`;

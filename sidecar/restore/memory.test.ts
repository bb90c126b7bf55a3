import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Attempt, Outcome } from "../../model/index.ts";
import { aDiagnosis, aLife, aRestore, aRestorePlan, FAILED_AT } from "../../test/support/restore-records.ts";
import type { Store } from "../store/port.ts";
import { openStore } from "../store/sqlite.ts";
import { earlierRestores } from "./earlier.ts";
import { type KnownJob, KnownJobs } from "./known-job.ts";
import { Reaches } from "./reach.ts";

let store: Store;
let writes: string[];
beforeEach(() => {
  writes = [];
  const onWrite = (point: string, phase: string) => void (phase === "after" && writes.push(point));
  store = openStore({ path: ":memory:", keepMs: 1e12, maxRows: 1e6, onWrite });
});
afterEach(() => store.close());

const JOB = aRestore().job;
const known = (changes: Partial<KnownJob> = {}): KnownJob => ({
  life: aLife(),
  trail: undefined,
  goneSince: null,
  owed: false,
  expectedTaskManagers: 2,
  ...changes,
});

describe("what is known of jobs", () => {
  it("survives a restart, and says which have to be brought back", () => {
    const jobs = new KnownJobs(store);
    jobs.keep("c/d/running", known(), 1);
    jobs.keep("c/d/failed", known({ life: aLife({ lastState: "FAILED" }) }), 1);
    jobs.keep("c/d/cancelled", known({ life: aLife({ lastState: "CANCELED" }) }), 1);
    jobs.keep("c/d/ours", known({ life: aLife({ lastState: "CANCELED" }), owed: true }), 1);
    const again = new KnownJobs(store);
    expect(again.alive()).toEqual(["c/d/failed", "c/d/ours", "c/d/running"]);
    expect(again.of("c/d/ours")).toEqual(known({ life: aLife({ lastState: "CANCELED" }), owed: true }));
  });

  it("is written on change, and else twice a minute", () => {
    const jobs = new KnownJobs(store);
    for (let at = 0; at < 60_000; at += 2_000) jobs.keep(JOB, known({ life: aLife({ lastSeenAt: at }) }), at);
    expect(writes).toHaveLength(2);
    jobs.keep(JOB, known({ life: aLife({ lastState: "FAILED" }) }), 59_000);
    jobs.keep(JOB, known({ life: aLife({ lastState: "FAILED" }), goneSince: 59_500 }), 59_500);
    expect(writes).toHaveLength(4);
  });
});

describe("whether a cluster answers", () => {
  const readout = (jobManagerProcess: string) =>
    ({ jobManagerProcess }) as Parameters<Reaches["answered"]>[1];
  it("counts from the first silence, also across a restart", () => {
    new Reaches(store).silent("main", 10);
    const again = new Reaches(store);
    again.silent("main", 20);
    expect(again.of("main")).toMatchObject({ unreachableSince: 10, answeredAgainAt: null });
    again.answered("main", readout("a"), 30);
    expect(new Reaches(store).of("main")).toMatchObject({ unreachableSince: null, answeredAgainAt: 30 });
  });

  it("another process that answers is a return too, the same one is not", () => {
    const reaches = new Reaches(store);
    reaches.answered("main", readout("a"), 1);
    expect(reaches.of("main").answeredAgainAt).toBeNull();
    reaches.answered("main", readout("a"), 2);
    reaches.answered("main", undefined, 3);
    expect(reaches.of("main").answeredAgainAt).toBeNull();
    reaches.answered("main", readout("b"), 4);
    expect(reaches.of("main").answeredAgainAt).toBe(4);
    expect(writes).toHaveLength(2);
  });
});

describe("the restores before", () => {
  const attempt = (decision: string, at: number, step: Attempt["step"] = "run"): Attempt => ({
    decision,
    at,
    status: "intended",
    requestId: "r",
    sentence: "so",
    ...(step === undefined ? {} : { step }),
  });
  const outcome = (decision: string, verdict: Outcome["verdict"], timings = {}): Outcome => ({
    decision,
    at: FAILED_AT + 60_000,
    verdict,
    expected: {},
    observed: {},
    tookMs: null,
    timings,
    sentence: "so",
  });

  it("are those that were begun, oldest first, with what came of them", () => {
    for (const [i, id] of ["r-1", "r-2", "r-3", "r-4"].entries()) {
      store.recordDecision(
        id,
        aRestore({ at: i, effective: aRestorePlan({ snapshot: `file:/c/chk-${i}` }) }),
      );
    }
    store.recordDecision("r-hold", aRestore({ at: 9, effective: null }));
    for (const id of ["r-1", "r-2", "r-3"]) store.appendAttempt(attempt(id, FAILED_AT + 10_000));
    store.appendAttempt(attempt("r-2", FAILED_AT + 9_000, "cancel"));
    store.appendOutcome(outcome("r-1", "reached", { running: 14_000 }));
    store.appendOutcome(outcome("r-2", "not-reached"));
    expect(earlierRestores(store, { job: JOB })).toMatchObject([
      {
        decision: "r-1",
        succeeded: true,
        runningAfterMs: 4_000,
        endedAt: FAILED_AT + 60_000,
        cancelled: false,
      },
      { decision: "r-2", succeeded: false, runningAfterMs: null, cancelled: true, snapshot: "file:/c/chk-1" },
      { decision: "r-3", succeeded: null, endedAt: null },
    ]);
    expect(earlierRestores(store, { job: "c/d/other" })).toEqual([]);
    expect(earlierRestores(store)).toHaveLength(3);
  });

  it("one that was superseded is neither a success nor a failure", () => {
    store.recordDecision(
      "r-1",
      aRestore({ inputs: { ...aRestore().inputs, diagnosis: aDiagnosis({ fault: null }) } }),
    );
    store.appendAttempt(attempt("r-1", 5));
    store.appendOutcome(outcome("r-1", "superseded"));
    expect(earlierRestores(store, { job: JOB })).toMatchObject([{ succeeded: null, fingerprint: null }]);
  });
});

import { afterEach, describe, expect, it, vi } from "vitest";
import { type RestoreConfig, redecideRestore } from "../../recovery/index.ts";
import { aFault, FailingFlink, type FailingFlinkOptions } from "../support/failing-flink.ts";
import { keyOf, PASS_MS, Ride, type RideOptions } from "../support/ride.ts";

vi.setConfig({ testTimeout: 60_000 });

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const KEY = keyOf("main");

async function start(options: FailingFlinkOptions = {}, more: Partial<RideOptions> = {}) {
  const flink = await new FailingFlink(options).listen();
  const recovery = { restore: flink.spec, ...more.recovery };
  const ride = new Ride({ clusters: { main: flink.url }, ...more, recovery });
  open.push({ close: async () => void (await Promise.all([flink.close(), ride.close()])) });
  const passes = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await ride.round(flink.advance(PASS_MS));
  };
  /** Until the condition holds, at most `most` passes. */
  const until = async (what: () => boolean, most = 60): Promise<void> => {
    for (let i = 0; i < most && !what(); i++) await passes(1);
    expect(what(), `within ${most} passes; the view says: ${ride.view().sentence}`).toBe(true);
  };
  await passes(10);
  return { flink, ride, passes, until };
}

const restoresDone = (ride: Ride) => ride.restores().filter((d) => d.outcome !== null);
const verdicts = (ride: Ride) => restoresDone(ride).map((d) => d.outcome?.verdict);
const acts = (ride: Ride) => ride.restores().filter((d) => d.record.effective !== null);
const eventsOf = (ride: Ride, type: string) => ride.events.filter((e) => e.type === type);
const pages = (ride: Ride) => eventsOf(ride, "page").map((e) => e.sentence);

/** Every record tells the same decision again from its own fields. */
function checkRecords(ride: Ride): void {
  for (const { record } of ride.restores()) {
    const { job, at, trigger, inputs, settings, proposal, effective, reason, sentence, guards } = JSON.parse(
      JSON.stringify(record),
    ) as typeof record;
    const again = redecideRestore({ job, at, trigger }, inputs, settings as unknown as RestoreConfig);
    expect(JSON.parse(JSON.stringify(again))).toMatchObject({
      proposal,
      effective,
      reason,
      sentence,
      guards,
    });
  }
}

describe("a failed job", () => {
  it("is restored from its newest checkpoint in mode act, and every surface says so", async () => {
    const { flink, ride, until } = await start();
    const before = flink.job.id;
    const failedAt = flink.now;
    flink.fail();
    await until(() => verdicts(ride).length > 0);
    expect(verdicts(ride)).toEqual(["reached"]);
    expect(flink.submissions).toBe(1);
    expect(flink.mostCopies).toBe(1);
    expect(flink.job).toMatchObject({ state: "RUNNING" });
    expect(flink.job.id).not.toBe(before);
    const [done] = restoresDone(ride);
    expect(done?.record.effective?.snapshot).toMatch(new RegExp(`${before}/chk-\\d+$`));
    expect(done?.outcome).toMatchObject({ newFlinkJobId: flink.job.id });
    expect(done?.record.since).toBeLessThanOrEqual(failedAt + 2 * PASS_MS);
    expect(done?.outcome?.timings).toMatchObject({
      running: expect.any(Number),
      checkpoint: expect.any(Number),
    });
    await until(() => ride.view().verdict !== "recovering");
    expect(ride.view()).toMatchObject({
      state: "RUNNING",
      flinkJobId: flink.job.id,
      diagnosis: { kind: "well" },
      restorePoint: { state: "verified" },
    });
    for (const type of ["diagnosis", "decision", "attempt", "outcome"]) {
      expect(eventsOf(ride, type).length, type).toBeGreaterThan(0);
    }
    expect(eventsOf(ride, "outcome").filter((e) => e.decision === done?.record.id)).toHaveLength(1);
    expect(pages(ride)).toEqual([]);
    checkRecords(ride);
  });

  it("is no namesake of itself while the list still has it running", async () => {
    const { flink, ride, passes } = await start();
    const { reader } = ride.main;
    const before = await reader.listJobs();
    reader.listJobs = async () => before;
    flink.fail();
    await passes(5);
    expect(ride.restores().map((d) => d.record.reason)).toEqual(["restore"]);
    expect(pages(ride)).toEqual([]);
  });

  it("waits for a person in mode approve, and is then restored as that person saw it", async () => {
    const { flink, ride, passes, until } = await start({}, { mode: "approve" });
    flink.fail();
    await passes(6);
    expect(flink.submissions).toBe(0);
    expect(acts(ride)).toMatchObject([{ permits: [{ code: "needs-approval" }], attempts: [] }]);
    const [asked] = acts(ride);
    const id = asked?.record.id ?? "";
    ride.store.appendApproval({ decision: id, at: flink.now, by: "ann", verdict: "approved", reason: null });
    await until(() => verdicts(ride).length > 0);
    expect(restoresDone(ride)).toMatchObject([{ record: { id }, outcome: { verdict: "reached" } }]);
    expect(flink.submissions).toBe(1);
  });

  it("is only told of in mode observe, with the restore that it would get", async () => {
    const { flink, ride, passes } = await start({}, { mode: "observe" });
    flink.fail();
    await passes(12);
    expect(flink.submissions).toBe(0);
    expect(acts(ride)).toMatchObject([{ permits: [{ code: "read-only" }], attempts: [], outcome: null }]);
    expect(ride.view()).toMatchObject({ state: "FAILED", diagnosis: { kind: "failed" }, verdict: "restore" });
    expect(eventsOf(ride, "diagnosis")).toHaveLength(1);
  });

  it("is left alone while a person has paused it, and restored after that", async () => {
    const { flink, ride, passes, until } = await start();
    ride.store.setPause({
      job: KEY,
      owner: "ann",
      reason: "release",
      from: flink.now,
      until: flink.now + 1e9,
    });
    flink.fail();
    await passes(6);
    expect(flink.submissions).toBe(0);
    expect(acts(ride).at(-1)?.permits.at(-1)?.code).toBe("paused");
    ride.store.endPause(KEY, flink.now);
    await until(() => verdicts(ride).includes("reached"));
    expect(flink.submissions).toBe(1);
  });

  it("without a configured jar is held, and the person who is paged reads what to write", async () => {
    const { flink, ride, passes } = await start({}, { recovery: { restore: null } });
    flink.fail();
    await passes(4);
    expect(ride.restores().at(-1)?.record).toMatchObject({ effective: null, reason: "no-restore-spec" });
    expect(pages(ride)).toHaveLength(1);
    expect(pages(ride)[0]).toContain("recovery.restore.jar");
  });

  it("that somebody else brings back meanwhile is not brought back twice", async () => {
    const { flink, ride, passes } = await start({}, { mode: "approve" });
    flink.fail();
    await passes(4);
    const id = acts(ride).at(-1)?.record.id ?? "";
    ride.store.appendApproval({ decision: id, at: flink.now, by: "ann", verdict: "approved", reason: null });
    flink.simulation.submit({ ...flink.job.plan, id: "9".repeat(32) });
    await passes(10);
    expect(flink.submissions).toBe(0);
    expect(flink.mostCopies).toBe(1);
    expect(restoresDone(ride)).toMatchObject([{ outcome: { verdict: "superseded" } }]);
    expect(ride.view()).toMatchObject({ state: "RUNNING", flinkJobId: "9".repeat(32) });
  });
});

describe("its snapshots", () => {
  it.each(["metadata-cut", "file-missing", "shared-file-missing"] as const)(
    "the newest broken (%s): the next proven one is taken, and the sentence names what is replayed",
    async (damage) => {
      const { flink, ride, until } = await start();
      flink.harm({ kind: "snapshot-damaged", job: flink.job.name, damage });
      flink.fail();
      await until(() => verdicts(ride).length > 0);
      expect(verdicts(ride)).toEqual(["reached"]);
      const [done] = restoresDone(ride);
      expect(done?.record).toMatchObject({ reason: "restore-older" });
      expect(done?.record.sentence).toMatch(/chk-\d+/);
      const newest = done?.record.inputs.candidates[0];
      expect(newest?.state).not.toBe("verified");
      expect(done?.record.effective?.snapshot).not.toBe(newest?.path);
      checkRecords(ride);
    },
  );

  it("cannot be asked for a minute: Outrider waits, falls back on nothing, and restores afterwards", async () => {
    const { flink, ride, passes, until } = await start();
    ride.storeDown = true;
    flink.fail();
    await passes(30);
    expect(flink.submissions).toBe(0);
    ride.storeDown = false;
    await until(() => verdicts(ride).includes("reached"));
    const done = restoresDone(ride).at(-1);
    expect(done?.record.effective?.snapshot).toBe(done?.record.inputs.candidates[0]?.path);
    expect(flink.submissions).toBe(1);
  });

  it("none: nothing is started from empty state, and a person is paged", async () => {
    const { flink, ride, passes } = await start({ retention: "none" });
    flink.fail();
    await passes(6);
    expect(flink.submissions).toBe(0);
    expect(ride.restores().at(-1)?.record.reason).toBe("no-valid-restore-point");
    expect(pages(ride)).toHaveLength(1);
  });
});

describe("a fault that comes back", () => {
  it("a poison record is not retried for ever: after two restores it stops and names the exception", async () => {
    const { flink, ride, passes, until } = await start();
    // A little further on than it is now.
    const position = 2_500;
    flink.harm({ ...aFault("record 4711 is bad"), kind: "poison-record", source: "a".repeat(32), position });
    await until(() => ride.restores().at(-1)?.record.reason === "deterministic-fault");
    await passes(5);
    expect(flink.submissions).toBe(2);
    expect(ride.restores().at(-1)?.record).toMatchObject({ effective: null, reason: "deterministic-fault" });
    expect(pages(ride)).toHaveLength(1);
    expect(pages(ride)[0]).toContain("IllegalStateException");
    checkRecords(ride);
  });

  it("the budget of restores ends it, and a person is paged once", async () => {
    const recovery = { maxAttempts: 1, sameFaultLimit: 50 };
    const { flink, ride, passes, until } = await start({}, { recovery });
    flink.fail();
    await until(() => verdicts(ride).length > 0);
    flink.fail("again");
    await passes(20);
    expect(flink.submissions).toBe(1);
    expect(acts(ride).at(-1)?.permits.at(-1)?.code).toBe("budget-exhausted");
    expect(pages(ride)).toEqual([expect.stringContaining("which is all it may")]);
  });
});

describe("a restart loop", () => {
  it("over a broken checkpoint is ended, and the job restored from the one before", async () => {
    const { flink, ride, until } = await start(slow);
    await until(() => ride.view().restorePoint?.state === "verified");
    await until(() => flink.job.checkpoints.completed >= 2);
    flink.harm({ kind: "snapshot-damaged", job: flink.job.name, damage: "file-missing" });
    flink.harm({ ...aFault("boom"), kind: "job-exception" });
    await until(() => verdicts(ride).includes("reached"), 120);
    expect(flink.submissions).toBe(1);
    expect(flink.mostCopies).toBe(1);
    expect(flink.job.state).toBe("RUNNING");
    const done = restoresDone(ride).at(-1);
    expect(done?.record.inputs.diagnosis).toMatchObject({
      kind: "restart-loop",
      fault: { class: "missing-file" },
    });
    expect(done?.attempts.map((a) => `${a.step} ${a.status}`)).toContain("cancel accepted");
  });

  const loop = { ...aFault("always"), kind: "restart-loop", everyMs: 1_000, forMs: 3_600_000 } as const;
  // It fails again before a checkpoint is due.
  const slow = {
    strategy: { kind: "fixed-delay", attempts: 1_000, delayMs: 500 },
    intervalMs: 15_000,
  } as const;
  const recovery = { endLoopAfterMs: 20_000 };

  it("whose checkpoints its cancellation would delete is left alone, and a person is paged", async () => {
    const { flink, ride, passes } = await start({ ...slow, retention: "delete-on-cancel" }, { recovery });
    const before = flink.job.id;
    flink.harm(loop);
    await passes(60);
    expect(flink.job.id).toBe(before);
    expect(["RUNNING", "RESTARTING", "CREATED", "INITIALIZING"]).toContain(flink.job.state);
    expect(ride.restores().at(-1)?.record).toMatchObject({
      effective: null,
      reason: "would-delete-snapshot",
    });
    expect(pages(ride).length).toBeGreaterThan(0);
    checkRecords(ride);
  });

  it("with a fault of its own is ended, its state stays, and a person is paged with the first fault", async () => {
    const { flink, ride, passes, until } = await start(slow, { recovery });
    flink.harm(loop);
    await until(() => verdicts(ride).includes("reached"));
    expect(restoresDone(ride).at(-1)?.record.effective?.action).toBe("stop");
    await passes(20);
    expect(flink.job.state).toBe("CANCELED");
    expect(flink.submissions).toBe(0);
    expect(pages(ride).length).toBeGreaterThan(0);
    expect(ride.restores().filter((d) => d.outcome === null && d.attempts.length > 0)).toEqual([]);
    checkRecords(ride);
  });
});

describe("a lost JobManager", () => {
  it("without high availability: the job comes back from its checkpoint once its old copy is dead", async () => {
    const { flink, ride, until } = await start();
    flink.harm({ kind: "job-manager-lost", backAfterMs: 6_000 });
    await until(() => verdicts(ride).includes("reached"), 90);
    expect(flink.submissions).toBe(1);
    expect(flink.mostCopies).toBe(1);
    expect(restoresDone(ride)).toHaveLength(1);
    expect(restoresDone(ride)[0]?.record.inputs.diagnosis.kind).toBe("job-gone");
    expect(ride.view()).toMatchObject({ state: "RUNNING" });
  });

  it("with high availability: Flink does it itself, and Outrider keeps off", async () => {
    const { flink, ride, passes } = await start({ cluster: { highAvailability: "zookeeper" } });
    const before = flink.job.id;
    flink.harm({ kind: "job-manager-lost", backAfterMs: 6_000 });
    await passes(40);
    expect(flink.submissions).toBe(0);
    expect(flink.job).toMatchObject({ id: before, state: "RUNNING" });
    expect(acts(ride)).toEqual([]);
  });

  it("while Outrider is down: the next start brings the job back all the same", async () => {
    const flink = await new FailingFlink().listen();
    const storePath = `${flink.folder}/outrider.sqlite`;
    const options = { clusters: { main: flink.url }, storePath, recovery: { restore: flink.spec } };
    const first = new Ride(options);
    for (let i = 0; i < 10; i++) await first.round(flink.advance(PASS_MS));
    await first.close();
    flink.harm({ kind: "job-manager-lost", backAfterMs: 6_000 });
    flink.advance(10_000);
    const ride = new Ride(options);
    open.push({ close: async () => void (await Promise.all([flink.close(), ride.close()])) });
    for (let i = 0; i < 60; i++) await ride.round(flink.advance(PASS_MS));
    expect(verdicts(ride)).toEqual(["reached"]);
    expect(flink.mostCopies).toBe(1);
  });
});

describe("two live jobs with one key", () => {
  it("nothing is restored", async () => {
    const { flink, ride, passes } = await start();
    flink.simulation.submit({ ...flink.job.plan, id: "9".repeat(32) });
    await passes(3);
    flink.harm({ ...aFault("boom"), kind: "job-exception", terminal: true });
    await passes(6);
    expect(flink.submissions).toBe(0);
    expect(acts(ride)).toEqual([]);
  });
});

it("several jobs: what happens to one does not delay the other", async () => {
  const healthy = await new FailingFlink().listen();
  const broken = await new FailingFlink().listen();
  const ride = new Ride({
    clusters: { main: broken.url, other: healthy.url },
    recovery: { restore: broken.spec },
  });
  open.push({ close: async () => void (await Promise.all([healthy.close(), broken.close(), ride.close()])) });
  for (let i = 0; i < 10; i++) {
    healthy.advance(PASS_MS);
    await ride.round(broken.advance(PASS_MS));
  }
  broken.fail();
  for (let i = 0; i < 10; i++) {
    healthy.advance(PASS_MS);
    await ride.round(broken.advance(PASS_MS));
    expect(ride.view("other").lastPassAt).toBe(broken.now);
  }
  expect(broken.submissions).toBe(1);
  expect(healthy.submissions).toBe(0);
});

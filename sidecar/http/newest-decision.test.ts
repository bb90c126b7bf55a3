import { afterEach, describe, expect, it } from "vitest";
import { aDecision, aJob, type FakeProcess, NOW, ORDERS, startFake } from "./fake-process.ts";

let fake: FakeProcess;
afterEach(() => fake.close());

const TARGET = { ["a".repeat(32)]: 2 };
async function shown(): Promise<unknown> {
  const reply = await fetch(`${fake.url}/api/v1/jobs`);
  const { items } = (await reply.json()) as { items: { newest: unknown }[] };
  return items[0]?.newest;
}

describe("a job says of its newest decision", () => {
  it("nothing while there is none, or it was forgotten", async () => {
    fake = await startFake();
    expect(await shown()).toBeNull();
    fake.state.jobs = [aJob(ORDERS, { decision: "pruned" })];
    expect(await shown()).toBeNull();
  });

  it("how far it has come", async () => {
    fake = await startFake();
    const { id } = fake.store.recordDecision("d1", aDecision(TARGET));
    fake.state.jobs = [aJob(ORDERS, { decision: id })];
    const before = {
      id,
      at: NOW,
      since: NOW,
      times: 1,
      acts: true,
      approval: null,
      attempt: null,
      outcome: null,
    };
    expect(await shown()).toEqual({ ...before, permit: null });

    const permit = { decision: id, at: NOW, by: "mode", sentence: "waits" };
    fake.store.appendPermit({ ...permit, code: "needs-approval" });
    fake.store.appendApproval({ decision: id, at: NOW, by: "ann", verdict: "approved", reason: null });
    fake.store.appendAttempt({ decision: id, at: NOW, status: "accepted", requestId: "r", sentence: "yes" });
    expect(await shown()).toEqual({
      ...before,
      permit: "needs-approval",
      approval: "approved",
      attempt: "accepted",
    });
  });

  it("that it is a hold", async () => {
    fake = await startFake();
    const { id } = fake.store.recordDecision("d1", aDecision(null));
    fake.state.jobs = [aJob(ORDERS, { decision: id })];
    expect(await shown()).toMatchObject({ acts: false, times: 1 });
  });
});

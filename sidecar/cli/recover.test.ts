import { afterEach, describe, expect, it } from "vitest";
import type { Mode, RestoreDecision } from "../../model/index.ts";
import { aRestore, aRestorePlan, CHK_41 } from "../../test/support/restore-records.ts";
import { type FakeProcess, NOW, ORDERS, startFake } from "../http/fake-process.ts";
import type { RecoveryDesk } from "../restore/desk.ts";
import { recordRestore } from "../restore/record.ts";
import type { Store } from "../store/port.ts";
import { EXIT } from "./exit.ts";
import { main } from "./program.ts";

let fake: FakeProcess;
afterEach(() => fake?.close());

const HELD: Partial<RestoreDecision> = {
  effective: null,
  reason: "no-valid-restore-point",
  sentence: "Hold: there is no snapshot of this job.",
  guards: [{ name: "no-valid-restore-point", verdict: "veto", sentence: "there is none", numbers: {} }],
};

/** A desk that always comes to the same decision, and knows what it was asked. */
const deskOf =
  (decision: RestoreDecision, asked: (string | null)[] = []) =>
  (store: Store): RecoveryDesk => ({
    plan: async (_job, from) => {
      asked.push(from);
      return decision;
    },
    order: async (_job, from, by, now) => {
      asked.push(from);
      const record = recordRestore(store, decision);
      if (record.effective !== null) {
        store.appendApproval({ decision: record.id, at: now, by, verdict: "approved", reason: null });
      }
      return record;
    },
  });

async function run(args: readonly string[], answer?: boolean) {
  let [out, err] = ["", ""];
  const code = await main(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    env: { OUTRIDER_SERVER: fake.url },
    signal: new AbortController().signal,
    ...(answer === undefined ? {} : { ask: async () => answer }),
  });
  return { code, out, err };
}

/** What the passes would do, once there is a record. */
async function restoreAfterwards(verdict: "reached" | "not-reached"): Promise<void> {
  const record = await new Promise<{ readonly id: string }>((resolve) => {
    const look = setInterval(() => {
      const [found] = fake.store.decisions({ kind: "restore", limit: 1 }).items;
      if (found === undefined) return;
      clearInterval(look);
      resolve(found.record);
    }, 10);
  });
  const base = { decision: record.id, at: NOW, requestId: "r" };
  fake.store.appendAttempt({
    ...base,
    status: "accepted",
    step: "run",
    sentence: "Flink runs the job as 1f",
  });
  fake.store.appendOutcome({
    decision: record.id,
    at: NOW,
    verdict,
    expected: {},
    observed: {},
    tookMs: 9_000,
    sentence: verdict === "reached" ? "the job runs from chk-41" : "the restored job failed: boom",
  });
}

describe("outrider recover --plan", () => {
  it("says what would be done, writes nothing, and answers 0", async () => {
    fake = await startFake({ recovery: deskOf(aRestore()) });
    const { code, out } = await run(["recover", "orders", "--plan"]);
    expect(code).toBe(EXIT.yes);
    expect(out).toContain("Restore from chk-41");
    expect(out).toContain(`→ verified ${CHK_41}`);
    expect(out).toContain("replay: 38 s");
    expect(fake.store.decisions({ limit: 9 }).items).toEqual([]);
  });

  it("answers 1 where nothing would be done, with the guard that holds it", async () => {
    fake = await startFake({ recovery: deskOf(aRestore(HELD)) });
    const { code, out } = await run(["recover", "orders", "--plan"]);
    expect([code, out]).toEqual([EXIT.no, expect.stringContaining("guard veto  no-valid-restore-point")]);
  });

  it("is one JSON document with -o json, from the snapshot that was named", async () => {
    const asked: (string | null)[] = [];
    fake = await startFake({ recovery: deskOf(aRestore(), asked) });
    const { code, out } = await run(["recover", "orders", "--plan", "--from", "s3://b/chk-40", "-o", "json"]);
    expect([code, JSON.parse(out)]).toMatchObject([EXIT.yes, { kind: "restore", reason: "restore" }]);
    expect(asked).toEqual(["s3://b/chk-40"]);
  });
});

describe("outrider recover", () => {
  it("without --yes and without a terminal does nothing, and says what to add", async () => {
    fake = await startFake({ recovery: deskOf(aRestore()) });
    const { code, out, err } = await run(["recover", "orders"]);
    expect([code, out, err]).toEqual([EXIT.usage, "", expect.stringContaining("add --yes")]);
  });

  it("asks the person at a terminal, and does nothing on a no", async () => {
    fake = await startFake({ recovery: deskOf(aRestore()) });
    const { code, err } = await run(["recover", "orders"], false);
    expect([code, err]).toEqual([EXIT.no, expect.stringContaining("Restore from chk-41")]);
    expect(fake.store.decisions({ limit: 9 }).items).toEqual([]);
  });

  it.each([
    ["reached", EXIT.yes],
    ["not-reached", EXIT.no],
  ] as const)("--yes tells each step until the outcome: %s is exit %i", async (verdict, expected) => {
    fake = await startFake({ recovery: deskOf(aRestore()) });
    const [{ code, out, err }] = await Promise.all([
      run(["recover", "orders", "--yes"]),
      restoreAfterwards(verdict),
    ]);
    expect(code).toBe(expected);
    expect(err).toContain("run accepted: Flink runs the job as 1f");
    expect(out).toContain(`outcome ${verdict}`);
    const [history] = fake.store.decisions({ kind: "restore", limit: 1 }).items;
    expect(history).toMatchObject({ approval: { verdict: "approved", by: "local" } });
    expect(fake.state.wakes).toBe(1);
  });

  it("--yes of something that the guards hold answers 1 at once, and keeps the record of it", async () => {
    fake = await startFake({ recovery: deskOf(aRestore(HELD)) });
    const { code, out } = await run(["recover", "orders", "--yes"]);
    expect([code, out]).toEqual([EXIT.no, expect.stringContaining("there is no snapshot")]);
    expect(fake.store.decisions({ kind: "restore", limit: 9 }).items).toHaveLength(1);
  });

  it("of an Outrider that looks after no state answers 1", async () => {
    fake = await startFake();
    const { code, err } = await run(["recover", "orders", "--yes"]);
    expect([code, err]).toEqual([EXIT.no, expect.stringContaining("does not look after the state")]);
  });
});

describe("what other commands say of a restore", () => {
  it("decisions, decision and explain show it", async () => {
    fake = await startFake();
    const { id } = fake.store.recordDecision("r-1", aRestore({ effective: aRestorePlan() }));
    expect((await run(["decisions"])).out).toMatch(/r-1\s+prod\/default\/orders\s+restore/);
    const one = (await run(["decision", id])).out;
    expect(one).toContain("wrong: Failed: IllegalStateException in work: boom.");
    expect(one).toContain("plan: restore from file:/ckpt/chk-41");
    expect((await run(["explain", "orders"])).out).toContain("Restore from chk-41");
  });
});

describe("the order of a person", () => {
  it.each<[Mode]>([["approve"], ["act"]])("is kept as a decision and listed, mode %s", async (mode) => {
    fake = await startFake({ recovery: deskOf(aRestore()) });
    fake.store.setMode(ORDERS, mode, "ann", NOW);
    await Promise.all([run(["recover", "orders", "--yes"]), restoreAfterwards("reached")]);
    const path = `/api/v1/jobs/${encodeURIComponent(ORDERS)}/recoveries`;
    const page = (await (await fetch(`${fake.url}${path}`)).json()) as { items: unknown[] };
    expect(page.items).toMatchObject([{ record: { kind: "restore" }, outcome: { verdict: "reached" } }]);
  });
});

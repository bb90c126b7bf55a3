import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Candidate, Failure, type Mode, type SnapshotReport } from "../../model/index.ts";
import { compileRecoverySettings, type RestoreQuestion, recoverySettings } from "../../recovery/index.ts";
import { aCandidate, aDiagnosis, aLife, CHK_41, FAILED_AT } from "../../test/support/restore-records.ts";
import type { Store } from "../store/port.ts";
import { openStore } from "../store/sqlite.ts";
import { createDesk } from "./order.ts";
import type { RestorePoints } from "./ports.ts";

const JOB = "prod/default/orders";
const NOW = FAILED_AT + 5_000;
const SPEC = { jar: "/jars/orders.jar", entryClass: null, args: [], parallelism: null, configuration: {} };

let store: Store;
let mode: Mode;
let verified: string[];
beforeEach(() => {
  store = openStore({ path: ":memory:", keepMs: 1e12, maxRows: 1e6 });
  mode = "act";
  verified = [];
});
afterEach(() => store.close());

function desk(candidates: readonly Candidate[] = [aCandidate()], known = true) {
  const question = (): RestoreQuestion => ({
    job: JOB,
    now: NOW,
    trigger: "pass",
    from: null,
    diagnosis: aDiagnosis(),
    life: aLife(),
    candidates,
    searched: true,
    earlier: [],
    cluster: undefined,
    spec: SPEC,
    settings: compileRecoverySettings(recoverySettings.parse({})),
    namesakes: 0,
  });
  const verifyNow = async (_job: string, path: string) => {
    verified.push(path);
    return {} as SnapshotReport;
  };
  const points = { verifyNow } as unknown as RestorePoints;
  return createDesk({
    store,
    points,
    modeOf: () => mode,
    questionFor: () => (known ? question() : undefined),
  });
}

const failureOf = async (work: Promise<unknown>) =>
  await work.then(
    () => "nothing",
    (error: unknown) => (error instanceof Failure ? `${error.code}: ${error.message}` : String(error)),
  );

describe("a plan", () => {
  it("is what would be done on request, and is not written down", async () => {
    const plan = await desk().plan(JOB, null, NOW);
    expect(plan).toMatchObject({ trigger: "request", effective: { action: "restore", snapshot: CHK_41 } });
    expect(store.decisions({ limit: 9 }).items).toEqual([]);
  });

  it("from a named snapshot has it verified first, in its normal spelling", async () => {
    await desk().plan(JOB, "file:///ckpt//chk-40/", NOW);
    expect(verified).toEqual(["file:/ckpt/chk-40"]);
  });

  it("of a job that no pass has looked at is refused, and so is a place that cannot be one", async () => {
    expect(await failureOf(desk([], false).plan(JOB, null, NOW))).toMatch(
      /^conflict: .*no pass has looked at/,
    );
    expect(await failureOf(desk().plan(JOB, "file:/a/../b", NOW))).toMatch(/^bad-request: /);
  });
});

describe("an order", () => {
  it("is a decision that its giver has approved", async () => {
    const { id } = await desk().order(JOB, null, "ann", NOW);
    expect(store.decision(id)).toMatchObject({
      record: { trigger: "request", effective: { snapshot: CHK_41 } },
      approval: { verdict: "approved", by: "ann" },
    });
    expect(store.approvedDecisions(JOB, "restore")).toHaveLength(1);
  });

  it("that the guards hold is kept as a hold, without a word on it", async () => {
    const record = await desk([]).order(JOB, null, "ann", NOW);
    expect(store.decision(record.id)).toMatchObject({ record: { effective: null }, approval: null });
  });

  it.each<[string, () => void, RegExp]>([
    [
      "in mode observe",
      () => {
        mode = "observe";
      },
      /mode observe.*outrider mode prod\/default\/orders approve/,
    ],
    [
      "while it is paused",
      () => store.setPause({ job: JOB, owner: "bob", reason: "audit", from: NOW - 1, until: NOW + 1e6 }),
      /paused by bob.*outrider resume prod\/default\/orders/,
    ],
  ])("%s is refused with the way out", async (_name, prepare, message) => {
    prepare();
    expect(await failureOf(desk().order(JOB, null, "ann", NOW))).toMatch(message);
    expect(store.approvedDecisions(JOB, "restore")).toEqual([]);
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { createHttpApp, listen } from "../../sidecar/http/index.ts";
import { WORD_STANDS_MS } from "../../sidecar/still-valid.ts";
import type { DecisionHistory } from "../../sidecar/store/port.ts";
import { CrashPoints } from "../support/crash-points.ts";
import { keyOf, PASS_MS, Ride, type RideOptions } from "../support/ride.ts";
import { type FlinkOptions, SINK, SOURCE, TroubledFlink, WORK } from "../support/troubled-flink.ts";

const folder = mkdtempSync(join(tmpdir(), "outrider-approval-"));
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const parallelism = (work: number) => ({ [SOURCE]: 1, [WORK]: work, [SINK]: 1 });
const rideOn = (flink: TroubledFlink, more: Partial<RideOptions> = {}) =>
  new Ride({ clusters: { main: flink.url }, mode: "approve", settings: { catchUpMs: 9_000_000 }, ...more });

async function start(flinkOptions: FlinkOptions = {}) {
  const flink = await new TroubledFlink({ arrival: 100, ...flinkOptions }).listen();
  // Disabled: every look is a hold.
  const settings = { catchUpMs: 9_000_000, enabled: true };
  const ride = rideOn(flink, { settings });
  open.push(flink, ride);
  const passes = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await ride.round(flink.advance(PASS_MS));
  };
  /** Passes until the newest look wants so many subtasks of `work`; the record of that. */
  const wanting = async (work: number): Promise<DecisionHistory<"scale">> => {
    for (let i = 0; i < 40; i++) {
      await passes(1);
      const newest = ride.store.decision(ride.view().decision ?? "")?.record;
      if (newest?.kind === "scale" && newest.effective?.[WORK] === work) {
        const history = ride.acts().find((d) => d.record.id === newest.id);
        if (history !== undefined) return history;
      }
    }
    throw new Error(`${work} subtasks were never wanted: ${ride.view().sentence}`);
  };
  const say = await startApi(ride, flink);
  return { flink, ride, settings, passes, wanting, say };
}

/** Says a word over HTTP; the status and, of a refusal, its words. */
async function startApi(ride: Ride, flink: TroubledFlink) {
  const app = createHttpApp({
    fleet: ride.fleet,
    store: ride.store,
    now: () => flink.now,
    metrics: async () => "",
    tokens: [],
    modeOf: () => ride.mode,
    wake: () => undefined,
    log: { error: () => undefined, info: () => undefined },
    version: "0.0.0-test",
    events: { subscribe: () => () => undefined },
  });
  const server = await listen(app, { host: "127.0.0.1", port: 0 });
  open.push(server);
  return async (word: "approve" | "reject", { record }: DecisionHistory) => {
    const reply = await fetch(`${server.url}/api/v1/decisions/${record.id}/${word}`, {
      method: "POST",
      ...(word === "approve"
        ? {}
        : { headers: { "Content-Type": "application/json" }, body: '{"reason":"sale"}' }),
    });
    const { detail = "" } = (await reply.json()) as { detail?: string };
    return { status: reply.status, detail };
  };
}

describe("a yes to a decision that newer ones differ from", () => {
  it("is carried out exactly, once, and what is still wanted is asked anew", async () => {
    const { flink, ride, passes, wanting, say } = await start();
    const seen = await wanting(3);
    flink.arrival = 200;
    const newer = await wanting(9);
    expect(newer.record.id).not.toBe(seen.record.id);
    expect(await say("approve", seen)).toMatchObject({ status: 200 });
    await passes(6);
    expect(flink.changes).toEqual([parallelism(3)]);
    expect(ride.store.decision(seen.record.id)).toMatchObject({
      permits: [{ code: "needs-approval" }, { code: "allowed", by: "local" }],
      outcome: { verdict: "reached" },
    });
    await wanting(8);
    expect(flink.puts).toBe(1);
  });

  it("of the newest holds too when the next look wants something else", async () => {
    const { flink, settings, passes, wanting, say } = await start();
    const seen = await wanting(3);
    settings.enabled = false;
    flink.arrival = 200;
    await passes(2);
    expect(await say("approve", seen)).toMatchObject({ status: 200 });
    await passes(4);
    expect(flink.puts).toBe(0);
    settings.enabled = true;
    await passes(12);
    expect(flink.changes).toEqual([parallelism(3)]);
  });

  it("is shown as what is on the table, and a pause holds it", async () => {
    const { flink, ride, passes, wanting, say } = await start();
    const seen = await wanting(3);
    flink.arrival = 200;
    await wanting(9);
    const pause = { job: keyOf("main"), owner: "ann", reason: "release", from: flink.now };
    ride.store.setPause({ ...pause, until: flink.now + 20_000 });
    await say("approve", seen);
    await passes(4);
    expect(flink.puts).toBe(0);
    const { record } = ride.store.decision(seen.record.id) ?? seen;
    expect(ride.view()).toMatchObject({ decision: record.id, sentence: record.sentence });
    expect(ride.store.decision(record.id)?.permits.at(-1)).toMatchObject({ code: "paused", by: "ann" });
    await passes(12);
    expect(flink.changes).toEqual([parallelism(3)]);
  });

  it("does not hold back what mode act does by itself", async () => {
    const { flink, ride, passes, wanting, say } = await start();
    const seen = await wanting(3);
    flink.arrival = 200;
    await wanting(9);
    await say("approve", seen);
    ride.mode = "act";
    await passes(6);
    expect(flink.changes).toEqual([parallelism(9)]);
    await passes(3);
    expect(ride.store.decision(seen.record.id)?.outcome).toMatchObject({ verdict: "superseded" });
  });
});

describe("is refused in words", () => {
  it("after the load has turned", async () => {
    const { flink, passes, wanting, say } = await start({ arrival: 300, parallelism: 4 });
    const seen = await wanting(9);
    flink.arrival = 20;
    const newer = await wanting(1);
    expect(flink.now - seen.record.at).toBeLessThan(WORD_STANDS_MS);
    const { status, detail } = await say("approve", seen);
    expect([status, detail]).toEqual([409, expect.stringContaining("the load turned: it takes work from 4")]);
    expect(detail).toContain(`on the table now is ${newer.record.id}: ${newer.record.sentence}`);
    await passes(5);
    expect(flink.puts).toBe(0);
  });

  it("after five minutes", async () => {
    const { flink, wanting, say } = await start();
    const seen = await wanting(3);
    flink.arrival = 200;
    const newer = await wanting(9);
    flink.advance(WORD_STANDS_MS);
    const { status, detail } = await say("approve", seen);
    expect([status, detail]).toEqual([409, expect.stringContaining("it is too old: proposed 5 min")]);
    expect(detail).toContain(newer.record.id);
  });

  it("after a rescale, by a newer decision or by somebody else", async () => {
    const { flink, passes, wanting, say } = await start();
    const seen = await wanting(3);
    flink.arrival = 200;
    const newer = await wanting(9);
    expect(await say("approve", newer)).toMatchObject({ status: 200 });
    await passes(1);
    expect((await say("approve", seen)).detail).toContain(`${newer.record.id} is being carried out`);
    await passes(8);
    expect(await say("approve", seen)).toEqual({
      status: 409,
      detail: expect.stringContaining(`${newer.record.id} was acted on since; no decision is on the table`),
    });

    const other = await start();
    const mine = await other.wanting(3);
    other.flink.arrival = 200;
    await other.wanting(9);
    other.flink.put(parallelism(2));
    await other.passes(4);
    expect((await other.say("approve", mine)).detail).toContain("work has 2 subtasks, it was decided for 1");
  });

  it("while the newest look holds", async () => {
    const { flink, settings, passes, wanting, say } = await start();
    const seen = await wanting(3);
    flink.arrival = 200;
    await wanting(9);
    settings.enabled = false;
    await passes(2);
    const { status, detail } = await say("approve", seen);
    expect([status, detail]).toEqual([409, expect.stringContaining("the newest look at the job wants no")]);
    expect(detail).toContain("no decision is on the table now");
  });

  it("when it is a no, which would hold nothing", async () => {
    const { flink, wanting, say } = await start();
    const seen = await wanting(3);
    flink.arrival = 200;
    const newer = await wanting(9);
    const { status, detail } = await say("reject", seen);
    expect([status, detail]).toEqual([409, expect.stringContaining("it is superseded; on the table now is")]);
    expect(detail).toContain(newer.record.id);
    // And a yes to it is one against a colleague's no.
    expect(await say("reject", newer)).toMatchObject({ status: 200 });
    expect((await say("approve", seen)).detail).toContain(`${newer.record.id} was rejected since`);
  });
});

it("a yes that nothing came of is told once, and growing is asked for anew", async () => {
  const { flink, ride, settings, passes, wanting, say } = await start();
  const seen = await wanting(3);
  await say("approve", seen);
  settings.enabled = false;
  await passes(3);
  flink.advance(WORD_STANDS_MS);
  await passes(3);
  const told = ride.events.filter((e) => e.type === "outcome");
  expect(told).toMatchObject([
    {
      decision: seen.record.id,
      sentence: expect.stringMatching(/^not carried out, although local approved/),
    },
  ]);
  settings.enabled = true;
  // What has piled up meanwhile asks for one more.
  const again = await wanting(4);
  expect(again.record.id).not.toBe(seen.record.id);
  await passes(4);
  expect(ride.store.decision(again.record.id)).toMatchObject({
    permits: [{ code: "needs-approval" }],
    approval: null,
  });
  expect(flink.puts).toBe(0);
  expect(ride.events.filter((e) => e.type === "outcome")).toHaveLength(1);
});

describe("a stop at any write or request of an older yes", () => {
  const STOP = new Error("stopped here");

  /** Approves an older one in a first process, which ends at the `stopAt`th point; a second goes on. */
  async function stoppedAt(stopAt: number): Promise<number> {
    const flink = await new TroubledFlink({ arrival: 100 }).listen();
    const storePath = join(folder, `${stopAt}.db`);
    let reached = Number.NEGATIVE_INFINITY;
    const points = new CrashPoints(() => {
      reached += 1;
      if (reached === stopAt) throw STOP;
    });
    const { onWrite, through } = points;
    const first = rideOn(flink, { storePath, onWrite, through });
    const until = async (ride: Ride, done: () => boolean): Promise<void> => {
      for (let i = 0; i < 60 && !done(); i++) await ride.round(flink.advance(PASS_MS));
    };
    const wanted = () => first.acts().at(-1)?.record.effective;
    await until(first, () => wanted() !== undefined);
    const seen = first.acts().at(-1)?.record.id ?? "";
    flink.arrival = 200;
    await until(first, () => first.acts().length > 1);
    const word = { decision: seen, at: flink.now, by: "ann", verdict: "approved", reason: null } as const;
    first.store.appendApproval(word);
    reached = 0;
    await until(first, () => first.store.decision(seen)?.outcome !== null).catch((error: unknown) => {
      if (error !== STOP) throw error;
    });
    const count = reached;
    await first.close();
    const second = rideOn(flink, { storePath });
    try {
      await until(second, () => second.store.decision(seen)?.outcome !== null);
      expect(second.store.decision(seen)).toMatchObject({ outcome: { verdict: "reached" } });
      expect(flink.changes).toEqual([parallelism(3)]);
      expect(flink.puts).toBe(1);
    } finally {
      await second.close();
      await flink.close();
    }
    return count;
  }

  it("leaves exactly one request", async () => {
    const points = await stoppedAt(Number.POSITIVE_INFINITY);
    expect(points).toBeGreaterThan(20);
    for (let at = 1; at <= points; at++) await stoppedAt(at);
  }, 120_000);
});

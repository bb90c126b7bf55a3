import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { FlinkRest } from "../../engine/index.ts";
import { Failure } from "../../model/index.ts";
import type { SavepointConfig } from "../../recovery/index.ts";
import { FailingFlink } from "../support/failing-flink.ts";
import { keyOf, PASS_MS, Ride, type RideOptions } from "../support/ride.ts";

const KEY = keyOf("main");
const NO_WISH = { format: null, directory: null } as const;
const PLAIN: SavepointConfig = {
  calendar: null,
  directory: null,
  format: "canonical",
  timeoutMs: 1_800_000,
  keep: 7,
  keepForMs: 0,
};
const EVERY_MS = 600_000;
const OFTEN = { schedule: "*/10 * * * *", timeZone: "Europe/Berlin", jitterMs: 0, catchUp: true };

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

interface Options extends Partial<RideOptions> {
  readonly savepoints?: Partial<SavepointConfig>;
}

async function start({ savepoints, ...options }: Options = {}) {
  const flink = await new FailingFlink().listen();
  open.push(() => flink.close());
  const folder = mkdtempSync(join(tmpdir(), "outrider-savepoints-"));
  open.push(() => rmSync(folder, { recursive: true, force: true }));
  const storePath = join(folder, "outrider.sqlite");
  const begin = (more: Partial<RideOptions> = {}): Ride =>
    new Ride({
      clusters: { main: flink.url },
      storePath,
      ...options,
      ...more,
      recovery: { restore: flink.spec, savepoints: { ...PLAIN, ...savepoints } },
    });
  let ride = begin();
  open.push(() => ride.close());
  const passes = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await ride.round(flink.advance(PASS_MS));
  };
  await passes(4);
  return {
    flink,
    passes,
    begin,
    ride: () => ride,
    /** As a kill and a new start; what was in memory is gone. */
    restart: async (more: Partial<RideOptions> = {}) => {
      await ride.close();
      ride = begin(more);
    },
    order: (wish: Parameters<NonNullable<Ride["savepoints"]>["order"]>[1] = NO_WISH) => {
      if (ride.savepoints === undefined) throw new TypeError("the ride takes savepoints");
      return ride.savepoints.order(KEY, wish, "ann", flink.now);
    },
    items: () => ride.savepoints?.list(KEY, flink.now).items ?? [],
    onDisk: () => {
      const folderOfFlink = join(flink.folder, "svp");
      return existsSync(folderOfFlink) ? readdirSync(folderOfFlink) : [];
    },
    /** Oldest first. */
    decisions: () => ride.store.decisions({ job: KEY, kind: "savepoint", limit: 100 }).items.toReversed(),
  };
}

describe("a savepoint that a person orders", () => {
  it.each(["canonical", "native"] as const)("in format %s is taken, recorded and proven", async (format) => {
    const { order, passes, items, decisions, onDisk, ride } = await start();
    await order({ format, directory: null });
    await passes(3);
    expect(decisions()).toMatchObject([
      { record: { trigger: "request", reason: "savepoint" }, outcome: { verdict: "reached" } },
    ]);
    expect(items()).toMatchObject([{ format, state: "verified", path: decisions()[0]?.outcome?.location }]);
    expect(onDisk()).toHaveLength(1);
    const types = ride().events.filter((e) => e.decision === decisions()[0]?.record.id);
    expect(types.map((e) => e.type)).toEqual(expect.arrayContaining(["decision", "attempt", "outcome"]));
  });

  it("is taken in mode approve too: who orders it, agrees", async () => {
    const { order, passes, items } = await start({ mode: "approve" });
    await order();
    await passes(3);
    expect(items()).toHaveLength(1);
  });

  it("is refused in mode observe, and nothing is written", async () => {
    const { order, decisions, passes, onDisk } = await start({ mode: "observe" });
    await expect(order()).rejects.toMatchObject({ code: "conflict" });
    await passes(2);
    expect(decisions()).toEqual([]);
    expect(onDisk()).toEqual([]);
  });

  it("is held while another one is on its way", async () => {
    const { order } = await start();
    await order();
    expect(await order()).toMatchObject({ effective: null, reason: "snapshot-in-progress" });
  });

  it("that Flink cannot write ends as not taken, with Flink's reason", async () => {
    const failing = (rest: FlinkRest): FlinkRest => ({
      ...rest,
      savepointStatus: async () => ({ kind: "failed", sentence: "disk full", salvaged: undefined }),
    });
    const { order, passes, decisions, items } = await start({ through: failing });
    await order();
    await passes(3);
    const sentence = expect.stringContaining("disk full");
    expect(decisions()).toMatchObject([{ outcome: { verdict: "not-reached", sentence } }]);
    expect(items()).toEqual([]);
  });
});

describe("killed at any point, one savepoint is taken", () => {
  it("before Flink was asked", async () => {
    const { order, restart, passes, items, onDisk } = await start();
    await order();
    await restart();
    await passes(3);
    expect(items()).toHaveLength(1);
    expect(onDisk()).toHaveLength(1);
  });

  it("after Flink was asked and before it answered", async () => {
    const lost = (rest: FlinkRest): FlinkRest => ({
      ...rest,
      triggerSavepoint: async (id, asked) => {
        await rest.triggerSavepoint(id, asked);
        throw new Failure("unreachable", "the reply got lost");
      },
    });
    const { order, restart, passes, items, onDisk } = await start({ through: lost });
    await order();
    await passes(1);
    await restart({ through: (rest) => rest });
    await passes(3);
    expect(onDisk()).toHaveLength(1);
    expect(items()).toMatchObject([{ state: "verified" }]);
  });

  it("and Flink never heard the first request", async () => {
    let calls = 0;
    const deaf = (rest: FlinkRest): FlinkRest => ({
      ...rest,
      triggerSavepoint: async (id, asked) => {
        calls += 1;
        if (calls === 1) throw new Failure("unreachable", "no route");
        return rest.triggerSavepoint(id, asked);
      },
    });
    const { order, passes, items, onDisk } = await start({ through: deaf });
    await order();
    await passes(4);
    expect(calls).toBe(2);
    expect(onDisk()).toHaveLength(1);
    expect(items()).toHaveLength(1);
  });

  it("and Flink forgot the request: it is found in its history", async () => {
    const forgetful = (rest: FlinkRest): FlinkRest => ({
      ...rest,
      savepointStatus: async () => {
        throw new Failure("not-found", "There is no savepoint operation");
      },
    });
    const { order, passes, items, onDisk } = await start({ through: forgetful });
    await order();
    await passes(4);
    expect(onDisk()).toHaveLength(1);
    expect(items()).toMatchObject([{ state: "verified" }]);
  });
});

describe("the calendar", () => {
  it("takes a due savepoint once, however often a pass looks, and a missed one after a restart", async () => {
    const { flink, passes, restart, decisions, items } = await start({ savepoints: { calendar: OFTEN } });
    expect(decisions()).toEqual([]);
    await restart();
    // Two runs went by in which nobody looked: one is made up for.
    flink.advance(2 * EVERY_MS - (flink.now % EVERY_MS) + 1_000);
    await passes(6);
    expect(decisions()).toMatchObject([{ record: { trigger: "calendar" }, outcome: { verdict: "reached" } }]);
    expect(items()).toHaveLength(1);
    flink.advance(EVERY_MS);
    await passes(4);
    expect(items()).toHaveLength(2);
  });

  it("waits for a person in mode approve", async () => {
    const { flink, ride, passes, decisions, items } = await start({
      mode: "approve",
      savepoints: { calendar: OFTEN },
    });
    flink.advance(EVERY_MS);
    await passes(2);
    expect(items()).toEqual([]);
    const [waiting] = decisions();
    expect(waiting?.permits.at(-1)?.code).toBe("needs-approval");
    const word = { decision: waiting?.record.id ?? "", at: flink.now, by: "ann", reason: null };
    ride().store.appendApproval({ ...word, verdict: "approved" });
    await passes(4);
    expect(items()).toHaveLength(1);
    expect(decisions()).toHaveLength(1);
  });
});

describe("retention", () => {
  async function three(more: Options = {}) {
    const all = await start({ savepoints: { keep: 1, ...more.savepoints }, ...more });
    for (let i = 0; i < 3; i++) {
      await all.order();
      await all.passes(3);
    }
    return all;
  }

  it("removes the oldest through Flink, one after the other, and tells it", async () => {
    const { passes, items, onDisk, ride } = await three();
    await passes(8);
    expect(items()).toHaveLength(1);
    expect(onDisk()).toHaveLength(1);
    expect(ride().events.filter((e) => e.type === "savepoint-removed")).toHaveLength(2);
  });

  it("never touches a savepoint that somebody else took", async () => {
    const { flink, passes, items, order, onDisk } = await start({ savepoints: { keep: 1 } });
    const body = JSON.stringify({ formatType: "CANONICAL" });
    await fetch(`${flink.url}/jobs/${flink.job.id}/savepoints`, { method: "POST", body });
    await passes(3);
    const foreign = onDisk();
    expect(foreign).toHaveLength(1);
    for (let i = 0; i < 3; i++) {
      await order();
      await passes(3);
    }
    await passes(8);
    expect(items()).toHaveLength(1);
    expect(onDisk()).toHaveLength(2);
    expect(onDisk()).toEqual(expect.arrayContaining(foreign));
  });

  it.each([
    ["what is young", { savepoints: { keep: 1, keepForMs: 86_400_000 } }],
    ["everything while a person has to agree to acts", { mode: "approve" as const }],
  ])("leaves %s", async (_what, more) => {
    const { passes, onDisk } = await three(more);
    await passes(8);
    expect(onDisk()).toHaveLength(3);
  });

  it("leaves everything while a restore is open", async () => {
    const { flink, passes, onDisk, ride } = await three({ savepoints: { keep: 3 } });
    flink.fail();
    await passes(4);
    expect(ride().restores().length).toBeGreaterThan(0);
    expect(onDisk()).toHaveLength(3);
  });

  it("goes on after a kill in the middle of a removal", async () => {
    const unheard = (rest: FlinkRest): FlinkRest => ({
      ...rest,
      disposeSavepoint: async (path) => {
        await rest.disposeSavepoint(path);
        throw new Failure("unreachable", "the reply got lost");
      },
    });
    const { passes, restart, items, onDisk } = await three({ through: unheard });
    await restart({ through: (rest) => rest });
    await passes(8);
    expect(items()).toHaveLength(1);
    expect(onDisk()).toHaveLength(1);
  });
});

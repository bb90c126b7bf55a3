import { describe, expect, it } from "vitest";
import { simulatedFlink } from "../../test/support/simulated-flink.ts";
import { EPOCH } from "../../test/support/worlds.ts";
import { advanceInTurns, realTimeClock } from "./clock.ts";

describe("the real-time clock", () => {
  it.each([
    { speed: 1, realMs: 1_000, virtualMs: 1_000 },
    { speed: 10, realMs: 1_000, virtualMs: 10_000 },
    { speed: 0.5, realMs: 1_000, virtualMs: 500 },
    { speed: 1, realMs: 3_600_000, virtualMs: 5_000 },
  ])("at speed $speed $realMs ms are $virtualMs ms of the cluster", ({ speed, realMs, virtualMs }) => {
    let now = 77;
    const clock = realTimeClock({ speed, monotonicNow: () => now });
    const { cluster, server, ask } = simulatedFlink({}, clock);
    now += realMs;
    expect(ask("GET /simulator/clock").body).toEqual({ nowMs: EPOCH + virtualMs, mode: "real-time", speed });
    expect(cluster.now()).toBe(EPOCH + virtualMs);
    void server.close();
  });

  it("gives up what the machine cannot make up for, and says so once", () => {
    let now = 0;
    let told = 0;
    // Every look at the machine's clock costs 10 ms, as if the cluster were large.
    const clock = realTimeClock({ speed: 100, monotonicNow: () => (now += 10), tooSlow: () => (told += 1) });
    const { cluster } = simulatedFlink({}, clock);
    for (let i = 0; i < 5; i++) {
      now += 1_000;
      const before = cluster.now();
      clock.catchUp();
      expect(cluster.now() - before).toBeGreaterThan(0);
      expect(cluster.now() - before).toBeLessThan(2_000);
    }
    expect(told).toBe(1);
    clock.stop();
  });

  it("goes on from where somebody moved the cluster", () => {
    let now = 0;
    const clock = realTimeClock({ monotonicNow: () => now });
    const { cluster, at } = simulatedFlink({}, clock);
    at(90);
    now += 1_000;
    clock.catchUp();
    expect(cluster.now()).toBe(EPOCH + 91_000);
    clock.stop();
  });

  it("stands still once it was stopped", () => {
    let now = 0;
    const clock = realTimeClock({ monotonicNow: () => now });
    const { cluster } = simulatedFlink({}, clock);
    clock.stop();
    now += 1_000;
    clock.catchUp();
    expect(cluster.now()).toBe(EPOCH);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses the speed %d", (speed) => {
    expect(() => realTimeClock({ speed })).toThrow(/expected a number above 0/);
  });

  it("cannot be advanced by hand", () => {
    const clock = realTimeClock({ monotonicNow: () => 0 });
    const { ask } = simulatedFlink({}, clock);
    expect(ask("POST /simulator/clock", JSON.stringify({ advanceToMs: EPOCH + 1 })).status).toBe(400);
    clock.stop();
  });
});

describe("a long step", () => {
  it("leaves the event loop free and ends when it is told to", async () => {
    const { cluster } = simulatedFlink();
    let heard = 0;
    const timer = setInterval(() => (heard += 1), 1);
    await advanceInTurns(cluster, EPOCH + 365 * 86_400_000, () => heard >= 3);
    clearInterval(timer);
    expect(heard).toBeGreaterThanOrEqual(3);
    expect(cluster.now()).toBeLessThan(EPOCH + 365 * 86_400_000);
  });
});

describe("the stepped clock", () => {
  const DAY = 86_400_000;
  it.each([
    { advanceToMs: EPOCH + 5_000, status: 200 },
    { advanceToMs: EPOCH, status: 200 },
    { advanceToMs: EPOCH - 1, status: 400 },
    { advanceToMs: EPOCH + 32 * DAY, status: 400 },
    { advanceToMs: "5000", status: 400 },
    { advanceToMs: null, status: 400 },
  ])("POST /simulator/clock %o", ({ advanceToMs, status }) => {
    const { ask, cluster } = simulatedFlink();
    const reply = ask("POST /simulator/clock", JSON.stringify({ advanceToMs }));
    expect(reply.status).toBe(status);
    if (status === 200) expect(reply.body).toEqual({ nowMs: advanceToMs });
    else expect(cluster.now()).toBe(EPOCH);
  });

  it.each(["", "[]", "{", "7"])("refuses the body %j", (body) => {
    expect(simulatedFlink().ask("POST /simulator/clock", body).status).toBe(400);
  });
});

describe("POST /simulator/load", () => {
  it.each([
    [{ job: "orders", rate: 800 }, 200],
    [{ job: "nobody", rate: 800 }, 404],
    [{ job: "orders", rate: -1 }, 400],
    [{ job: "orders" }, 400],
  ])("%o → %d", (body, status) => {
    expect(simulatedFlink().ask("POST /simulator/load", JSON.stringify(body)).status).toBe(status);
  });

  it("changes what arrives", () => {
    const { ask, at, cluster } = simulatedFlink({ rate: 100 });
    at(10);
    ask("POST /simulator/load", JSON.stringify({ job: "orders", rate: 300 }));
    at(20);
    expect(cluster.jobs[0]?.vertices[0]?.subtasks[0]?.readRecords).toBeCloseTo(4_000, -2);
  });
});

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { CrashPoints } from "../support/crash-points.ts";
import { CRASH_SETTINGS, keyOf, PASS_MS, Ride, type RideOptions } from "../support/ride.ts";
import { SINK, SOURCE, TroubledFlink, WORK } from "../support/troubled-flink.ts";

const CHILD = join(import.meta.dirname, "..", "support", "crash-child.ts");
const folder = mkdtempSync(join(tmpdir(), "outrider-crash-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let stores = 0;

/** 100 records/s arrive where one subtask carries 50; three at 70 % carry them. */
const ARRIVAL = 100;
const TARGET = { [SOURCE]: 1, [WORK]: 3, [SINK]: 1 };
const flinkOf = (rescaleMs: number) => new TroubledFlink({ arrival: ARRIVAL, rescaleMs }).listen();
const rideOn = (flink: TroubledFlink, storePath: string, more: Partial<RideOptions> = {}) =>
  new Ride({ clusters: { main: flink.url }, storePath, settings: CRASH_SETTINGS, ...more });

/** Rides until a rescale has its outcome, then for `extra` passes more. */
async function rideToOutcome(flink: TroubledFlink, ride: Ride, extra: number): Promise<void> {
  let after = 0;
  for (let i = 0; i < 60 && after <= extra; i++) {
    await ride.round(flink.advance(PASS_MS));
    if (ride.acts().some((d) => d.outcome !== null)) after += 1;
  }
}

/** Every point from the beginning of the pass that decides to the end of the one that records the outcome, by pass. */
async function pointsOfOneScale(rescaleMs: number): Promise<readonly (readonly string[])[]> {
  const flink = await flinkOf(rescaleMs);
  let pass: string[] = [];
  const { onWrite, through } = new CrashPoints((point) => void pass.push(point));
  const ride = rideOn(flink, ":memory:", { onWrite, through });
  const points: string[][] = [];
  for (let i = 0; i < 60; i++) {
    pass = [];
    await ride.round(flink.advance(PASS_MS));
    const acts = ride.acts();
    if (acts.length > 0) points.push(pass);
    if (acts.some((d) => d.outcome !== null)) break;
  }
  expect(ride.acts()).toMatchObject([{ outcome: { verdict: "reached" } }]);
  await ride.close();
  await flink.close();
  return points;
}

async function killedAt(flink: TroubledFlink, storePath: string, point: string): Promise<void> {
  const args = ["--no-warnings", CHILD, flink.url, storePath, point];
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const signal = await new Promise((resolve) => child.on("close", (_, s) => resolve(s)));
  expect(signal, `the child was to be killed ${point}; ${said}`).toBe("SIGKILL");
}

async function surviveKill(point: string, rescaleMs: number): Promise<void> {
  const flink = await flinkOf(rescaleMs);
  stores += 1;
  const storePath = join(folder, `${stores}.db`);
  await killedAt(flink, storePath, point);
  const ride = rideOn(flink, storePath);
  try {
    const before = ride.acts().map((d) => d.record.id);
    await rideToOutcome(flink, ride, 3);
    const acts = ride.acts();
    // One decision, the one that was there before the kill if there was one, done once and reached once.
    expect(acts).toHaveLength(1);
    expect(acts.map((d) => d.record.id)).toEqual(expect.arrayContaining(before));
    expect(acts[0]).toMatchObject({ record: { effective: TARGET }, outcome: { verdict: "reached" } });
    expect(flink.changes).toEqual([TARGET]);
    expect(flink.puts).toBe(1);
    expect(flink.parallelism).toEqual(TARGET);
    expect(ride.store.openDecisions()).toEqual([]);
    // What was learnt from it is kept, and our own change does not pass for somebody else's.
    expect(ride.store.recall(keyOf("main"), "history")).toMatchObject({
      requirements: TARGET,
      lastRescaleAt: flink.runningSince,
      foreignChangeAt: null,
    });
  } finally {
    await ride.close();
    await flink.close();
  }
}

/** The first comes true within one pass, the second over several; until Flink is asked they do not differ. */
const QUICK_MS = 1_000;
const SLOW_MS = 5_000;
const quick = (await pointsOfOneScale(QUICK_MS)).flat();
const slow = (await pointsOfOneScale(SLOW_MS)).slice(1).flat();

describe("kill -9 during a scale", () => {
  it("is tried around every write and every request of it", () => {
    for (const name of [
      "recordDecision",
      "appendPermit",
      "appendAttempt",
      "putRequirements",
      "appendOutcome",
    ]) {
      expect(quick.some((p) => p.startsWith(`before ${name}`))).toBe(true);
      expect(quick.some((p) => p.startsWith(`after ${name}`))).toBe(true);
    }
    expect(new Set(quick).size).toBe(quick.length);
    expect(slow.length).toBeGreaterThan(40);
  });

  it.concurrent.each(quick)("%s: no decision lost, none doubled", (p) => surviveKill(p, QUICK_MS), 60_000);
  it.concurrent.each(slow)("%s, a slow one: the same", (p) => surviveKill(p, SLOW_MS), 60_000);
});

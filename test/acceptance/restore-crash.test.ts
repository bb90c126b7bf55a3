import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { CrashPoints } from "../support/crash-points.ts";
import type { FailingFlink } from "../support/failing-flink.ts";
import { crashRide, SCENARIOS, type ScenarioName, scenarioOf, troubled } from "../support/restore-crash.ts";
import { PASS_MS, type Ride } from "../support/ride.ts";

const CHILD = join(import.meta.dirname, "..", "support", "restore-crash-child.ts");
const folder = mkdtempSync(join(tmpdir(), "outrider-restore-crash-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let stores = 0;
const newStore = (): string => {
  stores += 1;
  return join(folder, `${stores}.db`);
};

const NAMES = Object.keys(SCENARIOS) as ScenarioName[];
const MOST_PASSES = 60;
/** What Flink is asked to do. */
const ACTS = /(cancel|uploadJar|runJar) \d+$/;
const WRITES = /(recordDecision|append(?!Event)\w+|remember) \d+$/;
const DEEDS = /recordDecision|appendPermit|appendAttempt|appendOutcome|cancel|uploadJar|runJar/;

const outcomes = (ride: Ride) => ride.restores().filter((d) => d.outcome !== null);
const isOver = (ride: Ride): boolean => outcomes(ride).length > 0;

/** Rides until the restore has its outcome, then for `extra` passes more. */
async function rideToOutcome(flink: FailingFlink, ride: Ride, extra: number): Promise<void> {
  let after = 0;
  for (let i = 0; i < MOST_PASSES && after <= extra; i++) {
    await ride.round(flink.advance(PASS_MS));
    if (isOver(ride)) after += 1;
  }
}

/**
 * Every point of the passes in which something of the restore happens, from the first that decides on, around writes
 * and acts. A kill around a look at Flink leaves the same behind as one before the next write or act; events only tell.
 */
async function pointsOf(name: ScenarioName): Promise<readonly string[]> {
  const storePath = newStore();
  const flink = await troubled(name, storePath);
  let pass: string[] = [];
  const { onWrite, through } = new CrashPoints((point) => void pass.push(point));
  const ride = crashRide(flink, name, storePath, { onWrite, through });
  const points: string[] = [];
  for (let i = 0; i < MOST_PASSES && !isOver(ride); i++) {
    pass = [];
    await ride.round(flink.advance(PASS_MS));
    const begun = ride.restores().some((d) => d.attempts.length > 0);
    if (begun && pass.some((p) => DEEDS.test(p)))
      points.push(...pass.filter((p) => ACTS.test(p) || WRITES.test(p)));
  }
  expectEnd(name, flink, ride);
  await ride.close();
  await flink.close();
  return points;
}

/** The end of every life: as if nobody had been killed. */
function expectEnd(name: ScenarioName, flink: FailingFlink, ride: Ride): void {
  const { submissions, state } = scenarioOf(name);
  expect(outcomes(ride)).toMatchObject([{ outcome: { verdict: "reached" } }]);
  expect(ride.restores().filter((d) => d.attempts.length > 0)).toHaveLength(1);
  expect(ride.store.openDecisions("restore")).toEqual([]);
  expect(flink.submissions).toBe(submissions);
  expect(flink.mostCopies).toBeLessThanOrEqual(1);
  expect(flink.job.state).toBe(state);
  const [done] = outcomes(ride);
  if (submissions > 0) expect(flink.job.id).toBe(done?.record.effective?.newFlinkJobId);
  // Nothing lost and nothing twice: what the sources have read is what the state has counted, or is on its way.
  for (const life of flink.progress.filter((l) => l.state === "RUNNING")) {
    const read = Object.values(life.sources).reduce((sum, one) => sum + one.position, 0);
    const counted = Object.values(life.processed).reduce((sum, one) => sum + one, 0);
    expect(counted + life.inFlight).toBeCloseTo(read, 3);
  }
}

/** After a kill: whatever was begun is ended once, and told once. */
async function expectSurvival(name: ScenarioName, flink: FailingFlink, storePath: string): Promise<void> {
  const ride = crashRide(flink, name, storePath);
  try {
    const begun = ride.restores().filter((d) => d.attempts.length > 0);
    await rideToOutcome(flink, ride, 3);
    expectEnd(name, flink, ride);
    expect(outcomes(ride).map((d) => d.record.id)).toEqual(
      expect.arrayContaining(begun.map((d) => d.record.id)),
    );
    const id = outcomes(ride)[0]?.record.id;
    const told = ride.store.eventsAfter(0, 10_000).filter((e) => e.decision === id);
    expect(told.filter((e) => e.type === "outcome")).toHaveLength(1);
    expect(told.filter((e) => e.type === "decision")).toHaveLength(1);
  } finally {
    await ride.close();
  }
}

class Killed extends Error {}

/** A kill inside this process: from the point on nothing is written and nothing is asked any more. */
async function killedInside(name: ScenarioName, point: string): Promise<void> {
  const storePath = newStore();
  const flink = await troubled(name, storePath);
  try {
    let dead = false;
    const { onWrite, through } = new CrashPoints((reached) => {
      dead ||= reached === point;
      if (dead) throw new Killed(point);
    });
    const ride = crashRide(flink, name, storePath, { onWrite, through });
    for (let i = 0; i < MOST_PASSES && !dead; i++) {
      await ride.round(flink.advance(PASS_MS)).catch((error: unknown) => {
        if (!dead) throw error;
      });
    }
    expect(dead, `the point ${point} was reached`).toBe(true);
    await ride.abandon();
    await expectSurvival(name, flink, storePath);
  } finally {
    await flink.close();
  }
}

/** The real thing, in a process of its own. */
async function killedOutside(name: ScenarioName, point: string): Promise<void> {
  const storePath = newStore();
  const flink = await troubled(name, storePath);
  try {
    const args = ["--no-warnings", CHILD, flink.url, flink.spec.jar, storePath, name, point];
    const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") };
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    const signal = await new Promise((resolve) => child.on("close", (_, s) => resolve(s)));
    expect(signal, `the child was to be killed ${point}; ${said}`).toBe("SIGKILL");
    await expectSurvival(name, flink, storePath);
  } finally {
    await flink.close();
  }
}

const POINTS: { readonly name: ScenarioName; readonly points: readonly string[] }[] = [];
for (const name of NAMES) POINTS.push({ name, points: await pointsOf(name) });

/** After one write and before the next one is the same moment, unless Flink was asked something in between. */
const apart = (points: readonly string[]): readonly string[] =>
  points.filter((p, i) => p.startsWith("before") || ACTS.test(p) || i === points.length - 1);

describe.each(POINTS)("killed while $name", ({ name, points }) => {
  it("is tried around every write and every act of it", () => {
    const deeds = ["recordDecision", "appendPermit", "appendAttempt", "appendOutcome"];
    const asked = scenarioOf(name).submissions > 0 ? ["uploadJar", "runJar"] : ["cancel"];
    for (const what of [...deeds, ...asked]) {
      for (const phase of ["before", "after"]) {
        expect(
          points.some((p) => p.startsWith(`${phase} ${what}`)),
          `${phase} ${what}`,
        ).toBe(true);
      }
    }
    expect(new Set(points).size).toBe(points.length);
  });

  it.each(apart(points))("%s: one copy, one outcome", (point) => killedInside(name, point), 60_000);

  const acts = points.filter((p) => /(cancel|runJar) 1$|before appendOutcome 1$/.test(p));
  it.concurrent.each(acts)("%s, by SIGKILL: the same", (point) => killedOutside(name, point), 60_000);
});

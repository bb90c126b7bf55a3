import { describe, expect, it } from "vitest";
import { JOB, simulatedDesk, WORK } from "../../../test/support/simulated-flink.ts";

/** The vertex `work` at 250 records/s and 2 ms each, over two subtasks: truly 250 ms busy per second each. */
function workAfterSeconds(seconds: number) {
  const { cluster, desk, at } = simulatedDesk({ parallelism: 2 });
  at(seconds);
  const [subtask] = cluster.jobs[0]?.vertices.find((v) => v.id === WORK)?.subtasks ?? [];
  if (subtask === undefined) throw new Error("no subtask");
  return desk.gauges.of(JOB, WORK, subtask);
}

describe("gauges after a start, as they were seen on real Flink (truth: 250 ms busy)", () => {
  it.each([
    { seconds: 4, from: 1_000, to: 1_000 },
    { seconds: 15, from: 0, to: 110 },
    { seconds: 25, from: 110, to: 180 },
    { seconds: 35, from: 160, to: 205 },
    { seconds: 45, from: 185, to: 216 },
    { seconds: 55, from: 200, to: 223 },
    { seconds: 75, from: 245, to: 255 },
    { seconds: 300, from: 249, to: 251 },
  ])("busy reads $from to $to after $seconds s", ({ seconds, from, to }) => {
    const { busyMsPerSecond } = workAfterSeconds(seconds);
    expect(busyMsPerSecond).toBeGreaterThanOrEqual(from);
    expect(busyMsPerSecond).toBeLessThanOrEqual(to);
  });

  it.each([
    [15, 31],
    [30, 62],
    [60, 125],
    [200, 125],
  ])("the rate climbs in a straight line for a minute: after %d s it is %d/s", (seconds, rate) => {
    expect(workAfterSeconds(seconds).readPerSecond).toBeCloseTo(rate, -0.5);
  });

  it("busy, idle and back-pressured share a second", () => {
    const g = workAfterSeconds(120);
    expect(g.busyMsPerSecond + g.idleMsPerSecond + g.backPressuredMsPerSecond).toBeCloseTo(1_000, 6);
  });
});

it("A restart makes the gauges begin anew", () => {
  const { cluster, desk, at } = simulatedDesk();
  at(120);
  const bounds = { lowerBound: 1, upperBound: 2 };
  const vertices = cluster.jobs[0]?.vertices ?? [];
  cluster.putRequirements(JOB, Object.fromEntries(vertices.map((v) => [v.id, bounds])));
  at(150);
  const work = cluster.jobs[0]?.vertices.find((v) => v.id === WORK);
  expect(work?.parallelism).toBe(2);
  for (const subtask of work?.subtasks ?? []) {
    const { busyMsPerSecond, readPerSecond } = desk.gauges.of(JOB, WORK, subtask);
    expect(busyMsPerSecond).toBeLessThan(200);
    expect(readPerSecond).toBeLessThan(80);
  }
});

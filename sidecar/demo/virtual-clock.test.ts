import { expect, it } from "vitest";
import { virtualClock } from "./virtual-clock.ts";

it("tells the simulation's time, and sleeps as much shorter as that runs faster", async () => {
  const slept: number[] = [];
  let now = 1_000;
  const clock = virtualClock(
    () => now,
    10,
    async (ms) => void slept.push(ms),
  );
  expect(clock.now()).toBe(1_000);
  now = 3_500;
  expect([clock.now(), clock.steady()]).toEqual([3_500, 3_500]);
  await clock.sleep(2_000);
  expect(slept).toEqual([200]);
});

it("hands the signal on, so that a sleep can be ended", async () => {
  const end = AbortSignal.abort();
  const signals: unknown[] = [];
  const clock = virtualClock(
    () => 0,
    5,
    async (_ms, signal) => void signals.push(signal),
  );
  await clock.sleep(1, end);
  expect(signals).toEqual([end]);
});

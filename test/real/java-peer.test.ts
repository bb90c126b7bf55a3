import { afterEach, expect, test } from "vitest";
import { type StoppableTarget, startFlinkTarget } from "./java/on-flink.ts";
import { startSimulatedTarget } from "./java/on-simulator.ts";
import { type Peer, startPeer } from "./java/peer.ts";
import { rideStep, type StepReport, stepOptions } from "./java/step.ts";

let target: StoppableTarget | undefined;
let peer: Peer | undefined;

afterEach(async () => {
  await peer?.stop();
  await target?.stop();
  peer = undefined;
  target = undefined;
});

/** On both the library needs two steps, as its busy gauge lags behind the load: the first one is too small. */
function expectTwoSteps(ride: StepReport): void {
  process.stdout.write(`${JSON.stringify(ride)}\n`);
  expect(ride.putsBefore, "the ride was steady before the step").toBe(0);
  expect(ride.backlogGoneS, "seconds until the backlog was gone").not.toBeNull();
  expect(ride.puts[0]?.parallelism).toEqual({ gen: 1, work: 2, count: 1, drop: 1 });
  expect(ride.stepsToMeet).toBe(2);
  expect(ride.met).toEqual({ gen: 1, work: 3, count: 2, drop: 1 });
}

test("on real Flink the published autoscaler meets a load x8 in two steps", async () => {
  target = await startFlinkTarget("1.20.5", 18700);
  expectTwoSteps(await rideStep(target));
});

test("on the simulated Flink it takes the same steps to the same end", async () => {
  target = await startSimulatedTarget("load-job-1.20", 18760);
  expectTwoSteps(await rideStep(target));
});

test("with scaling switched off it changes nothing, and tells a proposal once per interval of virtual time", async () => {
  const simulated = await startSimulatedTarget("load-job-1.20", 18760);
  target = simulated;
  const options = {
    ...stepOptions,
    "job.autoscaler.scaling.enabled": "false",
    "job.autoscaler.scaling.event.interval": "1min",
  };
  peer = await startPeer({ url: simulated.restUrl, options, mode: "stepped" });
  await simulated.setRate(800);
  for (let pass = 0; pass < 120; pass++) {
    await simulated.advance(2_000);
    await peer.pass(simulated.now());
  }
  const times = new Map<string, number[]>();
  for (const { reason, message, at } of peer.events) {
    expect(reason).toBe("ScalingReport");
    const proposal = [...message.matchAll(/ID (\w+) \| Parallelism (\d+ -> \d+)/g)].map(
      (m) => `${m[1]} ${m[2]}`,
    );
    const key = proposal.sort().join(", ");
    times.set(key, [...(times.get(key) ?? []), at]);
  }
  const told = [...times.values()];
  expect(
    told.some((at) => at.length > 1),
    "a proposal that stands is told again",
  ).toBe(true);
  const gaps = told.flatMap((at) => at.slice(1).map((later, i) => later - (at[i] ?? 0)));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(60_000);
  expect(peer.puts).toEqual([]);
});

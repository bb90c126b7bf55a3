import { expect, it } from "vitest";
import type { Observation } from "../model/index.ts";
import { aGraph, anObservation } from "../test/support/observations.ts";
import { hottestSeen } from "./hottest.ts";

const HOT = { subtask: 3, share: 0.6 };

function seen(secondsAgo: number, hottest: typeof HOT | undefined, runningSince = 0): Observation {
  const observation = anObservation(1_000_000 - secondsAgo * 1_000, aGraph("v"), { v: {} }, { runningSince });
  const [v] = Object.values(observation.vertices);
  if (v === undefined) throw new Error("no vertex");
  return { ...observation, vertices: { v: { ...v, hottest } } };
}

it.each<[string, readonly Observation[], typeof HOT | undefined]>([
  ["is the newest", [seen(5, { subtask: 0, share: 0.9 }), seen(0, HOT)], HOT],
  ["outlives polls that tell nothing", [seen(10, HOT), seen(5, undefined), seen(0, undefined)], HOT],
  ["is forgotten after a minute", [seen(61, HOT), seen(0, undefined)], undefined],
  ["is not that of another attempt", [seen(5, HOT), seen(0, undefined, 990_000)], undefined],
  ["is not assessed where nobody read the subtasks", [seen(0, undefined)], undefined],
  ["is not assessed without observations", [], undefined],
])("the hottest subtask %s", (_, observations, expected) => {
  expect(hottestSeen(observations, "v")).toEqual(expected);
});

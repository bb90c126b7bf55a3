import { expect, it } from "vitest";
import type { Outcome } from "../../model/index.ts";
import { aVertex as anInput, someInputs } from "../../test/support/scale-inputs.ts";
import { anEdge, aSource, aVertex, aWorld, stepLoad } from "../../test/support/worlds.ts";
import { aDecision, NOW } from "../http/fake-process.ts";
import { limitNews } from "./limit-news.ts";

const NEWS =
  "work of orders still takes 400 records/s with 3 subtasks: the limit is behind it. " +
  "Outrider does not see that yet; it will ask again.";

function news(verdict: Outcome["verdict"], before: number, after: number, cap?: number): readonly string[] {
  const vertices = [aSource("gen", stepLoad([[0, 1]])), aVertex("work", cap === undefined ? {} : { cap })];
  const world = aWorld({ vertices, edges: [anEdge("gen>work")] });
  const id = world.jobs[0]?.vertices[1]?.id ?? "";
  const inputs = someInputs({ [id]: anInput({ parallelism: before }) });
  const record = { ...aDecision({ [id]: after }, { inputs }), id: "d", since: NOW, times: 1 };
  const outcome: Outcome = {
    decision: "d",
    at: NOW,
    verdict,
    expected: {},
    observed: {},
    tookMs: 1,
    sentence: "",
  };
  return limitNews(world, { record, permits: [], approval: null, attempts: [], outcome });
}

it.each<[string, readonly string[], Parameters<typeof news>]>([
  ["said after a scale-up where the limit is outside", [NEWS], ["reached", 1, 3, 400]],
  ["not said of a vertex that has no such limit", [], ["reached", 1, 3]],
  ["not said after a scale-down", [], ["reached", 3, 1, 400]],
  ["not said where the rescale did not come true", [], ["not-reached", 1, 3, 400]],
])("a scale-up that won nothing is %s", (_, expected, given) => {
  expect(news(...given)).toEqual(expected);
});

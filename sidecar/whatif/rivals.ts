import { Failure } from "../../model/index.ts";
import type { Entrant } from "./contest.ts";
import { asFlink } from "./flink-rival.ts";
import { createOutrider } from "./outrider.ts";
import { staticMean, staticPeak } from "./static-size.ts";

/** What a back-test can tell apart. The static ones are told the load beforehand, which no team is. */
export const RIVALS: readonly Entrant[] = [
  { name: "outrider", create: createOutrider },
  { name: "flink", withoutHistory: true, create: asFlink("flink") },
  staticPeak,
  staticMean,
];

export function rivalNamed(name: string): Entrant {
  const rival = RIVALS.find((r) => r.name === name);
  if (rival !== undefined) return rival;
  const names = RIVALS.map((r) => r.name).join(", ");
  throw new Failure("bad-request", `cannot back-test: policy; got ${name}; expected one of ${names}`);
}

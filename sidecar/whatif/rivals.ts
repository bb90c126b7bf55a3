import {
  type FlinkState,
  flinkPolicy,
  flinkReadout,
  NEW_FLINK_STATE,
  parseFlinkOptions,
} from "../../autoscaler/index.ts";
import { Failure, type Milliseconds, type Parallelism } from "../../model/index.ts";
import type { BenchWorld, ContestantFactory, ContestSetup, Entrant, LoadCurve } from "./contest.ts";
import { createOutrider } from "./outrider.ts";

const MINUTE_MS: Milliseconds = 60_000;
/** A size is right when it carries its load at this share of its capacity. */
const UTILIZATION = 0.85;

const leaving =
  (name: string): ContestantFactory =>
  ({ passMs }) => ({ name, passMs, pass: () => undefined });

/** The autoscaler of the Flink operator with its default settings and the given bounds. */
const asFlink: ContestantFactory = ({ passMs, minParallelism, maxParallelism }) => {
  const { options } = parseFlinkOptions({
    "job.autoscaler.enabled": "true",
    "job.autoscaler.vertex.min-parallelism": `${minParallelism}`,
    "job.autoscaler.vertex.max-parallelism": `${maxParallelism}`,
  });
  const policy = flinkPolicy(options);
  let state: FlinkState = NEW_FLINK_STATE;
  return {
    name: "flink",
    passMs,
    pass(readout, _cpu, now) {
      const step = policy.step(state, flinkReadout(readout), now);
      state = step.state;
      return step.decision.target ?? undefined;
    },
  };
};

type Told = Pick<ContestSetup, "bench" | "load" | "durationMs">;

/** What a back-test can tell apart. The static ones are told the load beforehand, which no team is. */
export const RIVALS: readonly Entrant[] = [
  { name: "outrider", create: createOutrider },
  { name: "flink", withoutHistory: true, create: asFlink },
  {
    name: "static-peak",
    withoutHistory: true,
    start: (told: Told) => smallestFor(told.bench, highestMinute(told)),
    create: leaving("static-peak"),
  },
  {
    name: "static-mean",
    withoutHistory: true,
    start: ({ bench, load, durationMs }: Told) => smallestFor(bench, rateBetween(load, 0, durationMs)),
    create: leaving("static-mean"),
  },
];

export function rivalNamed(name: string): Entrant {
  const rival = RIVALS.find((r) => r.name === name);
  if (rival !== undefined) return rival;
  const names = RIVALS.map((r) => r.name).join(", ");
  throw new Failure("bad-request", `cannot back-test: policy; got ${name}; expected one of ${names}`);
}

/** For every vertex the least with which it carries `rate` at 85 % of its capacity, within the bound. */
export function smallestFor(bench: BenchWorld, rate: number): Parallelism {
  return Object.fromEntries(
    Object.entries(bench.share).map(([id, share]) => {
      let p = 1;
      while (p < bench.maxParallelism && bench.capacityOf(id, p) * UTILIZATION < rate * share) p += 1;
      return [id, p];
    }),
  );
}

function highestMinute({ load, durationMs }: Told): number {
  let highest = 0;
  for (let from = 0; from < durationMs; from += MINUTE_MS)
    highest = Math.max(highest, rateBetween(load, from, from + MINUTE_MS));
  return highest;
}

const rateBetween = (load: LoadCurve, from: Milliseconds, to: Milliseconds): number =>
  ((load.arrivedBy(to) - load.arrivedBy(from)) / (to - from)) * 1_000;

import { Failure } from "../../../model/index.ts";
import type { BenchWorld, WorldOptions } from "../../../sidecar/whatif/contest.ts";
import type { BenchLoad } from "./loads.ts";

/** What goes wrong in a contest, as what it changes of the world. */
export interface BenchTrouble {
  readonly name: string;
  readonly title: string;
  options(bench: BenchWorld, load: BenchLoad): Partial<WorldOptions>;
}

const MINUTE_MS = 60_000;

/** The job of a bench world is the only one; trouble names it. */
const jobNameOf = (bench: BenchWorld): string => {
  const name = bench.world({ rateAt: () => 0, arrivedBy: () => 0 }, { seed: 1 }).jobs[0]?.name;
  if (name === undefined) throw new TypeError("a bench world has a job");
  return name;
};

/** The vertices that nothing reads from. */
function sinksOf(bench: BenchWorld): readonly string[] {
  const job = bench.world({ rateAt: () => 0, arrivedBy: () => 0 }, { seed: 1 }).jobs[0];
  return job?.vertices.filter((v) => !job.edges.some((e) => e.from === v.id)).map((v) => v.id) ?? [];
}

export const troubles: readonly BenchTrouble[] = [
  { name: "none", title: "The world as it is", options: () => ({}) },
  {
    name: "noise",
    title: "Cost per record varies by 25 % from second to second",
    options: () => ({ noise: 0.25 }),
  },
  {
    name: "skew",
    title: "One key has 4 % of all records",
    options: () => ({ hotShare: 0.04 }),
  },
  {
    name: "sink-bound",
    title: "What the sink writes to takes 60 % of the full rate",
    options: (bench) => ({
      caps: Object.fromEntries(
        sinksOf(bench).map((id) => [id, 0.6 * bench.fullRate * (bench.share[id] ?? 1)]),
      ),
    }),
  },
  { name: "slow-restart", title: "Every restart takes 180 s", options: () => ({ pauseMs: 180_000 }) },
  { name: "metric-delay", title: "Flink fetches metrics every 10 s", options: () => ({ fetcherMs: 10_000 }) },
  {
    name: "metrics-missing",
    title: "No vertex has metrics for three minutes, twice",
    options: (bench, load) => ({
      trouble: [0.25, 0.6].map((share) => ({
        kind: "metrics-missing" as const,
        atMs: Math.round((load.durationMs * share) / 1_000) * 1_000,
        job: jobNameOf(bench),
        vertex: undefined,
        forMs: 3 * MINUTE_MS,
      })),
    }),
  },
];

export function troubleNamed(name: string): BenchTrouble {
  const trouble = troubles.find((t) => t.name === name);
  if (trouble !== undefined) return trouble;
  const names = troubles.map((t) => t.name).join(", ");
  throw new Failure("bad-request", `cannot run a contest: trouble; got ${name}; expected one of ${names}`);
}

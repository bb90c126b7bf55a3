import {
  capacityAt,
  type JobPlan,
  readWorld,
  sharesOfLoad,
  type VertexPlan,
} from "../../engine/simulated/index.ts";
import { Failure } from "../../model/index.ts";
import type { BenchWorld, LoadCurve } from "./contest.ts";

const MEAN_OVER_MS = 3_600_000;

/** The first job of a world file (YAML) under a load of one's own, which its sources share as they do in the file. */
export function benchOfWorld(text: string, most: number): BenchWorld {
  const world = readWorld(text);
  const [job] = world.jobs;
  if (job === undefined)
    throw new Failure("bad-request", "cannot back-test: the world has no job; expected one");
  const rates = new Map(
    job.vertices.map((v) => [v.id, (v.source?.load.arrivedBy(MEAN_OVER_MS) ?? 0) / MEAN_OVER_MS]),
  );
  const share = sharesOfLoad(job, (source) => rates.get(source) ?? 0);
  return {
    name: job.name,
    title: job.name,
    fullRate: 0,
    maxParallelism: Math.min(most, ...job.vertices.map((v) => v.maxParallelism)),
    share: Object.fromEntries(share),
    world: (load, options) => {
      const slots = options.slots ?? most * job.vertices.length;
      return {
        ...world,
        seed: options.seed,
        tickMs: options.tickMs,
        trouble: [],
        cluster: {
          ...world.cluster,
          taskManagers: 1,
          slotsPerTaskManager: slots,
          coresPerTaskManager: slots,
        },
        jobs: [loaded(job, load, share, options.parallelism ?? {})],
      };
    },
    capacityOf: (vertex, parallelism) => {
      const plan = job.vertices.find((v) => v.id === vertex);
      if (plan === undefined) throw new RangeError(`no vertex ${vertex} in ${job.name}`);
      const pieces = plan.source?.partitions ?? plan.maxParallelism;
      const hottest = Math.ceil(pieces / parallelism) / pieces;
      return capacityAt(pointsOf(plan), parallelism) / parallelism / hottest;
    },
  };
}

const pointsOf = ({ capacity, cpuMs, waitMs }: VertexPlan) =>
  capacity ?? [[1, 1_000 / (cpuMs + waitMs)] as const];

function loaded(
  job: JobPlan,
  load: LoadCurve,
  share: ReadonlyMap<string, number>,
  parallelism: Readonly<Record<string, number>>,
): JobPlan {
  return {
    ...job,
    vertices: job.vertices.map((v) => {
      const part = share.get(v.id) ?? 0;
      const own: LoadCurve = {
        rateAt: (ms) => part * load.rateAt(ms),
        arrivedBy: (ms) => part * load.arrivedBy(ms),
      };
      const source = v.source === undefined ? undefined : { ...v.source, load: own };
      return { ...v, parallelism: parallelism[v.id] ?? v.parallelism, source };
    }),
  };
}

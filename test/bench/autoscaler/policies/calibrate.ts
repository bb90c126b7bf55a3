import {
  type FlinkState,
  flinkPolicy,
  flinkReadout,
  NEW_FLINK_STATE,
  parseFlinkOptions,
} from "../../../../autoscaler/flink/index.ts";
import type { Milliseconds } from "../../../../model/index.ts";
import type { ContestantFactory, ContestSetup } from "../../../../sidecar/whatif/contest.ts";
import { runContest } from "../../../../sidecar/whatif/run.ts";
import { lagSeconds } from "../../../../sidecar/whatif/score.ts";
import {
  DEMETER_JOBS,
  DEMETER_MS,
  DEMETER_TARGET,
  DEMETER_TASK_MANAGERS,
  type DemeterJob,
  demeterLoad,
  demeterWorld,
} from "./demeter.ts";
import { hpa, KUBERNETES_BEHAVIOR } from "./hpa.ts";

/**
 * Do the opponents do here what they did where they were measured? Rides the published Demeter set-ups and prints
 * each row beside the published one: `node test/bench/autoscaler/policies/calibrate.ts`.
 */
interface Ride {
  readonly policy: string;
  readonly published: Readonly<Record<string, { saved: number; late: number; changes: number }>>;
  readonly passMs: Milliseconds;
  readonly pauseMs: Milliseconds;
  readonly create: ContestantFactory;
}

/** The operator's autoscaler: one pass a minute, a redeploy of two minutes for each change (no data for 7-8 % of the time at 35-40 changes). */
const operator: Ride = {
  policy: "OSS operator autoscaler",
  published: {
    ADS: { saved: 0.111, late: 0.178, changes: 40 },
    CARS: { saved: 0.066, late: 0.223, changes: 35 },
  },
  passMs: 60_000,
  pauseMs: 120_000,
  create: ({ passMs }) => {
    const { options } = parseFlinkOptions({
      "job.autoscaler.enabled": "true",
      "job.autoscaler.target.utilization": `${DEMETER_TARGET}`,
      "job.autoscaler.target.utilization.boundary": "0.15",
      "job.autoscaler.metrics.window": "1m",
      "job.autoscaler.stabilization.interval": "2m",
      "job.autoscaler.catch-up.duration": "5m",
      "job.autoscaler.vertex.max-parallelism": `${DEMETER_TASK_MANAGERS}`,
    });
    const policy = flinkPolicy({ ...options, loopMs: passMs });
    let state: FlinkState = NEW_FLINK_STATE;
    return {
      name: "operator",
      passMs,
      pass(readout, _cpu, now) {
        const step = policy.step(state, flinkReadout(readout), now);
        state = step.state;
        return step.decision.target ?? undefined;
      },
    };
  },
};

const reactive: Ride = {
  policy: "reactive + HPA",
  published: {
    ADS: { saved: 0.39, late: 0.0241, changes: 155 },
    CARS: { saved: 0.176, late: 0.0949, changes: 195 },
  },
  passMs: 15_000,
  pauseMs: 5_000,
  create: hpa("hpa", { target: DEMETER_TARGET, ...KUBERNETES_BEHAVIOR }).create,
};

/** Share of minute-to-minute unrest of the load, which the published figures do not tell. */
const UNREST = 0.05;
const START = 12;

async function ride(how: Ride, job: DemeterJob): Promise<string> {
  const bench = demeterWorld(job);
  const load = demeterLoad(job, UNREST);
  const parallelism = Object.fromEntries(Object.keys(bench.share).map((id) => [id, START]));
  const setup: ContestSetup = {
    bench,
    world: bench.world(load, { seed: 1, parallelism, pauseMs: how.pauseMs }),
    load,
    durationMs: DEMETER_MS,
    seed: 1,
    history: null,
    minParallelism: 1,
    maxParallelism: DEMETER_TASK_MANAGERS,
    passMs: how.passMs,
    lagObjectiveMs: 5_000,
  };
  const trace = await runContest(setup, how.create);
  const mean = trace.slots.reduce((a, b) => a + b, 0) / trace.seconds;
  const late = lagSeconds(trace).reduce((n, lag) => n + (lag > 5 ? 1 : 0), 0) / trace.seconds;
  const there = how.published[job.name];
  const percent = (share: number | undefined): string => `${((share ?? Number.NaN) * 100).toFixed(1)} %`;
  return [
    how.policy.padEnd(24),
    job.name.padEnd(5),
    `saved ${percent(1 - mean / DEMETER_TASK_MANAGERS)} (${percent(there?.saved)})`,
    `over 5 s ${percent(late)} (${percent(there?.late)})`,
    `changes ${trace.moves.length} (${there?.changes})`,
  ].join("  ");
}

process.stdout.write("18 h, here (and as published)\n");
for (const how of [operator, reactive]) {
  for (const job of DEMETER_JOBS) process.stdout.write(`${await ride(how, job)}\n`);
}

import {
  type FlinkState,
  flinkPolicy,
  flinkReadout,
  NEW_FLINK_STATE,
  parseFlinkOptions,
} from "../../../../autoscaler/flink/index.ts";
import type { Entrant } from "../../../../sidecar/whatif/contest.ts";

/**
 * The Apache Flink autoscaler, by our policy `flink`, with these `job.autoscaler.*` keys and the contest's bounds. The
 * published Java one itself rides in `bench:peer`.
 */
export function flinkEntrant(name: string, keys: Readonly<Record<string, string>>): Entrant {
  return {
    name,
    withoutHistory: true,
    create: ({ passMs, minParallelism, maxParallelism }) => {
      const { options } = parseFlinkOptions({
        "job.autoscaler.enabled": "true",
        "job.autoscaler.vertex.min-parallelism": `${minParallelism}`,
        "job.autoscaler.vertex.max-parallelism": `${maxParallelism}`,
        ...keys,
      });
      const policy = flinkPolicy(options);
      let state: FlinkState = NEW_FLINK_STATE;
      return {
        name,
        passMs,
        pass(readout, _cpu, now) {
          const step = policy.step(state, flinkReadout(readout), now);
          state = step.state;
          return step.decision.target ?? undefined;
        },
      };
    },
  };
}

/** Nothing set but what must be. */
export const flinkDefaults: Entrant = flinkEntrant("flink", {});

/** The faster settings of its documentation: window 5 min, stabilization 1 min, band 0.4–0.8, restart 2 min. */
export const flinkFast: Entrant = flinkEntrant("flink-fast", {
  "job.autoscaler.stabilization.interval": "1m",
  "job.autoscaler.metrics.window": "5m",
  "job.autoscaler.utilization.target": "0.6",
  "job.autoscaler.utilization.max": "0.8",
  "job.autoscaler.utilization.min": "0.4",
  "job.autoscaler.restart.time": "2m",
  "job.autoscaler.catch-up.duration": "5m",
});

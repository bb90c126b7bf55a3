import type { Entrant } from "../../../../sidecar/whatif/contest.ts";
import { asFlink } from "../../../../sidecar/whatif/flink-rival.ts";

const flinkEntrant = (name: string, keys: Readonly<Record<string, string>>): Entrant => ({
  name,
  withoutHistory: true,
  create: asFlink(name, keys),
});

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

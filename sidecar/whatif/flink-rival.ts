import {
  type FlinkState,
  flinkPolicy,
  flinkReadout,
  NEW_FLINK_STATE,
  parseFlinkOptions,
} from "../../autoscaler/index.ts";
import type { ContestantFactory } from "./contest.ts";

/**
 * The Apache Flink autoscaler, by our policy `flink`, with these `job.autoscaler.*` keys and the contest's bounds. The
 * published Java one itself rides in `bench:peer`.
 */
export function asFlink(name: string, keys: Readonly<Record<string, string>> = {}): ContestantFactory {
  return ({ passMs, minParallelism, maxParallelism }) => {
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
  };
}

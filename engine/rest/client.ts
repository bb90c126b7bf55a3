import { checkpointCalls } from "./checkpoint-calls.ts";
import { clusterCalls } from "./cluster-calls.ts";
import { jarCalls } from "./jar-calls.ts";
import { jobCalls } from "./job-calls.ts";
import { metricCalls } from "./metric-calls.ts";
import { createTransport, type FlinkRestOptions } from "./transport.ts";

export type { SavepointRequest } from "./checkpoint-calls.ts";
export type { JarRun } from "./jar-calls.ts";
export type { Bounds } from "./job-calls.ts";

/** Everything Outrider asks of Flink's REST API. Every method may throw a `Failure`, and nothing else. */
export type FlinkRest = ReturnType<typeof createFlinkRest>;

/** A client of one Flink cluster. It holds connections; `close()` ends them. */
export function createFlinkRest(options: FlinkRestOptions) {
  const transport = createTransport(options);
  return {
    ...clusterCalls(transport),
    ...jobCalls(transport),
    ...checkpointCalls(transport),
    ...metricCalls(transport),
    ...jarCalls(transport),
    /** Ends all connections; calls under way fail as `unreachable`. */
    close: (): Promise<void> => transport.close(),
  };
}

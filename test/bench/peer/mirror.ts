import {
  createSimulatorServer,
  Simulation,
  steppedClock,
  type World,
} from "../../../engine/simulated/index.ts";
import { type Instant, type Milliseconds, TASK_METRICS } from "../../../model/index.ts";

/** A second copy of a contest's world that answers over HTTP, for who can look at Flink in no other way. */
export interface Mirror {
  readonly restUrl: string;
  readonly simulation: Simulation;
  /** Brings it to `now`, with metrics as old as passes every 2 s would have made them. */
  advanceTo(now: Instant): void;
  close(): Promise<void>;
}

/**
 * Starts the copy. A simulation is the same for the same world and the same requests at the same times, so the copy
 * is what the scored one is as long as every request to it is also made there, at the same virtual time.
 */
export async function createMirror(world: World, passMs: Milliseconds, port: number): Promise<Mirror> {
  const simulation = new Simulation(world);
  const server = createSimulatorServer({
    cluster: simulation,
    clock: steppedClock(),
    trouble: world.trouble,
  });
  const restUrl = await server.listen(port);
  const { fetcherIntervalMs } = world.cluster;
  // Any question for metrics lets Flink fetch them anew.
  const touch = (): void => {
    const job = simulation.jobs[0];
    const vertex = job?.vertices[0]?.id ?? "";
    const path = `/jobs/${job?.id ?? ""}/vertices/${vertex}/subtasks/metrics`;
    server.answer({ method: "GET", path, query: `get=${TASK_METRICS.busyMs}` });
  };
  return {
    restUrl,
    simulation,
    advanceTo(now) {
      if (passMs > 2 * fetcherIntervalMs && now - fetcherIntervalMs > simulation.now()) {
        simulation.advanceTo(now - fetcherIntervalMs);
        touch();
      }
      simulation.advanceTo(now);
    },
    close: () => server.close(),
  };
}

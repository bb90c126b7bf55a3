import { Failure, type FlinkJobId, type Parallelism } from "../../model/index.ts";
import type { FlinkRest } from "./client.ts";

/** Changes a running job's parallelism through the adaptive scheduler's resource requirements. */
export function createActuator(rest: FlinkRest): {
  apply(flinkJobId: FlinkJobId, target: Parallelism): Promise<"requested" | "unchanged">;
} {
  return {
    apply: async (flinkJobId, target) => {
      const present = await rest.getRequirements(flinkJobId);
      const missing = Object.keys(present).filter((id) => target[id] === undefined);
      const unknown = Object.keys(target).filter((id) => present[id] === undefined);
      if (missing.length > 0 || unknown.length > 0) {
        throw new Failure(
          "conflict",
          `cannot rescale job ${flinkJobId}: its vertices changed; got ${Object.keys(present).length} vertices, expected the ${Object.keys(target).length} that were decided on`,
          { details: { missing, unknown } },
        );
      }
      const same = Object.entries(present).every(([id, bounds]) => bounds.upperBound === target[id]);
      if (same) return "unchanged";
      // Lower bounds stay as somebody set them, but Flink refuses a lower bound above the upper one.
      const wish = Object.fromEntries(
        Object.entries(target).map(([id, upperBound]) => [
          id,
          { lowerBound: Math.max(1, Math.min(present[id]?.lowerBound ?? 1, upperBound)), upperBound },
        ]),
      );
      await rest.putRequirements(flinkJobId, wish);
      return "requested";
    },
  };
}

import type { Instant, VertexId } from "../../model/index.ts";
import type { Evaluation } from "./evaluate.ts";
import type { FlinkOptions } from "./flink-options.ts";
import type { JobVerdict } from "./scale-job.ts";
import { isOutside } from "./scale-vertex.ts";
import { storedRate } from "./scaling-history.ts";
import type { FlinkDecision, FlinkOutcome, VertexFinding } from "./state.ts";

/** The one word for what a verdict comes to. */
export function outcomeOf(verdict: JobVerdict): FlinkOutcome {
  if (verdict.executed) return "scale";
  if (verdict.blocked !== null && verdict.blocked !== "all-within") return verdict.blocked;
  if (Object.values(verdict.vertices).some((v) => v.ineffective?.blocks)) return "ineffective";
  return Object.keys(verdict.delayed).length > 0 ? "waiting-to-scale-down" : "within";
}

/** When the oldest waiting scale-down may be carried out. */
export function waitEnd(verdict: JobVerdict, options: FlinkOptions): Instant | null {
  const since = Object.values(verdict.delayed).map((d) => d.since);
  return since.length === 0 ? null : Math.min(...since) + options.scaleDownIntervalMs;
}

/** The window's numbers in a form that JSON can say; `verdict` null: nothing is recommended yet. */
export function figuresOf(
  evaluation: Evaluation,
  verdict: JobVerdict | null,
): Pick<FlinkDecision, "vertices" | "processingBacklog" | "gcPressure" | "heapUsage"> {
  const vertices: Record<VertexId, VertexFinding> = {};
  for (const [id, e] of Object.entries(evaluation.vertices)) {
    vertices[id] = {
      parallelism: e.parallelism,
      wished: verdict?.summaries[id]?.to ?? e.parallelism,
      outside: isOutside(e),
      load: storedRate(e.load),
      lag: storedRate(e.lag),
      trueProcessingRate: storedRate(e.trueProcessingRate),
      targetRate: storedRate(e.targetRate),
      catchUpRate: storedRate(e.catchUpRate),
      scaleUpThreshold: storedRate(e.scaleUpThreshold),
      scaleDownThreshold: storedRate(e.scaleDownThreshold),
    };
  }
  const { processingBacklog } = evaluation;
  return {
    vertices,
    processingBacklog,
    gcPressure: storedRate(evaluation.gcPressure),
    heapUsage: storedRate(evaluation.heapUsage),
  };
}

import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Where further recordings of real Flink lie, beyond the committed fixtures: the folder that `FLINK_SAMPLES` names,
 * or one beside the checkout. Undefined without it; tests then compare with the fixtures only.
 */
export function flinkSamples(): string | undefined {
  const folder = process.env["FLINK_SAMPLES"] ?? join(import.meta.dirname, "../../../shared/flink-samples");
  return existsSync(folder) ? folder : undefined;
}

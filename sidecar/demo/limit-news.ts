import type { World } from "../../engine/simulated/index.ts";
import { parseJobKey } from "../../model/index.ts";
import type { DecisionHistory } from "../store/port.ts";

/**
 * What the world knows of a scale-up that came true and won nothing, since the limit of the vertex lies outside Flink:
 * a sentence for each such vertex.
 */
export function limitNews(world: World, { record, outcome }: DecisionHistory): readonly string[] {
  if (outcome?.verdict !== "reached" || record.kind !== "scale") return [];
  const job = world.jobs.find(({ name }) => name === parseJobKey(record.job)?.name);
  return (job?.vertices ?? []).flatMap(({ id, name, cap }) => {
    const before = record.inputs.vertices[id]?.parallelism;
    const now = record.effective?.[id];
    if (cap === undefined || before === undefined || now === undefined || now <= before) return [];
    const rate = Math.round(cap).toLocaleString("en-US");
    return [
      `${name} of ${job?.name} still takes ${rate} records/s with ${now} subtasks: the limit is behind it. ` +
        "Outrider does not see that yet; it will ask again.",
    ];
  });
}

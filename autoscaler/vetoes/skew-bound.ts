import type { ScaleInputs, VertexInputs } from "../../model/index.ts";
import { hotKeyShare, hotShareAt } from "../capacity.ts";
import { type Asked, growingIn, pass, percent, type Verdict, veto } from "./verdict.ts";

/** Growth that relieves the hottest subtask by less than this is not worth a restart. */
const LEAST_GAIN = 0.1;

/**
 * One key with a large share of the records keeps its subtask as busy as it is, however many others there are. Vetoes
 * growth that would only feed such vertices, and names them where the job cannot keep up for that reason alone.
 */
export function skewBound(inputs: ScaleInputs, proposed: Asked): Verdict {
  const grows = growingIn(inputs, proposed.proposal);
  const inVain = grows.filter(({ vertex, to }) => hotKeyShare(vertex) > 0 && gainOf(vertex, to) < LEAST_GAIN);
  const hot = inVain[0];
  if (hot !== undefined && inVain.length === grows.length) return refusal(hot.vertex, hot.to);
  if (proposed.direction === "none") {
    for (const [id, vertex] of Object.entries(inputs.vertices)) {
      const wish = proposed.vertices[id];
      if (wish === undefined || wish.utilization <= 1 || hotKeyShare(vertex) === 0) continue;
      if (gainOf(vertex, 2 * vertex.parallelism) < LEAST_GAIN) {
        return refusal(vertex, Math.min(vertex.maxParallelism, 2 * vertex.parallelism));
      }
    }
  }
  return pass("no vertex that would grow is held back by one hot key");
}

/** How much more the hottest subtask would carry: 0.1 is 10 %. */
const gainOf = (vertex: VertexInputs, to: number): number =>
  hotShareAt(vertex, vertex.parallelism) / hotShareAt(vertex, to) - 1;

function refusal(vertex: VertexInputs, to: number): Verdict {
  const share = vertex.hottestShare ?? 0;
  const hotKey = hotKeyShare(vertex);
  const gain = Math.max(0, gainOf(vertex, to));
  const subtask = vertex.hottestSubtask ?? -1;
  const from = vertex.parallelism;
  return veto(
    `subtask ${subtask} of vertex ${vertex.name} reads ${percent(share)} of its records, about ${percent(hotKey)} stick to it; ` +
      `${from} → ${to} subtasks would bring ${percent(gain)} more: spread the hot key (salt it, or aggregate before the shuffle)`,
    { subtask, share, hotKeyShare: hotKey, gain, parallelism: from, to },
  );
}

import type { Milliseconds, Parallelism, PastRescale, ScaleInputs, VertexId } from "../model/index.ts";
import { MOST_SPREAD } from "./straying-work.ts";

/** What was measured longer ago belongs to another load. */
const RECENT_MS: Milliseconds = 1_800_000;

export interface RollBack {
  readonly proposal: Parallelism;
  readonly of: PastRescale;
  readonly sentence: string;
}

/**
 * The way back from the last rescale of ours when it was measured to have had no effect, or to have made it worse, and
 * the job still runs with it. Vertices that were found bound go back to what was enough for them; where none was, all
 * that it changed. Null: there is nothing to undo. What has changed since is left alone.
 */
export function rollBackOf(inputs: ScaleInputs): RollBack | null {
  const last = inputs.rescales.at(-1);
  if (last === undefined || (last.effect !== "no-effect" && last.effect !== "worse")) return null;
  if (inputs.to - last.at > RECENT_MS || last.reason === "roll-back") return null;
  const changed = Object.keys(last.to).filter((id) => last.from[id] !== last.to[id]);
  // Work that grew by itself meanwhile looks as if the growth had been in vain.
  if (changed.some((id) => (inputs.vertices[id]?.spread ?? 0) > MOST_SPREAD)) return null;
  const stillRuns = changed.every((id) => inputs.vertices[id]?.parallelism === last.to[id]);
  const bound = changed.filter((id) => isBoundBy(inputs, id, last));
  const undone = last.effect === "no-effect" && bound.length > 0 ? bound : changed;
  if (!stillRuns || undone.length === 0) return null;
  const proposal = Object.fromEntries(
    Object.entries(inputs.vertices).map(([id, v]) => [
      id,
      undone.includes(id) ? (last.from[id] ?? v.parallelism) : v.parallelism,
    ]),
  );
  return { proposal, of: last, sentence: sentenceOf(inputs, last, undone) };
}

const isBoundBy = (inputs: ScaleInputs, id: VertexId, { from, to }: PastRescale): boolean => {
  const bound = inputs.vertices[id]?.bound ?? null;
  return bound !== null && bound.parallelism === from[id] && (to[id] ?? 0) > bound.parallelism;
};

function sentenceOf(
  inputs: ScaleInputs,
  { from, to, effect, consumedBefore, consumedAfter }: PastRescale,
  undone: readonly VertexId[],
): string {
  const changes = undone.map((id) => `${inputs.vertices[id]?.name ?? id} ${from[id]} → ${to[id]}`).join(", ");
  const rates =
    consumedBefore === null || consumedAfter === null
      ? ""
      : `: ${Math.round(consumedBefore).toLocaleString("en-US")} records/s before, ${Math.round(consumedAfter).toLocaleString("en-US")} after`;
  const what = effect === "worse" ? "made the job slower" : "brought nothing";
  return `${changes} ${what}${rates}`;
}

import type { Parallelism, ScaleInputs, VertexId, VertexInputs } from "../model/index.ts";
import { type Bounds, capOf, hottestShare, smallestSufficient } from "./align.ts";
import type { AutoscalerConfig } from "./settings.ts";

/** While a backlog drains a vertex may work up to this share; the rest is for noise. */
const CATCH_UP_UTILIZATION = 0.95;

/** What one vertex needs, in subtasks, and what it should get. */
export interface VertexProposal {
  readonly direction: "up" | "down" | "stay";
  readonly parallelism: number;
  /** Busy share of the hottest subtask at the present arrival rate and parallelism. */
  readonly utilization: number;
  /** True when even the largest allowed parallelism cannot carry the need. */
  readonly capped: boolean;
}

/** Above this busy share a vertex is short of subtasks; between it and the target it is left alone. */
export const highUtilization = (config: AutoscalerConfig): number =>
  config.targetUtilization + (1 - config.targetUtilization) / 3;

export function boundsOf(config: AutoscalerConfig, id: VertexId, vertex: VertexInputs): Bounds {
  const own = config.vertices[id] ?? config.vertices[vertex.name];
  const min = own?.min ?? config.minParallelism;
  const max = Math.max(min, own?.max ?? config.maxParallelism);
  return capOf(vertex, { min, max });
}

/**
 * The factor by which arrival has to be outdone so that the backlog is gone within the catch-up time after the
 * restart pause: 1 + (backlog + arrival × pause) / (catchUp × arrival), over all sources.
 */
export function catchUpFactor(inputs: ScaleInputs, config: AutoscalerConfig): number {
  const arrival = sourceArrival(inputs);
  if (arrival <= 0 || inputs.backlog === null) return 1;
  const afterPause = inputs.backlog + (arrival * inputs.restartPauseMs) / 1_000;
  return 1 + afterPause / ((config.catchUpMs / 1_000) * arrival);
}

/** Records per second that arrive at all sources together. */
export function sourceArrival(inputs: ScaleInputs): number {
  return Object.values(inputs.vertices)
    .filter((v) => v.source)
    .reduce((sum, v) => sum + (v.arrivalRate ?? 0), 0);
}

/** Subtasks' worth of work of `rate` records per second when a subtask may be busy for `share` of its time. */
function subtasksFor(vertex: VertexInputs, rate: number, share: number): number {
  if (rate <= 0 || vertex.capacity === null || vertex.capacity <= 0) return 0;
  return (rate / vertex.capacity) * vertex.parallelism * (1 / share);
}

function proposeVertex(
  id: VertexId,
  vertex: VertexInputs,
  inputs: ScaleInputs,
  config: AutoscalerConfig,
): VertexProposal {
  const arrival = vertex.arrivalRate ?? 0;
  const peak = Math.max(arrival, vertex.peakArrivalRate ?? arrival);
  const bounds = boundsOf(config, id, vertex);
  const current = vertex.parallelism;
  const hottest = hottestShare(vertex, current);
  const utilization = subtasksFor(vertex, arrival, 1) * hottest;
  // With nothing arriving there is no rate to multiply; the backlog alone then sets the pace.
  const idle = sourceArrival(inputs) <= 0;
  const drainRate = idle
    ? ((inputs.backlog ?? 0) * 1_000) / Math.max(1, config.catchUpMs)
    : arrival * catchUpFactor(inputs, config);
  const draining = subtasksFor(vertex, drainRate, CATCH_UP_UTILIZATION);
  const need = Math.max(subtasksFor(vertex, arrival, config.targetUtilization), draining);
  const up = smallestSufficient(vertex, need, bounds);
  const capped = need * hottestShare(vertex, bounds.max) > 1;
  const stay = { direction: "stay", parallelism: current, utilization, capped: false } as const;
  if (isExcluded(config, id, vertex)) return stay;
  const short = utilization > highUtilization(config) || draining * hottest > 1;
  if ((short && up > current) || current < bounds.min) {
    return { direction: "up", parallelism: up, utilization, capped };
  }
  const needAtPeak = Math.max(subtasksFor(vertex, peak, config.targetUtilization), draining);
  const down = smallestSufficient(vertex, needAtPeak, bounds);
  const low = subtasksFor(vertex, peak, 1) * hottest < config.lowUtilization;
  if ((low && down < current) || current > bounds.max) {
    return { direction: "down", parallelism: down, utilization, capped };
  }
  return { ...stay, capped: capped && short };
}

/**
 * What every vertex should have. When one must grow, only growth is proposed, so that a rescale for more never
 * takes away elsewhere; vertices between their target and the upper mark then take their due in the same rescale.
 * Vertices joined by a FORWARD edge keep equal parallelism. Needs complete inputs (see the guard `metric-missing`).
 */
export function propose(
  inputs: ScaleInputs,
  config: AutoscalerConfig,
): { readonly proposal: Parallelism; readonly vertices: Readonly<Record<VertexId, VertexProposal>> } {
  const entries = Object.entries(inputs.vertices);
  const vertices = Object.fromEntries(entries.map(([id, v]) => [id, proposeVertex(id, v, inputs, config)]));
  const growing = Object.values(vertices).some((p) => p.direction === "up");
  const most: Record<VertexId, number> = {};
  const proposal: Record<VertexId, number> = {};
  for (const [id, v] of entries) {
    const own = vertices[id];
    if (own === undefined) continue;
    const { max } = boundsOf(config, id, v);
    most[id] = isExcluded(config, id, v) ? v.parallelism : growing ? Math.max(max, v.parallelism) : max;
    const settled = own.direction === "up" || !growing;
    proposal[id] = settled ? own.parallelism : Math.max(v.parallelism, dueOf(id, v, own, config));
  }
  tieForwardEdges(inputs, proposal, most);
  for (const [id, own] of Object.entries(vertices)) {
    const allowed = proposal[id] ?? own.parallelism;
    if (allowed < own.parallelism) vertices[id] = { ...own, parallelism: allowed, capped: true };
  }
  return { proposal, vertices };
}

const isExcluded = (config: AutoscalerConfig, id: VertexId, v: VertexInputs): boolean =>
  (config.vertices[id] ?? config.vertices[v.name])?.exclude === true;

/** What a vertex takes when others grow anyway: enough for its target, unless it could do with less. */
function dueOf(id: VertexId, v: VertexInputs, own: VertexProposal, config: AutoscalerConfig): number {
  if (own.direction === "down" || isExcluded(config, id, v)) return v.parallelism;
  const due = subtasksFor(v, v.arrivalRate ?? 0, config.targetUtilization);
  return smallestSufficient(v, due, boundsOf(config, id, v));
}

/** A FORWARD edge deals records out one to one: its ends get the largest of their wishes that all of them allow. */
function tieForwardEdges(
  inputs: ScaleInputs,
  proposal: Record<VertexId, number>,
  most: Record<VertexId, number>,
): void {
  spreadForward(inputs, most, Math.min);
  for (const [id, p] of Object.entries(proposal)) proposal[id] = Math.min(p, most[id] ?? p);
  spreadForward(inputs, proposal, Math.max);
}

/** Gives all vertices that FORWARD edges join the same value, the one that `pick` finds among theirs. */
function spreadForward(
  inputs: ScaleInputs,
  values: Record<VertexId, number>,
  pick: (a: number, b: number) => number,
): void {
  let changed = true;
  while (changed) {
    changed = false;
    for (const [id, v] of Object.entries(inputs.vertices)) {
      for (const from of v.forwardInputs) {
        const a = values[id];
        const b = values[from];
        if (a === undefined || b === undefined || a === b) continue;
        values[id] = values[from] = pick(a, b);
        changed = true;
      }
    }
  }
}

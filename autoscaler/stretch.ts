import {
  inputsOf,
  isSource,
  type Milliseconds,
  numberOf,
  type Observation,
  type VertexId,
} from "../model/index.ts";

/** A vertex this busy, or one that all before it wait for this much, gives all it has. */
const BUSY = 0.85;
const WAITED_FOR = 0.5;
/** Above this it waits for others itself, and its rate is theirs. */
const HELD_BACK = 0.3;
/** Pending records that grow or fall by less than this share of what is read stand still. */
const SOME_GROWTH = 0.02;

/** What one vertex gave over a stretch of observations of one attempt. */
export interface VertexStretch {
  /** Records per second read. */
  readonly rate: number;
  readonly busyShare: number;
  readonly heldShare: number;
  /** Whether it gave all it had, and was not held back by others, in most of the time. */
  readonly saturated: boolean;
  /**
   * Records per second that all its subtasks together can read: while those before it wait for it the most that it was
   * seen to read, else its rate ÷ its busy share. Null: it hardly worked.
   */
  readonly capacity: number | null;
}

/** The newest observations that hold `taskMs` of the job's task time, oldest first. */
export function newestStretch(
  observations: readonly Observation[],
  taskMs: Milliseconds,
): readonly Observation[] {
  let time = 0;
  let from = observations.length;
  while (from > 0 && time < taskMs) {
    from -= 1;
    time += taskTimeOf(observations[from]);
  }
  return observations.slice(from);
}

/** Task time that an observation covers: of the vertex that tells the most. */
export const taskTimeOf = (o: Observation | undefined): Milliseconds =>
  Math.max(0, ...Object.values(o?.vertices ?? {}).map((v) => numberOf(v.taskMs) ?? 0));

/** Records per second that all sources together consumed, weighted by task time; null: not known of all. */
export function consumedIn(observations: readonly Observation[]): number | null {
  const graph = observations.at(-1)?.graph;
  if (graph === undefined) return null;
  const sources = graph.vertices.filter((v) => isSource(graph, v.id));
  let sum = 0;
  for (const { id } of sources) {
    const rate = meanOf(observations, id, (v) => numberOf(v.inRate));
    if (rate === null) return null;
    sum += rate;
  }
  return sources.length === 0 ? null : sum;
}

/** Whether records pile up: pending records grow by more than 2 % of what is consumed, or a source is held back. */
export function isBehind(observations: readonly Observation[]): boolean {
  const graph = observations.at(-1)?.graph;
  if (graph === undefined) return false;
  return graph.vertices.some(({ id }) => {
    if (!isSource(graph, id)) return false;
    const growth = meanOf(observations, id, (v) => numberOf(v.pendingGrowth)) ?? 0;
    const rate = meanOf(observations, id, (v) => numberOf(v.inRate)) ?? 0;
    const held = meanOf(observations, id, (v) => numberOf(v.backPressuredShare)) ?? 0;
    return growth > SOME_GROWTH * Math.max(rate, 1) || held > HELD_BACK;
  });
}

/** Whether no source falls behind, and one reads its backlog down: by more than 2 % of what it consumes. */
export function isDraining(observations: readonly Observation[]): boolean {
  const graph = observations.at(-1)?.graph;
  if (graph === undefined) return false;
  const shares = graph.vertices
    .filter(({ id }) => isSource(graph, id))
    .map(({ id }) => {
      const growth = meanOf(observations, id, (v) => numberOf(v.pendingGrowth)) ?? 0;
      return growth / Math.max(1, meanOf(observations, id, (v) => numberOf(v.inRate)) ?? 0);
    });
  return shares.every((share) => share <= SOME_GROWTH) && shares.some((share) => share < -SOME_GROWTH);
}

/** `undefined` without readings of the vertex. */
export function vertexStretch(observations: readonly Observation[], id: VertexId): VertexStretch | undefined {
  const rate = meanOf(observations, id, (v) => numberOf(v.inRate));
  const busyShare = meanOf(observations, id, (v) => numberOf(v.busyShare));
  const heldShare = meanOf(observations, id, (v) => numberOf(v.backPressuredShare));
  if (rate === null || busyShare === null || heldShare === null) return undefined;
  let full = 0;
  let all = 0;
  let most = 0;
  for (const o of observations) {
    const time = numberOf(o.vertices[id]?.taskMs) ?? 0;
    all += time;
    if (givesAll(o, id)) full += time;
    if (isWaitedFor(o, id)) most = Math.max(most, numberOf(o.vertices[id]?.inRate) ?? 0);
  }
  const byBusy = busyShare > 0.05 ? rate / busyShare : null;
  return {
    rate,
    busyShare,
    heldShare,
    saturated: all > 0 && full / all > 0.5,
    capacity: busyShare < BUSY && most > 0 ? most : byBusy,
  };
}

const shareOf = (o: Observation, id: VertexId, share: "busyShare" | "backPressuredShare"): number =>
  numberOf(o.vertices[id]?.[share]) ?? 0;

/** All before it wait for it, and it waits for nobody. */
function isWaitedFor(o: Observation, id: VertexId): boolean {
  const before = inputsOf(o.graph, id);
  return (
    before.length > 0 &&
    before.every((e) => shareOf(o, e.from, "backPressuredShare") > WAITED_FOR) &&
    shareOf(o, id, "backPressuredShare") < HELD_BACK
  );
}

const givesAll = (o: Observation, id: VertexId): boolean =>
  isWaitedFor(o, id) ||
  (shareOf(o, id, "busyShare") >= BUSY && shareOf(o, id, "backPressuredShare") < HELD_BACK);

/** Mean over task time of what the readings of a vertex tell; null: none did. */
function meanOf(
  observations: readonly Observation[],
  id: VertexId,
  value: (v: Observation["vertices"][string]) => number | undefined,
): number | null {
  let sum = 0;
  let time = 0;
  for (const { vertices } of observations) {
    const v = vertices[id];
    const taskMs = numberOf(v?.taskMs);
    const told = v === undefined ? undefined : value(v);
    if (taskMs === undefined || told === undefined) continue;
    sum += told * taskMs;
    time += taskMs;
  }
  return time > 0 ? sum / time : null;
}

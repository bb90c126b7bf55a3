import { type Instant, type JobReadout, numberOf, type VertexId } from "../../../../model/index.ts";

/** Counters of one vertex over all subtasks; undefined: not told. */
interface Counters {
  readonly read: number | undefined;
  readonly written: number | undefined;
  readonly busyMs: number | undefined;
}

export interface CounterLook {
  readonly at: Instant;
  readonly runningSince: Instant;
  readonly vertices: Readonly<Record<VertexId, Counters>>;
  /** Records waiting before all sources. */
  readonly pending: number | undefined;
}

/** The counters of a look. Sources count what they consume; where that is missing, what they wrote. */
export function countersOf(readout: JobReadout): CounterLook {
  const vertices: Record<VertexId, Counters> = {};
  for (const [id, v] of Object.entries(readout.vertices)) {
    const source = readout.sources[id];
    vertices[id] = {
      read: numberOf(source?.consumedRecords) ?? numberOf(v.readRecords),
      written: numberOf(v.writeRecords),
      busyMs: numberOf(v.busyMs),
    };
  }
  const waiting = Object.values(readout.sources).map((s) => numberOf(s.pendingRecords));
  const pending = waiting.every((n) => n !== undefined) ? waiting.reduce((a, b) => a + b, 0) : undefined;
  return { at: readout.at, runningSince: readout.runningSince, vertices, pending };
}

/** What moved between two looks at one attempt, per second. */
export interface Moved {
  readonly seconds: number;
  /** Records read per second. */
  readonly read: number;
  readonly written: number;
  /** Busy seconds per second, over all subtasks. */
  readonly busy: number;
}

/** Undefined where a counter is missing, was reset, or no time has passed. */
export function movedBetween(before: CounterLook, now: CounterLook, id: VertexId): Moved | undefined {
  const [a, b] = [before.vertices[id], now.vertices[id]];
  const seconds = (now.at - before.at) / 1_000;
  if (before.runningSince !== now.runningSince || seconds <= 0) return undefined;
  const [read, written, busyMs] = [
    difference(a?.read, b?.read),
    difference(a?.written, b?.written),
    difference(a?.busyMs, b?.busyMs),
  ];
  if (read === undefined || busyMs === undefined) return undefined;
  return { seconds, read: read / seconds, written: (written ?? 0) / seconds, busy: busyMs / 1_000 / seconds };
}

const difference = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined || b < a ? undefined : b - a;

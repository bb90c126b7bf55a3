import type { Measure } from "./fidelity-plan.ts";
import { medianOf, type PendingLook, type Snapshot } from "./fidelity-snapshots.ts";
import { type Counters, taskClockOf } from "./fidelity-trace.ts";

export type Unit = "records/s" | "records" | "ms/record" | "share" | "s";

/** What one phase saw: snapshots of one attempt, and what came with them. */
export interface Window {
  readonly first: Snapshot;
  readonly last: Snapshot;
  readonly snapshots: readonly Snapshot[];
  readonly pending: readonly PendingLook[];
  readonly checkpointS: readonly number[];
}

interface Measured {
  readonly name: string;
  readonly unit: Unit;
  of(window: Window): number | undefined;
}

type Vertex = keyof Snapshot["vertices"];
const EDGES: readonly (readonly [Vertex, Vertex])[] = [
  ["gen", "work"],
  ["work", "count"],
  ["count", "drop"],
];

/** What each measure gives, in the order of the table. */
export const MEASURES: Readonly<Record<Measure, readonly Measured[]>> = {
  throughput: [
    { name: "read by work, by the target's time", unit: "records/s", of: throughputByTime },
    { name: "read by work, by the task's clock", unit: "records/s", of: throughputByClock },
  ],
  cost: (["work", "count"] as const).map((v) => ({
    name: `cost of ${v}`,
    unit: "ms/record" as const,
    of: (w) =>
      ratio(
        grown(w, v, (c) => c.busyMs),
        grown(w, v, (c) => c.read),
      ),
  })),
  "back-pressure": [
    {
      name: "source back-pressured",
      unit: "share",
      of: (w) =>
        ratio(
          grown(w, "gen", (c) => c.backPressuredMs),
          grown(w, "gen", taskClockOf),
        ),
    },
  ],
  pending: [
    { name: "pending, median", unit: "records", of: (w) => medianOf(w.pending.map((look) => look.pending)) },
    { name: "pending, last", unit: "records", of: (w) => w.pending.at(-1)?.pending },
  ],
  growth: [{ name: "growth of pending", unit: "records/s", of: growthOf }],
  "in-flight": EDGES.flatMap(([from, to]) => {
    const inFlight = (s: Snapshot) => difference(s.vertices[from].written, s.vertices[to].read);
    const edge = `in flight ${from} → ${to}`;
    return [
      {
        name: `${edge}, median`,
        unit: "records" as const,
        of: (w: Window) => medianOf(w.snapshots.map(inFlight)),
      },
      {
        name: `${edge}, highest`,
        unit: "records" as const,
        of: (w: Window) => maxOf(w.snapshots.map(inFlight)),
      },
    ];
  }),
  emitted: [
    {
      name: "read by drop, by the target's time",
      unit: "records/s",
      of: (w) =>
        ratio(
          grown(w, "drop", (c) => c.read),
          secondsOf(w),
        ),
    },
  ],
  checkpoint: [{ name: "checkpoint duration, median", unit: "s", of: (w) => medianOf(w.checkpointS) }],
};

function throughputByTime(w: Window): number | undefined {
  return ratio(
    grown(w, "work", (c) => c.read),
    secondsOf(w),
  );
}

const secondsOf = (w: Window): number => (w.last.atMs - w.first.atMs) / 1_000;

function throughputByClock(w: Window): number | undefined {
  const clockMs = grown(w, "work", taskClockOf);
  const seconds = clockMs === undefined ? undefined : clockMs / w.last.vertices.work.parallelism / 1_000;
  return ratio(
    grown(w, "work", (c) => c.read),
    seconds,
  );
}

function growthOf(w: Window): number | undefined {
  const [first, last] = [w.pending[0], w.pending.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return ratio(last.pending - first.pending, (last.atMs - first.atMs) / 1_000);
}

/** How much a counter of a vertex grew over the window. */
function grown(w: Window, vertex: Vertex, of: (c: Counters) => number | undefined): number | undefined {
  return difference(of(w.last.vertices[vertex]), of(w.first.vertices[vertex]));
}

function difference(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a - b;
}

function ratio(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined || b <= 0 ? undefined : a / b;
}

function maxOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((v) => v !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

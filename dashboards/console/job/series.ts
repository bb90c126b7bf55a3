import type { Parallelism } from "../../../model/index.ts";
import type { HistoryPoint } from "../api/replies.ts";

/** `null` leaves a gap; `undefined` is passed over, so that the line goes on. */
export type Values = readonly (number | null | undefined)[];

/** Columns as charts want them: seconds since 1970, then one column a line. */
export interface Columns {
  readonly names: readonly string[];
  readonly data: readonly [readonly number[], ...Values[]];
}

/** By age of a point: how far behind the one before it may lie. Outrider keeps the past coarser, see its history. */
const USUAL_DISTANCES: readonly { readonly untilMs: number; readonly mostMs: number }[] = [
  { untilMs: 570_000, mostMs: 20_000 },
  { untilMs: 3_500_000, mostMs: 45_000 },
  { untilMs: Number.POSITIVE_INFINITY, mostMs: 480_000 },
];
/** Where passes are rare by configuration, distances are judged by the one before. */
const GAP_FACTOR = 4;

/** Lines beyond this cannot be told apart; the least changing vertices are left out first. */
export const MOST_LINES = 8;

/** Puts newer points behind older ones; parallelism that is absent is carried on. Bounded in number. */
export function appendHistory(
  old: readonly HistoryPoint[],
  newer: readonly HistoryPoint[],
): readonly HistoryPoint[] {
  const last = old.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  let parallelism = old.at(-1)?.parallelism;
  const added = newer
    .filter((p) => p.at > last)
    .map((p) => {
      parallelism = p.parallelism ?? parallelism;
      return parallelism === undefined ? p : { ...p, parallelism };
    });
  return added.length === 0 ? old : [...old, ...added].slice(-MOST_POINTS);
}
const MOST_POINTS = 4_000;

/** Points of the last `rangeMs`, and the one before them so that lines come in from the edge. */
export function cut(points: readonly HistoryPoint[], from: number): readonly HistoryPoint[] {
  const first = points.findIndex((p) => p.at >= from);
  return first < 0 ? points.slice(-1) : points.slice(Math.max(0, first - 1));
}

/** Flink's counters move more seldom than they are read: a line goes on over readings that are missing so long. */
const BRIDGED_MS = 30_000;

/** Short runs of null between two values become undefined. */
function bridge(values: readonly (number | null)[], spaced: readonly Spaced[]): Values {
  const bridged: (number | null | undefined)[] = [...values];
  let last = -1;
  for (const [i, value] of values.entries()) {
    if (value === null) continue;
    const holes = spaced.slice(last + 1, i);
    const short = last >= 0 && timeOf(spaced[i]) - timeOf(spaced[last]) <= BRIDGED_MS;
    if (short && holes.every((p) => "at" in p && p.running)) bridged.fill(undefined, last + 1, i);
    last = i;
  }
  return bridged;
}

/** The value that a line has now: the newest one, unless that is older than a line goes on without. */
export function newestValue(values: Values, seconds: readonly number[]): number | null {
  const place = values.findLastIndex((v) => typeof v === "number");
  const age = (seconds.at(-1) ?? 0) - (seconds[place] ?? Number.NEGATIVE_INFINITY);
  return age * 1_000 > BRIDGED_MS ? null : (values[place] ?? null);
}

type NumberKey = "backlog" | "arrivalRate" | "consumptionRate" | "busiestShare";

/** Lines of numbers. */
export function numberColumns(
  points: readonly HistoryPoint[],
  lines: readonly (readonly [string, NumberKey])[],
): Columns {
  const spaced = withGaps(points);
  const columns = lines.map(([, key]) =>
    bridge(
      spaced.map((p) => ("at" in p ? p[key] : null)),
      spaced,
    ),
  );
  return { names: lines.map(([name]) => name), data: [times(spaced), ...columns] };
}

/** One line a vertex; where there are too many, those that changed most stay. */
export function parallelismColumns(points: readonly HistoryPoint[]): Columns {
  const names = choose(points.map((p) => p.parallelism ?? {}));
  const spaced = withGaps(points);
  const columns = names.map((name) =>
    spaced.map((p) => ("at" in p && p.running ? (p.parallelism?.[name] ?? null) : null)),
  );
  return { names, data: [times(spaced), ...columns] };
}

/** When the job did not run, as pairs of seconds; each lasts until the next point. */
export function stoppedRanges(points: readonly HistoryPoint[]): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  for (const [i, p] of points.entries()) {
    if (p.running) continue;
    const end = (points[i + 1]?.at ?? p.at) / 1_000;
    const last = ranges.at(-1);
    if (last !== undefined && points[i - 1]?.running === false) last[1] = end;
    else ranges.push([p.at / 1_000, end]);
  }
  return ranges;
}

function choose(all: readonly Parallelism[]): readonly string[] {
  const newest = Object.keys(all.at(-1) ?? {});
  if (newest.length <= MOST_LINES) return newest;
  const changes = (name: string) => new Set(all.map((p) => p[name])).size;
  const weight = (name: string) => changes(name) * 1_000_000 + (all.at(-1)?.[name] ?? 0);
  const kept = new Set(newest.toSorted((a, b) => weight(b) - weight(a)).slice(0, MOST_LINES));
  return newest.filter((name) => kept.has(name));
}

type Spaced = HistoryPoint | { readonly gapAt: number };

const timeOf = (p: Spaced | undefined): number => (p === undefined ? 0 : "at" in p ? p.at : p.gapAt);
const times = (points: readonly Spaced[]): number[] => points.map((p) => timeOf(p) / 1_000);

/** A null in every hole, so that nothing is drawn where nothing was seen. */
function withGaps(points: readonly HistoryPoint[]): readonly Spaced[] {
  const newest = points.at(-1)?.at ?? 0;
  const spaced: Spaced[] = [];
  for (const [i, p] of points.entries()) {
    const before = points[i - 1];
    if (before !== undefined) {
      const usual = USUAL_DISTANCES.find((d) => newest - before.at < d.untilMs)?.mostMs ?? 0;
      const rhythm = GAP_FACTOR * (before.at - (points[i - 2]?.at ?? before.at));
      if (p.at - before.at > Math.max(usual, rhythm)) spaced.push({ gapAt: before.at + 1 });
    }
    spaced.push(p);
  }
  return spaced;
}

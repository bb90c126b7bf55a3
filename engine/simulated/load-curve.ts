import type { Milliseconds } from "../../model/index.ts";
import type { LoadCurve } from "./world.ts";

/** From `startMs` until the next line begins the rate goes straight from `from` to `to` (records per second). */
export interface Line {
  readonly startMs: Milliseconds;
  readonly from: number;
  readonly to: number;
}

/** A rate that is reached at `atMs`, at once or over `rampMs`, and held until the next point. */
export interface LoadPoint {
  readonly atMs: Milliseconds;
  readonly rate: number;
  readonly rampMs: Milliseconds;
}

export interface PiecewiseLoad extends LoadCurve {
  /** Records per second in the long run: the mean of a period, or the last rate, which stays for ever. */
  readonly meanRate: number;
}

/** Straight lines that stand for one period of a sine: 2e-5 of the amplitude away from it at most. */
const LINES_PER_SINE = 500;

/**
 * A curve of straight lines in the order of time, the first of which begins at 0. With `repeatMs` it starts anew
 * after that long, otherwise its last rate stays. Both questions take O(log lines). The integral is computed so
 * that rounding cannot make it fall: each line is measured from its lower end.
 */
export function createLoadCurve(lines: readonly Line[], repeatMs?: Milliseconds): PiecewiseLoad {
  const within = repeatMs === undefined ? lines : lines.filter((line) => line.startMs < repeatMs);
  const pieces = toPieces(within, repeatMs);
  const period = repeatMs ?? Number.POSITIVE_INFINITY;
  const total = repeatMs === undefined ? 0 : arrivedIn(pieces, repeatMs);
  return {
    meanRate: repeatMs === undefined ? (pieces.at(-1)?.to ?? 0) : (total / repeatMs) * 1_000,
    rateAt(ms) {
      const at = ms % period;
      const piece = pieceAt(pieces, at);
      if (piece === undefined || piece.lengthMs === 0) return 0;
      // The share is at most 1, so the rate stays between the two ends.
      const share = Math.max(0, at - piece.startMs) / piece.lengthMs;
      return piece.from * (1 - share) + piece.to * share;
    },
    arrivedBy(ms) {
      if (!(ms > 0)) return 0;
      const at = ms % period;
      if (repeatMs === undefined) return arrivedIn(pieces, at);
      const periods = Math.round((ms - at) / repeatMs);
      return Math.min(periods * total + arrivedIn(pieces, at), (periods + 1) * total);
    },
  };
}

interface Piece extends Line {
  readonly lengthMs: Milliseconds;
  /** Records before it, and until its end. */
  readonly before: number;
  readonly after: number;
}

function toPieces(lines: readonly Line[], repeatMs: Milliseconds | undefined): readonly Piece[] {
  let before = 0;
  return lines.map((line, i) => {
    const endMs = lines[i + 1]?.startMs ?? repeatMs ?? Number.POSITIVE_INFINITY;
    const lengthMs = endMs - line.startMs;
    // What stays for ever stays at one rate.
    const from = lengthMs === Number.POSITIVE_INFINITY ? line.to : line.from;
    const mean = (from + line.to) / 2;
    const after = before + (mean === 0 ? 0 : (mean * lengthMs) / 1_000);
    const piece = { startMs: line.startMs, from, to: line.to, lengthMs, before, after };
    before = after;
    return piece;
  });
}

/** The last piece that begins at or before `at`: where two meet, the later one holds. */
function pieceAt(pieces: readonly Piece[], at: Milliseconds): Piece | undefined {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((pieces[middle]?.startMs ?? Infinity) <= at) low = middle;
    else high = middle - 1;
  }
  return pieces[low];
}

/** E.g. from 0 to 100/s in 10 s: 5 s in, 5 × (0 + 10 × 5 / 2) = 125 records. */
function arrivedIn(pieces: readonly Piece[], at: Milliseconds): number {
  const piece = pieceAt(pieces, at);
  if (piece === undefined) return 0;
  const since = at - piece.startMs;
  const left = piece.lengthMs - since;
  if (piece.from === piece.to) return Math.min(piece.after, piece.before + (since * piece.from) / 1_000);
  const slope = Math.abs(piece.to - piece.from) / piece.lengthMs;
  if (piece.to > piece.from) {
    return Math.min(piece.after, piece.before + (since * (piece.from + (slope * since) / 2)) / 1_000);
  }
  return Math.max(piece.before, piece.after - (left * (piece.to + (slope * left) / 2)) / 1_000);
}

/** Points in the order of time. Before the first one it is 0, or, where the curve repeats, as after the last one. */
export function linesOfPoints(points: readonly LoadPoint[], repeats: boolean): readonly Line[] {
  let level = repeats ? (points.at(-1)?.rate ?? 0) : 0;
  const lines: Line[] = [{ startMs: 0, from: level, to: level }];
  for (const { atMs, rate, rampMs } of points) {
    if (rampMs > 0) lines.push({ startMs: atMs, from: level, to: rate });
    lines.push({ startMs: atMs + rampMs, from: rate, to: rate });
    level = rate;
  }
  return lines;
}

/** Pairs `[minute, rate]` joined by straight lines; where the curve repeats, the last joins the first as well. */
export function linesOfMinutes(
  pairs: readonly (readonly [number, number])[],
  repeatMs: Milliseconds | undefined,
): readonly Line[] {
  const knots = pairs.map(([minute, rate]) => ({ atMs: minute * 60_000, rate }));
  const [first, last] = [knots[0], knots.at(-1)];
  if (first === undefined || last === undefined) return [];
  const lines = knots.map((knot, i) => ({
    startMs: knot.atMs,
    from: knot.rate,
    to: (knots[i + 1] ?? (repeatMs === undefined ? last : first)).rate,
  }));
  if (first.atMs === 0) return lines;
  if (repeatMs === undefined) return [{ startMs: 0, from: first.rate, to: first.rate }, ...lines];
  // The line from the last to the first knot crosses the end of the period: it is cut there.
  const gap = repeatMs - last.atMs + first.atMs;
  const atEnd = last.rate + ((first.rate - last.rate) * (repeatMs - last.atMs)) / gap;
  return [
    { startMs: 0, from: atEnd, to: first.rate },
    ...lines.slice(0, -1),
    { startMs: last.atMs, from: last.rate, to: atEnd },
  ];
}

/** One period of `mean + amplitude × cos(2π (t − peakAt) / period)`, as straight lines; never below 0. */
export function linesOfSine(sine: {
  readonly mean: number;
  readonly amplitude: number;
  readonly periodMs: Milliseconds;
  readonly peakAtMs: Milliseconds;
}): readonly Line[] {
  const { mean, amplitude, periodMs, peakAtMs } = sine;
  const rates = Array.from({ length: LINES_PER_SINE + 1 }, (_, i) => {
    const angle = 2 * Math.PI * (i / LINES_PER_SINE - peakAtMs / periodMs);
    return Math.max(0, mean + amplitude * Math.cos(angle));
  });
  return rates.slice(0, -1).map((from, i) => ({
    startMs: (i * periodMs) / LINES_PER_SINE,
    from,
    to: rates[i + 1] ?? from,
  }));
}

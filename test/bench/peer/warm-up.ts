import type { LoadSeries } from "../../../autoscaler/index.ts";
import type { Milliseconds } from "../../../model/index.ts";
import type { BenchWorld, ContestSetup, LoadCurve } from "../../../sidecar/whatif/contest.ts";
import type { RunTrace } from "../../../sidecar/whatif/run.ts";
import type { Contest } from "../autoscaler/contest-row.ts";
import type { BenchLoad } from "../autoscaler/loads.ts";

/**
 * Every policy runs this long before its score begins, so that the windows of all are full: the Java autoscaler's
 * defaults need 5 minutes of stabilization and 15 of window.
 */
export const WARM_UP_MS: Milliseconds = 30 * 60_000;

/** The rates of the warm-up, in even steps that fill it. */
interface Before {
  readonly stepMs: Milliseconds;
  readonly rates: readonly number[];
}

/**
 * The same contest with the warm-up in front of its load: the last 30 minutes of its history where it has one, else
 * the rate that it begins with. The history ends where the warm-up begins. The scored time follows at `WARM_UP_MS`.
 */
export function warmed(contest: Contest): Contest {
  const { bench, load } = contest;
  const history = (fullRate: number, epoch: number): LoadSeries | null =>
    load.history(fullRate, epoch + WARM_UP_MS);
  const curve = (fullRate: number): LoadCurve => {
    const scored = bench.ownLoad ?? load.curve(fullRate);
    return behind(beforeOf(history(fullRate, 0), scored.rateAt(0)), scored);
  };
  const { ownLoad: _, ...plain } = bench;
  const ownCurve: Partial<BenchWorld> = bench.ownLoad === undefined ? {} : { ownLoad: curve(bench.fullRate) };
  const warmLoad: BenchLoad = {
    ...load,
    curve,
    history: (fullRate, epoch) => withoutEnd(history(fullRate, epoch)),
  };
  return { ...contest, bench: { ...plain, ...ownCurve }, load: warmLoad };
}

const stepsIn = ({ stepMs }: LoadSeries): number => Math.floor(WARM_UP_MS / stepMs);

function withoutEnd(series: LoadSeries | null): LoadSeries | null {
  if (series === null) return null;
  const values = series.values.slice(0, Math.max(0, series.values.length - stepsIn(series)));
  return values.length === 0 ? null : { ...series, values };
}

function beforeOf(history: LoadSeries | null, first: number): Before {
  const steps = history === null ? 0 : stepsIn(history);
  if (history === null || history.values.length < steps) return { stepMs: WARM_UP_MS, rates: [first] };
  let last = first;
  const rates = history.values.slice(-steps).map((rate) => {
    last = rate ?? last;
    return last;
  });
  return { stepMs: history.stepMs, rates };
}

function behind({ stepMs, rates }: Before, scored: LoadCurve): LoadCurve {
  const sums = [0];
  for (const rate of rates) sums.push((sums.at(-1) ?? 0) + (rate * stepMs) / 1_000);
  const all = sums.at(-1) ?? 0;
  return {
    rateAt: (ms) =>
      ms >= WARM_UP_MS
        ? scored.rateAt(ms - WARM_UP_MS)
        : (rates[Math.max(0, Math.floor(ms / stepMs))] ?? rates[0] ?? 0),
    arrivedBy: (ms) => {
      if (ms >= WARM_UP_MS) return all + scored.arrivedBy(ms - WARM_UP_MS);
      const step = Math.max(0, Math.floor(ms / stepMs));
      return (sums[step] ?? 0) + ((rates[step] ?? 0) * Math.max(0, ms - step * stepMs)) / 1_000;
    },
  };
}

/** What is run: the setup of a warmed contest, as long as the warm-up and the scored time together. */
export const wholeRun = (setup: ContestSetup): ContestSetup => ({
  ...setup,
  durationMs: setup.durationMs + WARM_UP_MS,
});

/** The scored part of a run, as if it had begun then. What came true in the warm-up is none of its moves. */
export function scoredPart(trace: RunTrace): RunTrace {
  const skip = Math.min(trace.seconds, WARM_UP_MS / 1_000);
  const earlier = trace.moves.filter((m) => m.atMs <= WARM_UP_MS);
  return {
    ...trace,
    seconds: trace.seconds - skip,
    arrivals: trace.arrivals.subarray(skip),
    backlog: trace.backlog.subarray(skip),
    slots: trace.slots.subarray(skip),
    down: trace.down.subarray(skip),
    moves: trace.moves
      .filter((m) => m.atMs > WARM_UP_MS)
      .map((m) => ({ ...m, askedMs: m.askedMs - WARM_UP_MS, atMs: m.atMs - WARM_UP_MS })),
    askedMs: trace.askedMs.filter((ms) => ms >= WARM_UP_MS).map((ms) => ms - WARM_UP_MS),
    start: earlier.at(-1)?.to ?? trace.start,
  };
}

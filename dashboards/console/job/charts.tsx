import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { api } from "../api/client.ts";
import type { Decision, HistoryPoint } from "../api/replies.ts";
import { formatCount, formatRate, shorten } from "../format/number.ts";
import { noticeMoment, useNow } from "../live/now.ts";
import { usePolled } from "../live/polled.ts";
import { navigate } from "../routing/link.tsx";
import { toPath } from "../routing/route.ts";
import { Staleness } from "../ui/notice.tsx";
import { Chart } from "./chart.tsx";
import type { ChartMark } from "./chart-marks.ts";
import { appendHistory, cut, numberColumns, parallelismColumns, stoppedRanges } from "./series.ts";

const RANGES = [
  { label: "5 min", ms: 300_000 },
  { label: "30 min", ms: 1_800_000 },
  { label: "3 h", ms: 10_800_000 },
  { label: "24 h", ms: 86_400_000 },
] as const;

/** Backlog, rates and parallelism over time, with what was decided. */
export function Charts({
  job,
  decisions,
}: {
  readonly job: string;
  readonly decisions: readonly Decision[];
}) {
  const [rangeMs, setRange] = useState<number>(RANGES[0].ms);
  const points = useRef<readonly HistoryPoint[]>([]);
  const load = useCallback(async () => {
    const { items } = await api.history(job, points.current.at(-1)?.at ?? 0);
    points.current = appendHistory(points.current, items);
    noticeMoment(points.current.at(-1)?.at);
    return points.current;
  }, [job]);
  const history = usePolled(`history ${job}`, load);
  const now = useNow();
  const to = now / 1_000;
  const all = history.data ?? [];
  const from = beginOf(all, now, rangeMs) / 1_000;
  const columns = useMemo(() => {
    const shown = cut(all, all.length === 0 ? 0 : now - rangeMs);
    return {
      backlog: numberColumns(shown, [["Backlog", "backlog"]]),
      rates: numberColumns(shown, [
        ["Arriving", "arrivalRate"],
        ["Consumed", "consumptionRate"],
      ]),
      parallelism: parallelismColumns(shown),
      stopped: stoppedRanges(shown),
    };
    // New points come more seldom than seconds pass.
  }, [all, rangeMs]);
  const marks = useMemo(
    () => decisions.filter((d) => d.record.effective !== null).map((d) => toMark(job, d)),
    [job, decisions],
  );
  const common = { from, to, marks, stopped: columns.stopped, group: `charts ${job}` };
  return (
    <section class="card" aria-labelledby="charts-title">
      <div class="card-head">
        <h2 id="charts-title">Over time</h2>
        <fieldset class="segments" aria-label="Range of time">
          {RANGES.map(({ label, ms }) => (
            <button key={ms} type="button" aria-pressed={ms === rangeMs} onClick={() => setRange(ms)}>
              {label}
            </button>
          ))}
        </fieldset>
      </div>
      <Staleness of={history} what="History" />
      <div class="charts">
        <Chart {...common} title="Backlog, records" columns={columns.backlog} format={formatAxis} />
        <Chart
          {...common}
          title="Rate at the sources, records/s"
          columns={columns.rates}
          format={formatRateShort}
        />
        <Chart {...common} title="Parallelism" columns={columns.parallelism} format={formatCount} steps />
      </div>
      <p class="hint">
        Upright lines are decisions to rescale; dashed ones were not carried out. Shaded: the job did not run.
        Outrider keeps a day of this in memory, since its start.
      </p>
    </section>
  );
}

/** A short history fills the chart; a minute is the least that is shown. */
function beginOf(points: readonly HistoryPoint[], now: number, rangeMs: number): number {
  return Math.min(now - LEAST_RANGE_MS, Math.max(now - rangeMs, points[0]?.at ?? 0));
}
const LEAST_RANGE_MS = 60_000;

const formatAxis = (n: number | null | undefined): string => shorten(n);
const formatRateShort = (n: number | null | undefined): string =>
  typeof n === "number" && n < 10 ? formatRate(n).replace("/s", "") : shorten(n);

function toMark(job: string, { record, attempts }: Decision): ChartMark {
  const route = { view: "decision", key: job, id: record.id } as const;
  return {
    id: record.id,
    at: record.since / 1_000,
    label: record.sentence,
    carriedOut: attempts.length > 0,
    href: toPath(route),
    open: () => navigate(route),
  };
}

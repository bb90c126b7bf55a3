import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { THEME_CHANGED } from "../settings/theme.ts";
import { type ChartMark, placeMarks } from "./chart-marks.ts";
import { chartOptions } from "./chart-options.ts";
import { type Columns, newestValue } from "./series.ts";

interface ChartProps {
  readonly title: string;
  readonly columns: Columns;
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly format: (n: number | null | undefined) => string;
  readonly steps?: boolean;
  /** Time in which the job did not run, in seconds since 1970. */
  readonly stopped: readonly (readonly [number, number])[];
  readonly marks: readonly ChartMark[];
  /** Charts of one group move their cursors together. */
  readonly group: string;
}

/** A line chart over time. Its lines are named, with the value under the cursor or else the newest one. */
export function Chart(props: ChartProps) {
  const { title, columns, from, to, format, stopped, marks, group, steps = false } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const shaded = useRef(stopped);
  shaded.current = stopped;
  const range = useRef<[number, number]>([from, to]);
  range.current = [from, to];
  const [index, setIndex] = useState<number | null>(null);
  const [epoch, setEpoch] = useState(0);
  const names = JSON.stringify(columns.names);

  useEffect(() => {
    const repaint = () => setEpoch((n) => n + 1);
    window.addEventListener(THEME_CHANGED, repaint);
    return () => window.removeEventListener(THEME_CHANGED, repaint);
  }, []);

  // Data and range are set below, without building anew.
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const options = chartOptions({
      names: columns.names,
      width: element.clientWidth,
      steps,
      group,
      format,
      range: () => range.current,
      stopped: () => shaded.current,
      onCursor: setIndex,
    });
    const made = new uPlot(options, columns.data as unknown as uPlot.AlignedData, element);
    plot.current = made;
    const watcher = new ResizeObserver(() => {
      const width = element.clientWidth;
      if (width > 0 && width !== made.width) made.setSize({ width, height: made.height });
    });
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [names, steps, group, epoch]);

  useEffect(() => {
    plot.current?.setData(columns.data as unknown as uPlot.AlignedData, true);
  }, [columns.data, from, to]);
  useEffect(() => {
    if (plot.current !== undefined) placeMarks(plot.current, marks, from, to);
  }, [marks, from, to, epoch, names]);

  const shown = columns.names.map((name, line) => {
    const values = columns.data[line + 1] ?? [];
    return { name, value: format(index === null ? newestValue(values, columns.data[0]) : values[index]) };
  });
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">{title}</span>
        <ul class="chart-lines">
          {shown.map(({ name, value }, line) => (
            <li key={name}>
              <span class={`line-key line-${line % 8}`} aria-hidden="true" />
              <span class="line-name" title={name}>
                {name}
              </span>{" "}
              <b class="tabular">{value}</b>
            </li>
          ))}
        </ul>
      </figcaption>
      <div class="chart-place" ref={place} />
    </figure>
  );
}

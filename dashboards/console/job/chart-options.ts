import uPlot from "uplot";

/** Height of a chart in pixels. */
const HEIGHT = 150;
/** Colours of lines, as custom properties of the style sheet. */
const LINES = 8;

interface ChartSetup {
  readonly names: readonly string[];
  readonly width: number;
  readonly steps: boolean;
  readonly group: string;
  readonly format: (n: number | null | undefined) => string;
  readonly range: () => [number, number];
  /** Time in which the job did not run: shaded. */
  readonly stopped: () => readonly (readonly [number, number])[];
  readonly onCursor: (index: number | null) => void;
}

/** What a chart of ours looks like, in the words of the chart library. Colours are read from the style sheet. */
export function chartOptions(setup: ChartSetup): uPlot.Options {
  const muted = colourOf("--muted");
  const shadow = colourOf("--raised");
  const grid = { stroke: colourOf("--line"), width: 1 };
  const font = "12px system-ui, sans-serif";
  const ticks = { show: false };
  const paths = setup.steps ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    width: Math.max(200, setup.width),
    height: HEIGHT,
    legend: { show: false },
    cursor: {
      sync: { key: setup.group },
      drag: { x: false, y: false },
      points: { size: 7 },
    },
    scales: {
      x: { time: true, range: setup.range },
      y: { range: (_u, _min, max) => [0, headroom(max, setup.steps)] },
    },
    axes: [
      { stroke: muted, grid: { show: false }, ticks, font, size: 28, space: 72, values: clockLabels },
      {
        stroke: muted,
        grid,
        ticks,
        font,
        size: 64,
        space: 32,
        ...(setup.steps ? { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 10_000] } : {}),
        values: (_u, splits) => splits.map((n) => setup.format(n)),
      },
    ],
    series: [
      {},
      ...setup.names.map((label, i) => ({
        label,
        stroke: colourOf(`--series-${i % LINES}`),
        width: 2,
        spanGaps: false,
        points: { show: false },
        ...(paths === undefined ? {} : { paths }),
      })),
    ],
    hooks: {
      drawClear: [(u) => shade(u, setup.stopped(), shadow)],
      setCursor: [(u) => setup.onCursor(u.cursor.idx ?? null)],
    },
  };
}

function shade(u: uPlot, ranges: readonly (readonly [number, number])[], colour: string): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = colour;
  for (const [from, to] of ranges) {
    const left = u.valToPos(from, "x", true);
    ctx.fillRect(left, bbox.top, Math.max(2, u.valToPos(to, "x", true) - left), bbox.height);
  }
  ctx.restore();
}

/** Lines do not touch the upper edge; an empty chart has a scale all the same. */
export function headroom(max: number | null, whole: boolean): number {
  if (max === null || !Number.isFinite(max) || max <= 0) return whole ? 2 : 10;
  return whole ? max + 1 : max * 1.12;
}

const two = (n: number): string => String(n).padStart(2, "0");

/** `15:07`, and `15:07:30` where lines of the grid are less than a minute apart. */
function clockLabels(_u: uPlot, splits: number[], _axis: number, _space: number, step: number): string[] {
  return splits.map((s) => {
    const at = new Date(s * 1_000);
    const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
    return step < 60 ? `${time}:${two(at.getSeconds())}` : time;
  });
}

/** A canvas knows no custom properties: the browser computes the colour on an element that is not shown. */
function colourOf(property: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${property})`;
  probe.hidden = true;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

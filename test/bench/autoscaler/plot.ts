import type { DayCurve } from "./curves.ts";

/** Policies that are drawn; a plot of all of them says nothing. */
const DRAWN = ["oracle, 4 rescales", "outrider", "flink", "static-peak"];
const COLOURS: Readonly<Record<string, string>> = {
  "oracle, 4 rescales": "#2a9d4a",
  outrider: "#d1495b",
  flink: "#3d6fb6",
  "static-peak": "#8a8a8a",
};
const WIDTH = 960;
const HEIGHT = 340;
const LEFT = 48;
const RIGHT = 56;
const TOP = 36;
const BOTTOM = 30;
/** Points per line: more than there are pixels is of no use. */
const EVERY_MINUTES = 2;

/** Load (grey, right axis) and slots of the policies (left axis) over a day, as SVG for light and dark pages. */
export function plotOf(title: string, curves: readonly DayCurve[]): string {
  const drawn = DRAWN.flatMap((policy) => curves.filter((c) => c.policy === policy));
  const [any] = curves;
  const minutes = any?.rate.length ?? 0;
  const mostSlots = Math.max(1, ...drawn.map((c) => Math.max(...c.slots)));
  const mostRate = Math.max(1, ...(any?.rate ?? []));
  const x = (minute: number): number => LEFT + (minute / Math.max(1, minutes)) * (WIDTH - LEFT - RIGHT);
  const y = (share: number): number => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  const area = points(
    (any?.rate ?? []).map((r) => r / mostRate),
    x,
    y,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}: load and slots over time</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="16" fill="#222">${escaped(title)}: slots (left), load in records/s (grey, right)</text>`,
    ...gridOf(minutes, mostSlots, mostRate, x, y),
    `<polygon points="${x(0)},${y(0)} ${area} ${x(minutes)},${y(0)}" fill="#000" fill-opacity="0.08"/>`,
    ...drawn.map(
      (c) =>
        `<polyline points="${points(
          c.slots.map((s) => s / mostSlots),
          x,
          y,
        )}" fill="none" stroke="${COLOURS[c.policy] ?? "#000"}" stroke-width="1.5"/>`,
    ),
    ...drawn.map((c, i) => {
      const at = LEFT + i * 150;
      return `<rect x="${at}" y="23" width="10" height="3" fill="${COLOURS[c.policy] ?? "#000"}"/><text x="${at + 14}" y="29" fill="#222">${escaped(c.policy)}</text>`;
    }),
    "</svg>\n",
  ].join("\n");
}

function points(shares: readonly number[], x: (m: number) => number, y: (s: number) => number): string {
  return shares
    .flatMap((share, m) => (m % EVERY_MINUTES === 0 ? [`${x(m).toFixed(1)},${y(share).toFixed(1)}`] : []))
    .join(" ");
}

function gridOf(
  minutes: number,
  mostSlots: number,
  mostRate: number,
  x: (m: number) => number,
  y: (s: number) => number,
): readonly string[] {
  const lines = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(share)}" y2="${y(share)}" stroke="#ddd"/><text x="${LEFT - 6}" y="${y(share) + 4}" text-anchor="end" fill="#555">${(mostSlots * share).toFixed(0)}</text><text x="${WIDTH - RIGHT + 6}" y="${y(share) + 4}" fill="#555">${shortNumber(mostRate * share)}</text>`,
  );
  const hours = minutes / 60;
  const every = hours > 12 ? 3 : hours > 3 ? 1 : 0.25;
  const ticks = Array.from({ length: Math.floor(hours / every) + 1 }, (_, i) => i * every).map(
    (hour) =>
      `<text x="${x(hour * 60)}" y="${HEIGHT - 10}" text-anchor="middle" fill="#555">${hour} h</text>`,
  );
  return [...lines, ...ticks];
}

const shortNumber = (value: number): string =>
  value >= 1e6
    ? `${(value / 1e6).toFixed(1)}M`
    : value >= 1e4
      ? `${(value / 1e3).toFixed(0)}k`
      : value.toFixed(0);

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

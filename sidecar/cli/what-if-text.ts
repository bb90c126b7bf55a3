import { formatDuration } from "../../model/index.ts";
import type { Course } from "../whatif/course.ts";
import { table } from "./output.ts";

/** What `POST …/simulations` answers. */
export interface Simulation {
  readonly job: string;
  readonly minutes: number;
  readonly sentence: string;
  readonly courses: readonly Course[];
  readonly assumed: readonly string[];
}

const BARS = "▁▂▃▄▅▆▇█";
const CURVE_WIDTH = 40;

const NAMES: Readonly<Record<Course["name"], string>> = {
  without: "as it is",
  with: "as asked",
  outrider: "with Outrider",
};

/** The answer first, then the curves of the lag on one scale, then the numbers. */
export function whatIfText({ job, minutes, sentence, courses, assumed }: Simulation): string {
  const most = Math.max(1, ...courses.map((c) => c.peakLagSeconds));
  const width = Math.max(...courses.map((c) => NAMES[c.name].length));
  const curves = courses.map(
    (c) =>
      `  ${NAMES[c.name].padEnd(width)}  ${sparkline(
        c.points.map((p) => p.lagSeconds),
        most,
      )}`,
  );
  const scale = `Lag over ${formatDuration(minutes * 60_000)}; the highest bar is ${lagText(most)}:`;
  const rows = courses.map((c) => [
    NAMES[c.name],
    lagText(c.peakLagSeconds),
    lagText(c.endLagSeconds),
    c.drainSeconds === null ? "no" : lagText(c.drainSeconds),
    lagText(c.downSeconds),
    `${c.rescales}`,
    c.slotsBefore === c.slotsAfter ? `${c.slotsAfter}` : `${c.slotsBefore} → ${c.slotsAfter}`,
    c.slotHours.toFixed(1),
  ]);
  const head = ["", "PEAK LAG", "LAG AT END", "GONE AFTER", "DOWN", "RESCALES", "SLOTS", "SLOT-HOURS"];
  return [
    `${job}: ${sentence}`,
    "",
    scale,
    ...curves,
    "",
    table(head, rows),
    ...(assumed.length === 0 ? [] : ["", ...assumed.map((a) => `Assumed: ${a}`)]),
  ].join("\n");
}

const lagText = (seconds: number): string =>
  Math.round(seconds) === 0 ? "0 s" : formatDuration(Math.round(seconds) * 1_000);

/** One bar for each stretch, by its largest value; a space where nothing is known. */
export function sparkline(values: readonly (number | null)[], most: number, width = CURVE_WIDTH): string {
  const columns = Math.min(width, values.length);
  return Array.from({ length: columns }, (_, i) => {
    const from = Math.floor((i * values.length) / columns);
    const part = values.slice(from, Math.max(from + 1, Math.floor(((i + 1) * values.length) / columns)));
    const known = part.filter((v) => v !== null);
    if (known.length === 0) return " ";
    const share = most > 0 ? Math.max(...known) / most : 0;
    return BARS[Math.min(BARS.length - 1, Math.max(0, Math.ceil(share * BARS.length) - 1))] ?? " ";
  }).join("");
}

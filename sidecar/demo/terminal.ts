import { styleText } from "node:util";
import type { World } from "../../engine/simulated/index.ts";
import {
  formatDuration,
  type Instant,
  type JobKey,
  type Milliseconds,
  type Mode,
  parseJobKey,
} from "../../model/index.ts";
import type { StoryLine, Tone } from "./story.ts";
import type { DemoSummary } from "./summary.ts";

/** Colours only where they can be shown (a terminal, no NO_COLOR). */
export type Paint = (style: "green" | "yellow" | "cyan" | "dim" | "bold", text: string) => string;

/** Where the story is written to. */
export interface Screen {
  readonly paint: Paint;
  /** Characters per line; without it (a file, a pipe) nothing is wrapped. */
  readonly columns: number | undefined;
}

export const screenOf = (stream: NodeJS.WriteStream): Screen => ({
  paint: (style, text) => styleText(style, text, { stream }),
  columns: stream.isTTY ? stream.columns : undefined,
});

const COLOURS: Readonly<Record<Tone, Parameters<Paint>[0] | undefined>> = {
  act: "green",
  ask: "yellow",
  hold: "yellow",
  world: "cyan",
  calm: undefined,
};

/** The command for the Flink of whoever watches. */
const OWN_FLINK = "npm run -s outrider -- run --url http://your-flink:8081";
/** Narrower than this, wrapping helps nobody. */
const LEAST_COLUMNS = 40;

/** `00:41  payments  …`, minutes and seconds since the world began. */
export function lineText(line: StoryLine, epoch: Instant, nameWidth: number, screen: Screen): string {
  const { paint, columns } = screen;
  const colour = COLOURS[line.tone];
  const since = sinceText(line.at - epoch);
  const indent = since.length + nameWidth + 4;
  const parts = wrap(line.text, columns === undefined ? undefined : columns - indent);
  const painted = colour === undefined ? parts : parts.map((part) => paint(colour, part));
  const body = [...painted, ...(line.link === undefined ? [] : [line.link])].join(`\n${" ".repeat(indent)}`);
  return `${paint("dim", since)}  ${paint("bold", line.who.padEnd(nameWidth))}  ${body}`;
}

/** Lines of at most `width` characters, broken at blanks; a longer word stays whole. */
function wrap(text: string, width: number | undefined): readonly string[] {
  if (width === undefined || width < LEAST_COLUMNS) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function sinceText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
}

const pad = (n: number): string => String(n).padStart(2, "0");

export interface Welcome {
  readonly world: World;
  readonly flinkUrl: string;
  readonly speed: number;
  readonly modeOf: (jobName: string) => Mode;
  /** Whether Outrider knows how to start it again. */
  readonly startsAgain?: (jobName: string) => boolean;
}

/** What is going on here, in as few words as do; below the address. */
export function welcomeText(welcome: Welcome, screen: Screen): string {
  const { world, flinkUrl, speed, modeOf } = welcome;
  const width = widthOf(world);
  const { flinkVersion, taskManagers, slotsPerTaskManager } = world.cluster;
  const paragraph = (text: string): string => wrap(text, Math.min(screen.columns ?? 110, 110)).join("\n");
  const jobs = world.jobs.flatMap((job) => {
    const graph = job.vertices.map((v) => v.name).join(" > ");
    const name = screen.paint("bold", job.name.padEnd(width));
    return [`  ${name}  ${graph}`, `  ${" ".repeat(width)}  ${dealtWith(welcome, job.name)}`];
  });
  const asked = world.jobs.filter((job) => modeOf(job.name) === "approve").map((job) => job.name);
  const yours =
    asked.length === 0
      ? ""
      : ` A decision about ${asked.join(", ")} will wait there for your yes or no${limitsOf(world, asked)}.`;
  return [
    "",
    paragraph(
      "Outrider rides beside Apache Flink: it reads the metrics of your jobs, gives every vertex the parallelism that " +
        `its load needs, brings a failed job back from a checkpoint that it has proven whole, and says why. Here everything is real but Flink: a simulated Flink ${flinkVersion} with ` +
        `${taskManagers} TaskManagers of ${slotsPerTaskManager} slots, whose time runs ${speed} times as fast as yours, ` +
        `answers Flink's REST API at ${flinkUrl}.`,
    ),
    "",
    ...jobs,
    "",
    paragraph(
      `Open the address above: graphs, charts, and every decision with its reasons.${yours} Ctrl-C ends the demo. ` +
        'Below, "world" is what happens to the jobs, and Outrider is not told; the time is Flink\'s, in minutes:seconds.',
    ),
    "",
    "",
  ].join("\n");
}

/** That more subtasks will not help some of these jobs, as a clause. */
function limitsOf({ jobs }: World, names: readonly string[]): string {
  const limited = jobs
    .filter((job) => names.includes(job.name))
    .flatMap((job) => job.vertices.filter((v) => v.cap !== undefined).map((v) => `${v.name} of ${job.name}`));
  return limited.length === 0
    ? ""
    : `: a yes wins nothing, since the limit is behind ${limited.join(", ")}, which Outrider does not see yet`;
}

function dealtWith({ modeOf, startsAgain }: Welcome, job: string): string {
  const mode = modeOf(job);
  return mode === "act" && startsAgain?.(job) === true
    ? "Outrider scales it by itself, and brings it back when it has failed (mode act)"
    : MODES[mode];
}

const MODES: Readonly<Record<Mode, string>> = {
  act: "Outrider scales it by itself (mode act)",
  approve: "Outrider asks a person first (mode approve)",
  observe: "Outrider only watches (mode observe)",
};

/** What it came to, and how to go on. */
export function farewellText(
  { jobs }: DemoSummary,
  wallMs: Milliseconds,
  virtualMs: Milliseconds,
  { paint }: Screen,
): string {
  const lines = jobs.map(({ key, state, rescales, restores, parallelism }) => {
    const now = Object.entries(parallelism).map(([name, p]) => `${name} ${p}`);
    const done = [times(rescales, "rescale"), ...(restores === 0 ? [] : [times(restores, "restore")])];
    return `  ${nameOf(key)}: ${state}, ${done.join(", ")}; ${now.join(", ")}`;
  });
  return [
    "",
    `The demo ended after ${formatDuration(wallMs)}, which were ${formatDuration(virtualMs)} for its Flink. Nothing of it is kept.`,
    ...lines,
    "",
    "Beside a Flink of your own, changing nothing in it:",
    `  ${paint("bold", OWN_FLINK)}`,
    "",
  ].join("\n");
}

const times = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
const nameOf = (job: JobKey): string => parseJobKey(job)?.name ?? job;

/** Width of the column of names. */
export const widthOf = (world: World): number =>
  Math.max(...["world", "flink", ...world.jobs.map((j) => j.name)].map((name) => name.length));

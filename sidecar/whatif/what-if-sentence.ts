import { formatDuration } from "../../model/index.ts";
import type { Course } from "./course.ts";
import type { FittedJob } from "./fitted-job.ts";
import type { Question } from "./what-if.ts";

/** The answer in one or two sentences, for people: what the change brings, beside what comes without it. */
export function answerTo(fitted: FittedJob, question: Question, courses: readonly Course[]): string {
  const [without, changed, outrider] = courses;
  if (without === undefined || changed === undefined) throw new TypeError("a what-if runs twice");
  const span = formatDuration(question.minutes * 60_000);
  if (question.parallelism === undefined) {
    const load = loadText(fitted, question);
    const own =
      outrider === undefined
        ? ""
        : ` Outrider would ${outrider.rescales === 0 ? "leave it" : `rescale ${times(outrider.rescales)}, to ${sizesText(fitted, outrider)}`}: ${lagText(outrider, span)}, on ${outrider.slotsAfter} slots.`;
    return `${load} at the present size ${lagText(changed, span)}.${own}`;
  }
  const asked = Object.entries(question.parallelism).every(([id, p]) => changed.parallelism[id] === p);
  const short = asked ? "" : ` There are only slots for ${sizesText(fitted, changed)}.`;
  const load =
    question.loadFactor === undefined && question.load === undefined ? "" : ` ${loadText(fitted, question)},`;
  const slots = `${changed.slotsBefore} → ${changed.slotsAfter} slots`;
  return `With ${askedText(fitted, question)}${load === "" ? "" : `,${load.toLowerCase().replace(/,$/, "")}`} ${lagText(changed, span)} (${slots}, ${downText(changed)}). Without, ${lagText(without, span)}.${short}`;
}

function lagText({ peakLagSeconds, endLagSeconds, drainSeconds }: Course, span: string): string {
  const peak = formatDuration(Math.round(peakLagSeconds) * 1_000);
  if (drainSeconds === null)
    return endLagSeconds >= 0.9 * peakLagSeconds
      ? `lag grows to ${peak} within ${span}`
      : `lag peaks at ${peak} and is ${formatDuration(Math.round(endLagSeconds) * 1_000)} after ${span}`;
  if (drainSeconds === 0) return "lag stays below 2 s";
  return `lag peaks at ${peak} and is gone after ${formatDuration(drainSeconds * 1_000)}`;
}

/** A pause shorter than a second is hardly one that was measured, and 0 is none that anybody can promise. */
function downText({ rescales, downSeconds }: Course): string {
  if (downSeconds >= 1) return `${formatDuration(downSeconds * 1_000)} down`;
  return rescales === 0 ? "no restart" : "less than 1 s down";
}

function loadText(fitted: FittedJob, { loadFactor, load }: Question): string {
  if (load !== undefined) return "With that load";
  const rate = Math.round(fitted.rate * (loadFactor ?? 1)).toLocaleString("en-US");
  return `With ${loadFactor} times the load (${rate} records/s)`;
}

const times = (count: number): string => (count === 1 ? "once" : count === 2 ? "twice" : `${count} times`);

/** Sizes of the vertices whose size changed; all of them where none did. */
function sizesText({ vertices }: FittedJob, { parallelism }: Course): string {
  const changed = vertices.filter((v) => (parallelism[v.id] ?? v.parallelism) !== v.parallelism);
  const shown = changed.length > 0 ? changed : vertices;
  return shown.map((v) => `${v.name} ${parallelism[v.id] ?? v.parallelism}`).join(", ");
}

const askedText = ({ vertices }: FittedJob, { parallelism = {} }: Question): string =>
  vertices
    .flatMap((v) => (parallelism[v.id] === undefined ? [] : [`${v.name} ${parallelism[v.id]}`]))
    .join(", ");

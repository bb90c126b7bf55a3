import type { Instant } from "../../model/index.ts";
import { type LocalTime, parseQuartz } from "./quartz.ts";

/** Whether a moment of local time lies inside a period. */
export type Period = (time: LocalTime) => boolean;

const TIME = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?::(\d{1,3}))?)?$/;

/**
 * One entry of `excluded.periods`: a Quartz cron expression, a time of day `HH:mm:ss-HH:mm:ss` (both ends belong to
 * it), or one of each joined by `&&`. A string says what is wrong with it.
 */
export function parsePeriod(text: string): Period | string {
  const parts = text.split("&&").map((part) => part.trim());
  if (parts.length > 2)
    return `excluded period "${text}": got ${parts.length} parts; expected at most two joined by &&`;
  const periods: Period[] = [];
  let daily = 0;
  for (const part of parts) {
    const ofDay = parseDaily(part);
    const period = ofDay ?? parseQuartz(part);
    if (period === undefined) {
      return `excluded period "${text}": got "${part}"; expected HH:mm:ss-HH:mm:ss with the start first, or a Quartz cron expression`;
    }
    if (ofDay !== undefined) daily++;
    periods.push(period);
  }
  if (parts.length === 2 && daily !== 1) {
    return `excluded period "${text}": got two of a kind; expected one time of day and one cron expression around &&`;
  }
  return (time) => periods.every((period) => period(time));
}

/** Entries of the option, which may be a list already or one text with `;` between. */
export const splitPeriods = (text: string): readonly string[] =>
  text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "");

function parseDaily(text: string): Period | undefined {
  const [first = "", last = "", ...rest] = text.split("-");
  const from = secondsOf(first.trim());
  const to = secondsOf(last.trim());
  if (from === undefined || to === undefined || rest.length > 0 || from >= to) return undefined;
  return (t) => {
    const now = t.hour * 3_600 + t.minute * 60 + t.second;
    return now >= from && now <= to;
  };
}

function secondsOf(text: string): number | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [hour = 0, minute = 0, second = 0, millis = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return hour > 23 || minute > 59 || second > 59
    ? undefined
    : hour * 3_600 + minute * 60 + second + millis / 1_000;
}

/** True inside any of the periods, in the given time zone (the Java autoscaler takes that of its own machine). */
export function isExcluded(periods: readonly Period[], at: Instant, timeZone: string): boolean {
  if (periods.length === 0) return false;
  const time = localTime(at, timeZone);
  return periods.some((period) => period(time));
}

/** An instant on the clock of a time zone; an unknown zone throws a `RangeError`. */
export function localTime(at: Instant, timeZone: string): LocalTime {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const of = (type: string): number => Number(parts.find((p) => p.type === type)?.value ?? 0);
  const [year, month, day] = [of("year"), of("month"), of("day")];
  return {
    year,
    month,
    day,
    weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1,
    hour: of("hour"),
    minute: of("minute"),
    second: of("second"),
  };
}

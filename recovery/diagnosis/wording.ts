import { type Fault, formatDuration, type Instant, type Milliseconds } from "../../model/index.ts";
import { taskName } from "./fingerprint.ts";

const LONGEST_MESSAGE = 160;

/** `NullPointerException in work: text`: one clause for a sentence. */
export function faultClause(fault: Fault): string {
  const name = fault.exception.split(".").at(-1)?.split("$").at(-1) || "an exception without a name";
  const place = fault.place == null ? "" : ` at ${fault.place}`;
  const where = fault.task === null ? place : ` in ${taskName(fault.task)}`;
  const text = fault.message.replace(/\.$/, "");
  const message = text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE - 1)}…` : text;
  return message === "" ? `${name}${where}` : `${name}${where}: ${message}`;
}

/** `; first fault …`, or nothing. */
export const withFault = (words: string, fault: Fault | null): string =>
  fault === null ? "" : `${words}${faultClause(fault)}`;

/** How long ago, never negative: two clocks may differ. */
export const ago = (at: Instant, now: Instant): Milliseconds => Math.max(0, now - at);

export const since = (at: Instant, now: Instant): string => formatDuration(ago(at, now));

export const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

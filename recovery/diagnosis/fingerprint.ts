import type { Fault } from "../../model/index.ts";

const MAX_MESSAGE = 300;
const MAX_FINGERPRINT = 200;
const SECRET =
  /((?:password|passwd|secret|token|credential|api[_-]?key|access[_-]?key)\w*\s*[=:]\s*)[^\s,;&"']+/gi;
const USERINFO = /(\/\/)[^/\s@]+@/g;

/** The first line of a message, at most 300 characters, without passwords that connectors like to repeat. */
export function messageOf(text: string): string {
  const line = text.split("\n").find((l) => l.trim() !== "") ?? "";
  const safe = line
    .trim()
    .slice(0, 2 * MAX_MESSAGE)
    .replaceAll(SECRET, "$1***")
    .replaceAll(USERINFO, "$1***@");
  return safe.length > MAX_MESSAGE ? `${safe.slice(0, MAX_MESSAGE - 1)}…` : safe;
}

/** A task without its subtask and attempt: `work (1/4) - execution #3` → `work`. */
export function taskName(task: string): string {
  return task.replace(/\s*\(\d+\/\d+\).*$/s, "").trim();
}

/** What changes from one occurrence of a fault to the next, most specific first. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, "<id>"],
  [/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?:-[0-9a-f]+)*/gi, "<address>"],
  [/[\w.-]+:\d{2,5}-[0-9a-f]{4,}/gi, "<address>"],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{6,}\b/gi, "<id>"],
  [/@[0-9a-f]+\b/gi, "@<id>"],
  [/\btaskmanager(?:-\d+)+\b/gi, "<process>"],
  [/-?\d+(?:[.,]\d+)*/g, "<n>"],
  [/\s+/g, " "],
];

/** Equal for the same fault again: class, task, and message without numbers, ids and addresses. */
export function fingerprintOf(fault: Pick<Fault, "exception" | "message" | "task">): string {
  let message = fault.message;
  for (const [pattern, put] of VARYING) message = message.replaceAll(pattern, put);
  const task = fault.task === null ? "" : taskName(fault.task);
  return `${fault.exception}|${task.slice(0, 100)}|${message.trim().slice(0, MAX_FINGERPRINT)}`;
}

import type { Instant, Milliseconds } from "../../model/index.ts";

/** A message as the Java autoscaler sends it to its event handler. */
export interface FlinkMessage {
  readonly reason: string;
  readonly text: string;
  /** What makes two messages equal; null: their text. */
  readonly key: string | null;
  /** Equal ones within this time are not told again; null: each is. */
  readonly intervalMs: Milliseconds | null;
}

/** What was told, by reason and key: the last time and how often. */
export type Told = Readonly<Record<string, { readonly at: Instant; readonly count: number }>>;

/** More than any job has vertices and reasons; the oldest are forgotten first. */
const MOST_TOLD = 500;

/** Tells a message unless an equal one was told within its interval; `count`: how often it came so far. */
export function tell(
  told: Told,
  message: FlinkMessage,
  now: Instant,
): { readonly told: Told; readonly isNew: boolean; readonly count: number } {
  const key = `${message.reason}\n${message.key ?? message.text}`;
  const last = told[key];
  const count = (last?.count ?? 0) + 1;
  const repeated = last !== undefined && message.intervalMs !== null && now < last.at + message.intervalMs;
  if (repeated) return { told: { ...told, [key]: { at: last.at, count } }, isNew: false, count };
  const others = Object.entries(told).filter(([k]) => k !== key);
  const kept = others.sort(([, a], [, b]) => a.at - b.at).slice(-(MOST_TOLD - 1));
  return { told: { ...Object.fromEntries(kept), [key]: { at: now, count } }, isNew: true, count };
}

import { useEffect, useState } from "preact/hooks";
import type { Instant } from "../../../model/index.ts";
import { createServerClock } from "./server-clock.ts";

/** A correction below this waits for the next tick. */
const LEAP_MS = 1_000;
const clock = createServerClock();
const shown = new Set<() => void>();

/** Outrider's time just now. */
export const serverNow = (): Instant => clock.now(Date.now());

/**
 * A moment that Outrider names in a reply: its machine may be ahead of this one, or behind, and a simulated world runs
 * faster. What is shown is corrected at once. True when the clock went back: another run of Outrider answers.
 */
export function noticeServerTime(at: Instant | undefined): boolean {
  if (at === undefined) return false;
  const before = serverNow();
  const noticed = clock.notice(at, Date.now());
  if (Math.abs(serverNow() - before) >= LEAP_MS) {
    for (const tell of shown) tell();
  }
  return noticed === "back";
}

/** A moment that was read somewhere: Outrider's clock has passed it. An older one says nothing. */
export function noticeMoment(at: Instant | null | undefined): void {
  if (at !== null && at !== undefined && at > serverNow()) noticeServerTime(at);
}

/** The time by Outrider's clock, told anew every second, so that ages grow before one's eyes. */
export const useNow = (): Instant => useTicking(serverNow);

/** The time by the clock of this machine: for what happened here, such as a read that failed. */
export const useOwnNow = (): Instant => useTicking(Date.now);

function useTicking(read: () => Instant): Instant {
  const [now, setNow] = useState(read);
  useEffect(() => {
    const tell = () => setNow(read());
    tell();
    const timer = setInterval(tell, 1_000);
    shown.add(tell);
    return () => {
      clearInterval(timer);
      shown.delete(tell);
    };
  }, [read]);
  return now;
}

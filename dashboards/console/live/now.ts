import { useEffect, useState } from "preact/hooks";

/** A difference to Outrider's clock below this is network and rhythm, not a wrong clock. */
const TOLERATED_MS = 30_000;
let offset = 0;

/** Outrider's time, noticed from what it did just now: its machine may be ahead of this one, or behind. */
export function noticeServerTime(at: number | undefined): void {
  if (at === undefined) return;
  const difference = at - Date.now();
  offset = Math.abs(difference) < TOLERATED_MS ? 0 : difference;
}

/** The time by Outrider's clock, told anew every second, so that ages grow before one's eyes. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now() + offset);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() + offset), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

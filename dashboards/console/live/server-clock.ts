import type { Instant } from "../../../model/index.ts";

/** Outrider's clock, as far as it can be told from the moments in its replies. */
export interface ServerClock {
  /** `at`: the newest moment that a reply names; `read`: when it came, by the clock of this machine. */
  notice(at: Instant, read: Instant): "first" | "onward" | "back";
  /** Outrider's time at a moment of this machine. Before anything is noticed: the same. */
  now(here: Instant): Instant;
}

/** Behind this machine by less than this is rhythm and network: the newest moment is always a little old. */
const TOLERATED_MS = 30_000;
/** Two moments nearer than this say nothing about a speed. */
const LEAST_SPAN_MS = 4_000;
/** So far back a speed is measured. */
const SPAN_MS = 20_000;
/** A clock within this of the speed of this one is taken for one of the same speed. */
const SAME_SPEED = 0.3;
const MOST_SPEED = 1_000;
/** A clock that is set right goes back by little; one that goes back further belongs to another run. */
const SET_RIGHT_MS = 5_000;

interface Sample {
  readonly at: Instant;
  readonly read: Instant;
}

/** The clock of a simulated world may run many times faster, so that its speed is measured too. */
export function createServerClock(): ServerClock {
  let samples: readonly Sample[] = [];
  return {
    notice: (at, read) => {
      const last = samples.at(-1);
      const back = last !== undefined && at < last.at - SET_RIGHT_MS;
      // One moment may be named by several replies: what counts is when it was named first.
      if (back) samples = [];
      else if (last !== undefined && at <= last.at) return "onward";
      samples = [...samples.filter((s) => read - s.read <= SPAN_MS), { at, read }];
      return back ? "back" : last === undefined ? "first" : "onward";
    },
    now: (here) => {
      if (samples.length === 0) return here;
      const speed = speedOf(samples);
      // Every moment is told late, so that the one told with the least delay is right.
      const now = Math.max(...samples.map((s) => s.at + (here - s.read) * speed));
      return speed === 1 && now < here && now > here - TOLERATED_MS ? here : now;
    },
  };
}

function speedOf(samples: readonly Sample[]): number {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.read - first.read < LEAST_SPAN_MS) return 1;
  const speed = (last.at - first.at) / (last.read - first.read);
  return Math.abs(speed - 1) <= SAME_SPEED ? 1 : Math.min(MOST_SPEED, speed);
}

import type { Method } from "./method.ts";

/** Weight of the newest day (or week) in the mean of the same times of day. */
export const NEWEST_SHARE = { day: 0.3, week: 0.5 } as const;

/** The usual load by time of day (or of the week): a mean over past seasons in which the newest counts most. */
export class Profile {
  private readonly slots: Float64Array;
  private readonly share: number;
  private readonly period: number;
  private readonly reach: number;
  private waiting = -1;
  private waitingValue = 0;

  /** `period` in steps; neighbours up to `reach` steps away are averaged, because one slot alone is noisy. */
  constructor(period: number, share: number, reach: number) {
    this.period = period;
    this.share = share;
    this.reach = reach;
    this.slots = new Float64Array(period).fill(Number.NaN);
  }

  /**
   * The value of step `i`, and whether it is odd. It is taken up one step later, because the second odd step tells that
   * the first one was; odd values only count where nothing is known yet.
   */
  see(i: number, value: number, odd = false): void {
    if (this.waiting >= 0) this.take(this.waiting % this.period, this.waitingValue, odd);
    this.waiting = i;
    this.waitingValue = value;
  }

  private take(slot: number, value: number, odd: boolean): void {
    const old = this.slots[slot] ?? Number.NaN;
    if (Number.isNaN(old)) this.slots[slot] = value;
    else if (!odd) this.slots[slot] = old + this.share * (value - old);
  }

  /** The usual value at step `i`, which may lie ahead; NaN where no season has been seen. */
  at(i: number): number {
    let sum = 0;
    let count = 0;
    for (let j = i - this.reach; j <= i + this.reach; j++) {
      const value = this.slots[((j % this.period) + this.period) % this.period] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    return count === 0 ? Number.NaN : sum / count;
  }
}

/** What is usual at this time of day (or of the week), as many days as were seen taken together. */
export function seasonalProfile(season: "day" | "week", periodSteps: number): Method {
  const reach = Math.max(1, Math.round(periodSteps / (season === "day" ? 288 : 2016)));
  const profile = new Profile(periodSteps, NEWEST_SHARE[season], reach);
  return {
    name: `seasonal-profile-${season}`,
    seasonal: true,
    see: (past) => profile.see(past.length - 1, past.at(), past.odd),
    ahead(past, ahead) {
      return past.length <= past[season] ? Number.NaN : profile.at(past.length - 1 + ahead);
    },
  };
}

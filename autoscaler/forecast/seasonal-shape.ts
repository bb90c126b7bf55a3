import { NEWEST_SHARE, Profile } from "./seasonal-profile.ts";

const ERRORS_KEPT = 0.99;
/** Last week as it was: a mean with the week before would keep a level that has gone. */
const LAST_WEEK_SHARE = 1;
/** A shape is judged over this part of a day: how the distance to the load changes in that time, not how far it is off. */
const JUDGED_OVER = 1 / 4;

/** The course of a load by the season: by time of day, or by time of week where that was nearer to the course of late. */
export class SeasonalShape {
  private readonly day: Course;
  private readonly week: Course;
  private readonly weekSteps: number;

  constructor(stepsPerDay: number) {
    const judgedOver = Math.max(1, Math.round(stepsPerDay * JUDGED_OVER));
    this.weekSteps = stepsPerDay * 7;
    this.day = new Course(new Profile(stepsPerDay, NEWEST_SHARE.day, 1), judgedOver);
    this.week = new Course(new Profile(this.weekSteps, LAST_WEEK_SHARE, 1), judgedOver);
  }

  /** The value of step `i`; one that was only filled in, or is odd, judges nobody. */
  add(i: number, value: number, seen: boolean, odd: boolean): void {
    for (const course of [this.day, this.week]) {
      if (seen && !odd && i >= this.weekSteps) course.judge(i, value);
      course.profile.see(i, value, odd);
    }
  }

  /** What is usual at step `i`, which lies ahead; 0 where nothing is. */
  at(i: number): number {
    const value = (this.week.error < this.day.error ? this.week : this.day).profile.at(i);
    return Number.isNaN(value) ? 0 : value;
  }
}

/** A profile, and how well it followed the course of the load of late. */
class Course {
  readonly profile: Profile;
  error = 0;
  private readonly offs: Float64Array;

  constructor(profile: Profile, judgedOver: number) {
    this.profile = profile;
    this.offs = new Float64Array(judgedOver).fill(Number.NaN);
  }

  judge(i: number, value: number): void {
    const slot = i % this.offs.length;
    const before = this.offs[slot] ?? Number.NaN;
    const off = value - this.profile.at(i);
    this.offs[slot] = off;
    if (!Number.isNaN(off - before)) this.error = ERRORS_KEPT * this.error + Math.abs(off - before);
  }
}

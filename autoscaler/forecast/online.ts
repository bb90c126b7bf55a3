import { ChangeWatch } from "./change.ts";
import type { Method } from "./method.ts";
import { allMethods } from "./methods.ts";
import { Past } from "./past.ts";
import { Profile } from "./seasonal-profile.ts";
import { Track } from "./track.ts";

export interface OnlineOptions {
  readonly stepsPerDay: number;
  /** Steps ahead that can be asked for, ascending, at most a day; begins with 1, 2: they tell a change of level. */
  readonly horizons: readonly number[];
  /** Most values that will be added. */
  readonly capacity: number;
  /** All of them by default. */
  readonly methods?: readonly Method[];
}

/**
 * Forecasts at fixed horizons, online: all methods run side by side, each is back-tested at every horizon on what came
 * true, and what they say is mixed by that evidence. After a change of level that none explains, only what was learned
 * after such changes counts (at first the last value), until the season holds again. Cost per value: O(methods × horizons).
 */
export class OnlineForecast {
  readonly past: Past;
  readonly methods: readonly Method[];
  readonly horizons: readonly number[];
  readonly watch: ChangeWatch;
  /** The usual load: its mean over about a day. */
  usual = 0;
  private readonly tracks: readonly Track[];
  private readonly profile: Profile;

  constructor(options: OnlineOptions) {
    const { stepsPerDay, horizons } = options;
    this.past = new Past(options.capacity, stepsPerDay);
    this.methods = options.methods ?? allMethods(options);
    this.horizons = horizons;
    this.tracks = horizons.map((h) => new Track(h, this.methods.length, stepsPerDay));
    this.watch = new ChangeWatch(stepsPerDay);
    this.profile = new Profile(stepsPerDay, 0.3, 1);
  }

  /** The next value; null: not seen. */
  add(value: number | null): void {
    const { past } = this;
    past.add(value);
    const now = past.length - 1;
    if (now < 0) return;
    if (past.isSeen(now)) this.judge(now);
    this.usual += (past.at() - this.usual) / Math.min(past.length, past.day);
    this.profile.see(now, past.at(), past.odd);
    for (const method of this.methods) method.see(past);
    for (const track of this.tracks) track.open(now, past, this.methods);
  }

  /** The mixture for one of the horizons (by its place in the list), made at `step`: the newest or up to a horizon ago. */
  mixed(horizon: number, step: number = this.past.length - 1): number {
    return step < 0 ? Number.NaN : (this.tracks[horizon]?.mixedAt(step) ?? Number.NaN);
  }

  /** What one method said then. */
  said(horizon: number, method: number, step: number = this.past.length - 1): number {
    return step < 0 ? Number.NaN : (this.tracks[horizon]?.saidAt(step, method) ?? Number.NaN);
  }

  /** How much each method counts in the newest mixture of a horizon; the sum is 1. */
  weights(horizon: number): Float64Array {
    return this.tracks[horizon]?.weights(this.past.length - 1) ?? new Float64Array(this.methods.length);
  }

  private judge(now: number): void {
    const { past, watch, tracks } = this;
    const actual = past.at();
    const season = now > past.day ? this.profile.at(now) : Number.NaN;
    const [one, two] = [tracks[0]?.mixedAt(now - 1), tracks[1]?.mixedAt(now - 2)];
    watch.add({ actual, one: one ?? Number.NaN, two: two ?? Number.NaN, season, usual: this.usual });
    const { ended } = watch;
    if (ended?.by === "season") past.repair(now - ended.from, now - ended.to, (i) => this.profile.at(i));
    past.odd = watch.age !== null;
    const since = now - (watch.age ?? now);
    for (const track of tracks) track.score(now, actual, this.usual, since);
  }
}

import { wasSeen } from "./steps.ts";

/** Values are shifted by this share of the first level before logarithms are taken, so that zeros have one. */
const LOG_SHIFT_SHARE = 0.02;
/** As many values are looked at to find that level. */
const FIRST_VALUES = 6;

/**
 * What the methods may look at: every value up to now, one per step, without gaps. A missing value is filled with what
 * is most likely, so that lags and seasons stay in place, and marked, so that nobody learns from it or is judged by it.
 */
export class Past {
  /** Steps per day and per week. */
  readonly day: number;
  readonly week: number;
  /** Valid up to `length`, never negative. */
  readonly values: Float64Array;
  /** The same as logarithms; see `toLog`. Valid once `hasLogs`. */
  readonly logs: Float64Array;
  length = 0;
  /** The largest value that was seen. */
  largest = 0;
  /** The newest value belongs to a level that nothing explains: no season learns from it. */
  odd = false;
  private readonly present: Uint8Array;
  private lastSeen = -1;
  private shift = 0;

  constructor(capacity: number, stepsPerDay: number) {
    this.day = stepsPerDay;
    this.week = stepsPerDay * 7;
    this.values = new Float64Array(capacity);
    this.logs = new Float64Array(capacity);
    this.present = new Uint8Array(capacity);
  }

  /** Adds the next step; what was not seen is filled. Missing values before the first one are left out. */
  add(value: number | null): void {
    const seen = wasSeen(value);
    if (!seen && this.lastSeen < 0) return;
    const i = this.length++;
    this.values[i] = seen ? value : this.filled(i);
    if (seen) {
      this.present[i] = 1;
      this.lastSeen = i;
      this.largest = Math.max(this.largest, value);
    }
    if (this.length === FIRST_VALUES) this.beginLogs();
    else if (this.length > FIRST_VALUES) this.logs[i] = this.toLog(this.at(i));
  }

  /** The value at a step, the newest one by default. 0 before the first. */
  at(i: number = this.length - 1): number {
    return this.values[i] ?? 0;
  }

  /** Whether the step was seen, or only filled. */
  isSeen(i: number): boolean {
    return this.present[i] === 1;
  }

  get hasLogs(): boolean {
    return this.length >= FIRST_VALUES;
  }

  /** Logarithm of a value above the shift: a load that is spread out by a power stays the same shape in it. */
  toLog(value: number): number {
    return Math.log(value + this.shift);
  }

  fromLog(log: number): number {
    return Math.max(0, Math.exp(log) - this.shift);
  }

  /** What was odd and has passed is no rule for tomorrow: steps `from` … `to` become what is usual then, and unseen. */
  repair(from: number, to: number, usual: (step: number) => number): void {
    for (let i = Math.max(0, from); i <= Math.min(to, this.length - 1); i++) {
      const value = usual(i);
      if (!Number.isFinite(value)) continue;
      this.values[i] = Math.max(0, value);
      this.present[i] = 0;
      if (this.hasLogs) this.logs[i] = this.toLog(this.at(i));
    }
  }

  private beginLogs(): void {
    let sum = 0;
    for (let i = 0; i < this.length; i++) sum += this.at(i);
    this.shift = (LOG_SHIFT_SHARE * sum) / this.length || 1;
    for (let i = 0; i < this.length; i++) this.logs[i] = this.toLog(this.at(i));
  }

  /** The last value that was seen, moved as the load moved at the same time a day before. */
  private filled(i: number): number {
    const last = this.at(this.lastSeen);
    const moved = this.lastSeen >= this.day ? this.at(i - this.day) - this.at(this.lastSeen - this.day) : 0;
    return Math.max(0, last + moved);
  }
}

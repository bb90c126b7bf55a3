/** A change of level is at least this large, and this many typical errors. */
const LEAST_SHARE = 0.25;
const TYPICAL_ERRORS = 8;
/** A change of a load that is low at this hour is measured against this share of the usual load. */
const LOW_SHARE = 0.5;
/** How fast the typical error follows. */
const FOLLOW = 0.02;
/** The season holds again when it is right for some steps, within this share or three of its typical errors. */
const AGREES_SHARE = 0.1;
const AGREES_ERRORS = 3;

/** As many errors are needed to know what is typical. */
const FEWEST = 6;

/** A typical relative error, robust: one error counts at most as five typical ones. Infinite until it is known. */
class TypicalError {
  private value = 0;
  private count = 0;

  get(): number {
    return this.count < FEWEST ? Number.POSITIVE_INFINITY : this.value;
  }

  add(error: number): void {
    if (Number.isNaN(error)) return;
    this.count++;
    const size = Math.abs(error);
    const most = this.count <= FEWEST ? size : 5 * this.value + 0.01;
    this.value += Math.max(FOLLOW, 1 / this.count) * (Math.min(size, most) - this.value);
  }
}

/** What was expected of one step, and what came. NaN: nothing was expected. */
export interface Surprise {
  readonly actual: number;
  /** Expected one step before, and two steps before. */
  readonly one: number;
  readonly two: number;
  /** What is usual at this time. */
  readonly season: number;
  /** A typical load, so that shares of small loads stay small. */
  readonly usual: number;
}

/**
 * Is the level one that none of the methods explains? It is when two steps in a row left what was expected before the
 * first of them, on the same side. From then on only what was seen since counts, until the season holds again or the new level has lasted for a day, and so has become the season.
 */
export class ChangeWatch {
  private readonly day: number;
  /** So many steps in a row have to be as the season says: a quarter of an hour, at least two. */
  private readonly enough: number;
  private readonly one = new TypicalError();
  private readonly two = new TypicalError();
  private readonly seasonal = new TypicalError();
  /** On which side the newest step left what was expected of it one step before; 0: it did not. */
  private before = 0;
  /** The step before that did: forecasts made there stand on something odd, and their failure tells nothing. */
  private fromOdd = false;
  private agreed = 0;
  private steps = 0;
  private since: number | null = null;
  private began: number | null = null;
  /** Set when a change ended with the newest step: why, and from how many steps ago it went to how many steps ago. */
  ended: { readonly by: "season" | "day"; readonly from: number; readonly to: number } | null = null;

  constructor(stepsPerDay: number) {
    this.day = stepsPerDay;
    this.enough = Math.max(2, Math.round(stepsPerDay / 96));
  }

  /** Steps since the level changed; null: it has not, or the season holds again. */
  get age(): number | null {
    return this.since === null ? null : this.steps - this.since;
  }

  add(s: Surprise): void {
    this.steps++;
    this.ended = null;
    const one = share(s.actual, s.one, s.usual);
    const two = share(s.actual, s.two, s.usual);
    const season = share(s.actual, s.season, s.usual);
    const second = this.isFar(two, this.two);
    if (second !== 0 && second === this.before && !this.fromOdd) {
      this.since = this.steps - 1;
      this.began ??= this.since;
      this.agreed = 0;
    } else if (this.since !== null) this.watchSeason(season);
    this.fromOdd = this.before !== 0;
    this.before = this.isFar(one, this.one);
    this.one.add(one);
    this.two.add(two);
    if (this.since === null) this.seasonal.add(season);
  }

  /** Whether a level that is fresher than the last step is a change by itself. */
  isNewLevel(level: number, expected: number, usual: number): boolean {
    return this.isFar(share(level, expected, usual), this.one) !== 0;
  }

  private watchSeason(season: number): void {
    const typical = this.seasonal.get();
    const agrees =
      Number.isFinite(typical) && Math.abs(season) <= Math.max(AGREES_SHARE, AGREES_ERRORS * typical);
    this.agreed = agrees ? this.agreed + 1 : 0;
    const age = this.age ?? 0;
    if (this.agreed < this.enough && age < this.day) return;
    const from = Math.min(this.day, this.steps - (this.began ?? this.steps));
    this.ended = { by: this.agreed >= this.enough ? "season" : "day", from, to: this.agreed };
    this.since = null;
    this.began = null;
  }

  private isFar(error: number, typical: TypicalError): number {
    return Math.abs(error) > Math.max(LEAST_SHARE, TYPICAL_ERRORS * typical.get()) ? Math.sign(error) : 0;
  }
}

function share(actual: number, expected: number, usual: number): number {
  const base = Math.max(expected, LOW_SHARE * usual);
  return base > 0 ? (actual - expected) / base : Number.NaN;
}

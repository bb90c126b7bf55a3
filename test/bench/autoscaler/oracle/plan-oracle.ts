import { type Course, coarser, type OracleLevel, type Plan, type PreparedCourse, prepare } from "./course.ts";
import { solve } from "./dynamic-program.ts";
import { type Judged, judge, polish, withOneLess } from "./polish.ts";

/** What the oracle may do: everything about the load is known to it, and it begins with the size that it likes. */
export interface OracleOptions extends Course {
  /** Share of all seconds that must be inside the lag objective: 0.995. */
  readonly share: number;
  readonly maxRescales: number;
}

/** The cheapest that can be done, by number of rescales allowed. */
export interface Oracle {
  /** Slot-seconds of the best plan found with so many rescales; infinite where none keeps the objective. */
  readonly slotSeconds: Float64Array;
  /**
   * A floor under it by a price on lateness (Lagrange), as exact as the program's grid of backlogs and time is. Where it
   * is far below `slotSeconds`, few rescales meet short bursts: then it is the floor that is weak.
   */
  readonly floorSeconds: Float64Array;
  /** Its levels are those of the options; empty where no plan keeps the objective. */
  planFor(rescales: number): Plan;
  /** Some plan keeps the objective. */
  readonly possible: boolean;
}

/**
 * Clairvoyant plan: least slot-seconds with so many rescales and at most 1 − share of the seconds late. Dynamic
 * programming over (step, size, backlog, rescales left, late seconds left) on a coarse grid makes the plans; they are
 * then judged and polished without any grid, at full resolution. Deterministic.
 */
export function planOracle(options: OracleOptions): Oracle {
  const levels = usefulLevels(options);
  const search = new Search(prepare({ ...options, levels }, options.share), options.maxRescales);
  search.run();
  // Levels that were left out shift the indices: plans speak of the caller's.
  const indexOf = levels.map((level) => options.levels.indexOf(level));
  const plans = search.best.map((b) =>
    (b?.plan ?? []).map((e) => ({ atStep: e.atStep, level: indexOf[e.level] ?? 0 })),
  );
  const slotSeconds = Float64Array.from(search.best, (b) => b?.slotSeconds ?? Number.POSITIVE_INFINITY);
  return {
    slotSeconds,
    floorSeconds: search.floor.map((f, r) => Math.min(Math.max(0, f), slotSeconds[r] ?? f)),
    planFor: (rescales) => plans[Math.min(Math.max(0, rescales), plans.length - 1)] ?? [],
    possible: search.best.some((b) => b !== undefined),
  };
}

class Search {
  readonly #course: PreparedCourse;
  readonly #coarse: PreparedCourse;
  readonly #times: number;
  readonly #most: number;
  readonly #mostSlots: number;
  /** Best plan so far by number of rescales. */
  readonly best: (Judged | undefined)[];
  readonly floor: Float64Array;

  constructor(course: PreparedCourse, maxRescales: number) {
    this.#course = course;
    this.#times = Math.max(1, Math.floor(course.rate.length / COARSE_STEPS));
    this.#coarse = this.#times === 1 ? course : coarser(course, this.#times);
    this.#most = maxRescales;
    this.#mostSlots = Math.max(...course.levels.map((l) => l.slots));
    this.best = Array.from({ length: maxRescales + 1 }, () => undefined);
    this.floor = new Float64Array(maxRescales + 1);
  }

  run(): void {
    for (let level = 0; level < this.#course.levels.length; level += 1) {
      this.#offer(judge(this.#course, [{ atStep: 0, level }]));
    }
    this.floor[0] = this.best[0]?.slotSeconds ?? 0;
    if (this.#most > 0) this.#few(Math.min(this.#most, FEW));
    if (this.#most > FEW) this.#priced(Math.min(this.#most, MANY), PRICE * this.#mostSlots);
    if (this.#most > MANY) this.#anyNumber();
    for (let r = Math.min(this.#most, FEW + 1); r > 1; r -= 1) this.#leaveOneOut(r);
    for (let r = 1; r <= this.#most; r += 1) this.#inherit(r);
  }

  /** Few rescales matter most: late seconds are part of the state, at several prices beyond. */
  #few(few: number): void {
    for (const beyond of BEYOND_PRICES) {
      const solved = solve(this.#coarse, few, { price: beyond * this.#mostSlots, parts: LATE_PARTS });
      for (let r = 1; r <= few; r += 1) this.#take(solved.planFor(r), true);
    }
    for (const price of PRICES) this.#priced(few, price * this.#mostSlots);
  }

  /** A price on every late second: a floor, whatever the price, and plans that are the best for some share. */
  #priced(most: number, price: number): void {
    const solved = solve(this.#coarse, most, { price });
    for (let r = 1; r <= most; r += 1) {
      this.floor[r] = Math.max(
        this.floor[r] ?? 0,
        (solved.value[r] ?? 0) - price * this.#course.mostLateSeconds,
      );
      this.#take(solved.planFor(r), r <= FEW || r % POLISH_EVERY === 0 || r === most);
    }
  }

  #anyNumber(): void {
    const price = PRICE * this.#mostSlots;
    const free = solve(this.#coarse, "any number", { price });
    this.floor.fill((free.value[0] ?? 0) - price * this.#course.mostLateSeconds, MANY + 1);
    this.#take(free.planFor(0), false);
  }

  /** Plans that are far too late are not worth mending. */
  #take(plan: Plan, polished: boolean): void {
    const whole = plan.map((e) => ({ atStep: e.atStep * this.#times, level: e.level }));
    const raw = judge(this.#course, whole);
    this.#offer(raw);
    if (polished && raw.lateSeconds <= MENDABLE * this.#course.mostLateSeconds + SOME_SECONDS) {
      this.#offer(polish(this.#course, whole));
    }
  }

  #leaveOneOut(r: number): void {
    const judged = this.best[r] && withOneLess(this.#course, this.best[r].plan);
    if (judged !== undefined) this.#offer(judged);
  }

  #offer(judged: Judged): void {
    const rescales = judged.plan.length - 1;
    if (rescales > this.#most || judged.lateSeconds > this.#course.mostLateSeconds + ROUNDING) return;
    if (judged.slotSeconds < (this.best[rescales]?.slotSeconds ?? Number.POSITIVE_INFINITY)) {
      this.best[rescales] = judged;
    }
  }

  /** More rescales never cost more. */
  #inherit(r: number): void {
    const [fewer, here] = [this.best[r - 1], this.best[r]];
    if (fewer !== undefined && fewer.slotSeconds <= (here?.slotSeconds ?? Number.POSITIVE_INFINITY)) {
      this.best[r] = fewer;
    }
  }
}

/** Sizes that cost more slots and carry no more are never worth it. */
function usefulLevels(course: Course): OracleLevel[] {
  const sorted = course.levels.toSorted((a, b) => a.slots - b.slots);
  return sorted.filter((level, i) => !sorted.slice(0, i).some((cheaper) => carriesAsMuch(cheaper, level)));
}

function carriesAsMuch(a: OracleLevel, b: OracleLevel): boolean {
  const { capacity } = b;
  if (typeof capacity === "number") return typeof a.capacity === "number" && a.capacity >= capacity;
  const mine = a.capacity;
  return typeof mine !== "number" && mine.every((c, t) => c >= (capacity[t] ?? 0));
}

/** The program takes about as many steps, of as many of the caller's as that makes. */
const COARSE_STEPS = 720;
/** Numbers of rescales that are searched with the late seconds left as part of the state. */
const FEW = 12;
/** More than this is any number. */
const MANY = 64;
const POLISH_EVERY = 8;
/** Amounts of late seconds left that are told apart. */
const LATE_PARTS = 10;
/** Of a late second, in slots of the largest size: of each one, and of those beyond what is allowed. */
const PRICE = 0.4;
const PRICES = [0.12, 0.25, 0.5, 1];
const BEYOND_PRICES = [1.5, 6, 40];
const MENDABLE = 4;
const SOME_SECONDS = 120;
/** Late seconds that are rounding only. */
const ROUNDING = 1e-6;

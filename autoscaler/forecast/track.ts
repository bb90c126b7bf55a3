import { Combination } from "./combination.ts";
import type { Method } from "./method.ts";
import type { Past } from "./past.ts";

/** What is left of old evidence a day later: mixtures with a short, a middling and a long memory run side by side. */
const MEMORIES = [0.4, 0.85, 1];
/** The memory of the one that mixes these mixtures. */
const UPPER_MEMORY = 0.85;
/** No method may say more than so many times the largest load ever seen. */
const MOST_OF_LARGEST = 2;

/**
 * One horizon: the forecasts that wait for their truth, and what each method is worth. What it is worth is learned apart
 * for forecasts made in ordinary times and for those made after a change of level: at the first change nothing is known,
 * so that the last value counts.
 */
export class Track {
  private readonly ahead: number;
  private readonly methods: number;
  private readonly said: Ring;
  private readonly ordinary: Mixture;
  private readonly changed: Mixture;
  /** Which of the two made the forecast of a step. */
  private readonly makers: Mixture[];

  constructor(ahead: number, methods: number, stepsPerDay: number) {
    const open = ahead + 2;
    this.ahead = ahead;
    this.methods = methods;
    this.said = new Ring(open, methods);
    this.ordinary = new Mixture(open, methods, stepsPerDay);
    this.changed = new Mixture(open, methods, stepsPerDay);
    this.makers = new Array<Mixture>(open).fill(this.ordinary);
  }

  /** Judges the forecasts about step `now`; those made before `since` are not counted. */
  score(now: number, actual: number, scale: number, since: number): void {
    const origin = now - this.ahead;
    if (origin < Math.max(0, since)) return;
    this.makerOf(origin).learn(this.said, origin, actual, scale);
  }

  /** Asks every method, and mixes what they say. */
  open(now: number, past: Past, methods: readonly Method[]): void {
    const from = this.said.from(now);
    for (let i = 0; i < methods.length; i++) {
      const value = methods[i]?.ahead(past, this.ahead) ?? Number.NaN;
      this.said.values[from + i] = Math.min(value, MOST_OF_LARGEST * past.largest);
    }
    const maker = past.odd ? this.changed : this.ordinary;
    this.makers[now % this.makers.length] = maker;
    maker.mix(this.said, now);
  }

  /** The mixture made at a step, and what one method said there; both of the newest `ahead` + 1 steps only. */
  mixedAt(step: number): number {
    return this.makerOf(step).mixedAt(step);
  }

  saidAt(step: number, method: number): number {
    return this.said.values[this.said.from(step) + method] ?? Number.NaN;
  }

  /** How much each method counts in the mixture made at a step, the newest one. */
  weights(step: number): Float64Array {
    return this.makerOf(step).weights(this.methods);
  }

  private makerOf(step: number): Mixture {
    return this.makers[step % this.makers.length] ?? this.ordinary;
  }
}

/** Mixtures of the methods with different memories, mixed once more: nobody has to know how fast a load changes its nature. */
class Mixture {
  private readonly lower: readonly Combination[];
  private readonly upper: Combination;
  private readonly parts: Ring;
  private readonly mixed: Ring;

  constructor(open: number, methods: number, stepsPerDay: number) {
    this.lower = MEMORIES.map((kept) => new Combination(methods, 0, kept ** (1 / stepsPerDay)));
    this.upper = new Combination(MEMORIES.length, 1, UPPER_MEMORY ** (1 / stepsPerDay));
    this.parts = new Ring(open, MEMORIES.length);
    this.mixed = new Ring(open, 1);
  }

  mix(said: Ring, step: number): void {
    const from = this.parts.from(step);
    for (let k = 0; k < this.lower.length; k++) {
      this.parts.values[from + k] = this.lower[k]?.mix(said.values, said.from(step)) ?? Number.NaN;
    }
    this.mixed.values[this.mixed.from(step)] = this.upper.mix(this.parts.values, from);
  }

  learn(said: Ring, origin: number, actual: number, scale: number): void {
    const from = this.parts.from(origin);
    for (let k = 0; k < this.lower.length; k++) {
      const part = this.parts.values[from + k] ?? Number.NaN;
      this.lower[k]?.learn(said.values, said.from(origin), part, actual, scale);
    }
    this.upper.learn(this.parts.values, from, this.mixedAt(origin), actual, scale);
  }

  mixedAt(step: number): number {
    return this.mixed.values[this.mixed.from(step)] ?? Number.NaN;
  }

  weights(methods: number): Float64Array {
    const weights = new Float64Array(methods);
    this.lower.forEach((combination, k) => {
      for (let i = 0; i < methods; i++) {
        weights[i] = (weights[i] ?? 0) + this.upper.weightOf(k) * combination.weightOf(i);
      }
    });
    return weights;
  }
}

/** The newest `length` rows of numbers, by step. */
class Ring {
  readonly values: Float64Array;
  private readonly length: number;
  private readonly width: number;

  constructor(length: number, width: number) {
    this.length = length;
    this.width = width;
    this.values = new Float64Array(length * width).fill(Number.NaN);
  }

  from(step: number): number {
    return (step % this.length) * this.width;
  }
}

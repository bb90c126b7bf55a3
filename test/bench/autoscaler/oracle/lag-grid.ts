/**
 * Where the dynamic program knows its values: backlogs as multiples of a scale (1 = just inside the objective), dense
 * up to a little beyond the objective, where it matters, and ever coarser above.
 */
export class LagGrid {
  readonly nodes: Float64Array;
  readonly #perUnit: number;
  readonly #fineEnd: number;
  readonly #middleEnd: number;

  /** `perUnit`: nodes from 0 to 1. `most`: the largest multiple that can be told apart. */
  constructor(perUnit: number, most: number) {
    this.#perUnit = perUnit;
    this.#fineEnd = Math.ceil(FINE * perUnit);
    this.#middleEnd = this.#fineEnd + (MIDDLE - FINE) * MIDDLE_PER_UNIT;
    const last = this.#middleEnd + Math.max(1, Math.ceil(PER_OCTAVE * Math.log2(Math.max(1, most / MIDDLE))));
    this.nodes = Float64Array.from({ length: last + 1 }, (_, i) => this.#node(i));
  }

  #node(i: number): number {
    if (i <= this.#fineEnd) return i / this.#perUnit;
    if (i <= this.#middleEnd) return FINE + (i - this.#fineEnd) / MIDDLE_PER_UNIT;
    return MIDDLE * 2 ** ((i - this.#middleEnd) / PER_OCTAVE);
  }

  /** Where `multiple` lies: the index of the node below and, as its fraction, the way to the next one. */
  position(multiple: number): number {
    if (multiple < FINE) return multiple * this.#perUnit;
    if (multiple < MIDDLE) return this.#fineEnd + (multiple - FINE) * MIDDLE_PER_UNIT;
    const last = this.nodes.length - 1;
    return Math.min(last, this.#middleEnd + PER_OCTAVE * Math.log2(multiple / MIDDLE));
  }
}

const FINE = 1.5;
const MIDDLE = 4;
const MIDDLE_PER_UNIT = 4;
const PER_OCTAVE = 2;

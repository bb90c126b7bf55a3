/** What the dynamic program chose in every state, packed: a day of it has some hundred million states. */
export class Choices {
  readonly #levels: number;
  readonly #nodes: number;
  readonly #allowances: number;
  readonly #words: number;
  /** By step, level and backlog: a bit for each allowance, set where changing is better than staying. */
  readonly #changes: Uint32Array;
  /** By step, backlog and allowance: the level to change to. */
  readonly #targets: Uint8Array;

  /** `levels` ≤ 256. `allowances`: what may be left to spend, in rescales and late seconds, counted through. */
  constructor(steps: number, levels: number, nodes: number, allowances: number) {
    this.#levels = levels;
    this.#nodes = nodes;
    this.#allowances = allowances;
    this.#words = Math.ceil(allowances / 32);
    this.#changes = new Uint32Array(steps * levels * nodes * this.#words);
    this.#targets = new Uint8Array(steps * nodes * allowances);
  }

  /** First word of a state's bits, for `markChange`. */
  wordOf(step: number, level: number, node: number): number {
    return ((step * this.#levels + level) * this.#nodes + node) * this.#words;
  }

  markChange(word: number, allowance: number): void {
    const at = word + (allowance >> 5);
    this.#changes[at] = (this.#changes[at] ?? 0) | (1 << (allowance & 31));
  }

  isChange(step: number, level: number, node: number, allowance: number): boolean {
    const word = this.#changes[this.wordOf(step, level, node) + (allowance >> 5)] ?? 0;
    return (word & (1 << (allowance & 31))) !== 0;
  }

  setTarget(step: number, node: number, allowance: number, level: number): void {
    this.#targets[(step * this.#nodes + node) * this.#allowances + allowance] = level;
  }

  targetOf(step: number, node: number, allowance: number): number {
    return this.#targets[(step * this.#nodes + node) * this.#allowances + allowance] ?? 0;
  }
}

/** One exception of a Java stack trace: its class, its message and where it was thrown. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  /** Frames without `at`, the innermost first. */
  readonly frames?: readonly string[];
}

/** State could not be written or read, in Flink's words: the outermost exception first, each caused by the next. */
export class StateFault extends Error {
  readonly thrown: Thrown;
  readonly causes: readonly Thrown[];

  constructor(thrown: Thrown, causes: readonly Thrown[] = []) {
    super(`${thrown.name}: ${thrown.message}`);
    this.name = "StateFault";
    this.thrown = thrown;
    this.causes = causes;
  }
}

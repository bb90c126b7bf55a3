import type { Instant, Milliseconds } from "../../../model/index.ts";
import type { RestartStrategy } from "../world.ts";

/** Flink's exponential-delay restart strategy: 1 s, × 1.5, at most 1 min, forgotten after an hour without failures. */
const BACKOFF = { firstMs: 1_000, factor: 1.5, mostMs: 60_000, forgottenMs: 3_600_000 };

/** What one job's restart strategy says to each failure. */
export class Restarts {
  private readonly strategy: RestartStrategy;
  private failures = 0;
  private last: { readonly ms: Milliseconds; readonly at: Instant } | undefined;

  /** Without checkpoints Flink has no restart strategy by default, else exponential delay. */
  constructor(strategy: RestartStrategy | undefined, checkpointing: boolean) {
    this.strategy = strategy ?? { kind: checkpointing ? "exponential-delay" : "none" };
  }

  /** How long to wait before the next attempt; undefined: the job has failed for good. */
  afterFailure(now: Instant): Milliseconds | undefined {
    this.failures += 1;
    const { strategy } = this;
    if (strategy.kind === "none") return undefined;
    if (strategy.kind === "fixed-delay")
      return this.failures > strategy.attempts ? undefined : strategy.delayMs;
    const { last } = this;
    const grown =
      last === undefined || now - last.at > BACKOFF.forgottenMs ? BACKOFF.firstMs : last.ms * BACKOFF.factor;
    this.last = { ms: Math.min(BACKOFF.mostMs, grown), at: now };
    if (strategy.attempts !== undefined && this.failures > strategy.attempts) return undefined;
    return this.last.ms;
  }

  /** As Flink names the strategy that suppressed a recovery. */
  get name(): string {
    const { strategy } = this;
    if (strategy.kind === "none") return "NoRestartBackoffTimeStrategy";
    if (strategy.kind === "fixed-delay")
      return `FixedDelayRestartBackoffTimeStrategy(maxNumberRestartAttempts=${strategy.attempts}, backoffTimeMS=${strategy.delayMs})`;
    return `ExponentialDelayRestartBackoffTimeStrategy(initialBackoffMS=${BACKOFF.firstMs}, maxBackoffMS=${BACKOFF.mostMs}, backoffMultiplier=${BACKOFF.factor}, resetBackoffThresholdMS=${BACKOFF.forgottenMs}, jitterFactor=0.1, currentBackoffMS=${this.last?.ms ?? BACKOFF.firstMs}, lastFailureTimestamp=${this.last?.at ?? 0})`;
  }
}

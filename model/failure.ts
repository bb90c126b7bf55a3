/**
 * Every way in which the outside can fail us. Adapters translate at the edge; modules never see an HTTP status.
 * `retryable` says whether the same call may succeed later without anyone changing anything.
 */
export const FAILURES = {
  unreachable: { retryable: true, title: "The other side cannot be reached" },
  timeout: { retryable: true, title: "The other side did not answer in time" },
  unavailable: { retryable: true, title: "The other side is up but cannot serve now" },
  throttled: { retryable: true, title: "The other side asks us to slow down" },
  unauthorized: { retryable: false, title: "The other side does not accept our credentials" },
  forbidden: { retryable: false, title: "The other side does not allow us this" },
  "not-found": { retryable: false, title: "The thing asked for does not exist" },
  "not-supported": { retryable: false, title: "The other side cannot do this" },
  rejected: { retryable: false, title: "The other side refused the request" },
  "bad-reply": { retryable: true, title: "The reply makes no sense" },
  "too-large": { retryable: false, title: "The reply is larger than we read" },
  "bad-config": { retryable: false, title: "The configuration is wrong" },
  "bad-request": { retryable: false, title: "The request is wrong" },
  conflict: { retryable: false, title: "The thing is not in a state for this" },
  "store-broken": { retryable: false, title: "The store cannot be used" },
} as const;

export type FailureCode = keyof typeof FAILURES;

/** Message: `what failed: which thing; got …; expected …`. No trailing period, no class names, no secrets. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: FailureCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "Failure";
    this.code = code;
    this.retryable = FAILURES[code].retryable;
    this.details = options.details ?? {};
  }
}

/** One sentence for people out of whatever was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { Failure, type FailureCode, type Location, locationText } from "../../model/index.ts";

const EXPECTED: Partial<Record<FailureCode, string>> = {
  unreachable: "a store that answers there",
  timeout: "an answer in time",
  unavailable: "a store that can be read",
  throttled: "to be served; ask less often",
  unauthorized: "credentials that the store accepts",
  forbidden: "an account that may list and read there",
  "not-found": "a file",
  "bad-reply": "an answer as this kind of store gives it",
};

/** What is being done with what, for sentences: `list s3://bucket/key`. */
export function asked(verb: "list" | "read" | "look for", location: Location): string {
  return `${verb} ${locationText(location)}`;
}

/** A failure of a store in the house form; `got` is a clause without a period. */
export function storageFailure(
  code: FailureCode,
  what: string,
  got: string,
  options: { expected?: string; cause?: unknown } = {},
): Failure {
  const expected = options.expected ?? EXPECTED[code] ?? "another answer";
  return new Failure(code, `cannot ${what}: got ${got}; expected ${expected}`, {
    ...(options.cause === undefined ? {} : { cause: options.cause }),
  });
}

const MOST_CAUSES = 8;

/** The first system code (`ECONNREFUSED`, `ENOENT`, …) of an error or of what caused it. */
export function systemCodeOf(error: unknown): string | undefined {
  let next: unknown = error;
  for (let depth = 0; depth < MOST_CAUSES && next instanceof Error; depth += 1) {
    const code: unknown = "code" in next ? next.code : undefined;
    if (typeof code === "string" && code !== "") return code;
    next = next instanceof AggregateError ? next.errors[0] : next.cause;
  }
  return undefined;
}

const NOT_ANSWERED: Readonly<Record<string, string>> = {
  ECONNREFUSED: "a refused connection",
  ECONNRESET: "a broken connection",
  EPIPE: "a broken connection",
  ENOTFOUND: "no address for the host name",
  EAI_AGAIN: "no answer from the name server",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the host",
};

/** A failure of the network below a store; undefined where the error is none. */
export function failureOfNetwork(what: string, error: unknown): Failure | undefined {
  const code = systemCodeOf(error);
  if (code === undefined) return undefined;
  if (code === "ETIMEDOUT" || code === "ESOCKETTIMEDOUT") {
    return storageFailure("timeout", what, "no answer in time", { cause: error });
  }
  const got = NOT_ANSWERED[code];
  if (got !== undefined) return storageFailure("unreachable", what, `${got} (${code})`, { cause: error });
  if (!/^(?:ERR_TLS|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_SSL|HPE_)/.test(code)) return undefined;
  return storageFailure("unreachable", what, `a connection that cannot be used (${code})`, { cause: error });
}

/** One line of what somebody else said, not longer than people read. */
export function saidBy(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ").trim();
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

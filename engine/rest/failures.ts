import { Failure, type FailureCode } from "../../model/index.ts";

/** What was asked, for messages: `cannot read the job: GET http://jm:8081/jobs/x; got …; expected …`. */
export interface Asked {
  /** Completes the words "cannot …". */
  readonly what: string;
  /** Method and address without credentials. */
  readonly which: string;
}

/** A failure in the house form. `got` and `expected` are clauses without a period. */
export function failure(
  code: FailureCode,
  asked: Asked,
  got: string,
  expected: string,
  options: { cause?: unknown; details?: Record<string, unknown> } = {},
): Failure {
  return new Failure(code, `cannot ${asked.what}: ${asked.which}; got ${got}; expected ${expected}`, options);
}

const MAX_SENTENCE = 300;
const CLASS_NAME = /^(?:[a-z][\w-]*\.)+[A-Z][\w$]*: /;

/** Java says `a.b.SomeException: a.b.Other: text`; people want the text. */
function withoutClassNames(line: string): string {
  let rest = line.trim();
  while (CLASS_NAME.test(rest)) rest = rest.replace(CLASS_NAME, "");
  return rest.replace(/\.$/, "");
}

/**
 * One line out of a Java stack trace: its first line, and the innermost cause where that says something else.
 */
export function sentenceOfStack(stack: string): string {
  const lines = stack.replace("<Exception on server side:", "").split("\n");
  const first = withoutClassNames(lines.find((line) => line.trim() !== "") ?? "");
  const innermost = lines.findLast((line) => line.startsWith("Caused by: "));
  const cause = withoutClassNames(innermost?.slice("Caused by: ".length) ?? "");
  const sentence = cause === "" || first.includes(cause) ? first : `${first} (cause: ${cause})`;
  return sentence.length > MAX_SENTENCE ? `${sentence.slice(0, MAX_SENTENCE)}…` : sentence;
}

/** The strings of Flink's error body `{"errors": [...]}`; `undefined` when the text is no such body. */
export function flinkErrors(text: string): readonly string[] | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== "object" || body === null || !("errors" in body)) return undefined;
    const { errors } = body;
    return Array.isArray(errors) ? errors.filter((e) => typeof e === "string") : undefined;
  } catch {
    return undefined;
  }
}

/** Flink's own words decide before the status does, because it answers 500 for things that are not its fault. */
const BY_TEXT: readonly (readonly [RegExp, FailureCode])[] = [
  [/FlinkJobNotFoundException|Could not find Flink job/, "not-found"],
  [/UnsupportedOperationException|does not support changing the parallelism/, "not-supported"],
  [/Checkpointing (?:has not been|is not) enabled/i, "not-supported"],
  [/Unable to load requested file/, "not-supported"],
  [/Jar file .* does not exist|NoSuchFileException.*\.jar/, "not-found"],
  [/DuplicateJobSubmissionException|Job has already been submitted/, "conflict"],
  [/leader election|not yet initialized|is still initializ/i, "unavailable"],
];

const BY_STATUS: Readonly<Record<number, FailureCode>> = {
  400: "rejected",
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  405: "not-supported",
  408: "timeout",
  409: "conflict",
  413: "rejected",
  429: "throttled",
};

function codeOf(status: number, said: string): FailureCode {
  const byText = BY_TEXT.find(([pattern]) => pattern.test(said))?.[1];
  if (byText !== undefined && status !== 401 && status !== 403) return byText;
  return BY_STATUS[status] ?? (status >= 500 ? "unavailable" : "rejected");
}

const EXPECTED: Partial<Record<FailureCode, string>> = {
  unauthorized: "credentials that the proxy before Flink accepts",
  forbidden: "an account that may do this",
  "not-found": "something that this Flink cluster knows; it may have restarted or forgotten it",
  "not-supported": "a Flink and a job that can do this",
  unavailable: "a JobManager that is the leader and ready",
  throttled: "to be served; ask less often",
};

/** Turns a reply that is not a success into a failure. Stack traces stay out of the message. */
export function failureOfStatus(asked: Asked, status: number, text: string): Failure {
  const errors = flinkErrors(text);
  const said = (errors ?? []).join("\n");
  const telling = errors?.find((e) => e !== "Internal server error.") ?? errors?.[0];
  const words =
    telling === undefined
      ? /^\s*</.test(text)
        ? ", a web page instead of Flink's JSON"
        : " without an explanation from Flink"
      : `: ${sentenceOfStack(telling)}`;
  const code = codeOf(status, said);
  return failure(code, asked, `${status}${words}`, EXPECTED[code] ?? "a success", { details: { status } });
}

/** Turns what the network threw into a failure; `aborted` when our own deadline did it. */
export function failureOfNetwork(asked: Asked, error: unknown, aborted: boolean, timeoutMs: number): Failure {
  if (error instanceof Failure) return error;
  if (aborted) {
    return failure("timeout", asked, `no complete reply in ${timeoutMs} ms`, "one in time", { cause: error });
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const got = message === "" ? (code ?? "a broken connection") : message;
  return failure("unreachable", asked, got, "a JobManager that listens there", { cause: error });
}

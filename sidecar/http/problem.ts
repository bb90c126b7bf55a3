import { randomUUID } from "node:crypto";
import { z } from "zod";
import { FAILURES, Failure, type FailureCode } from "../../model/index.ts";

/** The body of every answer that is not the one asked for (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe("What is wrong with this request, for people."),
    code: z.string().describe("Kebab-case and stable: what programs compare."),
  })
  .meta({ id: "Problem" });
export type ProblemBody = z.infer<typeof problemSchema>;

/** Problems that only HTTP knows, beside the codes of `Failure`. */
const HTTP_PROBLEMS = {
  "no-token": { status: 401, title: "A token is needed" },
  "not-allowed": { status: 403, title: "This caller may not do that" },
  "foreign-request": { status: 403, title: "The request comes from somewhere else" },
  "no-such-address": { status: 404, title: "There is nothing at this address" },
  "method-not-allowed": { status: 405, title: "This address does not know that method" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "not-json": { status: 415, title: "The body must be JSON" },
  "not-ready": { status: 503, title: "Not ready yet" },
} as const;
type HttpProblemCode = keyof typeof HTTP_PROBLEMS;

/** Status of each failure code. Failures of Flink behind us are 502/504, never 401/403: those mean our caller. */
const STATUS: Readonly<Record<FailureCode, number>> = {
  unreachable: 502,
  timeout: 504,
  unavailable: 503,
  throttled: 503,
  unauthorized: 502,
  forbidden: 502,
  "not-found": 404,
  "not-supported": 501,
  rejected: 502,
  "bad-reply": 502,
  "too-large": 502,
  "bad-config": 500,
  "bad-request": 400,
  conflict: 409,
  "store-broken": 503,
};

/** A refusal by the HTTP layer itself. */
export class HttpProblem extends Error {
  readonly code: HttpProblemCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: HttpProblemCode, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.name = "HttpProblem";
    this.code = code;
    this.status = HTTP_PROBLEMS[code].status;
    this.headers = headers;
  }
}

export interface Problem {
  readonly body: ProblemBody;
  readonly headers: Readonly<Record<string, string>>;
  /** Set when the cause is unknown to us: it goes to the log, and only this id to the caller. */
  readonly correlation: string | null;
}

/** Whatever was thrown → what the caller is told. */
export function toProblem(error: unknown): Problem {
  if (error instanceof HttpProblem) {
    const title = HTTP_PROBLEMS[error.code].title;
    return problem(error.status, error.code, title, error.message, error.headers);
  }
  if (error instanceof Failure) {
    return problem(STATUS[error.code], error.code, FAILURES[error.code].title, error.message);
  }
  if (error instanceof z.ZodError)
    return problem(400, "bad-request", FAILURES["bad-request"].title, said(error));
  const known = ofBodyParser(error);
  if (known !== undefined) return toProblem(known);
  const correlation = randomUUID().slice(0, 8);
  const detail = `something went wrong inside Outrider; its log has the cause under ${correlation}`;
  return { ...problem(500, "internal", "A defect of ours", detail), correlation };
}

function problem(
  status: number,
  code: string,
  title: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Problem {
  const body = { type: `urn:outrider:problem:${code}`, title, status, detail, code };
  return { body, headers, correlation: null };
}

/** Zod's issues as one line: `limit: Too big: expected number to be <=200; …`. */
function said(error: z.ZodError): string {
  return error.issues
    .map((i) => (i.path.length > 0 ? `${i.path.join(".")}: ${i.message}` : i.message))
    .join("; ");
}

/** Errors of Express and its body parser carry `status` and `type`. */
function ofBodyParser(error: unknown): Error | undefined {
  if (error instanceof URIError) {
    return new Failure("bad-request", "cannot read the address: it holds a broken percent-encoding");
  }
  if (!(error instanceof Error) || !("type" in error)) return undefined;
  switch (error.type) {
    case "entity.too.large":
      return new HttpProblem("body-too-large", "the body is larger than 64 KiB");
    case "entity.parse.failed":
      return new Failure("bad-request", `the body is not valid JSON: ${error.message}`);
    case "encoding.unsupported":
    case "charset.unsupported":
      return new HttpProblem("not-json", `the body cannot be read: ${error.message}`);
    case "request.aborted":
    case "request.size.invalid":
    case "entity.verify.failed":
      return new Failure("bad-request", `the body did not arrive whole: ${error.message}`);
    default:
      return undefined;
  }
}

import { Failure, type FailureCode } from "../../model/index.ts";
import { failureOfNetwork, saidBy, storageFailure } from "./failures.ts";

/** What the names of S3's errors and of the SDK's own mean. A missing bucket says nothing about files. */
const BY_NAME: Readonly<Record<string, FailureCode>> = {
  NoSuchKey: "not-found",
  NoSuchBucket: "unavailable",
  PermanentRedirect: "unavailable",
  IllegalLocationConstraintException: "unavailable",
  InvalidObjectState: "unavailable",
  InternalError: "unavailable",
  ServiceUnavailable: "unavailable",
  AccessDenied: "forbidden",
  AllAccessDisabled: "forbidden",
  AccountProblem: "forbidden",
  KMSAccessDeniedException: "forbidden",
  AccessDeniedException: "forbidden",
  SignatureDoesNotMatch: "unauthorized",
  InvalidAccessKeyId: "unauthorized",
  InvalidClientTokenId: "unauthorized",
  InvalidSecurity: "unauthorized",
  InvalidToken: "unauthorized",
  InvalidIdentityToken: "unauthorized",
  ExpiredToken: "unauthorized",
  ExpiredTokenException: "unauthorized",
  TokenRefreshRequired: "unauthorized",
  TokenProviderError: "unauthorized",
  CredentialsProviderError: "unauthorized",
  NotSignedUp: "unauthorized",
  RequestExpired: "unauthorized",
  RequestTimeTooSkewed: "unauthorized",
  AuthorizationHeaderMalformed: "unauthorized",
  UnrecognizedClientException: "unauthorized",
  // versitygw's own word, and with it a 404.
  XAdminUserNotFound: "unauthorized",
  SlowDown: "throttled",
  Throttling: "throttled",
  ThrottlingException: "throttled",
  ThrottledException: "throttled",
  RequestLimitExceeded: "throttled",
  RequestThrottled: "throttled",
  RequestThrottledException: "throttled",
  TooManyRequests: "throttled",
  TooManyRequestsException: "throttled",
  BandwidthLimitExceeded: "throttled",
  RequestTimeout: "timeout",
  RequestTimeoutException: "timeout",
  TimeoutError: "timeout",
};

const BY_STATUS: Readonly<Record<number, FailureCode>> = {
  401: "unauthorized",
  403: "forbidden",
  // Without S3's own word for it, who knows who answered; a proxy's 404 is no missing file.
  404: "bad-reply",
  408: "timeout",
  429: "throttled",
};

const EXPECTED: Readonly<Record<string, string>> = {
  NoSuchBucket: "a bucket that exists; is its name right, and is this the right store?",
  PermanentRedirect: "the region of the bucket (storage.s3.region or AWS_REGION)",
  InvalidObjectState: "a file that is not archived",
  RequestTimeTooSkewed: "a clock that is right",
  CredentialsProviderError: "credentials in the environment, in files or from a role",
};

/** Whether S3 or its SDK gave an error this name. */
export function isErrorNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

/** What the SDK threw, in our words; a `Failure` stays what it is. */
export function failureOfS3(what: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const name = error instanceof Error ? error.name : "";
  const named = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  // The SDK calls a broken connection a timeout, too.
  const network = named === undefined || name === "TimeoutError" ? failureOfNetwork(what, error) : undefined;
  if (network !== undefined) return network;
  if (/^Region is missing/.test(saidBy(error))) {
    return storageFailure("bad-config", what, "no region", {
      expected: "one in AWS_REGION or storage.s3.region",
      cause: error,
    });
  }
  const status = statusOf(error);
  const code = named ?? codeOfStatus(status);
  const expected = EXPECTED[name];
  return storageFailure(code, what, gotOf(name, status, error), {
    cause: error,
    ...(expected === undefined ? {} : { expected }),
  });
}

function codeOfStatus(status: number | undefined): FailureCode {
  if (status === undefined || status < 400) return "bad-reply";
  return BY_STATUS[status] ?? (status >= 500 ? "unavailable" : "rejected");
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined;
  const metadata = error.$metadata as { readonly httpStatusCode?: unknown } | undefined;
  return typeof metadata?.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}

function gotOf(name: string, status: number | undefined, error: unknown): string {
  const said = saidBy(error).replace(/\.$/, "");
  const words = ["", "UnknownError", name].includes(said) ? "" : `: ${said}`;
  const label = ["", "Error", "UnknownError", "NotFound"].includes(name)
    ? "an answer without a reason"
    : name;
  return `${label}${words}${status === undefined ? "" : ` (HTTP ${status})`}`;
}

import { Failure, type FailureCode } from "../../model/index.ts";
import { saidBy, storageFailure, systemCodeOf } from "./failures.ts";

/** Nothing lies there: absent, a file where a directory would have to be, or links that lead to each other. */
export function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "ELOOP"].includes(systemCodeOf(error) ?? "");
}

const BY_CODE: Readonly<Record<string, readonly [FailureCode, string]>> = {
  EACCES: ["forbidden", "no permission (EACCES)"],
  EPERM: ["forbidden", "no permission (EPERM)"],
  EISDIR: ["not-found", "a directory"],
  ESTALE: ["unavailable", "a stale handle of a network file system (ESTALE)"],
  EIO: ["unavailable", "an error of the disk or of a network file system (EIO)"],
  EMFILE: ["throttled", "too many open files in this process (EMFILE)"],
  ENFILE: ["throttled", "too many open files on this machine (ENFILE)"],
  ETIMEDOUT: ["timeout", "no answer of a network file system (ETIMEDOUT)"],
};

/** What a call of the file system threw, in our words; a `Failure` stays what it is. */
export function failureOfFile(what: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const [code, got] = BY_CODE[systemCodeOf(error) ?? ""] ?? ["unavailable", saidBy(error)];
  return storageFailure(code, what, got, { cause: error });
}

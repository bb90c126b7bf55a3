import { type DestinationStream, destination, type Logger, pino } from "pino";
import { Failure } from "../../model/index.ts";

export type { Logger } from "pino";

/** Fields that may carry credentials, wherever an HTTP request or a setting is logged. */
const SECRETS = ["authorization", "Authorization", "cookie", "bearer", "password", "token"];

export interface LogOptions {
  readonly level: string;
  /** For tests; otherwise stderr, because stdout belongs to the answer of a command. */
  readonly to?: DestinationStream;
}

/** One JSON object per line; constant messages, everything that varies in fields. */
export function createLogger({ level, to }: LogOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: {
        paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: "<secret>",
      },
    },
    // Synchronous: the last line before a crash is the one that is needed.
    to ?? destination({ dest: 2, sync: true }),
  );
}

/** A failure of the outside is a sentence; only a defect of ours needs its stack. */
function describeError(error: unknown): object {
  if (error instanceof Failure) {
    return { code: error.code, retryable: error.retryable, message: error.message, ...causeOf(error) };
  }
  return error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) };
}

function causeOf(error: Error): object {
  return error.cause instanceof Error ? { cause: error.cause.message } : {};
}

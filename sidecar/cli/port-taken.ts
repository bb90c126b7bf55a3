import { Failure } from "../../model/index.ts";
import { CliError } from "./exit.ts";

/** Runs what listens on a port; where another program has the port, says so in words that help. */
export async function namingPort<T>(port: number, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof Failure) || codeOf(error.cause) !== "EADDRINUSE") throw error;
    throw new CliError(
      `cannot listen on port ${port}: another program uses it; choose another with --port, or 0 for a free one`,
    );
  }
}

const codeOf = (cause: unknown): unknown =>
  typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;

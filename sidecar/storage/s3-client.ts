import type { S3Client } from "@aws-sdk/client-s3";
import type { StorageConfig } from "./settings.ts";

/** For counting: called once for every request that is sent, with the name of the command. */
export type OnRequest = (command: string) => void;

const ATTEMPTS = 3;

/** The SDK and a client of it. */
export interface OpenedS3 {
  readonly client: S3Client;
  readonly sdk: typeof import("@aws-sdk/client-s3");
}

/** Loads the SDK, which takes a tenth of a second, and makes a client that finds its credentials by itself. */
export async function openS3(
  { s3: settings, concurrency }: StorageConfig,
  onRequest?: OnRequest,
): Promise<OpenedS3> {
  const sdk = await import("@aws-sdk/client-s3");
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const endpoint = settings.endpoint ?? (AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL || undefined);
  // Servers other than AWS rarely care about the region, but a signature names one.
  const region =
    settings.region ?? (AWS_REGION || AWS_DEFAULT_REGION || (endpoint ? "us-east-1" : undefined));
  const agent = { keepAlive: true, maxSockets: concurrency };
  const client = new sdk.S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    forcePathStyle: settings.pathStyle ?? endpoint !== undefined,
    followRegionRedirects: true,
    maxAttempts: ATTEMPTS,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    logger: UNINFORMED,
    requestHandler: {
      connectionTimeout: settings.timeoutMs,
      requestTimeout: settings.timeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
      // It would write to the console when requests queue up for a connection, which they may.
      logger: SILENT,
    },
  });
  if (onRequest !== undefined) {
    client.middlewareStack.add(
      (next, context) => (args) => {
        onRequest(context.commandName ?? "unknown");
        return next(args);
      },
      { step: "finalizeRequest", priority: "low", name: "countRequests" },
    );
  }
  return { client, sdk };
}

const nothing = () => undefined;
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
/** Where there is no `info`, the SDK does not copy every reply to tell it. */
const UNINFORMED = { ...SILENT, info: undefined } as unknown as typeof SILENT;

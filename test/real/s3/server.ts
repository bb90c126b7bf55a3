import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Child, HopelessError, startChild, tailOf, waitFor } from "../support/child.ts";
import { tool } from "../tools/build.ts";

/** Whom the server knows; nothing secret. */
export const s3Credentials = { accessKeyId: "outrider", secretAccessKey: "outrider-secret" } as const;

/** What a real S3 server is started with. */
export interface S3Options {
  readonly port: number;
  /** Folder whose subfolders are the buckets; a file put there by hand is an object. Made if absent. */
  readonly folder: string;
  readonly workDir: string;
}

/** A running S3 server on loopback. */
export interface S3Server {
  readonly url: string;
  readonly child: Child;
  /** What a program needs in its environment to read from this server. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Starts versitygw over a folder and returns once it answers. Keys are paths of files: `a` and `a/b` cannot both be
 * objects, unlike on AWS.
 */
export async function startS3({ port, folder, workDir }: S3Options): Promise<S3Server> {
  const program = await tool("versitygw");
  mkdirSync(folder, { recursive: true });
  const url = `http://127.0.0.1:${port}`;
  const child = startChild({
    name: "versitygw",
    command: program,
    args: ["--port", `127.0.0.1:${port}`, "--keep-alive", "--quiet", "posix", folder],
    env: {
      ROOT_ACCESS_KEY_ID: s3Credentials.accessKeyId,
      ROOT_SECRET_ACCESS_KEY: s3Credentials.secretAccessKey,
    },
    cwd: workDir,
    logFile: join(workDir, "versitygw.log"),
  });
  try {
    await waitFor("the S3 server answers", 30_000, async () => {
      if (!child.running()) throw new HopelessError(`versitygw ended: ${tailOf(child.logFile)}`);
      // Without a signature it refuses us, in XML; then it is up.
      return (await fetch(url)).status > 0 ? true : undefined;
    });
  } catch (error) {
    await child.stop();
    throw error;
  }
  const env = {
    AWS_ACCESS_KEY_ID: s3Credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3Credentials.secretAccessKey,
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL_S3: url,
  };
  return { url, child, env, stop: () => child.stop() };
}

import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { FormData } from "undici";
import { Failure, type FlinkJobId, sentenceOf } from "../../model/index.ts";
import * as replies from "./replies.ts";
import type { Transport } from "./transport.ts";

export interface JarRun {
  readonly entryClass?: string;
  readonly programArgsList?: readonly string[];
  readonly parallelism?: number;
  readonly jobId?: FlinkJobId;
  readonly savepointPath?: string;
  readonly allowNonRestoredState?: boolean;
  readonly claimMode?: "CLAIM" | "NO_CLAIM";
  readonly flinkConfiguration?: Readonly<Record<string, string>>;
}

const SLOW_CALL_MS = 60_000;

/** Jars: how a job is submitted to a session cluster. */
export function jarCalls({ call }: Transport) {
  return {
    jars: async (): Promise<readonly replies.Jar[]> =>
      (await call({ what: "list jars", path: ["jars"], schema: replies.jarsReply })).files,
    /** Returns the jar's id. */
    async uploadJar(file: string): Promise<string> {
      const form = new FormData();
      form.set("jarfile", await jarBlob(file), basename(file));
      const path = ["jars", "upload"];
      const { filename } = await call({
        what: "upload a jar",
        method: "POST",
        path,
        form,
        schema: replies.jarUploadReply,
        timeoutMs: SLOW_CALL_MS,
      });
      return basename(filename);
    },
    /** Returns once the program's `main` has submitted its job. */
    async runJar(jarId: string, run: JarRun): Promise<FlinkJobId> {
      const path = ["jars", jarId, "run"];
      const reply = await call({
        what: "run a jar",
        method: "POST",
        path,
        body: run,
        schema: replies.jarRunReply,
        timeoutMs: SLOW_CALL_MS,
      });
      return reply.jobid;
    },
    async deleteJar(jarId: string): Promise<void> {
      await call({ what: "delete a jar", method: "DELETE", path: ["jars", jarId], schema: replies.anyReply });
    },
  };
}

async function jarBlob(file: string): Promise<Blob> {
  try {
    return await openAsBlob(file, { type: "application/x-java-archive" });
  } catch (cause) {
    throw new Failure(
      "bad-request",
      `cannot upload a jar: ${file}; got ${sentenceOf(cause)}; expected a file`,
      {
        cause,
      },
    );
  }
}

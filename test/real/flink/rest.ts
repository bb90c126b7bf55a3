import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** How to run an uploaded jar. */
export interface RunJobOptions {
  readonly jarId: string;
  readonly entryClass?: string;
  readonly args: readonly string[];
  readonly parallelism: number;
  /** Keys for this job only; they win over the configuration of the cluster. */
  readonly flinkConfiguration?: Readonly<Record<string, string>>;
  /** Resume from this checkpoint or savepoint. */
  readonly savepointPath?: string;
  /** NO_CLAIM unless given: what is resumed from stays the property of whoever made it. CLAIM: the job takes it over. */
  readonly claimMode?: "NO_CLAIM" | "CLAIM";
}

/** GET, PUT or POST on Flink's REST interface; fails with Flink's own words when the answer is not 2xx. */
export async function flinkRequest<T>(
  restUrl: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const isForm = body instanceof FormData;
  const response = await fetch(`${restUrl}${path}`, {
    method,
    signal: AbortSignal.timeout(20_000),
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    ...(body === undefined || isForm ? {} : { headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${method} ${path}: Flink answered ${response.status}: ${text.slice(0, 1500)}`);
  }
  return JSON.parse(text) as T;
}

/** Uploads a jar and returns the id under which it can be run. */
export async function uploadJar(restUrl: string, path: string): Promise<string> {
  const form = new FormData();
  form.append(
    "jarfile",
    new Blob([readFileSync(path)], { type: "application/x-java-archive" }),
    basename(path),
  );
  const reply = await flinkRequest<{ filename: string }>(restUrl, "POST", "/jars/upload", form);
  return basename(reply.filename);
}

/** Submits a job and returns its id; the job is not RUNNING yet then. */
export async function runJob(restUrl: string, options: RunJobOptions): Promise<string> {
  const reply = await flinkRequest<{ jobid: string }>(restUrl, "POST", `/jars/${options.jarId}/run`, {
    programArgsList: options.args,
    parallelism: options.parallelism,
    ...(options.entryClass === undefined ? {} : { entryClass: options.entryClass }),
    ...(options.flinkConfiguration === undefined ? {} : { flinkConfiguration: options.flinkConfiguration }),
    ...(options.savepointPath === undefined
      ? {}
      : { savepointPath: options.savepointPath, claimMode: options.claimMode ?? "NO_CLAIM" }),
  });
  return reply.jobid;
}

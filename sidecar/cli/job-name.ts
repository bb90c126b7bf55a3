import { parseJobKey } from "../../model/index.ts";
import type { JobView } from "../fleet.ts";
import type { Page } from "../store/port.ts";
import type { Client } from "./client.ts";
import { CliError } from "./exit.ts";

export type JobItem = Omit<JobView, "graph">;

/** All jobs of the server, page after page. */
export async function readJobs(client: Client): Promise<readonly JobItem[]> {
  const jobs: JobItem[] = [];
  let after: string | null = null;
  do {
    const more: string = after === null ? "" : `&after=${encodeURIComponent(after)}`;
    const page: Page<JobItem> = await client.get(`/api/v1/jobs?limit=1000${more}`);
    jobs.push(...page.items);
    after = page.next;
  } while (after !== null);
  return jobs;
}

/** `/api/v1/jobs/{key}` of what the person typed: a key, or the end of one where only one job has it. */
export async function jobPath(client: Client, typed: string): Promise<string> {
  return `/api/v1/jobs/${encodeURIComponent(await resolveJob(client, typed))}`;
}

/** The key that was meant. A full key is taken as it is; the server knows whether the job is there. */
export async function resolveJob(client: Client, typed: string): Promise<string> {
  if (parseJobKey(typed) !== undefined) return typed;
  const keys = (await readJobs(client)).map((j) => j.key);
  const found = keys.filter((key) => key.endsWith(`/${typed}`) || parseJobKey(key)?.name === typed);
  const [only] = found;
  if (found.length === 1 && only !== undefined) return only;
  if (found.length > 1) {
    throw new CliError(`the job ${typed} is ambiguous: ${found.join(", ")}; give the whole key`);
  }
  const known = keys.length === 0 ? "no jobs are known" : `known: ${keys.slice(0, 5).join(", ")}`;
  throw new CliError(`there is no job ${typed}; ${known}${keys.length > 5 ? ", …" : ""}`);
}

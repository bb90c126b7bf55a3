import type { JobKey, Mode, OutriderEvent } from "../../../model/index.ts";
import { readToken } from "../settings/token.ts";
import type {
  Cluster,
  Decision,
  Explanation,
  HistoryPoint,
  Job,
  Page,
  RestorePoints,
  Topology,
} from "./replies.ts";

/** A request that was refused, or not answered. `message` is for people; `code` is the API's, or `unreachable`. */
export class ApiProblem extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "ApiProblem";
    this.code = code;
  }
}

/** A reply that takes longer than this is taken for lost. */
const TIMEOUT_MS = 15_000;

export function authorization(): Record<string, string> {
  const token = readToken();
  return token === "" ? {} : { Authorization: `Bearer ${token}` };
}

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = {
    method,
    headers: { ...authorization(), ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  let reply: Response;
  try {
    reply = await fetch(path, init);
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    throw new ApiProblem(
      "unreachable",
      late ? "Outrider did not answer in time" : "Outrider does not answer",
    );
  }
  if (!reply.ok) throw await problemOf(reply);
  return (await reply.json().catch(() => {
    throw new ApiProblem("bad-reply", "The reply is not what Outrider answers; is something in between?");
  })) as T;
}

/** The `detail` of a problem document; of anything else its status. */
export async function problemOf(reply: Response): Promise<ApiProblem> {
  const body: unknown = await reply.json().catch(() => null);
  const { code, detail } = (body ?? {}) as { code?: unknown; detail?: unknown };
  return new ApiProblem(
    typeof code === "string" ? code : "bad-reply",
    typeof detail === "string" ? detail : `Outrider answered ${reply.status}`,
  );
}

const jobPath = (key: JobKey): string => `/api/v1/jobs/${encodeURIComponent(key)}`;
const decisionPath = (id: string): string => `/api/v1/decisions/${encodeURIComponent(id)}`;

/** The API, one function a route. All throw `ApiProblem`. */
export const api = {
  jobs: () => ask<Page<Job>>("GET", "/api/v1/jobs?limit=1000"),
  clusters: () => ask<Page<Cluster>>("GET", "/api/v1/clusters"),
  job: (key: JobKey) => ask<Job>("GET", jobPath(key)),
  topology: (key: JobKey) => ask<Topology>("GET", `${jobPath(key)}/topology`),
  history: (key: JobKey, since: number) =>
    ask<Page<HistoryPoint>>("GET", `${jobPath(key)}/history?since=${since}`),
  snapshots: (key: JobKey) => ask<RestorePoints>("GET", `${jobPath(key)}/snapshots`),
  explain: (key: JobKey) => ask<Explanation>("GET", `${jobPath(key)}/explain`),
  decisions: (key: JobKey, limit: number, before?: string) =>
    ask<Page<Decision>>(
      "GET",
      `/api/v1/decisions?job=${encodeURIComponent(key)}&limit=${limit}${before === undefined ? "" : `&before=${encodeURIComponent(before)}`}`,
    ),
  decision: (id: string) => ask<Decision>("GET", decisionPath(id)),
  /** Newest first; `before`: only those with a smaller number. */
  events: (limit: number, before?: number) =>
    ask<Page<OutriderEvent>>(
      "GET",
      `/api/v1/events?order=newest&limit=${limit}${before === undefined ? "" : `&before=${before}`}`,
    ),
  approve: (id: string) => ask<Decision>("POST", `${decisionPath(id)}/approve`),
  reject: (id: string, reason: string) => ask<Decision>("POST", `${decisionPath(id)}/reject`, { reason }),
  pause: (key: JobKey, length: string, reason: string) =>
    ask<unknown>("POST", `${jobPath(key)}/pause`, { for: length, reason }),
  resume: (key: JobKey) => ask<unknown>("POST", `${jobPath(key)}/resume`),
  setMode: (key: JobKey, mode: Mode | null) => ask<unknown>("PUT", `${jobPath(key)}/mode`, { mode }),
};

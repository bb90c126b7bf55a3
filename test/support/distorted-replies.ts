import { SINK, type TroubleKind, WORK } from "./troubled-flink.ts";

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const NAMESAKE = "3".repeat(32);

const error = (status: number, ...errors: string[]): Reply => ({ status, body: { errors } });

/** Requests that a trouble refuses outright. */
export function refusalOf(asked: string, trouble: TroubleKind | undefined, jobId: string): Reply | undefined {
  const path = asked.replace(/\?.*$/, "");
  if (trouble === "vanished" && path.includes(` /jobs/${jobId}`)) {
    return error(
      404,
      `org.apache.flink.runtime.rest.NotFoundException: Job ${jobId} not found\n\tat x.Y.z(Y.java:1)`,
    );
  }
  if (!path.endsWith("/resource-requirements")) return undefined;
  if (trouble === "not-adaptive") {
    const why = "The DefaultScheduler does not support changing the parallelism";
    return error(500, "Internal server error.", `java.lang.UnsupportedOperationException: ${why}`);
  }
  return trouble === "put-refused" && path.startsWith("PUT")
    ? error(400, "The upper bound is above what this cluster allows")
    : undefined;
}

interface Listed {
  readonly jobs: readonly Record<string, unknown>[];
}
interface Details {
  readonly jid: string;
  readonly vertices: readonly { readonly id: string; readonly metrics: Record<string, unknown> }[];
}
type Metrics = readonly { readonly id: string }[];

/** What the simulated Flink answers, with a lie in it. `ask` puts a request to it. */
export function distort(
  trouble: TroubleKind | undefined,
  asked: string,
  jobId: string,
  ask: (asked: string) => Reply,
): Reply {
  if (trouble === "namesakes") return withNamesake(asked, jobId, ask);
  const reply = ask(asked);
  if (reply.status !== 200) return reply;
  const isJob = asked === `GET /jobs/${jobId}`;
  if (trouble === "nan" && isJob) {
    return withMetrics(reply, (id, metrics) =>
      id === WORK ? { ...metrics, "accumulated-busy-time": "NaN" } : metrics,
    );
  }
  if (trouble !== "half-missing") return reply;
  if (isJob) return withMetrics(reply, (id, metrics) => (id === WORK || id === SINK ? {} : metrics));
  if (!asked.includes("/subtasks/metrics")) return reply;
  const known = (reply.body as Metrics).filter((m) => !m.id.endsWith("pendingRecords"));
  // As Flink does: one name that it does not know empties the whole reply.
  const asksForIt = asked.includes("get=") && asked.includes("pendingRecords");
  return { status: 200, body: asksForIt ? [] : known };
}

function withMetrics(
  reply: Reply,
  change: (id: string, metrics: Record<string, unknown>) => Record<string, unknown>,
): Reply {
  const details = reply.body as Details;
  const vertices = details.vertices.map((v) => ({ ...v, metrics: change(v.id, v.metrics) }));
  return { status: 200, body: { ...details, vertices } };
}

/** A second job of the same name that answers whatever the first one does. */
function withNamesake(asked: string, jobId: string, ask: (asked: string) => Reply): Reply {
  const reply = ask(asked.replace(NAMESAKE, jobId));
  if (asked.startsWith("GET /jobs/overview")) {
    const { jobs } = reply.body as Listed;
    return { status: 200, body: { jobs: jobs.flatMap((job) => [job, { ...job, jid: NAMESAKE }]) } };
  }
  return asked === `GET /jobs/${NAMESAKE}`
    ? { status: 200, body: { ...(reply.body as Details), jid: NAMESAKE } }
    : reply;
}

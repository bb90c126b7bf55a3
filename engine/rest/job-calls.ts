import type { FlinkJobId, JobState, ListedJob, VertexId } from "../../model/index.ts";
import * as replies from "./replies.ts";
import type { Transport } from "./transport.ts";

/** What a job's vertex may be run with. */
export interface Bounds {
  readonly lowerBound: number;
  readonly upperBound: number;
}

/** What is asked of jobs, and how they are rescaled and cancelled. */
export function jobCalls({ call }: Transport) {
  const jobPath = (id: FlinkJobId, ...rest: string[]): string[] => ["jobs", id, ...rest];
  return {
    async jobs(): Promise<ListedJob[]> {
      const reply = await call({
        what: "list jobs",
        path: ["jobs", "overview"],
        schema: replies.jobsOverviewReply,
      });
      return reply.jobs.map((j) => ({
        flinkJobId: j.jid,
        name: j.name,
        state: j.state,
        startTime: j["start-time"],
      }));
    },
    /** Graph and counters. Flink caches the graph for `web.refresh-interval` (3 s). */
    job: (id: FlinkJobId) => call({ what: "read the job", path: jobPath(id), schema: replies.jobReply }),
    /** Configuration in effect, without the keys that came with the job's submission. */
    async jobConfig(id: FlinkJobId): Promise<Readonly<Record<string, string>>> {
      const path = jobPath(id, "jobmanager", "config");
      const pairs = await call({
        what: "read the job's configuration",
        path,
        schema: replies.keyValuesReply,
      });
      return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
    },
    async jobStatus(id: FlinkJobId): Promise<JobState> {
      const path = jobPath(id, "status");
      return (await call({ what: "read the job's state", path, schema: replies.jobStatusReply })).status;
    },
    /** Newest first. */
    async exceptions(id: FlinkJobId, maximum = 20): Promise<replies.JobExceptions> {
      const path = jobPath(id, "exceptions");
      const query = `?maxExceptions=${maximum}`;
      return (await call({ what: "read the job's exceptions", path, query, schema: replies.exceptionsReply }))
        .exceptionHistory;
    },
    /** Why a job failed, `undefined` where it did not (yet): told also of one that failed before it could start. */
    async failureCause(
      id: FlinkJobId,
    ): Promise<{ readonly class: string; readonly stack: string } | undefined> {
      const path = jobPath(id, "execution-result");
      const what = "read how the job ended";
      const reply = await call({ what, path, schema: replies.executionResultReply });
      const cause = reply["job-execution-result"]?.["failure-cause"];
      return cause ? { class: cause.class, stack: cause["stack-trace"] } : undefined;
    },
    /** `not-supported` when the scheduler cannot rescale a running job. */
    async getRequirements(id: FlinkJobId): Promise<Readonly<Record<VertexId, Bounds>>> {
      const path = jobPath(id, "resource-requirements");
      const reply = await call({
        what: "read the job's requirements",
        path,
        schema: replies.requirementsReply,
      });
      return Object.fromEntries(Object.entries(reply).map(([vertex, r]) => [vertex, r.parallelism]));
    },
    /** Every vertex of the job must be named. Returning means accepted, not yet in effect. */
    async putRequirements(id: FlinkJobId, bounds: Readonly<Record<VertexId, Bounds>>): Promise<void> {
      const body = Object.fromEntries(Object.entries(bounds).map(([v, b]) => [v, { parallelism: b }]));
      const path = jobPath(id, "resource-requirements");
      await call({ what: "rescale the job", method: "PUT", path, body, schema: replies.anyReply });
    },
    /** Asynchronous; a job that has ended already accepts it too. */
    async cancel(id: FlinkJobId): Promise<void> {
      const query = "?mode=cancel";
      await call({
        what: "cancel the job",
        method: "PATCH",
        path: jobPath(id),
        query,
        schema: replies.anyReply,
      });
    },
  };
}

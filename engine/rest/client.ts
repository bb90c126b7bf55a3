import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { FormData } from "undici";
import {
  Failure,
  type FlinkJobId,
  type JobState,
  type ListedJob,
  sentenceOf,
  type VertexId,
} from "../../model/index.ts";
import * as checkpoints from "./checkpoint-replies.ts";
import * as metrics from "./metric-replies.ts";
import * as replies from "./replies.ts";
import { createTransport, type FlinkRestOptions, type Transport } from "./transport.ts";

/** What a job's vertex may be run with. */
export interface Bounds {
  readonly lowerBound: number;
  readonly upperBound: number;
}

export interface SavepointRequest {
  /** Chosen by us (32 hex digits), so that asking twice triggers once. */
  readonly triggerId: string;
  /** Absent: Flink's configured default; it answers `rejected` where there is none. */
  readonly targetDirectory?: string;
  readonly formatType?: "CANONICAL" | "NATIVE";
}

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
/** Netty refuses request lines over 4096 bytes; long lists of names are split. */
const MAX_QUERY = 3_000;

/** Everything Outrider asks of Flink's REST API. Every method may throw a `Failure`, and nothing else. */
export type FlinkRest = ReturnType<typeof createFlinkRest>;

/** A client of one Flink cluster. It holds connections; `close()` ends them. */
export function createFlinkRest(options: FlinkRestOptions) {
  const transport = createTransport(options);
  return {
    ...clusterCalls(transport),
    ...jobCalls(transport),
    ...checkpointCalls(transport),
    ...metricCalls(transport),
    ...jarCalls(transport),
    /** Ends all connections; calls under way fail as `unreachable`. */
    close: (): Promise<void> => transport.close(),
  };
}

function clusterCalls({ call }: Transport) {
  return {
    config: () => call({ what: "read Flink's version", path: ["config"], schema: replies.configReply }),
    overview: () => call({ what: "read the cluster", path: ["overview"], schema: replies.overviewReply }),
    taskManagers: async (): Promise<readonly replies.TaskManager[]> =>
      (
        await call({
          what: "list TaskManagers",
          path: ["taskmanagers"],
          schema: replies.taskManagersReply,
        })
      ).taskmanagers,
  };
}

function jobCalls({ call }: Transport) {
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

function checkpointCalls({ call }: Transport) {
  const trigger = async (what: string, path: string[], body: unknown): Promise<string> =>
    (await call({ what, method: "POST", path, body, schema: checkpoints.triggerReply }))["request-id"];
  const status = async (what: string, path: string[]): Promise<checkpoints.OperationStatus> =>
    checkpoints.operationStatus(await call({ what, path, schema: checkpoints.operationReply }));
  return {
    /** `not-supported` when the job does not checkpoint. */
    checkpoints: (id: FlinkJobId) =>
      call({
        what: "read checkpoints",
        path: ["jobs", id, "checkpoints"],
        schema: checkpoints.checkpointsReply,
      }),
    checkpointsConfig: (id: FlinkJobId) =>
      call({
        what: "read the checkpoint settings",
        path: ["jobs", id, "checkpoints", "config"],
        schema: checkpoints.checkpointsConfigReply,
      }),
    /** Returns the request id to poll with: our trigger id. */
    triggerSavepoint: (id: FlinkJobId, asked: SavepointRequest): Promise<string> =>
      trigger("trigger a savepoint", ["jobs", id, "savepoints"], {
        "cancel-job": false,
        ...(asked.targetDirectory === undefined ? {} : { "target-directory": asked.targetDirectory }),
        formatType: asked.formatType ?? "CANONICAL",
        triggerId: asked.triggerId,
      }),
    /** Stops the job once its savepoint is complete. Never drains: windows stay open for the next start. */
    stopWithSavepoint: (id: FlinkJobId, asked: SavepointRequest): Promise<string> =>
      trigger("stop the job with a savepoint", ["jobs", id, "stop"], {
        drain: false,
        ...(asked.targetDirectory === undefined ? {} : { targetDirectory: asked.targetDirectory }),
        formatType: asked.formatType ?? "CANONICAL",
        triggerId: asked.triggerId,
      }),
    /** Of savepoints and stops. `not-found` when unknown, expired (5 min) or after a JobManager failover. */
    savepointStatus: (id: FlinkJobId, triggerId: string) =>
      status("read the savepoint's status", ["jobs", id, "savepoints", triggerId]),
    triggerCheckpoint: (
      id: FlinkJobId,
      asked: { triggerId: string; checkpointType?: "CONFIGURED" | "FULL" | "INCREMENTAL" },
    ): Promise<string> =>
      trigger("trigger a checkpoint", ["jobs", id, "checkpoints"], {
        checkpointType: asked.checkpointType ?? "CONFIGURED",
        triggerId: asked.triggerId,
      }),
    checkpointStatus: (id: FlinkJobId, triggerId: string) =>
      status("read the checkpoint's status", ["jobs", id, "checkpoints", triggerId]),
  };
}

function metricCalls({ call }: Transport) {
  const names = async (what: string, path: readonly string[]): Promise<readonly string[]> =>
    (await call({ what, path, schema: metrics.metricNamesReply })).map((m) => m.id);
  const values = async (
    what: string,
    path: readonly string[],
    get: readonly string[],
  ): Promise<ReadonlyMap<string, string>> => {
    const found = new Map<string, string>();
    for (const query of queriesOf(get)) {
      const reply = await call({ what, path, query, schema: metrics.metricValuesReply });
      for (const { id, value } of reply) found.set(id, value);
    }
    return found;
  };
  const aggregates = async (
    what: string,
    path: readonly string[],
    get: readonly string[],
    aggregations: readonly metrics.Aggregation[],
  ): Promise<ReadonlyMap<string, metrics.Aggregates>> => {
    const found = new Map<string, metrics.Aggregates>();
    for (const query of queriesOf(get)) {
      const full = `${query}&agg=${aggregations.join(",")}`;
      const reply = await call({ what, path, query: full, schema: metrics.aggregatesReply });
      for (const { id, ...rest } of reply) found.set(id, rest);
    }
    return found;
  };
  const vertexPath = (id: FlinkJobId, vertex: VertexId, ...rest: string[]): string[] => [
    "jobs",
    id,
    "vertices",
    vertex,
    ...rest,
  ];
  return {
    /** Names of a vertex' metrics, `<subtask>.<metric>` and `<subtask>.<operator>.<metric>`. */
    vertexMetricNames: (id: FlinkJobId, vertex: VertexId) =>
      names("list a vertex' metrics", vertexPath(id, vertex, "metrics")),
    /** Unknown names are left out. */
    vertexMetrics: (id: FlinkJobId, vertex: VertexId, get: readonly string[]) =>
      values("read a vertex' metrics", vertexPath(id, vertex, "metrics"), get),
    /** Names without the subtask; empty for an unknown vertex and for some seconds after a start. */
    subtaskMetricNames: (id: FlinkJobId, vertex: VertexId) =>
      names("list the metrics of subtasks", vertexPath(id, vertex, "subtasks", "metrics")),
    /** Over all subtasks. One name that no subtask knows empties the whole reply: ask for listed names only. */
    subtaskMetrics: (
      id: FlinkJobId,
      vertex: VertexId,
      get: readonly string[],
      aggregations: readonly metrics.Aggregation[],
    ) =>
      aggregates(
        "read the metrics of subtasks",
        vertexPath(id, vertex, "subtasks", "metrics"),
        get,
        aggregations,
      ),
    vertexDetails: (id: FlinkJobId, vertex: VertexId) =>
      call({ what: "read a vertex", path: vertexPath(id, vertex), schema: metrics.vertexReply }),
    backPressure: (id: FlinkJobId, vertex: VertexId) =>
      call({
        what: "read back-pressure",
        path: vertexPath(id, vertex, "backpressure"),
        schema: metrics.backPressureReply,
      }),
    /** By `<subtask>.currentInputWatermark`; sources have none. */
    async watermarks(id: FlinkJobId, vertex: VertexId): Promise<ReadonlyMap<string, string>> {
      const path = vertexPath(id, vertex, "watermarks");
      const reply = await call({ what: "read watermarks", path, schema: metrics.metricValuesReply });
      return new Map(reply.map((m) => [m.id, m.value]));
    },
    jmMetrics: (get: readonly string[]) => values("read JobManager metrics", ["jobmanager", "metrics"], get),
    jobMetrics: (id: FlinkJobId, get: readonly string[]) =>
      values("read the job's metrics", ["jobs", id, "metrics"], get),
    /** Over all TaskManagers. */
    tmMetrics: (get: readonly string[], aggregations: readonly metrics.Aggregation[]) =>
      aggregates("read TaskManager metrics", ["taskmanagers", "metrics"], get, aggregations),
  };
}

/** `?get=a,b`, in as many queries as the length allows. */
function queriesOf(names: readonly string[]): readonly string[] {
  const queries: string[] = [];
  let current = "";
  for (const name of names.map(encodeURIComponent)) {
    if (current !== "" && current.length + name.length > MAX_QUERY) {
      queries.push(`?get=${current}`);
      current = "";
    }
    current = current === "" ? name : `${current},${name}`;
  }
  return current === "" ? queries : [...queries, `?get=${current}`];
}

function jarCalls({ call }: Transport) {
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

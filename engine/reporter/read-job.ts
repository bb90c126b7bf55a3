import { Agent, request } from "undici";
import {
  ABSENT,
  Failure,
  type FlinkJobId,
  type Graph,
  isSource,
  type Reading,
  reading,
  SOURCE_METRICS,
  type SourceReadout,
  sentenceOf,
  TASK_METRICS,
  type VertexId,
  type VertexReadout,
} from "../../model/index.ts";

/** One sample of a reporter page. */
export interface PageSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads the text of a page; the collector has one. */
export type ParsePage = (text: string) => { readonly samples: readonly PageSample[] };

export interface ReporterOptions {
  /** Every TaskManager's page. A page that cannot be read makes all readings of the job absent. */
  readonly pages: readonly string[];
  readonly parse: ParsePage;
  /** 5000. */
  readonly timeoutMs?: number;
  /** Largest page that is read; 32 MiB. */
  readonly maxBytes?: number;
}

export interface ReporterReadout {
  readonly vertices: Readonly<Record<VertexId, VertexReadout>>;
  readonly sources: Readonly<Record<VertexId, SourceReadout>>;
}

/**
 * A second source of a job's counters: fresher than REST, which is behind by its fetch interval (10 s). The
 * graph comes from REST, because pages do not tell edges.
 */
export interface ReporterReader {
  /** Throws a `Failure` when a page cannot be read: sums over some of the subtasks would be wrong. */
  readJob(id: FlinkJobId, graph: Graph): Promise<ReporterReadout>;
  close(): Promise<void>;
}

export function createReporterReader(options: ReporterOptions): ReporterReader {
  const { pages, parse, timeoutMs = 5_000, maxBytes = 32 * 1024 * 1024 } = options;
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  return {
    async readJob(id, graph) {
      const texts = await Promise.all(pages.map((page) => fetchPage(agent, page, timeoutMs, maxBytes)));
      return readoutsOf(
        texts.flatMap((text) => parse(text).samples),
        id,
        graph,
      );
    },
    close: () => agent.destroy(),
  };
}

async function fetchPage(
  dispatcher: Agent,
  page: string,
  timeoutMs: number,
  maxBytes: number,
): Promise<string> {
  const which = page.replace(/\/\/[^/@]*@/, "//<secret>@").replace(/\?.*$/, "");
  const fail = (
    code: "timeout" | "unreachable" | "unavailable" | "too-large",
    got: string,
    cause?: unknown,
  ) =>
    new Failure(code, `cannot read a metrics page: ${which}; got ${got}; expected Flink's Prometheus page`, {
      cause,
    });
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const reply = await request(page, { dispatcher, signal });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of reply.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw fail("too-large", `more than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    if (reply.statusCode !== 200) throw fail("unavailable", String(reply.statusCode));
    return Buffer.concat(chunks).toString("utf8");
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (signal.aborted) throw fail("timeout", `no complete page in ${timeoutMs} ms`, error);
    throw fail("unreachable", sentenceOf(error), error);
  }
}

const TASK = "flink_taskmanager_job_task_";
const OPERATOR = `${TASK}operator_`;

type TaskSum = (name: string) => Reading;

const NO_SOURCE = { pendingRecords: ABSENT, sourcePartitions: ABSENT };

const counters = (task: TaskSum) => ({
  readRecords: task(TASK_METRICS.readRecords),
  writeRecords: task(TASK_METRICS.writeRecords),
  busyMs: task(TASK_METRICS.busyMs),
  idleMs: task(TASK_METRICS.idleMs),
  backPressuredMs: task(TASK_METRICS.backPressuredMs),
});

/** Sums the newest attempt of every subtask. Pure, so that recorded pages can be compared with REST. */
export function readoutsOf(samples: readonly PageSample[], id: FlinkJobId, graph: Graph): ReporterReadout {
  const byVertex = Map.groupBy(
    samples.filter((s) => s.name.startsWith(TASK) && s.labels["job_id"] === id),
    (s) => s.labels["task_id"] ?? "",
  );
  const vertices: Record<VertexId, VertexReadout> = {};
  const sources: Record<VertexId, SourceReadout> = {};
  for (const { id: vertex, parallelism } of graph.vertices) {
    const own = newestAttempts(byVertex.get(vertex) ?? []);
    const task: TaskSum = (name) => sumOf(own, TASK + name, parallelism);
    const source = isSource(graph, vertex) ? sourceOf(own, task, parallelism) : undefined;
    vertices[vertex] = {
      ...counters(task),
      ...(source === undefined
        ? { ...NO_SOURCE, hottestBusyMsPerSecond: hottestOf(own, parallelism) }
        : {
            readRecords: source.consumedRecords,
            pendingRecords: source.pendingRecords,
            sourcePartitions: partitionsOf(own),
            hottestBusyMsPerSecond: ABSENT,
          }),
    };
    if (source !== undefined && source.busyMs.kind === "value") sources[vertex] = source;
  }
  return { vertices, sources };
}

/** An old attempt's series can stay on another TaskManager's page for a moment. */
function newestAttempts(samples: readonly PageSample[]): readonly PageSample[] {
  const attempt = (s: PageSample): number => Number(s.labels["task_attempt_num"] ?? 0);
  const newest = new Map<string, number>();
  for (const s of samples) {
    const subtask = s.labels["subtask_index"] ?? "";
    newest.set(subtask, Math.max(newest.get(subtask) ?? 0, attempt(s)));
  }
  return samples.filter((s) => attempt(s) === newest.get(s.labels["subtask_index"] ?? ""));
}

/** Absent unless every subtask has the series: a sum over some of them would look like a drop. */
function sumOf(samples: readonly PageSample[], name: string, parallelism: number): Reading {
  const bySubtask = new Map<string, number>();
  for (const s of samples) {
    if (s.name === name) bySubtask.set(s.labels["subtask_index"] ?? "", s.value);
  }
  if (bySubtask.size !== parallelism) return ABSENT;
  return reading([...bySubtask.values()].reduce((a, b) => a + b, 0));
}

function sourceOf(samples: readonly PageSample[], task: TaskSum, parallelism: number): SourceReadout {
  const pendingName = OPERATOR + SOURCE_METRICS.pendingRecords;
  const names = samples
    .filter((s) => s.name.startsWith(OPERATOR))
    .map((s) => ({ series: s.name, operator: s.labels["operator_name"] ?? "" }))
    .toSorted((a, b) => (a.operator < b.operator ? -1 : 1));
  const operator =
    names.find((n) => n.series === pendingName)?.operator ??
    names.find((n) => n.operator.startsWith("Source"))?.operator;
  const own = samples.filter((s) => s.labels["operator_name"] === operator);
  const pending = own.filter((s) => s.name === pendingName);
  return {
    consumedRecords: sumOf(own, OPERATOR + SOURCE_METRICS.consumedRecords, parallelism),
    // A subtask without splits may have no such series, and then nothing waits for it.
    pendingRecords: pending.length === 0 ? ABSENT : reading(pending.reduce((sum, s) => sum + s.value, 0)),
    busyMs: task(TASK_METRICS.busyMs),
    idleMs: task(TASK_METRICS.idleMs),
    backPressuredMs: task(TASK_METRICS.backPressuredMs),
  };
}

function partitionsOf(samples: readonly PageSample[]): Reading {
  const found = new Set<string>();
  for (const { name, labels } of samples) {
    if (name.startsWith(`${OPERATOR}split_`)) found.add(labels["split"] ?? "");
    if (name.startsWith(`${OPERATOR}KafkaSourceReader_topic_partition_`)) {
      found.add(`${labels["topic"]}/${labels["partition"]}`);
    }
  }
  return reading(found.size > 0 ? found.size : undefined);
}

function hottestOf(samples: readonly PageSample[], parallelism: number): Reading {
  const shares = samples.filter((s) => s.name === TASK + TASK_METRICS.busyMsPerSecond).map((s) => s.value);
  return shares.length === parallelism ? reading(Math.max(...shares)) : ABSENT;
}

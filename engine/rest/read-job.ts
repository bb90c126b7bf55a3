import {
  ABSENT,
  type FlinkJobId,
  type Graph,
  type Instant,
  isSource,
  isTerminal,
  type JobReadout,
  type ListedJob,
  numberOf,
  type Reading,
  reading,
  type SourceReadout,
  TASK_METRICS,
  type VertexId,
  type VertexReadout,
} from "../../model/index.ts";
import { createCapabilityProbe } from "./capabilities.ts";
import type { CheckpointsConfig } from "./checkpoint-replies.ts";
import type { FlinkRest } from "./client.ts";
import { createSubtaskLook, withSubtaskReads } from "./hot-subtasks.ts";
import {
  checkpointReadoutOf,
  graphOf,
  runningSinceOf,
  taskClockOf,
  vertexReadoutOf,
} from "./job-readings.ts";
import { createPressureLook } from "./machine-pressure.ts";
import type { RecentReplies } from "./recent-replies.ts";
import type { JobDetails } from "./replies.ts";
import { createSourceLook, type SourceLook } from "./source-metrics.ts";
import { tolerated } from "./tolerated.ts";

/** Reads jobs of one cluster. Both methods may throw a `Failure`. */
export interface JobReader {
  listJobs(): Promise<ListedJob[]>;
  /** One consistent look: graph and counters belong to one attempt; what does not fit is absent. */
  readJob(id: FlinkJobId): Promise<JobReadout>;
}

/** What is remembered of a job while one attempt of it runs. */
interface Attempt {
  readonly runningSince: Instant;
  readonly graph: Graph;
  readonly look: (id: FlinkJobId, vertex: VertexId) => Promise<SourceLook>;
  readonly subtaskReads: ReturnType<typeof createSubtaskLook>;
  readonly clocks: Map<VertexId, number>;
  hottest: ReadonlyMap<VertexId, Reading>;
  hottestUntil: number;
  /** Asked once: it does not change while the attempt runs. */
  checkpointing: CheckpointsConfig | undefined;
}

const REMEMBERED_JOBS = 1_000;
const HOTTEST_LIVES_MS = 10_000;
const MAX_HOTTEST_REQUESTS = 50;
/** A source may be this much ahead of its vertex in task time per subtask; more means another attempt. */
const MAX_CLOCK_LEAD_MS = 15_000;

export interface JobReaderOptions {
  readonly now?: () => number;
  /** Where replies are left for the health reader of the same cluster. */
  readonly recent?: RecentReplies;
}

/** A reader over REST. `now` is any clock in milliseconds that does not jump; it only times small memories. */
export function createJobReader(rest: FlinkRest, options: JobReaderOptions = {}): JobReader {
  const now = options.now ?? (() => performance.now());
  const probe = createCapabilityProbe(rest);
  const pressureNow = createPressureLook(rest, now);
  const attempts = new Map<FlinkJobId, Attempt>();

  /** The attempt that a reply belongs to: the remembered one, or a new one in its place. */
  function attemptOf(job: JobDetails): Attempt {
    const known = attempts.get(job.jid);
    const graph = graphOf(job);
    const runningSince = runningSinceOf(job);
    if (known !== undefined && known.runningSince === runningSince && sameShape(known.graph, graph))
      return known;
    const attempt: Attempt = {
      runningSince,
      graph,
      look: createSourceLook(rest, now),
      subtaskReads: createSubtaskLook(rest, now),
      clocks: new Map(),
      hottest: new Map(),
      hottestUntil: 0,
      checkpointing: undefined,
    };
    attempts.delete(job.jid);
    attempts.set(job.jid, attempt);
    for (const oldest of attempts.keys()) {
      if (attempts.size <= REMEMBERED_JOBS) break;
      attempts.delete(oldest);
    }
    return attempt;
  }

  async function refreshHottest(id: FlinkJobId, attempt: Attempt): Promise<void> {
    const inner = attempt.graph.vertices.filter((v) => !isSource(attempt.graph, v.id));
    if (now() < attempt.hottestUntil || inner.length > MAX_HOTTEST_REQUESTS) return;
    attempt.hottestUntil = now() + HOTTEST_LIVES_MS;
    const name = TASK_METRICS.busyMsPerSecond;
    const entries = await Promise.all(
      inner.map(async (v): Promise<readonly [VertexId, Reading]> => {
        const found = await tolerated(rest.subtaskMetrics(id, v.id, [name], ["max"]));
        return [v.id, reading(found?.get(name)?.max)];
      }),
    );
    attempt.hottest = new Map(entries);
  }

  return {
    listJobs: () => rest.jobs(),

    async readJob(id) {
      const before = attempts.get(id) ?? attemptOf(await rest.job(id));
      const sources = before.graph.vertices.filter((v) => isSource(before.graph, v.id));
      // Before `/jobs/:id`, so that a restart in between shows as another attempt there.
      const [looks, overview, checkpoints, pressure] = await Promise.all([
        Promise.all(sources.map(async (v) => [v.id, await before.look(id, v.id)] as const)),
        tolerated(rest.overview()),
        tolerated(rest.checkpoints(id)),
        pressureNow(),
        refreshHottest(id, before),
      ]);
      const job = await rest.job(id);
      const attempt = attemptOf(job);
      // Not tolerated: "could not be asked" must not pass for "is not adaptive", which tells people to change Flink.
      const capabilities = isTerminal(job.state) ? undefined : await probe.of(id, job.schedulerType);
      const adaptive = capabilities?.adaptive === true;
      const found = attempt === before ? new Map(looks) : new Map<VertexId, SourceLook>();
      const readings = readingsOf(job, attempt, found, capabilities?.countsSourceRecords ?? false);
      const [requirements, reads] = await Promise.all([
        adaptive ? tolerated(rest.getRequirements(id)) : undefined,
        job.state === "RUNNING" ? attempt.subtaskReads(id, attempt.graph, readings.vertices) : undefined,
      ]);
      if (checkpoints !== undefined) attempt.checkpointing ??= await tolerated(rest.checkpointsConfig(id));
      options.recent?.note({ job, checkpoints, checkpointSettings: attempt.checkpointing });
      return {
        flinkJobId: id,
        name: job.name,
        state: job.state,
        at: job.now,
        runningSince: attempt.runningSince,
        adaptive,
        graph: attempt.graph,
        vertices: withSubtaskReads(readings.vertices, reads),
        sources: readings.sources,
        slotsTotal: reading(overview?.["slots-total"]),
        slotsFree: reading(overview?.["slots-available"]),
        requirements:
          requirements &&
          Object.fromEntries(Object.entries(requirements).map(([vertex, b]) => [vertex, b.upperBound])),
        checkpoints: checkpoints && checkpointReadoutOf(checkpoints, attempt.checkpointing),
        pressure,
      };
    },
  };
}

function readingsOf(
  job: JobDetails,
  attempt: Attempt,
  looks: ReadonlyMap<VertexId, SourceLook>,
  countsSourceRecords: boolean,
): Pick<JobReadout, "vertices" | "sources"> {
  const vertices: Record<VertexId, VertexReadout> = {};
  const sources: Record<VertexId, SourceReadout> = {};
  for (const detail of job.vertices) {
    const look = looks.get(detail.id);
    const source = fitting(detail, look?.readout, attempt.clocks);
    vertices[detail.id] = vertexReadoutOf(detail, source, {
      isSource: isSource(attempt.graph, detail.id),
      countsSourceRecords,
      partitions: look?.partitions ?? ABSENT,
      hottest: attempt.hottest.get(detail.id) ?? ABSENT,
    });
    if (source !== undefined) sources[detail.id] = source;
  }
  return { vertices, sources };
}

/**
 * The source's readings if they belong to the attempt of the vertex. Flink caches the graph for seconds, so
 * shortly after a restart the two may differ: then the source is far ahead, or behind its own past.
 */
function fitting(
  detail: JobDetails["vertices"][number],
  source: SourceReadout | undefined,
  clocks: Map<VertexId, number>,
): SourceReadout | undefined {
  if (source === undefined) return undefined;
  const clock = numberOf(taskClockOf(source));
  if (clock === undefined) return source;
  const own = vertexReadoutOf(detail, undefined, {
    isSource: true,
    countsSourceRecords: false,
    partitions: ABSENT,
    hottest: ABSENT,
  });
  const vertexClock = numberOf(taskClockOf(own));
  const tooFarAhead =
    vertexClock !== undefined && clock - vertexClock > MAX_CLOCK_LEAD_MS * Math.max(1, detail.parallelism);
  if (tooFarAhead || clock < (clocks.get(detail.id) ?? 0)) return undefined;
  clocks.set(detail.id, clock);
  return source;
}

const sameShape = (a: Graph, b: Graph): boolean =>
  a.vertices.length === b.vertices.length &&
  a.vertices.every((v, i) => v.id === b.vertices[i]?.id && v.parallelism === b.vertices[i]?.parallelism);

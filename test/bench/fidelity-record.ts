import type { FlinkRest } from "../../engine/index.ts";
import { Failure, SOURCE_METRICS } from "../../model/index.ts";
import { VERTICES } from "./fidelity-plan.ts";
import type { FidelityTarget } from "./fidelity-run.ts";
import type { Counters, Sample, SeenCheckpoint, SourceSample, Trace } from "./fidelity-trace.ts";

type Seen = Pick<Trace, "samples" | "states" | "checkpoints" | "restores">;

/** Keeps what REST says of one job; nothing is computed here. */
export interface Recorder {
  /** One look at job, source and checkpoints. A part that could not be read is absent. */
  look(): Promise<void>;
  lookAtState(): Promise<void>;
  /** From now until the job runs anew. */
  awaitRestart(): void;
  awaitsRestart(): boolean;
  newestTriggerMs(): number | undefined;
  /** Drops all looks so far. */
  forget(): void;
  seen(): Seen;
}

/** A recorder that knows the names of the source's metrics; throws a `Failure` if the job cannot be read. */
export async function createRecorder(rest: FlinkRest, target: FidelityTarget): Promise<Recorder> {
  const { flinkJobId: id } = target;
  const names = await sourceNames(rest, target);
  const samples: Sample[] = [];
  const states: { atMs: number; state: string }[] = [];
  const checkpoints = new Map<number, SeenCheckpoint>();
  const restores = new Map<number, { seenMs: number; checkpoint: number }>();
  let runningSinceMs: number | undefined;
  /** The attempt that a PUT is to end. */
  let ending: number | undefined;

  async function readSource(): Promise<SourceSample> {
    const found = await rest.subtaskMetrics(id, target.vertices.gen, names, ["sum"]);
    const [pending, consumed] = names.map((name) => finite(found.get(name)?.sum));
    return { pending, consumed };
  }

  async function readCheckpoints(): Promise<void> {
    const reply = await rest.checkpoints(id);
    for (const c of reply.history) {
      if (c.status !== "COMPLETED") continue;
      const { id: number, trigger_timestamp: triggeredMs, end_to_end_duration: durationMs } = c;
      checkpoints.set(number, { id: number, triggeredMs, durationMs });
    }
    const restored = reply.latest.restored;
    if (restored && !restores.has(restored.restore_timestamp)) {
      restores.set(restored.restore_timestamp, { seenMs: target.now(), checkpoint: restored.id });
    }
  }

  async function lookAtState(): Promise<void> {
    const state = await rest.jobStatus(id);
    if (states.at(-1)?.state !== state) states.push({ atMs: target.now(), state });
  }

  return {
    async look() {
      // The source first: a restart in between then shows as another attempt in the job's reply.
      const source = await tolerated(readSource());
      const job = await tolerated(rest.job(id));
      const atMs = target.now();
      await tolerated(readCheckpoints());
      await tolerated(lookAtState());
      runningSinceMs = job?.timestamps["RUNNING"] || undefined;
      if (runningSinceMs !== ending) ending = undefined;
      const details = VERTICES.map(
        (v) => [v, job?.vertices.find((d) => d.id === target.vertices[v])] as const,
      );
      const vertices = Object.fromEntries(
        details.flatMap(([v, d]) => (d === undefined ? [] : [[v, countersOf(d.parallelism, d.metrics)]])),
      );
      samples.push({ atMs, runningSinceMs, vertices, source });
    },
    async lookAtState() {
      await tolerated(lookAtState());
    },
    awaitRestart() {
      ending = runningSinceMs;
    },
    awaitsRestart: () => ending !== undefined,
    newestTriggerMs: () => [...checkpoints.values()].map((c) => c.triggeredMs).toSorted((a, b) => b - a)[0],
    forget() {
      samples.length = 0;
      states.length = 0;
      restores.clear();
    },
    seen: () => ({
      samples,
      states,
      checkpoints: [...checkpoints.values()],
      restores: [...restores.values()],
    }),
  };
}

type Metrics = Awaited<ReturnType<FlinkRest["job"]>>["vertices"][number]["metrics"];

function countersOf(parallelism: number, metrics: Metrics): Counters {
  return {
    parallelism,
    read: finite(metrics["read-records"]),
    written: finite(metrics["write-records"]),
    busyMs: finite(metrics["accumulated-busy-time"]),
    idleMs: finite(metrics["accumulated-idle-time"]),
    backPressuredMs: finite(metrics["accumulated-backpressured-time"]),
  };
}

/** Flink says NaN of what it does not know. */
const finite = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isFinite(value) ? value : undefined;

const NAMES_MS = 20_000;

/** Pending and consumed records of the source operator. A vertex has no metric names in its first seconds. */
async function sourceNames(rest: FlinkRest, target: FidelityTarget): Promise<readonly string[]> {
  const wanted = [SOURCE_METRICS.pendingRecords, SOURCE_METRICS.consumedRecords];
  for (let waited = 0; waited < NAMES_MS; waited += 500) {
    const names = await rest.subtaskMetricNames(target.flinkJobId, target.vertices.gen);
    const found = wanted.map((w) => names.find((n) => n.startsWith("Source__") && n.endsWith(`.${w}`)));
    const known = found.filter((n) => n !== undefined);
    if (known.length === wanted.length) return known;
    await target.wait(500);
  }
  throw new Failure(
    "not-supported",
    `cannot find the source's metrics: ${target.name}; got none in 20 s; expected ${wanted.join(" and ")}`,
  );
}

/** `undefined` instead of a failure: one look less. */
async function tolerated<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

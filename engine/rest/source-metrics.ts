import {
  ABSENT,
  Failure,
  type FlinkJobId,
  type Reading,
  reading,
  SOURCE_METRICS,
  type SourceReadout,
  TASK_METRICS,
  type VertexId,
} from "../../model/index.ts";
import type { FlinkRest } from "./client.ts";
import type { Aggregates } from "./metric-replies.ts";

/** What one look at a source gave. `readout` is `undefined` when its metrics are not there yet. */
export interface SourceLook {
  readonly readout: SourceReadout | undefined;
  readonly partitions: Reading;
}

const NOTHING: SourceLook = { readout: undefined, partitions: ABSENT };

/** The names of one source's metrics that matter, with the operator's prefix where they have one. */
export interface SourceNames {
  readonly pendingRecords: string | undefined;
  readonly consumedRecords: string | undefined;
  readonly taskClock: readonly string[];
  readonly partitions: number | undefined;
}

const CLOCK = [TASK_METRICS.busyMs, TASK_METRICS.idleMs, TASK_METRICS.backPressuredMs];
const SPLIT = /\.split\.(.+)\.watermark\.[^.]+$/;
const KAFKA_PARTITION = /KafkaSourceReader\.topic\.(.+)\.partition\.(\d+)\.[^.]+$/;

/** Finds the source operator among the names of a chain's metrics: the one with pending records, else the first. */
export function sourceNamesIn(names: readonly string[]): SourceNames {
  const sorted = names.toSorted();
  const pending = sorted.find((n) => n === SOURCE_METRICS.pendingRecords || n.endsWith(".pendingRecords"));
  const counters = sorted.filter((n) => n.endsWith(`.${SOURCE_METRICS.consumedRecords}`));
  const ofOperator = pending?.replace(/pendingRecords$/, SOURCE_METRICS.consumedRecords);
  const consumed =
    ofOperator === undefined
      ? (counters.find((n) => n.startsWith("Source_")) ?? counters[0])
      : counters.find((n) => n === ofOperator);
  const partitions = new Set<string>();
  for (const name of names) {
    const split = KAFKA_PARTITION.exec(name) ?? SPLIT.exec(name);
    if (split !== null) partitions.add(split.slice(1).join("/"));
  }
  return {
    pendingRecords: pending,
    consumedRecords: consumed,
    taskClock: CLOCK.filter((n) => names.includes(n)),
    partitions: partitions.size > 0 ? partitions.size : undefined,
  };
}

const COMPLETE_NAMES_LIVE_MS = 60_000;
/** Doubled with every look that finds the names still incomplete. */
const PARTIAL_NAMES_LIVE_MS = 500;

/** Looks at the sources of one attempt. Names are remembered, because listing them costs a request. */
export function createSourceLook(rest: FlinkRest, now: () => number) {
  const remembered = new Map<VertexId, { names: SourceNames; until: number; live: number }>();

  async function namesOf(id: FlinkJobId, vertex: VertexId): Promise<SourceNames> {
    const known = remembered.get(vertex);
    if (known !== undefined && now() < known.until) return known.names;
    const names = sourceNamesIn(await rest.subtaskMetricNames(id, vertex));
    // Kafka registers its pending records only with the first fetch; after a start there are no names at all, and
    // after a pause Flink first shows those of its last look.
    const complete = names.pendingRecords !== undefined && names.taskClock.length === CLOCK.length;
    const patience = Math.min(COMPLETE_NAMES_LIVE_MS, (known?.live ?? PARTIAL_NAMES_LIVE_MS / 2) * 2);
    const live = complete ? COMPLETE_NAMES_LIVE_MS : patience;
    remembered.set(vertex, { names, until: now() + live, live });
    return names;
  }

  return async function look(id: FlinkJobId, vertex: VertexId): Promise<SourceLook> {
    try {
      const names = await namesOf(id, vertex);
      const partitions = reading(names.partitions);
      const get = [names.pendingRecords, names.consumedRecords, ...names.taskClock].filter(
        (n) => n !== undefined,
      );
      if (get.length === 0) return { readout: undefined, partitions };
      const found = await rest.subtaskMetrics(id, vertex, get, ["sum"]);
      if (found.size === 0) {
        // A restart took the names away between the two requests.
        remembered.delete(vertex);
        return NOTHING;
      }
      return { readout: readoutOf(names, found), partitions };
    } catch (error) {
      // A source that cannot be read makes its readings absent; the job itself is still worth reading.
      if (error instanceof Failure) return NOTHING;
      throw error;
    }
  };
}

function readoutOf(names: SourceNames, found: ReadonlyMap<string, Aggregates>): SourceReadout {
  const sum = (name: string | undefined): Reading =>
    name === undefined ? ABSENT : reading(found.get(name)?.sum);
  return {
    consumedRecords: sum(names.consumedRecords),
    pendingRecords: sum(names.pendingRecords),
    busyMs: sum(TASK_METRICS.busyMs),
    idleMs: sum(TASK_METRICS.idleMs),
    backPressuredMs: sum(TASK_METRICS.backPressuredMs),
  };
}

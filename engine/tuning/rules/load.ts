import { type Graph, outputsOf, type VertexId } from "../../../model/index.ts";
import {
  both,
  type JobReport,
  type Part,
  type Pressure,
  read,
  unread,
  type VertexReport,
} from "../report.ts";
import { jobRule, mean, percent, vertexRule } from "./rule.ts";

/** Flink's own bounds: above 0.5 a vertex is shown as highly back-pressured. */
const BACK_PRESSURED = 0.5;
const SATURATED = 0.9;
/** The hottest subtask against the mean: from here on the work is uneven. */
const UNEVEN = 1.5;

interface Loaded {
  readonly vertex: VertexReport;
  readonly busy: number;
  readonly hottestBusy: number;
  readonly backPressured: number;
}

function loadOf(vertex: VertexReport, pressure: readonly Pressure[]): Loaded {
  return {
    vertex,
    busy: mean(pressure.map((p) => p.busy)),
    hottestBusy: Math.max(...pressure.map((p) => p.busy)),
    backPressured: Math.max(...pressure.map((p) => p.backPressured)),
  };
}

/** Loads of all vertices, or why one of them is unknown: half a graph could name the wrong culprit. */
function loadsOf(job: JobReport): Part<readonly Loaded[]> {
  if (job.vertices.kind === "unread") return job.vertices;
  const loads: Loaded[] = [];
  for (const vertex of job.vertices.value) {
    if (vertex.pressure.kind === "unread") return unread(`"${vertex.name}": ${vertex.pressure.why}`);
    loads.push(loadOf(vertex, vertex.pressure.value));
  }
  return read(loads);
}

interface Jam {
  readonly culprit: Loaded;
  readonly held: readonly Loaded[];
}

const isHeld = (load: Loaded): boolean => load.backPressured > BACK_PRESSURED;

/** The first vertices downstream of `start` that are not back-pressured, through those that are. */
function endsOfJam(graph: Graph, loads: ReadonlyMap<VertexId, Loaded>, start: VertexId): readonly Loaded[] {
  const seen = new Set([start]);
  const ends: Loaded[] = [];
  const queue = [start];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    for (const { to } of outputsOf(graph, id)) {
      const next = loads.get(to);
      if (next === undefined || seen.has(to)) continue;
      seen.add(to);
      if (isHeld(next)) queue.push(to);
      else ends.push(next);
    }
  }
  return ends;
}

/** Back-pressured vertices by the one that holds them back: of several ends of a jam the busiest. */
function jamsOf(job: JobReport, list: readonly Loaded[]): readonly Jam[] {
  if (job.details.kind === "unread") return [];
  const { graph } = job.details.value;
  const loads = new Map(list.map((load) => [load.vertex.id, load]));
  const jams = new Map<Loaded, Loaded[]>();
  for (const held of list.filter(isHeld)) {
    const ends = endsOfJam(graph, loads, held.vertex.id);
    const culprit = ends.toSorted((a, b) => b.hottestBusy - a.hottestBusy)[0];
    if (culprit !== undefined) jams.set(culprit, [...(jams.get(culprit) ?? []), held]);
  }
  return [...jams].map(([culprit, held]) => ({ culprit, held }));
}

const named = (l: Loaded): string => `"${l.vertex.name}" (${percent(l.backPressured)})`;

/** Uneven work is said, because there more parallelism does not help. */
function causeOf({ vertex, busy, hottestBusy }: Loaded): string {
  if (hottestBusy < BACK_PRESSURED) {
    return `"${vertex.name}" is only ${percent(hottestBusy)} busy (the network, or waiting outside Flink?) but`;
  }
  if (hottestBusy >= UNEVEN * busy) {
    return `One subtask of "${vertex.name}" is ${percent(hottestBusy)} busy, the mean of ${vertex.parallelism} is ${percent(busy)} (skew): it`;
  }
  return `"${vertex.name}" is ${percent(hottestBusy)} busy with ${vertex.parallelism} subtasks and`;
}

export const backPressuredVertex = jobRule(
  {
    code: "backpressured-vertex",
    severity: "warning",
    weight: 85,
    meaning:
      "Vertices wait more than half of their time for a slower one downstream. The finding's vertex is that slower one: the first downstream that is not back-pressured itself.",
    remedy:
      "Give the slow vertex more parallelism, or make it cheaper; with skew spread its keys first. The waiting ones need nothing.",
  },
  (job) => both(loadsOf(job), job.details),
  ([loads], job) =>
    jamsOf(job, loads).map(({ culprit, held }) => {
      const cause = `${causeOf(culprit)} holds back`;
      return {
        sentence: `${cause} ${held.map(named).join(", ")}`,
        vertex: culprit.vertex.id,
        evidence: {
          culprit: culprit.vertex.name,
          busy: culprit.hottestBusy,
          meanBusy: culprit.busy,
          parallelism: culprit.vertex.parallelism,
          backPressured: Object.fromEntries(held.map((l) => [l.vertex.name, l.backPressured])),
        },
      };
    }),
);

export const vertexSaturated = jobRule(
  {
    code: "vertex-saturated",
    severity: "warning",
    weight: 75,
    meaning:
      "A vertex is 90 % busy or more on average. A vertex that holds others back is named by backpressured-vertex instead.",
    remedy: "It has no room for a peak or for catching up: raise its parallelism.",
  },
  (job) => both(loadsOf(job), job.details),
  ([loads], job) => {
    const culprits = new Set(jamsOf(job, loads).map((j) => j.culprit.vertex.id));
    return loads
      .filter((l) => l.busy >= SATURATED && !culprits.has(l.vertex.id))
      .map((l) => ({
        sentence: `"${l.vertex.name}" is ${percent(l.busy)} busy with ${l.vertex.parallelism} subtasks`,
        vertex: l.vertex.id,
        evidence: { busy: l.busy, hottestBusy: l.hottestBusy, parallelism: l.vertex.parallelism },
      }));
  },
);

export const maxParallelismLow = vertexRule(
  {
    code: "max-parallelism-low",
    severity: "info",
    weight: 50,
    meaning:
      "The parallelism is more than half of the maximum (the number of key groups), so it cannot double. A warning where it is the maximum.",
    remedy: "Raise pipeline.max-parallelism; that needs a migration of keyed state, so plan it early.",
  },
  (vertex): Part<VertexReport> => read(vertex),
  ({ parallelism, maxParallelism, name }) =>
    maxParallelism <= 0 || parallelism * 2 <= maxParallelism
      ? []
      : [
          {
            sentence: `"${name}" runs with ${parallelism} of at most ${maxParallelism} subtasks`,
            evidence: { parallelism, maxParallelism },
            severity: parallelism >= maxParallelism ? "warning" : "info",
          },
        ],
);

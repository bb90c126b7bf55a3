import type { TroubleSpec } from "./trouble-schema.ts";
import type { VertexSpec } from "./vertex-schema.ts";
import { drainProblems } from "./world-drain.ts";
import { loadProblems } from "./world-load.ts";
import { firstSlots, inOrder, leastSlots } from "./world-order.ts";
import { adviceOn, type Problem, problem } from "./world-problems.ts";
import type { ClusterSpec, JobSpec } from "./world-schema.ts";

/** The parts of a world that are well-formed by themselves; undefined stands for one that is not. */
export interface Parts {
  readonly cluster: ClusterSpec | undefined;
  readonly jobs: readonly (JobSpec | undefined)[];
  readonly trouble: readonly TroubleSpec[];
}

/** What no part shows alone: names, graphs, slots, load and trouble that do not fit together. */
export function crossProblems({ cluster, jobs, trouble }: Parts): readonly Problem[] {
  const byName = new Map<string, number>();
  const problems: Problem[] = [];
  for (const [i, job] of jobs.entries()) {
    if (job === undefined) continue;
    const first = byName.get(job.name);
    if (first !== undefined) {
      problems.push(
        problem(["jobs", i, "name"], `"${job.name}"`, `another name than that of jobs[${first}]`),
      );
    } else {
      byName.set(job.name, i);
    }
    const graph = graphProblems(job, ["jobs", i, "vertices"]);
    problems.push(...graph);
    if (graph.length === 0 && cluster !== undefined) {
      problems.push(...drainProblems(job, i, { cluster, jobs }));
    }
  }
  if (cluster !== undefined) problems.push(...slotProblems(cluster, jobs), ...storageProblems(cluster));
  return [...problems, ...troubleProblems({ cluster, jobs, trouble })];
}

function storageProblems({ checkpointDirectory, savepointDirectory }: ClusterSpec): readonly Problem[] {
  if (savepointDirectory === undefined || checkpointDirectory !== undefined) return [];
  return [problem(["cluster", "savepointDirectory"], "it alone", "checkpointDirectory beside it")];
}

function graphProblems(job: JobSpec, path: readonly PropertyKey[]): readonly Problem[] {
  const vertices = Object.entries(job.vertices);
  const problems = vertices.flatMap(([key, vertex]) => [
    ...vertexProblems(vertex, [...path, key]),
    ...edgeProblems(job, vertex, [...path, key, "from"]),
  ]);
  if (!vertices.some(([, vertex]) => vertex.source !== undefined)) {
    problems.push(problem(path, "no source", "at least one vertex with source"));
  }
  const ids = new Map<string, string>();
  for (const [key, { id }] of vertices) {
    const other = id === undefined ? undefined : ids.get(id);
    if (other !== undefined) problems.push(problem([...path, key, "id"], `the id of ${other}`, "another id"));
    if (id !== undefined) ids.set(id, key);
  }
  const { cycle } = inOrder(job);
  if (cycle !== undefined) {
    problems.push(problem(path, `the cycle ${cycle.join(" → ")}`, "a graph without cycles"));
  }
  return problems;
}

function vertexProblems(vertex: VertexSpec, path: readonly PropertyKey[]): readonly Problem[] {
  const problems: Problem[] = [];
  const fed = Object.keys(vertex.from ?? {}).length > 0;
  if (vertex.source === undefined && !fed)
    problems.push(problem(path, "neither source nor from", "one of them"));
  if (vertex.source !== undefined && fed) problems.push(problem(path, "source and from", "only one of them"));
  if (vertex.cpuMs + vertex.waitMs === 0 && vertex.capacity === undefined) {
    problems.push(problem(path, "cpuMs 0 and waitMs 0", "that a record costs something"));
  }
  if (vertex.windowKeys !== undefined && vertex.window === undefined)
    problems.push(problem([...path, "windowKeys"], "it alone", "window beside it"));
  if (vertex.parallelism > vertex.maxParallelism) {
    const most = `at most maxParallelism ${vertex.maxParallelism}`;
    problems.push(problem([...path, "parallelism"], String(vertex.parallelism), most));
  }
  problems.push(...capacityProblems(vertex, path), ...demandProblems(vertex, path));
  if (vertex.source === undefined) return problems;
  const { load, partitions, weights } = vertex.source;
  if (weights !== undefined && (weights.length !== partitions || !weights.some((w) => w > 0))) {
    const expected = `${partitions} numbers, one for each partition, not all of them 0`;
    problems.push(problem([...path, "source", "weights"], `${weights.length} numbers`, expected));
  }
  return [...problems, ...loadProblems(load, [...path, "source", "load"])];
}

function capacityProblems({ capacity = [] }: VertexSpec, path: readonly PropertyKey[]): readonly Problem[] {
  return capacity.flatMap(([parallelism], i) =>
    capacity.findIndex(([other]) => other === parallelism) === i
      ? []
      : [problem([...path, "capacity", i], `parallelism ${parallelism} twice`, "each parallelism once")],
  );
}

const demandProblems = ({ busyDemand }: VertexSpec, path: readonly PropertyKey[]): readonly Problem[] =>
  busyDemand === undefined ? [] : loadProblems(busyDemand.subtasks, [...path, "busyDemand", "subtasks"]);

function edgeProblems(job: JobSpec, to: VertexSpec, path: readonly PropertyKey[]): readonly Problem[] {
  return Object.entries(to.from ?? {}).flatMap(([key, edge]) => {
    const from = Object.hasOwn(job.vertices, key) ? job.vertices[key] : undefined;
    if (from === undefined) {
      const text = `unknown vertex; ${adviceOn(key, Object.keys(job.vertices))}`;
      return [{ path: [...path, key], text }];
    }
    const problems: Problem[] = [];
    if (edge.ship === "forward" && from.parallelism !== to.parallelism) {
      const got = `forward from parallelism ${from.parallelism} to ${to.parallelism}`;
      problems.push(problem([...path, key], got, "the same parallelism on both sides, or rebalance"));
    }
    if (edge.hotShare > 0 && edge.ship !== "hash") {
      problems.push(problem([...path, key, "hotShare"], `hotShare with ${edge.ship}`, "it only with hash"));
    }
    return problems;
  });
}

/**
 * Every job must be able to start: with one subtask a vertex, or as written where nothing rescales. One job alone makes
 * do with less than it asks for; of several, the first would take what the last needs, and never give it back.
 */
function slotProblems(cluster: ClusterSpec, jobs: readonly (JobSpec | undefined)[]): readonly Problem[] {
  const slots = cluster.taskManagers * cluster.slotsPerTaskManager;
  const wellFormed = jobs.filter((job) => job !== undefined);
  const needed = wellFormed.reduce((sum, job) => sum + leastSlots(cluster, job), 0);
  const got = `${slots} slots (${cluster.taskManagers} × ${cluster.slotsPerTaskManager})`;
  if (needed <= slots) {
    const asked = wellFormed.reduce((sum, job) => sum + firstSlots(job), 0);
    if (asked <= slots || wellFormed.length < 2) return [];
    const why = "with fewer one of them would wait for slots for ever";
    return [problem(["cluster"], got, `the ${asked} that the jobs ask for at the start: ${why}`)];
  }
  const how =
    cluster.scheduler === "adaptive" ? "one for each slot sharing group" : "for the parallelism written";
  return [problem(["cluster"], got, `at least the ${needed} that the jobs need, ${how}`)];
}

function troubleProblems({ cluster, jobs, trouble }: Parts): readonly Problem[] {
  return trouble.flatMap((one, i) => {
    const path = ["trouble", i];
    if (one.kind === "task-manager-lost" || one.kind === "memory-pressure") {
      if (cluster === undefined || (one.taskManager ?? 0) < cluster.taskManagers) return [];
      const most = `at most ${cluster.taskManagers - 1}, because they count from 0`;
      return [problem([...path, "taskManager"], String(one.taskManager), most)];
    }
    if (!("job" in one)) return [];
    const job = jobs.find((j) => j?.name === one.job);
    if (job !== undefined) {
      return [...vertexOfTrouble(job, one, path), ...checkpointsOfTrouble(job, one, path)];
    }
    // A job that is not well-formed may be the one that was meant.
    if (jobs.includes(undefined)) return [];
    const advice = adviceOn(
      one.job,
      jobs.map((j) => j?.name ?? ""),
    );
    return [{ path: [...path, "job"], text: `unknown job; ${advice}` }];
  });
}

function vertexOfTrouble(
  job: JobSpec,
  trouble: TroubleSpec,
  path: readonly PropertyKey[],
): readonly Problem[] {
  const keys = Object.keys(job.vertices);
  const named = [
    ["vertex", "vertex" in trouble ? trouble.vertex : undefined],
    ["source", "source" in trouble ? trouble.source : undefined],
  ] as const;
  const unknown = named.flatMap(([field, key]) => {
    if (key === undefined || Object.hasOwn(job.vertices, key)) return [];
    return [{ path: [...path, field], text: `unknown vertex of ${job.name}; ${adviceOn(key, keys)}` }];
  });
  if (unknown.length > 0 || trouble.kind !== "poison-record") return unknown;
  if (job.vertices[trouble.source]?.source !== undefined) return [];
  return [problem([...path, "source"], `${trouble.source}, which has no source`, "a vertex with source")];
}

function checkpointsOfTrouble(
  job: JobSpec,
  { kind }: TroubleSpec,
  path: readonly PropertyKey[],
): readonly Problem[] {
  if ((kind !== "checkpoints-fail" && kind !== "snapshot-damaged") || job.checkpoints !== undefined)
    return [];
  return [problem([...path, "job"], `${job.name}, whose checkpoints are off`, "a job with checkpoints")];
}

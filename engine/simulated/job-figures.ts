import type { VertexId } from "../../model/index.ts";
import type { JobRun } from "./physics/job-run.ts";
import type { JobPlan } from "./world.ts";

/** Records per second that arrive now at all sources of a job together, whether it reads them or not. */
export function arrivalRateOf(job: JobRun): number {
  let sum = 0;
  for (const broker of job.brokers.values()) sum += broker.rate;
  return sum;
}

/**
 * Records at the sources that the job has not done with: those that wait there, and those that what waits before the
 * other vertices came from. (10 words that wait are one sentence, where a sentence has 10 words.)
 */
export function backlogOf(job: JobRun): number {
  let waiting = 0;
  for (const { arrived, positions } of job.brokers.values())
    for (let s = 0; s < arrived.length; s++) waiting += Math.max(0, (arrived[s] ?? 0) - (positions[s] ?? 0));
  const paths = pathsOf(job.plan);
  for (const vertex of job.vertices) {
    if (vertex.source !== undefined) continue;
    const each = recordsPerSourceRecord(vertex.id, paths, job);
    if (each <= 0) continue;
    for (const edge of vertex.inputs) waiting += (edge.written - edge.read) / edge.copies / each;
  }
  return Math.max(0, waiting);
}

/** By source: what one record of it becomes at each vertex. */
type Paths = ReadonlyMap<VertexId, ReadonlyMap<VertexId, number>>;
const known = new WeakMap<JobPlan, Paths>();

function pathsOf(plan: JobPlan): Paths {
  const found = known.get(plan);
  if (found !== undefined) return found;
  const sources = plan.vertices.filter((v) => v.source !== undefined).map((v) => v.id);
  const paths = new Map(sources.map((id) => [id, sharesOfLoad(plan, (other) => (other === id ? 1 : 0))]));
  known.set(plan, paths);
  return paths;
}

/** Mean over the sources that feed the vertex, by what arrives there now. */
function recordsPerSourceRecord(vertex: VertexId, paths: Paths, job: JobRun): number {
  let [reads, arrives] = [0, 0];
  for (const [source, reached] of paths) {
    const become = reached.get(vertex) ?? 0;
    if (become <= 0) continue;
    // Where nothing arrives any more, all of them count alike.
    const rate = Math.max(1e-9, job.brokers.get(source)?.rate ?? 0);
    reads += rate * become;
    arrives += rate;
  }
  return arrives > 0 ? reads / arrives : 0;
}

/**
 * Records per second that reach each vertex per record per second at all sources together, while nothing holds them
 * up. BROADCAST counts once. Where nothing arrives all sources count alike.
 */
export function sharesOfLoad(
  job: JobPlan,
  rateOf: (source: VertexId) => number,
): ReadonlyMap<VertexId, number> {
  const sources = job.vertices.filter((v) => v.source !== undefined);
  const total = sources.reduce((sum, v) => sum + rateOf(v.id), 0);
  const share = new Map<VertexId, number>(
    sources.map((v) => [v.id, total > 0 ? rateOf(v.id) / total : 1 / sources.length]),
  );
  for (const { id } of job.vertices) {
    if (share.has(id)) continue;
    const inputs = job.edges.filter((edge) => edge.to === id);
    share.set(
      id,
      inputs.reduce((sum, edge) => sum + (share.get(edge.from) ?? 0) * edge.selectivity, 0),
    );
  }
  return share;
}

/** Slots that a job holds now: of each sharing group as many as its largest vertex has subtasks. */
export function slotsOf(
  job: JobRun,
  taskManagers: readonly { readonly used: ReadonlyMap<string, number> }[],
): number {
  return taskManagers.reduce((sum, tm) => sum + (tm.used.get(job.id) ?? 0), 0);
}

import type { FlinkJobId, JobState, VertexId } from "../../model/index.ts";
import type { JobRun } from "./physics/job-run.ts";
import { isStateful } from "./physics/restore-point.ts";

/** What one life of a job has done: enough to prove that nothing was lost and nothing counted twice. */
export interface JobProgress {
  readonly name: string;
  readonly id: FlinkJobId;
  readonly state: JobState;
  /** Its tasks are at work. */
  readonly working: boolean;
  /** Its JobManager is dead; no REST API shows it. */
  readonly orphaned: boolean;
  /** By source: records read for good, of all partitions, and records that ever came. */
  readonly sources: Readonly<Record<VertexId, { readonly position: number; readonly arrived: number }>>;
  /** By vertex with state: records that its state has counted, those before a restore included. */
  readonly processed: Readonly<Record<VertexId, number>>;
  /** Records between the vertices. */
  readonly inFlight: number;
}

export function progressOf(job: JobRun): JobProgress {
  const sources = [...job.brokers].map(([id, broker]) => {
    const arrived = broker.arrived.reduce((sum, one) => sum + one, 0);
    return [id, { position: broker.position, arrived }] as const;
  });
  const counted = job.vertices.filter((v) => isStateful(v.plan)).map((v) => [v.id, v.processed] as const);
  const queues = job.vertices.flatMap((v) => v.inputs.flatMap((edge) => [...edge.queue]));
  return {
    name: job.name,
    id: job.id,
    state: job.state,
    working: job.working,
    orphaned: job.orphaned,
    sources: Object.fromEntries(sources),
    processed: Object.fromEntries(counted),
    inFlight: queues.reduce((sum, one) => sum + one, 0),
  };
}

import type { Instant } from "../../../model/index.ts";
import type { ClusterPlan, JobPlan } from "../world.ts";
import { edgeKey } from "./barrier.ts";
import { EdgeRun } from "./edge-run.ts";
import { createRandom } from "./random.ts";
import type { RestorePoint } from "./restore-point.ts";
import type { Placement } from "./slots.ts";
import { type Broker, SourceRun } from "./source-run.ts";
import { VertexRun } from "./vertex-run.ts";

/** What an attempt is started with. */
export interface AttemptOptions {
  readonly job: JobPlan;
  readonly cluster: ClusterPlan;
  readonly placement: Placement;
  readonly brokers: ReadonlyMap<string, Broker>;
  readonly startedAt: Instant;
  readonly seed: number;
  readonly number: number;
  readonly from: RestorePoint | undefined;
}

/**
 * Deploys a job: fresh counters and empty queues, sources set back to the restore point (to their beginning without
 * one), what windows held spread over the new subtasks.
 */
export function deploy(options: AttemptOptions): readonly VertexRun[] {
  const { job, placement, brokers, from } = options;
  const vertices = job.vertices.map((plan) => {
    const parallelism = placement.parallelism.get(plan.id) ?? 1;
    const slots = placement.slots.get(plan.slotSharingGroup) ?? [];
    const broker = brokers.get(plan.id);
    broker?.positions.set(from?.positions.get(plan.id) ?? new Float64Array(broker.positions.length));
    const vertex = new VertexRun({
      plan,
      taskManagers: Array.from({ length: parallelism }, (_, i) => slots[i] ?? slots[0] ?? 0),
      startedAt: options.startedAt,
      source: broker === undefined ? undefined : new SourceRun(broker, parallelism),
      random: createRandom(options.seed, `${job.id}/${plan.id}/${options.number}`),
    });
    vertex.restored = from?.processed.get(plan.id) ?? 0;
    const held = from?.windows.get(plan.id);
    vertex.pane.fill((held?.pane ?? 0) / parallelism);
    vertex.outbox.fill((held?.outbox ?? 0) / parallelism);
    return vertex;
  });
  const byId = new Map(vertices.map((v) => [v.id, v]));
  for (const plan of job.edges) {
    const sender = byId.get(plan.from);
    const receiver = byId.get(plan.to);
    if (sender === undefined || receiver === undefined) continue;
    const edge = new EdgeRun(plan, sender, receiver, options.cluster.segmentBytes);
    sender.outputs.push(edge);
    receiver.inputs.push(edge);
    bringBack(edge, from);
  }
  for (const vertex of vertices) vertex.connected();
  return vertices;
}

/** Records that an unaligned barrier overtook are in the queues again; they count as written by this attempt. */
function bringBack(edge: EdgeRun, from: RestorePoint | undefined): void {
  const records = from?.inFlight.get(edgeKey(edge)) ?? 0;
  edge.written = records;
  for (let t = 0; t < edge.queue.length; t++) {
    edge.queue[t] = records * edge.partAt(t);
  }
}

import type { Machines } from "./machines.ts";
import type { JobRun } from "./physics/job-run.ts";
import { type Placement, parallelismFor, place } from "./physics/slots.ts";

/** Which slots the jobs have, and which they should have. */
export class Allocation {
  /** Slots changed hands since the jobs were looked over last. */
  unsettled = false;
  private readonly machines: Machines;

  constructor(machines: Machines) {
    this.machines = machines;
  }

  /** Gives the job's slots back and takes new ones; `undefined` when there are not enough. */
  place(job: JobRun): Placement | undefined {
    const wish = this.wishOf(job);
    this.unsettled = true;
    const { registered } = this.machines;
    if (wish === undefined) return undefined;
    this.machines.deploy(job);
    return place(job.id, job.plan.vertices, wish, registered);
  }

  release(job: JobRun): void {
    for (const tm of this.machines.all) tm.used.delete(job.id);
  }

  /** After slots or requirements changed: which jobs should run with another parallelism than they do? */
  reconsider(jobs: readonly JobRun[]): void {
    this.unsettled = false;
    for (const job of jobs) {
      const wish = job.requirements === undefined ? undefined : this.wishOf(job);
      const differs = job.vertices.some((v) => v.parallelism !== (wish?.get(v.id) ?? v.parallelism));
      job.rescale.want(wish !== undefined && differs);
    }
  }

  /** What the job would run with now; `undefined`: nothing it would accept. */
  private wishOf(job: JobRun): ReadonlyMap<string, number> | undefined {
    const fixed = (p: number) => ({ lowerBound: p, upperBound: p });
    const requirements =
      job.requirements ?? Object.fromEntries(job.plan.vertices.map((v) => [v.id, fixed(v.parallelism)]));
    return parallelismFor(job.plan.vertices, requirements, this.slotsFor(job));
  }

  /** The slots that a job may count on: free ones and its own. */
  private slotsFor(job: JobRun): number {
    return this.machines.registered
      .filter((tm) => tm.alive)
      .reduce((sum, tm) => sum + tm.freeSlots + (tm.used.get(job.id) ?? 0), 0);
  }
}

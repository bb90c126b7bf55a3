import type { Instant } from "../../model/index.ts";
import type { BadLuck } from "./physics/bad-luck.ts";
import type { JobRun } from "./physics/job-run.ts";
import { type Outside, outsideOf } from "./physics/topic.ts";
import type { JobPlan } from "./world.ts";

/** What belongs to a job's name and outlives each job of it. */
export class JobNames {
  /** How often one was submitted while the simulation ran. */
  readonly submissions = new Map<string, number>();
  private readonly outsides = new Map<string, Outside>();
  private readonly lucks = new Map<string, BadLuck>();
  private readonly peaks = new Map<string, number>();

  /** The topics that its jobs read; new ones where none of them did. */
  outsideOf(plan: JobPlan, now: Instant): Outside {
    const known = this.outsides.get(plan.name);
    if (known !== undefined && plan.vertices.every((v) => v.source === undefined || known.has(v.id)))
      return known;
    const fresh = outsideOf(plan.vertices, now);
    this.outsides.set(plan.name, fresh);
    return fresh;
  }

  /** The next job of that name reads topics that begin with it. */
  forgetOutside(name: string): void {
    this.outsides.delete(name);
  }

  /** What is wrong with its records and its code. */
  luckOf(name: string): BadLuck {
    const known = this.lucks.get(name) ?? { poison: [], loop: undefined };
    this.lucks.set(name, known);
    return known;
  }

  submitted(name: string): void {
    this.submissions.set(name, (this.submissions.get(name) ?? 0) + 1);
  }

  liveCopies(name: string, lives: readonly JobRun[]): number {
    return lives.filter((job) => job.name === name && job.working).length;
  }

  mostLiveCopies(name: string): number {
    return this.peaks.get(name) ?? 0;
  }

  /** Remembers how many copies work now, where that is a new peak. */
  countCopies(lives: readonly JobRun[]): void {
    for (const name of new Set(lives.map((job) => job.name)))
      this.peaks.set(name, Math.max(this.mostLiveCopies(name), this.liveCopies(name, lives)));
  }
}

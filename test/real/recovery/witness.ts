import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** When one life of a job (one Flink job id) processed records, by the wall clock of its TaskManagers. */
export interface Life {
  readonly jobId: string;
  readonly from: number;
  readonly to: number;
}

/** Reads what the load job wrote with `--witness-dir`: files `JOBID-SUBTASK-START` with one instant per line. */
export function livesIn(directory: string): readonly Life[] {
  const lives = new Map<string, Life>();
  for (const file of readdirSync(directory)) {
    const jobId = file.split("-")[0] ?? file;
    const instants = readFileSync(join(directory, file), "utf8").split("\n").filter(Boolean).map(Number);
    const known = lives.get(jobId);
    const from = Math.min(known?.from ?? Number.POSITIVE_INFINITY, ...instants.slice(0, 1));
    const to = Math.max(known?.to ?? Number.NEGATIVE_INFINITY, ...instants.slice(-1));
    if (instants.length > 0) lives.set(jobId, { jobId, from, to });
  }
  return [...lives.values()].sort((a, b) => a.from - b.from);
}

/** Pairs of lives that processed records at the same time: two copies of one job. */
export function overlaps(lives: readonly Life[]): readonly string[] {
  return lives.slice(1).flatMap((later, i) => {
    const earlier = lives[i];
    if (earlier === undefined || later.from > earlier.to) return [];
    return [`${earlier.jobId} still ran ${earlier.to - later.from} ms after ${later.jobId} had begun`];
  });
}

/** When a life processed records last; 0 where it never did. */
export const lastSignOf = (directory: string, jobId: string): number =>
  livesIn(directory).find((life) => life.jobId === jobId)?.to ?? 0;

import type { FlinkJobId, JobKey, JobState } from "../../model/index.ts";
import type { JobView } from "../fleet.ts";

/** What one more look at a job says about its life. */
export interface JobLife {
  /** Seen for the first time. */
  readonly isNew: boolean;
  /** It runs under a Flink job id that was not seen running before, nor found when we came. */
  readonly started: boolean;
  /** It ended, and was not seen so before. */
  readonly ended: "FINISHED" | "CANCELED" | "FAILED" | undefined;
  /** Whether it should run; undefined for one that was never seen alive. */
  readonly expected: boolean | undefined;
  /** Whether it may still have checkpoints to take: not ended, not gone. */
  readonly alive: boolean;
}

interface Known {
  readonly place: { readonly cluster: string; readonly namespace: string };
  readonly ran: Set<FlinkJobId>;
  readonly over: Set<FlinkJobId>;
  state: JobView["state"];
  expected: boolean | undefined;
}

/** States that say something of us rather than of the job. */
const OUT_OF_SIGHT: ReadonlySet<JobView["state"]> = new Set(["UNREACHABLE", "GONE"] as const);

/** Ends that somebody wanted. */
const MEANT_ENDS: ReadonlySet<JobView["state"]> = new Set(["FINISHED", "CANCELED"] as const);

/** Enough for two namesakes and the submissions of many days. */
const REMEMBERED_IDS = 100;

/** Remembers of every job what it takes to count its starts and ends once. In memory only. */
export class JobLives {
  private readonly jobs = new Map<JobKey, Known>();
  /** Answered rounds per cluster: what the first one finds was there before us. */
  private readonly rounds = new Map<string, number>();

  answered(cluster: string, ok: boolean): void {
    if (ok) this.rounds.set(cluster, (this.rounds.get(cluster) ?? 0) + 1);
  }

  see(view: JobView, place: Known["place"]): JobLife {
    const isNew = !this.jobs.has(view.key);
    const job = this.jobs.get(view.key) ?? newcomer(place, view.state);
    this.jobs.set(view.key, job);
    job.state = view.state;
    const found = (this.rounds.get(view.cluster) ?? 0) <= 1;
    const ended = endOf(view.state);
    const lives = ended === undefined && !OUT_OF_SIGHT.has(view.state);
    job.expected = lives || (MEANT_ENDS.has(view.state) ? false : job.expected);
    const first = (ids: Set<FlinkJobId>): boolean => !ids.has(view.flinkJobId);
    const starts = view.state === "RUNNING" && first(job.ran);
    const ends = ended !== undefined && first(job.over);
    if (starts || (lives && found)) remember(job.ran, view.flinkJobId);
    if (ends) remember(job.over, view.flinkJobId);
    return {
      isNew,
      started: starts && !found,
      ended: ends && !found ? ended : undefined,
      expected: job.expected,
      alive: ended === undefined && view.state !== "GONE",
    };
  }

  forget(key: JobKey): void {
    this.jobs.delete(key);
  }

  /** How many jobs of a place are in which state. */
  statesOf(cluster: string, namespace: string): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { place, state } of this.jobs.values()) {
      if (place.cluster !== cluster || place.namespace !== namespace) continue;
      counts.set(state, (counts.get(state) ?? 0) + 1);
    }
    return counts;
  }
}

function newcomer(place: Known["place"], state: JobView["state"]): Known {
  return { place, ran: new Set(), over: new Set(), state, expected: undefined };
}

function endOf(state: JobState | "UNREACHABLE" | "GONE"): JobLife["ended"] {
  return state === "FINISHED" || state === "CANCELED" || state === "FAILED" ? state : undefined;
}

function remember(ids: Set<FlinkJobId>, id: FlinkJobId): void {
  ids.add(id);
  for (const oldest of ids) {
    if (ids.size <= REMEMBERED_IDS) break;
    ids.delete(oldest);
  }
}

import type { Parallelism } from "../../../model/index.ts";
import type { Job } from "../api/replies.ts";

/** Who needs a human first. The order of this list is the order of the fleet table. */
export const STANDINGS = [
  "unreachable",
  "failed",
  "gone",
  "needs-approval",
  "needs-person",
  "not-assessed",
  "acting",
  "would-act",
  "paused",
  "waiting",
  "well",
  "ended",
] as const;
export type Standing = (typeof STANDINGS)[number];

export type Tone = "bad" | "ask" | "warn" | "unknown" | "busy" | "calm" | "good";

interface Words {
  readonly label: string;
  /** Behind a number of jobs: `2 to approve`. */
  readonly counted: string;
  readonly tone: Tone;
}

export const STANDING_WORDS: Readonly<Record<Standing, Words>> = {
  unreachable: { label: "Unreachable", counted: "unreachable", tone: "bad" },
  failed: { label: "Failed", counted: "failed", tone: "bad" },
  gone: { label: "Gone", counted: "gone", tone: "bad" },
  "needs-approval": { label: "Needs approval", counted: "to approve", tone: "ask" },
  "needs-person": { label: "Needs a person", counted: "to look at", tone: "warn" },
  "not-assessed": { label: "Not assessed", counted: "not assessed", tone: "unknown" },
  acting: { label: "Acting", counted: "acting", tone: "busy" },
  "would-act": { label: "Would act", counted: "would act", tone: "busy" },
  paused: { label: "Paused", counted: "paused", tone: "calm" },
  waiting: { label: "Waiting", counted: "waiting", tone: "calm" },
  well: { label: "Well", counted: "well", tone: "good" },
  ended: { label: "Ended", counted: "ended", tone: "calm" },
};

/** Verdicts that only a person can change, by what they do to Flink, the job or the configuration. */
const FOR_A_PERSON = new Set([
  "not-adaptive",
  "another-autoscaler-active",
  "source-partitions-cap",
  "no-useful-parallelism",
  "cluster-capacity",
  "duplicate-key",
]);
const NOT_ASSESSED = new Set(["metric-missing", "metrics-stale", "unreadable", "not-assessed"]);
const WAITING = new Set(["stabilizing", "cooldown", "disabled"]);
/** Nothing that recovery would have to do with. */
const WHOLE = new Set(["well", "ended", "not-assessed"]);
const FLINK_AT_IT = new Set(["flink-recovers", "task-managers-lost", "high-availability-recovers"]);
const ON_ITS_WAY = new Set(["INITIALIZING", "CREATED", "RESTARTING", "RECONCILING", "CANCELLING"]);

/** What a job's state and newest decision mean for a person. What is not known to be well is not called so. */
export function standingOf(job: Job): Standing {
  return ofRecovery(job) ?? ofState(job) ?? ofVerdict(job);
}

/** What is done about a job's state comes before what is wrong with it. */
function ofRecovery({ verdict, newest, diagnosis }: Job): Standing | undefined {
  if (verdict === "recovering") return "acting";
  if (diagnosis === null || WHOLE.has(diagnosis.kind)) return undefined;
  const asks = newest?.permit === "needs-approval" && newest.approval === null && newest.outcome === null;
  return asks ? "needs-approval" : undefined;
}

function ofState({ state, verdict }: Job): Standing | undefined {
  if (state === "UNREACHABLE") return "unreachable";
  if (state === "FAILED" || state === "FAILING") return "failed";
  if (state === "GONE" || verdict === "gone") return "gone";
  if (state === "FINISHED" || state === "CANCELED") return "ended";
  if (ON_ITS_WAY.has(state)) return verdict === "rescaling" ? "acting" : "waiting";
  return state === "RUNNING" ? undefined : "not-assessed";
}

function ofVerdict(job: Job): Standing {
  const { verdict, newest, diagnosis } = job;
  if (diagnosis !== null && !WHOLE.has(diagnosis.kind)) {
    return FLINK_AT_IT.has(verdict) ? "waiting" : "needs-person";
  }
  if (NOT_ASSESSED.has(verdict)) return "not-assessed";
  if (FOR_A_PERSON.has(verdict)) return "needs-person";
  if (verdict === "rescaling") return "acting";
  if (newest?.acts === true) return ofAct(job);
  if (job.pause !== null) return "paused";
  if (WAITING.has(verdict)) return "waiting";
  return verdict === "within-target" ? "well" : "not-assessed";
}

/** The guards found a change wise; what became of it? */
function ofAct({ newest, pause, mode }: Job): Standing {
  if (newest?.outcome === "not-reached" || newest?.attempt === "failed") return "needs-person";
  if (pause !== null) return "paused";
  if (newest?.approval === "rejected") return "waiting";
  if (mode === "observe") return "would-act";
  if (mode === "approve" && newest?.approval === null) return "needs-approval";
  return "acting";
}

/** Those who need a human first; among equals the larger backlog, then by key. Who is well keeps its place. */
export function rankJobs(jobs: readonly Job[]): readonly (Job & { readonly standing: Standing })[] {
  return jobs
    .map((job) => ({ ...job, standing: standingOf(job) }))
    .sort(
      (a, b) =>
        STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing) ||
        (a.standing === "well" ? 0 : (b.lagRecords ?? -1) - (a.lagRecords ?? -1)) ||
        (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
    );
}

export interface Change {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The vertices that are wanted to have another parallelism than now. */
export function changesOf(now: Parallelism, wanted: Parallelism | null): readonly Change[] {
  if (wanted === null) return [];
  return Object.entries(wanted)
    .map(([name, to]) => ({ name, from: now[name] ?? to, to }))
    .filter((c) => c.from !== c.to);
}

/** Every word of the filter has to occur in what the row shows. */
export function matches(job: Job, filter: string): boolean {
  const { label } = STANDING_WORDS[standingOf(job)];
  const text = [job.key, job.state, job.mode, job.verdict, job.sentence, label].join(" ").toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

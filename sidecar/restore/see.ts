import {
  type ClusterReadout,
  type Diagnosis,
  Failure,
  type Graph,
  type HealthReadout,
  type Instant,
  isTerminal,
  type JobKey,
  type ListedJob,
} from "../../model/index.ts";
import { type DiagnosisSettings, diagnose, keepTrail } from "../../recovery/index.ts";
import type { DrivenCluster } from "../cluster.ts";
import type { KnownJob, KnownJobs } from "./known-job.ts";
import { allRun, nextLife } from "./life.ts";
import type { Reaches } from "./reach.ts";

/** One job as a round sees it. */
export interface RecoverySubject {
  readonly job: JobKey;
  readonly cluster: DrivenCluster;
  /** Live jobs of this key, else the newest that ended; empty when Flink lists none, or does not answer. */
  readonly listed: readonly ListedJob[];
  readonly answers: boolean;
  readonly graph: Graph | undefined;
}

/** What a look at a job's state found. */
export interface Seen {
  readonly at: Instant;
  readonly known: KnownJob;
  readonly health: HealthReadout | undefined;
  readonly cluster: ClusterReadout | undefined;
  readonly diagnosis: Diagnosis;
  /**
   * Flink lists the job as ended and still shows it alive: its replies about one job are older (3 s by default). What
   * ended it is not known before they catch up.
   */
  readonly lags: boolean;
}

/**
 * Looks at one job and says what is wrong with it; what is known of its life grows with it. `undefined`: nothing is
 * known of it, or several live jobs share its key and nobody knows which is meant.
 */
export async function see(
  subject: RecoverySubject,
  known: KnownJobs,
  reaches: Reaches,
  settings: DiagnosisSettings,
  now: Instant,
): Promise<Seen | undefined> {
  const [only, another] = subject.listed;
  if (another !== undefined) return undefined;
  const cluster = reaches.readoutOf(subject.cluster.name);
  const health = only === undefined ? undefined : await readHealth(subject.cluster, only);
  const before = known.of(subject.job);
  const after = only === undefined ? unlisted(before, subject.answers, now) : listed(before, only, health);
  if (after === undefined) return undefined;
  known.keep(subject.job, after, now);
  const diagnosis = diagnose({
    now,
    listedState: only?.state ?? (subject.answers ? "gone" : "unreachable"),
    health,
    trail: after.trail,
    cluster,
    life: after.life,
    unreachableSince: reaches.of(subject.cluster.name).unreachableSince,
    goneSince: after.goneSince,
    expectedTaskManagers: after.expectedTaskManagers,
    settings,
  });
  const lags = health !== undefined && !isTerminal(health.state) && isTerminal(only?.state ?? health.state);
  return { at: now, known: after, health, cluster, diagnosis, lags };

  function listed(was: KnownJob | undefined, job: ListedJob, readout: HealthReadout | undefined): KnownJob {
    const { flinkJobId } = job;
    // The readout is newer than the list.
    const state = readout?.state ?? job.state;
    const look = { flinkJobId, state, health: readout, cluster, graph: subject.graph };
    const same = was?.life.flinkJobId === flinkJobId ? was : undefined;
    const healthy = readout !== undefined && cluster !== undefined && allRun(readout);
    return {
      life: nextLife(was?.life, look, now),
      trail: readout === undefined ? same?.trail : keepTrail(same?.trail, readout, now, settings.faults),
      goneSince: null,
      owed: same?.owed === true && isTerminal(state),
      expectedTaskManagers: healthy ? cluster.taskManagers.length : (same?.expectedTaskManagers ?? null),
    };
  }
}

/** Flink does not list it, or does not answer at all, which proves nothing. */
function unlisted(was: KnownJob | undefined, answers: boolean, now: Instant): KnownJob | undefined {
  return was === undefined || !answers ? was : { ...was, goneSince: was.goneSince ?? now };
}

/** Undefined where it could not be read: then it is not assessed. */
async function readHealth(cluster: DrivenCluster, job: ListedJob): Promise<HealthReadout | undefined> {
  try {
    return await cluster.eyes.readHealth(job.flinkJobId);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

import { type Actuator, type AutoscalerConfig, patienceOf, scale } from "../autoscaler/index.ts";
import { type Baseline, collect, extend, type JobReader } from "../collector/index.ts";
import {
  type CheckpointReadout,
  type DecisionRecord,
  type FlinkJobId,
  formatDuration,
  type Instant,
  type JobKey,
  type JobReadout,
  type Mode,
  type Observation,
  type Parallelism,
  parallelismOf,
  type Window,
} from "../model/index.ts";
import { decisionId, mustAskAgain, perform, recordPermit, settle } from "./act.ts";
import { heedApproval, NOTHING_HEEDED } from "./heed-approval.ts";
import { type JobMemory, keepMemory, noticeRequirements, recallMemory } from "./memory.ts";
import { askPermits } from "./permits.ts";
import type { DecisionHistory, Store } from "./store/port.ts";

/** What a pass needs from the world. */
export interface CyclePorts {
  readonly reader: JobReader;
  readonly actuator: Actuator;
  readonly store: Store;
  /**
   * Looks after the job's state before anything is decided about its size; `readout` undefined: the job could not be
   * read. False: something is wrong with it or it is being restored, and the autoscaler keeps off.
   */
  readonly recover: (readout: JobReadout | undefined) => Promise<boolean>;
}

/** What a pass is about: the same on every pass until people or Flink change it. */
export interface CycleSubject {
  readonly job: JobKey;
  readonly flinkJobId: FlinkJobId;
  readonly mode: Mode;
  /** Running jobs with this key. */
  readonly namesakes: number;
  readonly config: AutoscalerConfig;
}

/** What one pass hands to the next; lives in memory only, a restart begins with an empty one. */
export interface Watched {
  readonly baseline: Baseline | undefined;
  readonly window: Window | undefined;
}

export const UNWATCHED: Watched = { baseline: undefined, window: undefined };

export interface Pass {
  readonly watched: Watched;
  readonly observation: Observation;
  /** How its checkpoints fare; undefined where Flink did not tell. */
  readonly checkpoints?: CheckpointReadout | undefined;
  /** Reason code and line for the surfaces. */
  readonly verdict: string;
  readonly sentence: string;
  readonly record: DecisionRecord | undefined;
  readonly wanted: Parallelism | undefined;
  /** Id of the decision that came to its end in this pass: its attempt did, or its approval was given up. */
  readonly settled: string | undefined;
}

/**
 * One pass over one job: collect, look after its state, look after what is under way, decide, ask the permits, act. Killing the process
 * at any line is as good as shutting it down: what is done next time follows from the store and from Flink alone.
 * Throws the `Failure` of a readout that could not be had; then nothing was written.
 */
export async function cycle(
  ports: CyclePorts,
  subject: CycleSubject,
  watched: Watched,
  now: Instant,
): Promise<Pass> {
  const readout = await ports.reader.readJob(subject.flinkJobId).catch(async (error: unknown) => {
    await ports.recover(undefined);
    throw error;
  });
  const mayScale = await ports.recover(readout);
  const { baseline, observation } = collect(watched.baseline, readout, subject.job);
  const kept = recallMemory(ports.store, subject.job);
  // A peak that the window has forgotten would be scaled down too early: it reaches back beyond the patience.
  const keepMs = Math.max(subject.config.windowMs, 1.5 * patienceOf(kept, subject.config));
  const window = extend(watched.window, observation, keepMs);
  const { checkpoints } = readout;
  const pass = { watched: { baseline, window }, observation, checkpoints, settled: undefined };
  if (readout.state !== "RUNNING") {
    return { ...pass, ...notRunning(readout), record: undefined, wanted: undefined };
  }

  const open = openDecisionOf(ports.store, subject.job);
  const asked = open?.record.effective ?? null;
  let memory = noticeRequirements(kept, readout.flinkJobId, readout.requirements, asked, now);
  if (open !== undefined) {
    const previous = watched.window?.observations.at(-1);
    const deadline = subject.config.rescaleDeadlineMs;
    memory = settle(ports.store, open, readout, previous, memory, deadline, now);
    const stillOpen = openDecisionOf(ports.store, subject.job) !== undefined;
    // Asked again with the permits of now: a pause that was set meanwhile holds this one too.
    if (stillOpen && mayScale && mustAskAgain(open, readout))
      memory = await act(ports, subject, open.record, memory, now);
    keepMemory(ports.store, subject.job, kept, memory);
    if (stillOpen) return { ...pass, ...underWay(open, now) };
  }
  if (!mayScale) {
    keepMemory(ports.store, subject.job, kept, memory);
    return { ...pass, settled: open?.record.id, ...RECOVERING, record: undefined, wanted: undefined };
  }

  const decision = scale(subject, window, memory, subject.config, now);
  const { store } = ports;
  const present = parallelismOf(readout.graph);
  const word =
    open === undefined ? heedApproval(store, subject.mode, decision, present, now) : NOTHING_HEEDED;
  const record = word.due ?? store.recordDecision(decisionId(decision, memory), decision);
  if (record.effective !== null) memory = await act(ports, subject, record, memory, now);
  keepMemory(ports.store, subject.job, kept, memory);
  // The newest sentence rather than that of the first of many equal holds.
  const { sentence, proposal } = word.due ?? decision;
  const settled = open?.record.id ?? word.givenUp;
  return { ...pass, settled, verdict: record.reason, sentence, record, wanted: proposal };
}

/** Permits are asked at the act and only for what the guards found wise. */
async function act(
  ports: CyclePorts,
  subject: CycleSubject,
  record: DecisionRecord,
  memory: JobMemory,
  now: Instant,
): Promise<JobMemory> {
  const { store } = ports;
  const approval = store.decision(record.id)?.approval ?? null;
  const { mode, namesakes } = subject;
  const answer = askPermits({ mode, namesakes, approval, pause: store.pauseOf(subject.job) }, now);
  recordPermit(store, record, answer, now);
  if (answer.code !== "allowed") return memory;
  if (memory.retryAt !== null && now < memory.retryAt) return memory;
  return await perform(store, ports.actuator, record, memory, now);
}

function openDecisionOf(store: Store, job: JobKey): DecisionHistory<"scale"> | undefined {
  return store.openDecisions("scale").find((d) => d.record.job === job);
}

function notRunning(readout: JobReadout): { verdict: string; sentence: string } {
  return {
    verdict: "not-running",
    sentence: `Hold: the job is ${readout.state}; only a running job is judged.`,
  };
}

const RECOVERING = {
  verdict: "recovering",
  sentence: "Hold: the job's state is looked after before its size.",
};

function underWay(open: DecisionHistory<"scale">, now: Instant) {
  const since = formatDuration(now - (open.attempts[0]?.at ?? now));
  return {
    verdict: "rescaling",
    sentence: `Waiting for Flink since ${since}: ${open.record.sentence}`,
    record: open.record,
    wanted: open.record.effective ?? undefined,
  };
}

import {
  type Actuator,
  type AutoscalerConfig,
  type History,
  type Learned,
  learn,
  learnedPauseMs,
  learnFlink,
  learnRescale,
  patienceOf,
  scale,
} from "../autoscaler/index.ts";
import { type Baseline, collect, extend, type JobReader } from "../collector/index.ts";
import {
  type CheckpointReadout,
  type DecisionRecord,
  type FlinkJobId,
  formatDuration,
  type Instant,
  type JobKey,
  type JobReadout,
  type Milliseconds,
  type Mode,
  type Observation,
  type Parallelism,
  parallelismOf,
  type ScaleDecision,
  type Window,
} from "../model/index.ts";
import { decisionId, mustAskAgain, perform, recordPermit, settle } from "./act.ts";
import type { FleetSlots } from "./fleet-slots.ts";
import { heedApproval, NOTHING_HEEDED } from "./heed-approval.ts";
import {
  type JobMemory,
  keepLearned,
  keepMemory,
  noticeRequirements,
  recallLearned,
  recallMemory,
} from "./memory.ts";
import { askPermits } from "./permits.ts";
import { overDay } from "./rescale-budget.ts";
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
  /** The slots of all jobs; absent: nobody counts them. */
  readonly slots?: FleetSlots | undefined;
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
  /** Undefined: not yet read from the store. */
  readonly learned: Learned | undefined;
}

export const UNWATCHED: Watched = { baseline: undefined, window: undefined, learned: undefined };

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
  const { readout, mayScale, observation, kept, known, window, watching } = await look(
    ports,
    subject,
    watched,
  );
  const { store } = ports;
  let learned = learnPass(known, window, observation, subject.config, now);
  const passed = () => {
    keepLearned(store, subject.job, known, learned);
    const { checkpoints } = readout;
    return { observation, checkpoints, settled: undefined, watched: { ...watching, learned } };
  };
  if (readout.state !== "RUNNING") {
    return { ...passed(), ...notRunning(readout), record: undefined, wanted: undefined };
  }

  const open = openDecisionOf(store, subject.job);
  const asked = open?.record.effective ?? null;
  let memory = noticeRequirements(kept, readout.flinkJobId, readout.requirements, asked, now);
  if (open !== undefined) {
    memory = settle(store, open, readout, memory, subject.config.rescaleDeadlineMs, now);
    learned = learnOutcome(learned, open, kept, memory);
    const stillOpen = openDecisionOf(store, subject.job) !== undefined;
    // Asked again with the permits of now: a pause that was set meanwhile holds this one too.
    if (stillOpen && mayScale && mustAskAgain(open, readout))
      memory = await act(ports, subject, open.record, memory, now);
    keepMemory(store, subject.job, kept, memory);
    if (stillOpen) return { ...passed(), ...underWay(open, now) };
  }
  if (!mayScale) {
    keepMemory(store, subject.job, kept, memory);
    return { ...passed(), settled: open?.record.id, ...RECOVERING, record: undefined, wanted: undefined };
  }

  const decision = decideWithin(ports, subject, window, historyOf(memory, learned), now);
  const present = parallelismOf(readout.graph);
  const word =
    open === undefined ? heedApproval(store, subject.mode, decision, present, now) : NOTHING_HEEDED;
  const record = word.due ?? store.recordDecision(decisionId(decision, memory), decision);
  if (record.effective !== null) memory = await act(ports, subject, record, memory, now);
  keepMemory(store, subject.job, kept, memory);
  // The newest sentence rather than that of the first of many equal holds.
  const { sentence, proposal } = word.due ?? decision;
  const settled = open?.record.id ?? word.givenUp;
  return { ...passed(), settled, verdict: record.reason, sentence, record, wanted: proposal };
}

/** Reads the job and what is remembered of it, has its state looked after, and extends the window. */
async function look(ports: CyclePorts, subject: CycleSubject, watched: Watched) {
  const readout = await ports.reader.readJob(subject.flinkJobId).catch(async (error: unknown) => {
    await ports.recover(undefined);
    throw error;
  });
  const mayScale = await ports.recover(readout);
  const { baseline, observation } = collect(watched.baseline, readout, subject.job);
  const kept = recallMemory(ports.store, subject.job);
  const known = watched.learned ?? recallLearned(ports.store, subject.job);
  const window = extend(watched.window, observation, keepMsOf(historyOf(kept, known), subject.config));
  return { readout, mayScale, observation, kept, known, window, watching: { baseline, window } };
}

/** What this look teaches, each policy its own; a job that does not run teaches nothing of its load. */
function learnPass(
  known: Learned,
  window: Window,
  observation: Observation,
  { flink }: AutoscalerConfig,
  now: Instant,
): Learned {
  const learned = observation.state === "RUNNING" ? learn(known, window) : known;
  if (flink === null) return learned;
  return { ...learned, flink: learnFlink(learned.flink, observation, flink.options, now) };
}

/** A rescale that came true is measured and judged from now on. */
function learnOutcome(
  learned: Learned,
  { record, attempts }: DecisionHistory<"scale">,
  kept: JobMemory,
  memory: JobMemory,
): Learned {
  if (memory.lastRescaleAt === kept.lastRescaleAt || memory.lastRescaleAt === null) return learned;
  const askedAfterMs = (attempts[0]?.at ?? record.at) - record.at;
  return learnRescale(learned, record, memory.lastRescaleAt, askedAfterMs);
}

/** A peak that the window has forgotten would be scaled down too early: it reaches back beyond the patience. */
function keepMsOf(history: History, config: AutoscalerConfig): Milliseconds {
  const judged = config.learned.windowMs ?? Math.max(config.windowMs, 1.5 * patienceOf(history, config));
  return judged + config.metricDelayMs;
}

/** Decides within the slots that the fleet has for the job, and lets it know how many the job holds. */
function decideWithin(
  { slots }: CyclePorts,
  subject: CycleSubject,
  window: Window,
  history: History,
  now: Instant,
): ScaleDecision {
  const config = slots?.within(subject.config, subject.job, now) ?? subject.config;
  const decision = scale(subject, window, history, config, now);
  slots?.saw(decision, config.priority);
  return decision;
}

/** What the past says, from both memories: the pause is the usual one rather than the last one. */
function historyOf(memory: JobMemory, learned: Learned): History {
  return { ...memory, restartPauseMs: learnedPauseMs(learned), learned };
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
  const { config } = subject;
  const question = {
    ...{ mode, namesakes, approval, pause: store.pauseOf(subject.job) },
    overDay: () => overDay(store, record, config, now),
    overFleet: () => ports.slots?.refuse(record, config.priority, now) ?? null,
  };
  const answer = askPermits(question, now);
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

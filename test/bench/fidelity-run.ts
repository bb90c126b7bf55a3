import { createFlinkRest, type FlinkRest } from "../../engine/index.ts";
import { Failure } from "../../model/index.ts";
import {
  type Act,
  CHECKPOINT_INTERVAL_S,
  CHECKPOINT_PHASE_S,
  type FidelityPlan,
  LOOK_MS,
  VERTICES,
  type VertexName,
} from "./fidelity-plan.ts";
import { createRecorder, type Recorder } from "./fidelity-record.ts";
import type { Trace } from "./fidelity-trace.ts";

/** A running load job that a plan can be ridden on, real or simulated; all is read over Flink's REST interface. */
export interface FidelityTarget {
  readonly name: string;
  readonly restUrl: string;
  readonly flinkJobId: string;
  /** Vertex ids by short name. */
  readonly vertices: Readonly<Record<VertexName, string>>;
  /** From now on this many records/s arrive. */
  setRate(recordsPerSecond: number): Promise<void>;
  /** The TaskManager with this id dies, as soon as its heartbeats allow comparison, and none takes its place. */
  loseTaskManager(id: string): Promise<void>;
  /** The target's own time in milliseconds, the one of its REST replies. */
  now(): number;
  /** Lets that much of the target's time pass. */
  wait(ms: number): Promise<void>;
  close(): Promise<void>;
}

const SETTLE_MS = 10_000;
/** While a rescale is awaited: a restart takes a tenth of a second, which slower looks would miss. */
const STATE_LOOK_MS = 25;

/** Rides a plan from its first to its last second and says what was seen. Throws a `Failure`. */
export async function ridePlan(plan: FidelityPlan, target: FidelityTarget): Promise<Trace> {
  const rest = createFlinkRest({ url: target.restUrl });
  try {
    const recorder = await createRecorder(rest, target);
    const startMs = await alignedStart(target, recorder);
    const acts: { name: string; atMs: number }[] = [];
    const left = [...plan.acts];
    for (let lookMs = 0; lookMs <= plan.endS * 1_000; lookMs += LOOK_MS) {
      for (let next = left[0]; next !== undefined; next = left[0]) {
        const dueMs = startMs + next.atS * 1_000;
        if (dueMs > startMs + lookMs) break;
        await waitUntil(target, recorder, dueMs);
        if (!isDue(next, dueMs, target, recorder)) break;
        left.shift();
        acts.push({ name: next.name, atMs: await perform(next, target, rest, recorder) });
      }
      await waitUntil(target, recorder, startMs + lookMs);
      await recorder.look();
    }
    return { plan: plan.name, target: target.name, startMs, endMs: target.now(), acts, ...recorder.seen() };
  } finally {
    await rest.close();
  }
}

/** Lets the job settle and ends `CHECKPOINT_PHASE_S` after the trigger of a checkpoint. */
async function alignedStart(target: FidelityTarget, recorder: Recorder): Promise<number> {
  const from = target.now();
  for (let waited = 0; waited < SETTLE_MS + 30_000; waited += LOOK_MS) {
    await target.wait(LOOK_MS);
    await recorder.look();
    const newest = recorder.newestTriggerMs();
    if (newest === undefined || newest < from + SETTLE_MS - CHECKPOINT_INTERVAL_S * 1_000) continue;
    const startMs = newest + (CHECKPOINT_INTERVAL_S + CHECKPOINT_PHASE_S) * 1_000;
    await target.wait(startMs - target.now());
    recorder.forget();
    return target.now();
  }
  throw new Failure(
    "not-supported",
    `cannot start a plan: ${target.name}; got no checkpoint in 40 s; expected one every ${CHECKPOINT_INTERVAL_S} s`,
  );
}

async function waitUntil(target: FidelityTarget, recorder: Recorder, untilMs: number): Promise<void> {
  for (let left = untilMs - target.now(); left > 0; left = untilMs - target.now()) {
    if (!recorder.awaitsRestart()) return target.wait(left);
    await target.wait(Math.min(left, STATE_LOOK_MS));
    await recorder.lookAtState();
  }
}

/** An act that waits for a checkpoint is asked again at every look, for one interval. */
function isDue(act: Act, dueMs: number, target: FidelityTarget, recorder: Recorder): boolean {
  const intervalMs = CHECKPOINT_INTERVAL_S * 1_000;
  const trigger = recorder.newestTriggerMs();
  if (act.alignToCheckpoint !== true || trigger === undefined) return true;
  const phaseMs = (target.now() - trigger) % intervalMs;
  const fits = Math.abs(phaseMs - CHECKPOINT_PHASE_S * 1_000) <= LOOK_MS / 2;
  return fits || target.now() - dueMs >= intervalMs;
}

interface Hosted {
  readonly subtasks: readonly { readonly "taskmanager-id"?: string }[];
}

/** Id of the TaskManager that runs the first subtask of a vertex. */
async function hostOf(target: FidelityTarget, vertex: VertexName): Promise<string> {
  const reply = await fetch(
    `${target.restUrl}/jobs/${target.flinkJobId}/vertices/${target.vertices[vertex]}`,
  );
  const id = ((await reply.json()) as Hosted).subtasks[0]?.["taskmanager-id"];
  if (id !== undefined) return id;
  throw new Failure("bad-reply", `cannot find a TaskManager: host of ${vertex}; got none; expected its id`);
}

/** Does it, and says when: before a change that is asked for, after a loss that has to wait. */
async function perform(
  act: Act,
  target: FidelityTarget,
  rest: FlinkRest,
  recorder: Recorder,
): Promise<number> {
  const atMs = target.now();
  if (act.rate !== undefined) await target.setRate(act.rate);
  if (act.lose !== undefined) {
    recorder.awaitRestart();
    await target.loseTaskManager(await hostOf(target, act.lose));
    return target.now();
  }
  const { put } = act;
  if (put === undefined) return atMs;
  recorder.awaitRestart();
  const bounds = VERTICES.map((v) => [target.vertices[v], { lowerBound: 1, upperBound: put[v] }] as const);
  await rest.putRequirements(target.flinkJobId, Object.fromEntries(bounds));
  return atMs;
}

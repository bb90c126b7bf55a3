import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Diagnosis, RestoreRecord } from "../../model/index.ts";
import { aFault, aRestoreConfig, aRestoreQuestion, RETAINED } from "../../test/support/restore-questions.ts";
import { aCandidate, aDiagnosis, aLife, CHK_41 } from "../../test/support/restore-records.ts";
import {
  eventsOf,
  HEARTBEAT,
  liveCopies,
  outridersSteps,
  progress,
  type Step,
  T0,
  TICK,
  type World,
} from "../../test/support/restore-world.ts";
import type { RestoreConfig } from "../settings.ts";
import { decideRestore } from "./decide.ts";
import type { RestoreQuestion } from "./question.ts";

const CONFIG = aRestoreConfig({
  deadMarginMs: TICK,
  deadlineMs: 11 * TICK,
  runningDeadlineMs: 4 * TICK,
  escalateAfterMs: 4 * TICK,
  endLoopAfterMs: TICK,
});

const BEGINNING: World = {
  tick: 0,
  jm: 1,
  processes: 1,
  old: null,
  next: null,
  orphans: [],
  jar: true,
  pending: false,
  snapshot: "whole",
  storeUp: true,
  deletes: false,
  attempts: [],
  report: null,
  seenProcess: 1,
  answeredAgain: null,
  ended: null,
  faults: 1,
};
const failed = { state: "FAILED", since: 0, checkpointAt: null } as const;
const looping = { state: "RESTARTING", since: 0, checkpointAt: null } as const;
const broken = aCandidate({
  path: "file:/ckpt/chk-42",
  checkpointId: 42,
  takenAt: T0 - 10_000,
  state: "incomplete",
});

function recordOf(diagnosis: Partial<Diagnosis>, changes: Partial<RestoreQuestion>): RestoreRecord {
  const decision = decideRestore(
    aRestoreQuestion({
      now: T0,
      diagnosis: aDiagnosis({ since: T0 - 60_000, fault: aFault({ at: T0 - 60_000 }), ...diagnosis }),
      life: aLife({ checkpointSettings: RETAINED, taskManagers: ["tm-1", "tm-2"] }),
      candidates: [broken, aCandidate({ checkedAt: T0 - 1_000, takenAt: T0 - 20_000 })],
      settings: CONFIG,
      ...changes,
    }),
  );
  if (decision?.effective === null || decision === null)
    throw new Error(`expected to act: ${decision?.sentence}`);
  return { ...decision, id: "r-1", since: T0, times: 1 };
}

interface Scene {
  readonly record: RestoreRecord;
  readonly from: World;
  readonly config?: RestoreConfig;
}

const SCENES: Record<string, Scene> = {
  "a job that has failed": { record: recordOf({}, {}), from: { ...BEGINNING, old: failed } },
  "a job that is gone with its JobManager, its copy still alive": {
    record: recordOf(
      { kind: "job-gone", fault: null, since: T0 },
      { candidates: [aCandidate({ takenAt: T0 - 20_000 })] },
    ),
    from: { ...BEGINNING, jar: false, orphans: [{ of: "old", until: HEARTBEAT }] },
  },
  "a job that restarts without end": {
    record: recordOf(
      { kind: "restart-loop", fault: aFault({ class: "missing-file", at: T0 - 60_000 }) },
      { namesakes: 1 },
    ),
    from: { ...BEGINNING, old: looping },
  },
  "a loop that is to be ended": {
    record: recordOf(
      { kind: "restart-loop", fault: aFault({ class: "user-code", at: T0 - 60_000 }) },
      { namesakes: 1 },
    ),
    from: { ...BEGINNING, old: looping },
  },
};

const MOST_TICKS = 17;

/** Every world that can be reached, each with how it was reached. Stops at the first that must not be. */
function walk({ record, from, config = CONFIG }: Scene): {
  readonly worlds: number;
  readonly wrong: string | null;
} {
  const queue: { readonly world: World; readonly story: Story }[] = [{ world: from, story: null }];
  const known = new Set([keyOf(from)]);
  const ends = new Set<string>();
  for (const { world, story } of queue) {
    if (!endsByItself(world, record, config, ends))
      return { worlds: known.size, wrong: told(story, "never ends") };
    for (const step of stepsFrom(world, record, config)) {
      const next = { world: step.world, story: { what: `${step.world.tick} ${step.what}`, before: story } };
      const wrong = wrongIn(step, world, record);
      if (wrong !== undefined) return { worlds: known.size, wrong: told(next.story, wrong) };
      const key = keyOf(step.world);
      if (known.has(key)) continue;
      known.add(key);
      queue.push(next);
    }
  }
  return { worlds: known.size, wrong: null };
}

type Story = { readonly what: string; readonly before: Story } | null;

function told(story: Story, end: string): string {
  const lines: string[] = [];
  for (let s = story; s !== null; s = s.before) lines.unshift(s.what);
  return [...lines, end].join("\n");
}

function stepsFrom(world: World, record: RestoreRecord, config: RestoreConfig): readonly Step[] {
  if (world.ended !== null || world.tick >= MOST_TICKS) return [];
  const steps = outridersSteps(world, record, config);
  // Its steps take no time, but it waits between its looks.
  const waits = steps[0]?.move?.kind === "wait";
  const passes = { what: "time passes", world: { ...world, tick: world.tick + 1 } };
  return [...steps, ...(waits ? [passes] : []), ...eventsOf(world)];
}

/** A world as a short text: a million of them have to be remembered. */
function keyOf({ attempts, report, ended, ...w }: World): string {
  const asked = attempts.map((a) => `${a.step} ${a.status} ${a.at - T0}`).sort();
  return JSON.stringify([Object.values(w), asked.join(), report?.state, report?.checkedAt, ended?.verdict]);
}

/** What must never be, whatever happens. */
function wrongIn({ world, done, move }: Step, before: World, record: RestoreRecord): string | undefined {
  if (liveCopies(world) > 1) return "two copies live";
  if (world.attempts.length > before.attempts.length && before.ended !== null) return "goes on after its end";
  if (done?.step === "cancel" && before.deletes) return "cancels although that deletes the snapshot";
  if (done?.step === "cancel" && before.report?.state !== "verified")
    return "cancels before the snapshot is proven";
  if (move?.kind === "do" && move.step === "run") return wrongRun(move, before, record);
  return undefined;
}

function wrongRun(
  { body }: Extract<NonNullable<Step["move"]>, { step: "run"; kind: "do" }>,
  before: World,
  record: RestoreRecord,
): string | undefined {
  if (before.report?.state !== "verified") return "runs without a proven snapshot";
  const lastCancel = before.attempts.find((a) => a.step === "cancel")?.at ?? T0;
  if (before.report.checkedAt < lastCancel) return "runs with a verdict from before the cancellation";
  if (liveCopies(before) > 0) return "runs while a copy lives";
  if (body.claimMode !== "NO_CLAIM" || body.allowNonRestoredState) return "claims or skips state";
  return body.jobId === record.effective?.newFlinkJobId && body.savepointPath === CHK_41
    ? undefined
    : "runs another one";
}

/** Where nothing more goes wrong the restore comes to its end: everything by itself, and time passes while it waits. */
function endsByItself(from: World, record: RestoreRecord, config: RestoreConfig, memo: Set<string>): boolean {
  const path: string[] = [];
  let w = { ...from, faults: 0 };
  for (let i = 0; i < 300 && w.ended === null; i++) {
    const key = keyOf(w);
    if (memo.has(key)) break;
    path.push(key);
    const [byItself] = progress(w);
    const [step] = outridersSteps(byItself?.world ?? w, record, config);
    if (step === undefined) return false;
    w = step.move?.kind === "wait" ? { ...step.world, tick: step.world.tick + 1 } : step.world;
    if (i === 299) return false;
  }
  for (const key of path) memo.add(key);
  return true;
}

describe("in every world that a fault can lead to", () => {
  it.each(Object.entries(SCENES))(
    "%s: never two copies, never unproven state, and it ends",
    (_, scene) => {
      const { worlds, wrong } = walk(scene);
      expect(wrong).toBeNull();
      expect(worlds).toBeGreaterThan(500);
    },
    60_000,
  );

  it.each(Object.entries(SCENES))("%s: without a fault it is reached", (_, { record, from }) => {
    let w = { ...from, faults: 0 };
    for (let i = 0; i < 100 && w.ended === null; i++) {
      const [step] = outridersSteps(progress(w)[0]?.world ?? w, record, CONFIG);
      if (step === undefined) break;
      w = step.move?.kind === "wait" ? { ...step.world, tick: step.world.tick + 1 } : step.world;
    }
    expect([w.ended?.verdict, w.tick <= 10]).toEqual(["reached", true]);
  });
});

describe("on random ways with four faults", () => {
  it.each(Object.entries(SCENES))(
    "%s: never two copies, never unproven state, and it ends",
    (_, scene) => {
      fc.assert(
        fc.property(fc.array(fc.nat(), { minLength: 20, maxLength: 80 }), (choices) => {
          expect(wander(scene, choices)).toBeNull();
        }),
        { numRuns: 300 },
      );
    },
    60_000,
  );
});

/** The way that the choices lead; null, or how it came to something that must not be. */
function wander({ record, from, config = CONFIG }: Scene, choices: readonly number[]): string | null {
  let world: World = { ...from, faults: 4 };
  let story: Story = null;
  for (const choice of choices) {
    const steps = stepsFrom(world, record, config);
    const step = steps[choice % steps.length];
    if (step === undefined) return null;
    story = { what: `${step.world.tick} ${step.what}`, before: story };
    const wrong = wrongIn(step, world, record);
    if (wrong !== undefined) return told(story, wrong);
    world = step.world;
  }
  return endsByItself(world, record, config, new Set()) ? null : told(story, "never ends");
}

describe("the walk sees it", () => {
  const gone = SCENES["a job that is gone with its JobManager, its copy still alive"];

  it("when nobody waits for the copy behind a lost JobManager", () => {
    const config = { ...CONFIG, deadMarginMs: -HEARTBEAT * TICK };
    if (gone !== undefined)
      expect(walk({ ...gone, config }).wrong).toMatch(/runs while a copy lives|two copies live/);
  });

  it("when a restore would wait for ever", () => {
    const config = { ...CONFIG, deadMarginMs: 1_000 * TICK, deadlineMs: 1_000 * TICK };
    if (gone !== undefined) {
      const record = {
        ...gone.record,
        inputs: { ...gone.record.inputs, life: aLife({ taskManagers: ["tm-9"] }) },
      };
      expect(walk({ ...gone, record, config }).wrong).toMatch(/never ends$/);
    }
  });
});

import type { AutoscalerConfig } from "../../autoscaler/index.ts";
import { Failure, type Milliseconds, type Parallelism } from "../../model/index.ts";
import type { ContestantFactory, ContestSetup, LoadCurve } from "./contest.ts";
import { type Course, courseOf, slotsFor } from "./course.ts";
import type { FittedJob } from "./fitted-job.ts";
import { fittedBench } from "./fitted-world.ts";
import { inTurns, OutOfTime } from "./in-turns.ts";
import { type Knot, loadThrough, withBacklog } from "./knots.ts";
import { createOutrider } from "./outrider.ts";
import { runContest } from "./run.ts";
import { answerTo } from "./what-if-sentence.ts";

/** What is to be tried. At least one of the first three. */
export interface Question {
  /** Subtasks by vertex id; vertices that are not named stay. */
  readonly parallelism?: Parallelism | undefined;
  /** The present load times this. */
  readonly loadFactor?: number | undefined;
  /** Records/s at all sources together, joined by straight lines; in the order of time. */
  readonly load?: readonly { readonly minute: number; readonly rate: number }[] | undefined;
  readonly minutes: number;
}

export interface Answer {
  readonly sentence: string;
  /** `without` first, then `with`; where only the load changes also what Outrider would do (`outrider`). */
  readonly courses: readonly Course[];
}

export interface WhatIfOptions {
  /** False: the answer is not wanted any more, or took too long. */
  readonly mayGoOn: () => boolean;
  /** The settings of the job; without them the defaults. */
  readonly config?: AutoscalerConfig | undefined;
}

const HOUR_MS: Milliseconds = 3_600_000;
const SEED = 1;
const LEAST_PASS_MS: Milliseconds = 5_000;
const MOST_PASSES = 1_440;
/** So many vertices a message names. */
const MOST_NAMED = 20;
/** Whoever decides looks at least this often: as it would beside the real job, or nearly so. */
const MOST_DECIDING_PASS_MS: Milliseconds = 10_000;

/**
 * Runs the simulated job as it is and as it would be, from what it has at this moment on. The same question about
 * the same job gives the same answer. Throws `conflict` where something that is needed is not assessed, `timeout`
 * where `mayGoOn` ended it.
 */
export async function whatIf(fitted: FittedJob, question: Question, options: WhatIfOptions): Promise<Answer> {
  checkQuestion(fitted, question);
  const same = loadThrough([[0, fitted.rate]]);
  const changed = loadOf(fitted, question);
  const run = async (name: Course["name"], load: LoadCurve, create: ContestantFactory): Promise<Course> => {
    const setup = setupOf(fitted, question, withBacklog(load, fitted.backlog), options.config);
    const most = name === "outrider" ? MOST_DECIDING_PASS_MS : setup.passMs;
    const looked = { ...setup, passMs: Math.min(setup.passMs, most) };
    const trace = await runContest(looked, inTurns(create, options.mayGoOn));
    return courseOf(name, trace, load, fitted.lagObjectiveMs);
  };
  try {
    const courses = [
      await run("without", same, leaving),
      await run("with", changed, asking(question.parallelism)),
    ];
    // What Outrider would do about another load is the next question; of another size it is for people to say.
    if (question.parallelism === undefined && fitted.checkpointIntervalMs !== null)
      courses.push(await run("outrider", changed, createOutrider));
    return { sentence: answerTo(fitted, question, courses), courses };
  } catch (error) {
    if (!(error instanceof OutOfTime)) throw error;
    throw new Failure(
      "timeout",
      `cannot answer a what-if of ${question.minutes} minutes for ${fitted.job} in time; ask for fewer minutes`,
    );
  }
}

function checkQuestion(fitted: FittedJob, { parallelism, loadFactor, load }: Question): void {
  if (parallelism === undefined && loadFactor === undefined && load === undefined)
    throw new Failure(
      "bad-request",
      "cannot simulate: got no change; expected parallelism, loadFactor or load",
    );
  const names = fitted.vertices.slice(0, MOST_NAMED).map((v) => v.name);
  if (parallelism !== undefined && Object.keys(parallelism).length === 0)
    throw new Failure(
      "bad-request",
      `cannot simulate: got a parallelism of no vertex; expected one of ${names.join(", ")}`,
    );
  if (loadFactor !== undefined && load !== undefined)
    throw new Failure("bad-request", "cannot simulate: got loadFactor and load; expected one of them");
  if (parallelism !== undefined && fitted.checkpointIntervalMs === null)
    throw new Failure(
      "conflict",
      `cannot simulate a rescale of ${fitted.job}: not assessed: checkpoint interval; what is read again after a restart follows from it`,
    );
  for (const [id, p] of Object.entries(parallelism ?? {})) {
    const vertex = fitted.vertices.find((v) => v.id === id);
    if (vertex === undefined)
      throw new Failure(
        "bad-request",
        `cannot simulate: there is no vertex ${id}; expected one of ${names.join(", ")}`,
      );
    if (!Number.isInteger(p) || p < 1 || p > vertex.maxParallelism)
      throw new Failure(
        "bad-request",
        `cannot simulate: parallelism of ${vertex.name}; got ${p}; expected 1 to ${vertex.maxParallelism}, its max parallelism`,
      );
  }
}

function loadOf(fitted: FittedJob, { load, loadFactor }: Question): LoadCurve {
  if (load === undefined) return loadThrough([[0, fitted.rate * (loadFactor ?? 1)]]);
  return loadThrough(load.map(({ minute, rate }): Knot => [minute * 60_000, rate]));
}

function setupOf(
  fitted: FittedJob,
  { minutes, parallelism }: Question,
  load: LoadCurve,
  config: AutoscalerConfig | undefined,
): ContestSetup {
  const durationMs = minutes * 60_000;
  const most = Math.max(1, ...fitted.vertices.map((v) => v.maxParallelism));
  const bench = fittedBench(fitted, most);
  const enough = slotsFor(fitted.vertices, parallelism ?? {});
  const slots = fitted.slots ?? Math.max(enough, Math.min(most, 1_000));
  return {
    bench,
    world: bench.world(load, {
      seed: SEED,
      slots,
      tickMs: durationMs <= 2 * HOUR_MS ? 100 : durationMs <= 6 * HOUR_MS ? 250 : 500,
    }),
    load,
    durationMs,
    seed: SEED,
    history: fitted.load,
    minParallelism: 1,
    maxParallelism: most,
    passMs: Math.max(LEAST_PASS_MS, Math.ceil(durationMs / MOST_PASSES)),
    lagObjectiveMs: fitted.lagObjectiveMs,
    ...(config === undefined ? {} : { settings: config }),
  };
}

const leaving: ContestantFactory = ({ passMs }) => ({ name: "as it is", passMs, pass: () => undefined });

/** Asks once for another size, at the first look. */
const asking =
  (parallelism: Parallelism | undefined): ContestantFactory =>
  ({ passMs }) => ({ name: "as asked", passMs, pass: () => parallelism });

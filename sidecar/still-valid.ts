import {
  type DecisionRecord,
  formatDuration,
  type Instant,
  type Milliseconds,
  type Parallelism,
  type ScaleDecision,
} from "../model/index.ts";

/** How long a yes can stand for a decision that is no longer proposed, from when it was proposed last. */
export const WORD_STANDS_MS: Milliseconds = 300_000;

/** What has become of a job since a decision was made. */
export interface Since {
  /** The newest look at the job. */
  readonly newest: Pick<ScaleDecision, "flinkJobId" | "effective" | "sentence">;
  /** Vertex id → subtasks now. */
  readonly present: Parallelism;
  /** Id of a newer decision of the job that was attempted, whatever came of it. */
  readonly attempted: string | undefined;
  /** Id of a newer decision of the job that a person rejected. */
  readonly rejected: string | undefined;
}

/** Why a decision must not be carried out by now. */
export interface Doubt {
  /** Begins in lower case and has no full stop. */
  readonly sentence: string;
  /** Time cannot mend it. */
  readonly final: boolean;
}

/**
 * Whether a decision to act may still be carried out, exactly as it is, although newer ones differ from it: the
 * proposal moves on while a person reads. `undefined` when all of this holds, else the first that does not:
 *
 * 1. it is at most 5 min since it was proposed last (`at`);
 * 2. the job has the same Flink job id;
 * 3. no newer decision was attempted or rejected, and every vertex has the parallelism that the decision started from;
 * 4. the newest look is a decision to act too: the guards find a change wise;
 * 5. no vertex that the decision grows is shrunk by the newest, and none that it shrinks gets fewer subtasks than
 *    the newest wants (so that no vertex is moved opposite ways, and none is shrunk that the newest leaves alone);
 * 6. at least one vertex is moved the same way by both.
 */
export function doubtAbout(decision: DecisionRecord, since: Since, now: Instant): Doubt | undefined {
  const age = now - decision.at;
  if (age > WORD_STANDS_MS) {
    const most = formatDuration(WORD_STANDS_MS);
    return final(
      `it is too old: proposed ${formatDuration(age)} ago for the last time, at most ${most} count`,
    );
  }
  if (since.newest.flinkJobId !== decision.flinkJobId) {
    return passing(`the job was submitted anew, as ${since.newest.flinkJobId}`);
  }
  if (since.attempted !== undefined) return final(`the decision ${since.attempted} was acted on since`);
  if (since.rejected !== undefined) return final(`the decision ${since.rejected} was rejected since`);
  return doubtOfPresent(decision, since) ?? doubtOfDirection(decision, since);
}

/** Against the third: whether somebody else rescaled the job. */
function doubtOfPresent(decision: DecisionRecord, since: Since): Doubt | undefined {
  const { vertices } = decision.inputs;
  const from = (id: string): number | undefined => vertices[id]?.parallelism;
  const changed = idsOf(decision).find((id) => from(id) === undefined || from(id) !== since.present[id]);
  if (changed === undefined) return undefined;
  const before = from(changed) ?? "an unknown number";
  const has = `${nameOf(decision, changed)} has ${since.present[changed] ?? "no"} subtasks`;
  return final(`the job was rescaled since: ${has}, it was decided for ${before}`);
}

/** Against the fourth to the sixth: whether the newest look wants the like. */
function doubtOfDirection(decision: DecisionRecord, since: Since): Doubt | undefined {
  const wanted = since.newest.effective;
  if (wanted === null) {
    return passing(`the newest look at the job wants no change: ${bare(since.newest.sentence)}`);
  }
  const target = decision.effective ?? {};
  const moves = idsOf(decision).map((id) => moveOf(id, target, wanted, since.present));
  const wrong = moves.find(goesWrong);
  if (wrong !== undefined) {
    const { id, from, to, want } = wrong;
    return passing(
      `the load turned: it takes ${nameOf(decision, id)} from ${from} to ${to}, ${want} is wanted`,
    );
  }
  if (!moves.some(isShared)) return passing("the load turned: no vertex that it changes still has to change");
  return undefined;
}

interface Move {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** What the newest look wants. */
  readonly want: number;
}

/** A vertex that a decision does not name stays as it is. */
function moveOf(id: string, target: Parallelism, wanted: Parallelism, present: Parallelism): Move {
  const from = present[id] ?? Number.NaN;
  return { id, from, to: target[id] ?? from, want: wanted[id] ?? from };
}

const goesWrong = ({ from, to, want }: Move): boolean =>
  (to > from && want < from) || (to < from && to < want);

const isShared = ({ from, to, want }: Move): boolean =>
  to !== from && Math.sign(to - from) === Math.sign(want - from);

const idsOf = ({ inputs, effective }: DecisionRecord): readonly string[] =>
  Object.keys({ ...inputs.vertices, ...effective });
const nameOf = (decision: DecisionRecord, id: string): string => decision.inputs.vertices[id]?.name ?? id;
const bare = (sentence: string): string => sentence.replace(/^Hold: /, "").replace(/\.$/, "");
const passing = (sentence: string): Doubt => ({ sentence, final: false });
const final = (sentence: string): Doubt => ({ sentence, final: true });

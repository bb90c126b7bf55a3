import type { GuardResult, Instant, Milliseconds, ReplayWindow, RestoreInputs } from "../../model/index.ts";
import { type Choice, replayOf } from "../rank.ts";
import type { RestoreConfig } from "../settings.ts";
import { chooseSnapshot } from "./choose.ts";
import { isAlive, type Wish, wishOf } from "./propose.ts";
import type { RestoreSubject } from "./question.ts";
import type { RestoreReason } from "./reasons.ts";

/** What the guards look at: the inputs and what follows from them. */
export interface Weighed {
  readonly subject: RestoreSubject;
  readonly inputs: RestoreInputs;
  readonly config: RestoreConfig;
  readonly choice: Choice;
  readonly wish: Wish;
  /** From the chosen snapshot to the fault; null: nothing was chosen, or nobody knows when it was taken. */
  readonly replay: ReplayWindow | null;
  /** How long the job has been in trouble. */
  readonly troubledMs: Milliseconds;
  /** A person asked for this. What Outrider thinks of the cause is then advice only; what protects state is not. */
  readonly asked: boolean;
  /** A live copy has to be ended first. */
  readonly alive: boolean;
}

export interface Guard {
  readonly name: RestoreReason;
  readonly check: (w: Weighed) => Omit<GuardResult, "name">;
}

export const pass = (sentence: string, numbers: Record<string, number> = {}) =>
  ({ verdict: "pass", sentence, numbers }) as const;
export const veto = (sentence: string, numbers: Record<string, number> = {}) =>
  ({ verdict: "veto", sentence, numbers }) as const;

export function weigh(subject: RestoreSubject, inputs: RestoreInputs, config: RestoreConfig): Weighed {
  const choice = chooseSnapshot(inputs);
  const { chosen } = choice;
  return {
    subject,
    inputs,
    config,
    choice,
    wish: wishOf(inputs, subject.trigger, choice),
    replay: chosen === null ? null : replayOf(chosen, brokenAt(inputs, subject.at)),
    troubledMs: Math.max(0, subject.at - inputs.diagnosis.since),
    asked: subject.trigger === "request",
    alive: isAlive(inputs),
  };
}

/** Up to when records were processed that a restore reads again: the fault, or now where the job is well. */
export function brokenAt(inputs: RestoreInputs, now: Instant): Instant {
  const { kind, fault, since } = inputs.diagnosis;
  return kind === "well" ? now : (fault?.at ?? since);
}

import {
  type Instant,
  type JobKey,
  type OutriderEvent,
  parseJobKey,
  type ScaleDecision,
  type ScaleInputs,
} from "../../model/index.ts";
import type { DecisionHistory } from "../store/port.ts";
import { type Question, questionOf, whyGone } from "./question.ts";
import { restoreLine } from "./restore-lines.ts";
import { changesIn, decisionIn, seconds, standingIn } from "./wording.ts";

/** What a line is about, for its colour. */
export type Tone = "act" | "ask" | "hold" | "calm" | "world";

/** One line of the story in the terminal. */
export interface StoryLine {
  readonly at: Instant;
  /** A job's name, `world` or `flink`. */
  readonly who: string;
  readonly tone: Tone;
  readonly text: string;
  /** Where to click, on a line of its own. */
  readonly link?: string;
}

export interface StoryOptions {
  /** The record of an event, as the store keeps it. */
  readonly decision: (id: string) => DecisionHistory | undefined;
  /** State of a job as it is shown now. */
  readonly stateOf: (job: JobKey) => string | undefined;
  /** Page of a job in the console. */
  readonly addressOf: (job: JobKey) => string;
}

/** What was told of a job last. */
interface Told {
  /** The same topic is not told twice in a row. */
  readonly topic: string;
  /** An attempt of ours is under way: restarts are no trouble. */
  readonly rescaling: boolean;
  /** It had its numbers once: before that missing ones are the beginning, since a rate needs two looks. */
  readonly judged: boolean;
  /** When the attempt began that was judged last; another one that is not ours was a restart of Flink's own. */
  readonly runningSince: Instant | undefined;
  /** It was seen not running, and that was told. */
  readonly down: boolean;
  /** The question that waits for a person. */
  readonly asked: Question | undefined;
}

const NOTHING: Told = {
  topic: "",
  rescaling: false,
  judged: false,
  runningSince: undefined,
  down: false,
  asked: undefined,
};

/** Whether it was seen while it happened or only afterwards. */
const RESTARTED: Part = {
  tone: "hold",
  text: "Flink restarts it; Outrider waits until its counters mean something again.",
};
/** States of a job on its way back. */
const RESTARTING: ReadonlySet<string> = new Set(["FAILING", "RESTARTING"]);

/** Holds that pass by themselves within seconds; the console shows them. */
const FLEETING: ReadonlySet<string> = new Set(["stabilizing", "cooldown", "disabled"]);

/**
 * Turns the events that every surface shows into sentences for somebody who only watches: what was done and why,
 * what a person is asked, and holds whose reason has changed. Everything in a line is a field of the event's record.
 */
export class Story {
  private readonly options: StoryOptions;
  private readonly jobs = new Map<JobKey, Told>();
  private growthTold = false;

  constructor(options: StoryOptions) {
    this.options = options;
  }

  /** The line of an event; `undefined` when it is not worth one. */
  hear(event: OutriderEvent): StoryLine | undefined {
    const history = event.decision === undefined ? undefined : this.options.decision(event.decision);
    const line = this.lineOf(event, history);
    if (line === undefined) return undefined;
    const who = event.job === undefined ? "flink" : (parseJobKey(event.job)?.name ?? event.job);
    return { at: event.at, who, ...line };
  }

  private lineOf(event: OutriderEvent, history: DecisionHistory | undefined): Part | undefined {
    switch (event.type) {
      case "decision":
        return this.decided(event, history);
      case "hold":
        return this.held(event, history);
      case "outcome":
        return this.ended(event, history);
      case "attempt":
        return this.attempted(event);
      case "state":
        return this.stateChanged(event);
      case "diagnosis":
        return this.diagnosed(event);
      case "permit":
      case "job-appeared":
      case "restore-point-back":
        return undefined;
      case "approved":
      case "rejected":
        // Answered: the next question is a new one.
        this.note(event.job ?? "", { topic: "", asked: undefined });
        return { tone: "calm", text: asSentence(event.sentence) };
      default:
        return { tone: event.severity === "info" ? "calm" : "hold", text: asSentence(event.sentence) };
    }
  }

  private decided({ job = "" }: OutriderEvent, history: DecisionHistory | undefined): Part | undefined {
    if (history?.record.kind === "restore") return this.restore(job, history);
    if (history?.record.kind !== "scale") return undefined;
    const { record, permits } = { record: history.record, permits: history.permits };
    const permit = permits.at(-1);
    const what = decisionIn(record);
    this.note(job, { judged: true, runningSince: record.inputs.runningSince });
    if (permit === undefined || permit.code === "allowed") {
      this.note(job, { topic: "act", rescaling: true, asked: undefined });
      return { tone: "act", text: `${what}.` };
    }
    const isNew = this.isNew(job, `${permit.code} ${record.reason}`);
    if (permit.code !== "needs-approval") {
      this.note(job, { asked: undefined });
      return isNew ? { tone: "hold", text: `${what}? Not done, ${permit.sentence}.` } : undefined;
    }
    if (!isNew) return this.grown(job, record);
    this.note(job, { asked: questionOf(record) });
    return { tone: "ask", text: `${what}? Outrider asks you first:`, link: this.options.addressOf(job) };
  }

  /** While a person thinks the numbers go on changing: worth a word once. */
  private grown(job: JobKey, record: ScaleDecision): Part | undefined {
    const { asked } = this.toldOf(job);
    if (this.growthTold || asked === undefined || questionOf(record).subtasks <= asked.subtasks)
      return undefined;
    this.growthTold = true;
    const text = `the number grows while you think, now ${changesIn(record)}; the page shows the newest.`;
    return { tone: "calm", text };
  }

  private held({ job = "" }: OutriderEvent, history: DecisionHistory | undefined): Part | undefined {
    if (history?.record.kind === "restore") return this.restore(job, history);
    if (history?.record.kind !== "scale") return undefined;
    const { record } = history;
    if (record.reason === "metric-missing" && !this.toldOf(job).judged) return undefined;
    const before = this.toldOf(job).runningSince;
    const { runningSince } = record.inputs;
    this.note(job, { judged: true, runningSince });
    if (before !== undefined && before !== runningSince && this.isNew(job, "restarted")) {
      return RESTARTED;
    }
    if (FLEETING.has(record.reason) || !this.isNew(job, record.reason)) return undefined;
    if (record.reason === "within-target") return this.standing(job, record.inputs);
    return { tone: "hold", text: record.sentence.replace(/^Hold: /, "Outrider holds: ") };
  }

  /** What is wrong with it; that nothing is any more shows in what follows. */
  private diagnosed({ job = "", severity, sentence }: OutriderEvent): Part | undefined {
    if (severity === "info" || !this.isNew(job, sentence)) return undefined;
    return { tone: "hold", text: asSentence(sentence) };
  }

  /** Something is wrong with its state, and what is done about it. */
  private restore(job: JobKey, history: DecisionHistory): Part | undefined {
    const { record, permits } = history;
    this.note(job, { asked: undefined });
    const line = restoreLine(history, this.options.addressOf(job));
    if (line === undefined) return undefined;
    return this.isNew(job, `${record.reason} ${permits.at(-1)?.code ?? ""}`) ? line : undefined;
  }

  /** It has what it needs; if a person was asked, that is over. */
  private standing(job: JobKey, inputs: ScaleInputs): Part {
    const { asked } = this.toldOf(job);
    const text = `${standingIn(inputs)}.`;
    if (asked === undefined) return { tone: "calm", text };
    this.note(job, { asked: undefined });
    return { tone: "calm", text: `the question has gone: ${whyGone(asked, inputs)}. It ${text}` };
  }

  /** That Flink accepted is not yet that it is done. */
  private attempted({ job = "", severity, sentence }: OutriderEvent): Part | undefined {
    this.note(job, { rescaling: severity === "info" });
    return severity === "info" ? undefined : { tone: "hold", text: asSentence(sentence) };
  }

  private ended({ job = "", sentence }: OutriderEvent, history: DecisionHistory | undefined): Part {
    this.note(job, { topic: "", rescaling: false, runningSince: undefined });
    const outcome = history?.outcome;
    const restored = history?.record.kind === "restore" && outcome?.verdict === "reached";
    if (restored) return { tone: "act", text: asSentence(sentence) };
    if (outcome?.verdict !== "reached" || outcome.tookMs === null) {
      return { tone: "hold", text: asSentence(sentence) };
    }
    return { tone: "act", text: `done with one restart, ${seconds(outcome.tookMs)} after the request.` };
  }

  private stateChanged({ job = "" }: OutriderEvent): Part | undefined {
    const told = this.toldOf(job);
    const state = this.options.stateOf(job);
    if (told.rescaling || state === undefined) return undefined;
    if (state !== "RUNNING") {
      this.note(job, { down: true });
      // Its diagnosis says more.
      if (state === "FAILED") return undefined;
      if (RESTARTING.has(state)) return this.isNew(job, "restarted") ? RESTARTED : undefined;
      this.note(job, { topic: "state" });
      return { tone: "hold", text: `is ${state}; only a running job is judged.` };
    }
    if (!told.down) return undefined;
    // Told already that it was restarted.
    this.note(job, { topic: "restarted", down: false, runningSince: undefined });
    return told.topic === "state" ? { tone: "calm", text: "runs again." } : undefined;
  }

  /** Notes what is told of a job now; false when it was told last. */
  private isNew(job: JobKey, topic: string): boolean {
    const before = this.toldOf(job).topic;
    this.note(job, { topic });
    return before !== topic;
  }

  private toldOf(job: JobKey): Told {
    return this.jobs.get(job) ?? NOTHING;
  }

  private note(job: JobKey, changes: Partial<Told>): void {
    this.jobs.set(job, { ...this.toldOf(job), ...changes });
  }
}

type Part = Pick<StoryLine, "tone" | "text" | "link">;

const asSentence = (sentence: string): string => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);

import { type Instant, type JobKey, type OutriderEvent, parseJobKey } from "../../model/index.ts";
import type { DecisionHistory } from "../store/port.ts";
import { decisionIn, seconds, standingIn } from "./wording.ts";

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
}

const NOTHING: Told = { topic: "", rescaling: false, judged: false, runningSince: undefined };

/** Holds that pass by themselves within seconds; the console shows them. */
const FLEETING: ReadonlySet<string> = new Set(["stabilizing", "cooldown", "disabled"]);

/**
 * Turns the events that every surface shows into sentences for somebody who only watches: what was done and why,
 * what a person is asked, and holds whose reason has changed. Everything in a line is a field of the event's record.
 */
export class Story {
  private readonly options: StoryOptions;
  private readonly jobs = new Map<JobKey, Told>();

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
      case "permit":
      case "job-appeared":
        return undefined;
      default:
        return { tone: event.severity === "info" ? "calm" : "hold", text: asSentence(event.sentence) };
    }
  }

  private decided({ job = "" }: OutriderEvent, history: DecisionHistory | undefined): Part | undefined {
    if (history === undefined) return undefined;
    const { record, permits } = history;
    const permit = permits.at(-1);
    const what = decisionIn(record);
    this.note(job, { judged: true, runningSince: record.inputs.runningSince });
    if (permit === undefined || permit.code === "allowed") {
      this.note(job, { topic: "act", rescaling: true });
      return { tone: "act", text: `${what}.` };
    }
    // While a person thinks the numbers go on changing; the page shows the newest.
    if (!this.isNew(job, permit.code)) return undefined;
    if (permit.code !== "needs-approval")
      return { tone: "hold", text: `${what}? Not done, ${permit.sentence}.` };
    return { tone: "ask", text: `${what}? Outrider asks you first:`, link: this.options.addressOf(job) };
  }

  private held({ job = "" }: OutriderEvent, history: DecisionHistory | undefined): Part | undefined {
    if (history === undefined) return undefined;
    const { record } = history;
    if (record.reason === "metric-missing" && !this.toldOf(job).judged) return undefined;
    const before = this.toldOf(job).runningSince;
    const { runningSince } = record.inputs;
    this.note(job, { judged: true, runningSince });
    if (before !== undefined && before !== runningSince && this.isNew(job, "restarted")) {
      return {
        tone: "hold",
        text: "Flink has restarted it. Outrider waits until its counters mean something again.",
      };
    }
    if (FLEETING.has(record.reason) || !this.isNew(job, record.reason)) return undefined;
    if (record.reason === "within-target") return { tone: "calm", text: `${standingIn(record.inputs)}.` };
    return { tone: "hold", text: record.sentence.replace(/^Hold: /, "Outrider holds: ") };
  }

  /** That Flink accepted is not yet that it is done. */
  private attempted({ job = "", severity, sentence }: OutriderEvent): Part | undefined {
    this.note(job, { rescaling: severity === "info" });
    return severity === "info" ? undefined : { tone: "hold", text: asSentence(sentence) };
  }

  private ended({ job = "", sentence }: OutriderEvent, history: DecisionHistory | undefined): Part {
    this.note(job, { topic: "", rescaling: false, runningSince: undefined });
    const outcome = history?.outcome;
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
      this.note(job, { topic: "state" });
      return { tone: "hold", text: `is ${state}; only a running job is judged.` };
    }
    if (told.topic !== "state") return undefined;
    // Told already that it was restarted.
    this.note(job, { topic: "restarted", runningSince: undefined });
    return { tone: "calm", text: "runs again." };
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

import {
  type ClusterReadout,
  Failure,
  type Instant,
  isTerminal,
  type JobKey,
  type ListedJob,
  locationText,
  type Milliseconds,
  type Mode,
  type OutriderEvent,
  parseLocation,
  type SavepointDecision,
  type SavepointFormat,
  type SavepointRecord,
} from "../../model/index.ts";
import {
  type Calendar,
  decideSavepoint,
  dueAt,
  nextDue,
  type SavepointConfig,
  savepointId,
} from "../../recovery/index.ts";
import { askPermits, type PermitAnswer } from "../permits.ts";
import type { RestorePoints } from "../restore/ports.ts";
import type { Store } from "../store/port.ts";
import type { SavepointDesk, SavepointList, SavepointWish } from "./desk.ts";
import { askForSavepoint, end, type FollowPorts, followSavepoint } from "./follow.ts";
import { changeSavepoint, keepSavepoints, recallSavepoints, type TakenSavepoint } from "./memory.ts";
import type { SavepointSubject } from "./ports.ts";
import type { ReadReferences } from "./references.ts";
import { isRestoring, Removals } from "./removals.ts";

export interface SavepointOptions {
  readonly store: Store;
  readonly points: Pick<RestorePoints, "candidates" | "verifyNow">;
  readonly references: ReadReferences;
  readonly modeOf: (job: JobKey) => Mode;
  readonly settingsOf: (job: JobKey) => SavepointConfig;
  readonly now: () => Instant;
  /** Stores an event and tells it. */
  readonly tell: (event: Omit<OutriderEvent, "seq">) => void;
}

interface Asker {
  readonly trigger: SavepointDecision["trigger"];
  readonly by: string;
  readonly dueAt: Instant | null;
  readonly format: SavepointFormat;
  readonly directory: string | null;
}

/** How long a person's word can stand for a savepoint that was not asked for yet. */
const WORD_STANDS_MS: Milliseconds = 300_000;
/** A savepoint that could not be looked at is looked at again after this. */
const VERIFY_AGAIN_MS: Milliseconds = 30_000;
/** Where Flink's configuration cannot be read: Flink itself refuses when it has none. */
const FLINKS_OWN = "Flink's own directory";

/**
 * Savepoints as the loop drives them: what people order, what the calendar calls for, and what need not be kept.
 * Everything that a restart needs is in the store.
 */
export class Savepoints implements SavepointDesk {
  readonly #options: SavepointOptions;
  readonly #removals: Removals;
  readonly #subjects = new Map<JobKey, SavepointSubject>();
  readonly #verifying = new Map<string, Promise<void>>();
  readonly #verifiedAt = new Map<string, Instant>();
  #broken: unknown;

  constructor(options: SavepointOptions) {
    this.#options = options;
    this.#removals = new Removals(options);
  }

  /** One step for one job. Answers with the decisions that something happened to. */
  async pass(subject: SavepointSubject, now: Instant): Promise<readonly string[]> {
    if (this.#broken !== undefined) throw this.#broken;
    const { store } = this.#options;
    const { job, cluster } = subject;
    this.#subjects.set(job, subject);
    const settings = this.#options.settingsOf(job);
    const ports: FollowPorts = { store, cluster, hold: (record) => this.#hold(record, now) };
    const told: string[] = [];
    for (const open of this.#open(job)) {
      await followSavepoint(ports, open, settings.timeoutMs, now);
      told.push(open.record.id);
    }
    this.#verifyTaken(job, now);
    if (this.#open(job).length > 0) return told;
    const [only, another] = subject.listed;
    const live = only === undefined || isTerminal(only.state) || another !== undefined ? undefined : only;
    const due = this.#ordered(subject, live, now) ?? (await this.#scheduled(subject, live, settings, now));
    if (due !== undefined) {
      told.push(due.id);
      if (due.effective !== null && this.#hold(due, now) === undefined) {
        await askForSavepoint(ports, due, now);
        this.#done(due);
      }
      return told;
    }
    if (live !== undefined && this.#mayRemove(subject, live, now))
      await this.#removals.pass(cluster, live.flinkJobId, job, settings, now);
    return told;
  }

  async order(job: JobKey, wish: SavepointWish, by: string, now: Instant): Promise<SavepointRecord> {
    const subject = this.#subjects.get(job);
    const [listed] = subject?.listed ?? [];
    if (subject === undefined || listed === undefined) {
      const message = `cannot take a savepoint: ${job}; got a job that Flink does not list; expected one that runs`;
      throw new Failure("conflict", message);
    }
    const settings = this.#options.settingsOf(job);
    const directory =
      wish.directory === null ? settings.directory : locationText(parseLocation(wish.directory));
    const format = wish.format ?? settings.format;
    const asker = { trigger: "request", by, dueAt: null, format, directory } as const;
    const decision = await this.#decide(subject, listed, asker, now);
    const { store } = this.#options;
    if (decision.effective === null) return store.recordDecision(savepointId(decision), decision);
    const word = { decision: "", at: now, by, verdict: "approved", reason: null } as const;
    const answer = this.#ask(job, word, now);
    if (answer.code !== "allowed") throw new Failure("conflict", `no savepoint is taken: ${answer.sentence}`);
    const record = store.recordDecision(savepointId(decision), decision);
    store.appendApproval({ ...word, decision: record.id });
    return record;
  }

  list(job: JobKey, now: Instant): SavepointList {
    const { store, settingsOf } = this.#options;
    const settings = settingsOf(job);
    const plan = this.#removals.plan(job, settings, now);
    const why = new Map(plan.keep.map((k) => [k.path, k.why]));
    const { taken } = recallSavepoints(store, job);
    return {
      items: taken.toReversed().map(({ removal, ...savepoint }) => ({
        ...savepoint,
        stays: why.get(savepoint.path) ?? null,
        removing: removal !== null && removal.refusedAt === null,
      })),
      next: null,
      nextDueAt: settings.calendar === null ? null : nextDue(settings.calendar, job, now),
    };
  }

  forget(job: JobKey): void {
    this.#subjects.delete(job);
  }

  /** Resolves when nothing is under way in the background. */
  async settled(): Promise<void> {
    while (this.#verifying.size > 0) await Promise.all(this.#verifying.values());
    if (this.#broken !== undefined) throw this.#broken;
  }

  #open(job: JobKey) {
    return this.#options.store.openDecisions("savepoint").filter((d) => d.record.job === job);
  }

  /** What a person agreed to and nobody asked Flink for yet. A word that cannot count any more is given up. */
  #ordered(
    { job, calm }: SavepointSubject,
    live: ListedJob | undefined,
    now: Instant,
  ): SavepointRecord | undefined {
    const { store } = this.#options;
    for (const { record } of store.approvedDecisions(job, "savepoint")) {
      const moved = live !== undefined && live.flinkJobId !== record.flinkJobId;
      const late = now - record.at > WORD_STANDS_MS;
      if (moved || late) {
        const why = moved ? `the job runs as ${live.flinkJobId} since` : "it is too old: at most 5 min count";
        end(store, record, now, { verdict: "superseded", sentence: `Not carried out: ${why}` });
        this.#done(record);
      } else if (live?.state === "RUNNING" && calm) return record;
    }
    return undefined;
  }

  /** What the calendar calls for now. */
  async #scheduled(
    subject: SavepointSubject,
    live: ListedJob | undefined,
    settings: SavepointConfig,
    now: Instant,
  ): Promise<SavepointRecord | undefined> {
    const { calendar, format, directory } = settings;
    const { job } = subject;
    if (calendar === null || live === undefined) return undefined;
    const due = dueAt(calendar, job, this.#calendarSince(job, calendar, now), now);
    if (due === null) return undefined;
    const asker = { trigger: "calendar", by: "the calendar", dueAt: due, format, directory } as const;
    const decision = await this.#decide(subject, live, asker, now);
    const { store } = this.#options;
    const before = store.decision(savepointId(decision));
    if (before !== undefined && (before.attempts.length > 0 || before.outcome !== null)) {
      // The process ended between asking and writing down that it is done.
      this.#doneUntil(job, calendar, due);
      return undefined;
    }
    return store.recordDecision(savepointId(decision), decision);
  }

  /** Up to when the calendar is done: a new one, or a changed one, begins when it is first seen. */
  #calendarSince(job: JobKey, calendar: Calendar, now: Instant): Instant {
    const { store } = this.#options;
    const kept = recallSavepoints(store, job).calendar;
    if (kept?.name === nameOf(calendar)) return kept.since;
    this.#doneUntil(job, calendar, now);
    return now;
  }

  #done({ job, inputs }: SavepointRecord): void {
    const { calendar } = this.#options.settingsOf(job);
    if (calendar !== null && inputs.dueAt !== null) this.#doneUntil(job, calendar, inputs.dueAt);
  }

  #doneUntil(job: JobKey, calendar: Calendar, since: Instant): void {
    const { store } = this.#options;
    const memory = recallSavepoints(store, job);
    keepSavepoints(store, job, { ...memory, calendar: { name: nameOf(calendar), since } });
  }

  async #decide(
    { job, cluster, listed, calm }: SavepointSubject,
    { flinkJobId, state }: ListedJob,
    asker: Asker,
    now: Instant,
  ): Promise<SavepointDecision> {
    const { store } = this.#options;
    const readout = await cluster.eyes.readCluster().catch(ignoreFailure);
    return decideSavepoint({
      ...asker,
      job,
      flinkJobId,
      at: now,
      state,
      namesakes: listed.filter((j) => !isTerminal(j.state)).length,
      recovering: !calm || isRestoring(store, job),
      snapshotInProgress: this.#open(job).length + store.approvedDecisions(job, "savepoint").length > 0,
      flinkDirectory: directoryOf(readout),
      lastTookMs: recallSavepoints(store, job).lastTookMs,
    });
  }

  /** "May we?"; the answer is kept. Undefined: yes; else why not. */
  #hold(record: SavepointRecord, now: Instant): string | undefined {
    const { store } = this.#options;
    const answer = this.#ask(record.job, store.decision(record.id)?.approval ?? null, now);
    const { code, by, sentence } = answer;
    store.appendPermit({ decision: record.id, at: now, code, by, sentence });
    return code === "allowed" ? undefined : sentence;
  }

  #ask(job: JobKey, approval: Parameters<typeof askPermits>[0]["approval"], now: Instant): PermitAnswer {
    const { store, modeOf } = this.#options;
    const listed = this.#subjects.get(job)?.listed ?? [];
    const namesakes = listed.filter((j) => !isTerminal(j.state)).length;
    return askPermits({ mode: modeOf(job), pause: store.pauseOf(job), approval, namesakes }, now);
  }

  #mayRemove({ job, calm }: SavepointSubject, live: ListedJob, now: Instant): boolean {
    const { store } = this.#options;
    if (!calm || live.state !== "RUNNING" || isRestoring(store, job)) return false;
    return this.#ask(job, null, now).code === "allowed";
  }

  /** Whether what Flink calls complete can be restored; in the background, as it may take long. */
  #verifyTaken(job: JobKey, now: Instant): void {
    for (const savepoint of recallSavepoints(this.#options.store, job).taken) {
      const { path, state, removal } = savepoint;
      const isKnown = state !== "unchecked" && state !== "unknown";
      const lately = now - (this.#verifiedAt.get(path) ?? Number.NEGATIVE_INFINITY) < VERIFY_AGAIN_MS;
      if (isKnown || lately || removal !== null || this.#verifying.has(path)) continue;
      this.#verifiedAt.set(path, now);
      const work = this.#verify(job, savepoint)
        .catch((error: unknown) => {
          this.#broken = error;
        })
        .finally(() => this.#verifying.delete(path));
      this.#verifying.set(path, work);
    }
  }

  async #verify(job: JobKey, { path, decision }: TakenSavepoint): Promise<void> {
    const { store, points, tell, now } = this.#options;
    const { state, checkedAt, sentence } = await points.verifyNow(job, path);
    changeSavepoint(store, job, path, (before) => ({ ...before, state, checkedAt }));
    if (state === "verified" || state === "unknown") return;
    const told = `The savepoint ${path} cannot be counted on: ${sentence}`;
    tell({ at: now(), job, type: "savepoint-not-proven", severity: "warning", sentence: told, decision });
  }
}

const nameOf = ({ schedule, timeZone }: Calendar): string => `${schedule} ${timeZone}`;

function directoryOf(readout: ClusterReadout | undefined): string | null {
  if (readout === undefined || readout.unread?.includes("configuration") === true) return FLINKS_OWN;
  return readout.savepointDirectory;
}

function ignoreFailure(error: unknown): undefined {
  if (error instanceof Failure) return undefined;
  throw error;
}

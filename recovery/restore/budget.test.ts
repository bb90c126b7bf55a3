import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EarlierRestore } from "../../model/index.ts";
import { ASKED_AT, anEarlierRestore, aRestoreConfig } from "../../test/support/restore-questions.ts";
import { askBudget, type BudgetQuestion } from "./budget.ts";

const NOW = ASKED_AT;
const JOB = "prod/default/orders";
const SEC = 1_000;
const MIN = 60_000;

/** A restore that began and ended so long ago. */
const ended = (beganAgo: number, endedAgo: number, changes: Partial<EarlierRestore> = {}) =>
  anEarlierRestore({ at: NOW - beganAgo, endedAt: NOW - endedAgo, ...changes });
const good = { succeeded: true };
const of = (job: string) => ({ job: `prod/default/${job}` });
const ask = (earlier: readonly EarlierRestore[], changes: Partial<BudgetQuestion> = {}) =>
  askBudget({ job: JOB, earlier, all: earlier, settings: aRestoreConfig(), now: NOW, ...changes });

describe("the budget", () => {
  it.each<[string, readonly EarlierRestore[], Partial<BudgetQuestion>, string, number | null, boolean]>([
    ["allows the first restore", [], {}, "allowed", null, false],
    ["waits 10 s after a failure", [ended(30 * SEC, 4 * SEC)], {}, "budget-exhausted", 6 * SEC, false],
    ["counts that wait from the end", [ended(30 * SEC, 10 * SEC)], {}, "allowed", null, false],
    [
      "waits 20 s after the second failure in a row",
      [ended(5 * MIN, 4 * MIN), ended(MIN, 5 * SEC)],
      {},
      "budget-exhausted",
      15 * SEC,
      false,
    ],
    [
      "does not wait after a success",
      [ended(MIN, 5 * SEC), ended(MIN, 2 * SEC, good)],
      {},
      "allowed",
      null,
      false,
    ],
    [
      "is used up after three in an hour, successes too",
      [ended(50 * MIN, 49 * MIN, good), ended(30 * MIN, 29 * MIN, good), ended(20 * MIN, 19 * MIN, good)],
      {},
      "budget-exhausted",
      10 * MIN,
      true,
    ],
    [
      "is there again when the oldest has left the hour",
      [ended(60 * MIN, 59 * MIN, good), ended(30 * MIN, 29 * MIN, good), ended(20 * MIN, 19 * MIN, good)],
      {},
      "allowed",
      null,
      false,
    ],
    [
      "is shut for a job whose restores failed three times in a row, however long ago the first",
      [ended(300 * MIN, 299 * MIN), ended(200 * MIN, 199 * MIN), ended(9 * MIN, 8 * MIN)],
      {},
      "circuit-open",
      2 * MIN,
      true,
    ],
    [
      "lets one through after 10 min",
      [ended(300 * MIN, 299 * MIN), ended(200 * MIN, 199 * MIN), ended(11 * MIN, 10 * MIN)],
      {},
      "allowed",
      null,
      false,
    ],
    [
      "is shut in a storm",
      [],
      { all: ["a", "b", "c", "d", "e"].map((job, i) => ended((9 - i) * MIN, SEC, { ...of(job), ...good })) },
      "circuit-open",
      MIN,
      true,
    ],
    [
      "is shut for a cluster where the restores of three jobs failed",
      [],
      { all: ["a", "b", "c"].map((job) => ended(4 * MIN, 3 * MIN, of(job))) },
      "circuit-open",
      7 * MIN,
      true,
    ],
    [
      "is not shut by one job that fails again and again",
      [],
      { all: [9, 7, 5].map((ago) => ended(ago * MIN, (ago - 1) * MIN, of("a"))) },
      "allowed",
      null,
      false,
    ],
    [
      "is not shut by another cluster",
      [],
      { all: ["a", "b", "c"].map((job) => ended(4 * MIN, 3 * MIN, { job: `test/default/${job}` })) },
      "allowed",
      null,
      false,
    ],
    [
      "is open again after a success in the cluster",
      [],
      {
        all: [
          ...["a", "b", "c"].map((job) => ended(4 * MIN, 3 * MIN, of(job))),
          ended(2 * MIN, MIN, { ...of("d"), ...good }),
        ],
      },
      "allowed",
      null,
      false,
    ],
    [
      "takes no notice of what was superseded",
      [ended(MIN, SEC, { succeeded: null })],
      {},
      "allowed",
      null,
      false,
    ],
  ])("%s", (_, earlier, changes, code, inMs, page) => {
    const answer = ask(earlier, changes);
    expect([answer.code, answer.retryAt === null ? null : answer.retryAt - NOW, answer.page]).toEqual([
      code,
      inMs,
      page,
    ]);
  });

  it("names the longest of several refusals", () => {
    const three = [ended(50 * MIN, 49 * MIN), ended(30 * MIN, 29 * MIN), ended(MIN, SEC)];
    expect(ask(three).sentence).toBe(
      "the job was restored 3 times within 1 h, which is all it may; the next one may begin in 10 min",
    );
  });

  it("lets no second one through while the one after an open circuit is under way", () => {
    const failed = ["a", "b", "c"].map((job) => ended(90 * MIN, 80 * MIN, of(job)));
    const all = [...failed, anEarlierRestore({ ...of("d"), at: NOW - MIN, endedAt: null, succeeded: null })];
    expect(ask([], { all: failed }).code).toBe("allowed");
    expect(ask([], { all })).toMatchObject({ code: "circuit-open", retryAt: null });
  });
});

/** Restores of two jobs that begin whenever the budget allows it, asked at random moments. */
interface Step {
  readonly after: number;
  readonly job: string;
  readonly took: number;
  readonly succeeded: boolean;
}

const asked: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    after: fc.integer({ min: 1, max: 12 * MIN }),
    job: fc.constantFrom("prod/default/a", "prod/default/b", "test/default/c"),
    took: fc.integer({ min: 1, max: 5 * MIN }),
    succeeded: fc.constantFrom(true, false, false, false),
  }),
  { minLength: 20, maxLength: 120 },
);

describe("however often it is asked", () => {
  it("the budget is never exceeded in any window, and an open circuit lets one through at a time", () => {
    fc.assert(
      fc.property(asked, (steps) => {
        const settings = aRestoreConfig();
        const begun = carriedOut(steps, settings);
        for (const last of begun) {
          const within = (ms: number) => begun.filter((e) => e.at > last.at - ms && e.at <= last.at);
          expect(
            within(settings.attemptWindowMs).filter((e) => e.job === last.job).length,
          ).toBeLessThanOrEqual(3);
          expect(within(settings.storm.windowMs).length).toBeLessThanOrEqual(5);
          const before = begun.filter((e) => e.job === last.job && e.at < last.at);
          if (before.length >= 3 && before.slice(-3).every((e) => e.succeeded === false)) {
            expect(last.at - (before.at(-1)?.endedAt ?? 0)).toBeGreaterThanOrEqual(10 * MIN);
          }
        }
      }),
    );
  });

  it("a refusal that names an instant is over then", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ ago: fc.integer({ min: 1, max: 90 * MIN }), ok: fc.boolean() }), {
          maxLength: 8,
        }),
        (list) => {
          const earlier = list.map(({ ago, ok }) => ended(ago, Math.floor(ago / 2), { succeeded: ok }));
          const { retryAt } = ask(earlier);
          if (retryAt === null) return;
          expect(retryAt).toBeGreaterThan(NOW);
          expect(ask(earlier, { now: retryAt }).code).toBe("allowed");
        },
      ),
    );
  });
});

/** Begins every restore that is allowed. */
function carriedOut(steps: readonly Step[], settings: BudgetQuestion["settings"]): readonly EarlierRestore[] {
  const begun: EarlierRestore[] = [];
  let now = NOW;
  for (const [i, { after, job, took, succeeded }] of steps.entries()) {
    now += after;
    const at = now;
    const all = begun.map((e) => asSeenAt(e, at));
    const earlier = all.filter((e) => e.job === job);
    const busy = earlier.some((e) => e.endedAt === null);
    if (busy || askBudget({ job, earlier, all, settings, now }).code !== "allowed") continue;
    begun.push(anEarlierRestore({ decision: `r-${i}`, job, at, endedAt: at + took, succeeded }));
  }
  return begun;
}

/** What is known of a restore at a moment: its end is not known before it came. */
function asSeenAt(e: EarlierRestore, now: number): EarlierRestore {
  return e.endedAt !== null && e.endedAt <= now ? e : { ...e, endedAt: null, succeeded: null };
}

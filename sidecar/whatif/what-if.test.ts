import { describe, expect, it } from "vitest";
import { aFittedJob, GEN, WORK } from "./fake-fitted-job.ts";
import type { FittedJob } from "./fitted-job.ts";
import { type Question, whatIf } from "./what-if.ts";

const always = { mayGoOn: () => true };

describe("a what-if", () => {
  it("shows the lag with more subtasks beside the lag without", async () => {
    const question = { parallelism: { [WORK]: 4 }, minutes: 10 };
    const { courses, sentence } = await whatIf(aFittedJob(), question, always);
    const [without, changed] = courses;
    // 100 records/s too many for 10 min on top of 1,000: 61,000 wait, which is 122 s of load.
    expect(without?.endLagSeconds).toBeCloseTo(122, 0);
    expect(without?.drainSeconds).toBeNull();
    expect(without?.points.at(-1)).toMatchObject({ minute: 10, rate: 500, slots: 2 });
    expect(changed).toMatchObject({ rescales: 1, slotsBefore: 2, slotsAfter: 4, downSeconds: 4 });
    // Some 4,000 wait after the pause, and 300 more are read than come in a second.
    expect(changed?.drainSeconds).toBeLessThan(40);
    expect(sentence).toMatch(
      /^With work 4 lag peaks at \d+ s and is gone after \d+ s \(2 → 4 slots, 4 s down\)\. Without, lag grows to 2 min 2 s within 10 min\.$/,
    );
    expect(await whatIf(aFittedJob(), question, always)).toEqual({ courses, sentence });
  });

  it("about another load says what Outrider would do", async () => {
    const fitted = aFittedJob({ rate: 300, backlog: 0 });
    const { courses, sentence } = await whatIf(fitted, { loadFactor: 2, minutes: 10 }, always);
    expect(courses.map((c) => c.name)).toEqual(["without", "with", "outrider"]);
    const [, asked, outrider] = courses;
    expect(asked?.drainSeconds).toBeNull();
    expect(outrider?.parallelism[WORK]).toBeGreaterThanOrEqual(3);
    expect(outrider?.drainSeconds).not.toBeNull();
    expect(sentence).toMatch(/^With 2 times the load \(600 records\/s\) at the present size lag grows to/);
    expect(sentence).toContain("Outrider would rescale");
  });

  it.each([
    ["too short to be seen", { restartPauseMs: 0 }, 4, "less than 1 s down"],
    ["that never comes, as the size is the present one", {}, 2, "no restart"],
  ])("does not promise 0 ms for a pause %s", async (_, changes, size, text) => {
    const question = { parallelism: { [WORK]: size }, minutes: 2 };
    const { sentence } = await whatIf(aFittedJob(changes), question, always);
    expect(sentence).toContain(text);
    expect(sentence).not.toContain("0 ms");
  });

  it("says so where the slots are too few", async () => {
    const question = { parallelism: { [WORK]: 8 }, minutes: 2 };
    const { sentence } = await whatIf(aFittedJob({ slots: 3 }), question, always);
    expect(sentence).toContain("There are only slots for work 3.");
  });

  it.each<[string, Partial<FittedJob>, Omit<Question, "minutes">, string, string]>([
    ["of no vertex", {}, { parallelism: {} }, "bad-request", "of no vertex; expected one of gen, work"],
    ["without a change", {}, {}, "bad-request", "got no change"],
    ["with two loads", {}, { loadFactor: 2, load: [{ minute: 0, rate: 1 }] }, "bad-request", "one of them"],
    ["beyond the key groups", {}, { parallelism: { [GEN]: 129 } }, "bad-request", "expected 1 to 128"],
    ["about a vertex that is not there", {}, { parallelism: { c: 1 } }, "bad-request", "no vertex c"],
    [
      "about a restart of which nobody knows what is read again",
      { checkpointIntervalMs: null },
      { parallelism: { [WORK]: 4 } },
      "conflict",
      "not assessed: checkpoint interval",
    ],
  ])("%s is refused", async (_, changes, question, code, text) => {
    const asked = whatIf(aFittedJob(changes), { ...question, minutes: 1 }, always);
    await expect(asked).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
  });

  it("ends when it may not go on", async () => {
    let turns = 0;
    const mayGoOn = () => ++turns < 3;
    const asked = whatIf(aFittedJob(), { loadFactor: 1, minutes: 60 }, { mayGoOn });
    await expect(asked).rejects.toMatchObject({ code: "timeout" });
    expect(turns).toBe(3);
  });
});

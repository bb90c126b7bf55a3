import { describe, expect, it } from "vitest";
import { askPermits, type PermitQuestion } from "./permits.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const act: PermitQuestion = { mode: "act", pause: undefined, approval: null, namesakes: 1 };
const pause = { job: "a/b/c", owner: "ann", reason: "migration", from: NOW - 1, until: NOW + 60_000 };
const word = (verdict: "approved" | "rejected", reason: string | null = null) => ({
  decision: "d",
  at: NOW,
  by: "bob",
  verdict,
  reason,
});

describe("askPermits", () => {
  it.each<[string, Partial<PermitQuestion>, string, string, string]>([
    ["mode act allows", {}, "allowed", "mode", "mode act"],
    [
      "mode observe changes nothing",
      { mode: "observe" },
      "read-only",
      "mode",
      "mode observe: nothing is changed",
    ],
    [
      "mode observe ignores an approval",
      { mode: "observe", approval: word("approved") },
      "read-only",
      "mode",
      "mode observe: nothing is changed",
    ],
    ["mode approve waits", { mode: "approve" }, "needs-approval", "mode", "mode approve: waits for a person"],
    [
      "an approval allows",
      { mode: "approve", approval: word("approved") },
      "allowed",
      "bob",
      "approved by bob",
    ],
    [
      "a rejection holds, even in mode act",
      { approval: word("rejected") },
      "rejected",
      "bob",
      "rejected by bob",
    ],
    [
      "a rejection says why",
      { approval: word("rejected", "not today") },
      "rejected",
      "bob",
      "rejected by bob: not today",
    ],
    [
      "a pause holds an approved decision",
      { pause, approval: word("approved") },
      "paused",
      "ann",
      "paused by ann until 2026-11-21T12:01:00Z: migration",
    ],
    ["a pause that ended holds nothing", { pause: { ...pause, until: NOW } }, "allowed", "mode", "mode act"],
    [
      "two jobs of one key hold before all else",
      { namesakes: 2, pause },
      "duplicate-key",
      "outrider",
      "2 running jobs have this key; none is changed until one of them is gone",
    ],
    [
      "a day's budget that is spent holds",
      { overDay: () => "3 of 3" },
      "budget-exhausted",
      "budget",
      "3 of 3",
    ],
    [
      "a person's word is not held to the day's budget",
      { mode: "approve", approval: word("approved"), overDay: () => "3 of 3" },
      "allowed",
      "bob",
      "approved by bob",
    ],
    [
      "a person has no slots to give",
      { approval: word("approved"), overFleet: () => "no slots" },
      "budget-exhausted",
      "fleet",
      "no slots",
    ],
    [
      "budgets that are not spent hold nothing",
      { overDay: () => null, overFleet: () => null },
      "allowed",
      "mode",
      "mode act",
    ],
    [
      "what waits for a person asks for no slots yet",
      { mode: "approve", overFleet: () => "no slots" },
      "needs-approval",
      "mode",
      "mode approve: waits for a person",
    ],
  ])("%s", (_, changes, code, by, sentence) => {
    expect(askPermits({ ...act, ...changes }, NOW)).toEqual({ code, by, sentence });
  });
});

import { expect, it } from "vitest";
import type { Permit, RestoreDecision } from "../../model/index.ts";
import { RESTORE_REASONS } from "../../recovery/index.ts";
import { aRestore, FAILED_AT } from "../../test/support/restore-records.ts";
import { restoreLine } from "./restore-lines.ts";

const LINK = "http://console/jobs/invoices";
const permit = (code: Permit["code"], sentence: string): Permit => ({
  decision: "d",
  at: FAILED_AT,
  code,
  by: "mode",
  sentence,
});
const lineOf = (changes: Partial<RestoreDecision>, ...permits: Permit[]) => {
  const record = { ...aRestore(changes), id: "d", since: FAILED_AT, times: 1 };
  return restoreLine({ record, permits, approval: null, attempts: [], outcome: null }, LINK);
};
/** A reason of which a person is told at that time. */
const told = (page: "now" | "later"): string =>
  Object.entries(RESTORE_REASONS).find(([, reason]) => reason.page === page)?.[0] ?? "";
const held = (reason: string) => ({ effective: null, reason, sentence: "Hold: because." });

it.each([
  ["a restore that is done", {}, [], { tone: "act", text: aRestore().sentence }],
  [
    "one that waits for a person",
    {},
    [permit("needs-approval", "mode approve")],
    { tone: "ask", text: `${aRestore().sentence} Not done, mode approve.`, link: LINK },
  ],
  [
    "one that may not be done",
    {},
    [permit("read-only", "mode observe")],
    { tone: "hold", text: `${aRestore().sentence} Not done, mode observe.` },
  ],
  ["a hold that waits for a person", held(told("now")), [], { tone: "hold", text: "Hold: because." }],
  ["nothing of a hold that passes by itself", held(told("later")), [], undefined],
] as const)("tells %s", (_, changes, permits, line) => {
  expect(lineOf(changes, ...permits)).toEqual(line);
});

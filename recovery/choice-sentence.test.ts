import { expect, it } from "vitest";
import type { Candidate } from "../model/index.ts";
import { candidateAt } from "./catalogue.ts";
import { choiceSentence } from "./choice-sentence.ts";
import { chooseCandidate } from "./rank.ts";

const NOW = 100_000;

function chk(id: number, state: Candidate["state"], sentence: string): Candidate {
  const path = `s3://b/${"a".repeat(32)}/chk-${id}`;
  return { ...candidateAt(path, "flink", sentence), state, takenAt: id * 1_000, checkedAt: NOW - 12_000 };
}

const BAD = chk(42, "incomplete", "chk-42 is incomplete: shared/ab is missing");
const GOOD = chk(41, "verified", "chk-41 is whole");
const OPEN = chk(43, "unknown", "chk-43 cannot be proven: slow down");

it.each<[string, readonly Candidate[], string]>([
  [
    "takes the newest proven one",
    [GOOD],
    "a restore would take chk-41 (verified 12 s ago, 59 s to read again)",
  ],
  [
    "names what it passes over",
    [BAD, GOOD],
    "a restore would take chk-41 (verified 12 s ago, 59 s to read again); chk-42 is incomplete: shared/ab is missing",
  ],
  [
    "names two of many",
    [44, 45, 46].map((id) => chk(id, "corrupt", `chk-${id} is corrupt`)).concat(GOOD),
    "a restore would take chk-41 (verified 12 s ago, 59 s to read again); chk-44 is corrupt; chk-45 is corrupt; 1 more",
  ],
  [
    "waits for what is not known",
    [OPEN, BAD, GOOD],
    "a restore would wait: chk-43 cannot be proven: slow down; it does not fall back to chk-41 meanwhile",
  ],
  [
    "waits for what was not looked at",
    [chk(43, "unchecked", "told")],
    "a restore would wait: chk-43 is not looked at yet",
  ],
  ["has nothing proven", [BAD], "no snapshot is proven: chk-42 is incomplete: shared/ab is missing"],
  ["has nothing at all", [], "no snapshot is known of: a restore would have nothing to start from"],
])("the choice %s", (_, ranked, sentence) => {
  expect(choiceSentence(chooseCandidate(ranked), NOW)).toBe(sentence);
});

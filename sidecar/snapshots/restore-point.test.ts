import { describe, expect, it } from "vitest";
import type { Candidate } from "../../model/index.ts";
import { candidateAt } from "../../recovery/index.ts";
import { restorePointNews } from "./restore-point.ts";

const OLD = "a".repeat(32);
const NEW = "b".repeat(32);
const candidate = (job: string, id: number, state: Candidate["state"]): Candidate => ({
  ...candidateAt(`file:/ckpt/${job}/chk-${id}`, "flink", `chk-${id} is ${state}`),
  state,
  takenAt: id * 1_000,
});

describe("what is news of a job's restore point", () => {
  const cases: readonly [string, readonly Candidate[], "proven" | "lost" | null, string | undefined][] = [
    ["a first proof is none", [candidate(OLD, 1, "verified")], null, "proven"],
    [
      "a newest one that broke",
      [candidate(OLD, 2, "corrupt"), candidate(OLD, 1, "verified")],
      "proven",
      "restore-point-lost",
    ],
    [
      "the same once more is none",
      [candidate(OLD, 2, "corrupt"), candidate(OLD, 1, "verified")],
      "lost",
      undefined,
    ],
    ["a proof after that", [candidate(OLD, 3, "verified")], "lost", "restore-point-back"],
    [
      "a newest one that nobody looked at yet is none",
      [candidate(OLD, 2, "unchecked"), candidate(OLD, 1, "verified")],
      "proven",
      undefined,
    ],
    [
      "what an earlier life left broken is none while the present one's first is not looked at",
      [candidate(NEW, 3, "unchecked"), candidate(OLD, 2, "corrupt"), candidate(OLD, 1, "verified")],
      "proven",
      undefined,
    ],
    [
      "one that broke behind a newer one of the same life",
      [candidate(OLD, 3, "unchecked"), candidate(OLD, 2, "corrupt"), candidate(OLD, 1, "verified")],
      "proven",
      "restore-point-lost",
    ],
  ];
  it.each(cases)("%s", (_, ranked, before, expected) => {
    const news = restorePointNews("flink/default/orders", ranked, before);
    expect(typeof news === "object" ? news.type : news).toBe(expected);
  });
});

import type { Candidate, RestoreInputs } from "../../model/index.ts";
import { type Choice, chooseCandidate } from "../rank.ts";
import { endedTheSame } from "./earlier.ts";
import { nameOf } from "./wording.ts";

/**
 * Which snapshot a restore would take: the newest that is proven, or the one that a person named. What Flink has seen
 * of the snapshots since we looked at them counts too: after it missed a file, or could not reach the store, a verdict
 * from before that proves nothing; and a snapshot that it could not restore from is passed over.
 */
export function chooseSnapshot(inputs: RestoreInputs): Choice {
  const judged = inputs.candidates.map((c) => inTheLightOfTheFault(c, inputs));
  if (inputs.from === null) return chooseCandidate(judged);
  return chooseCandidate(judged.filter((c) => c.path === inputs.from));
}

function inTheLightOfTheFault(candidate: Candidate, inputs: RestoreInputs): Candidate {
  const { fault } = inputs.diagnosis;
  if (fault === null || (fault.class !== "missing-file" && fault.class !== "storage-unreachable")) {
    return candidate;
  }
  // A life that completed a checkpoint had found every file that it began from.
  const restoredInVain = endedTheSame(inputs, 0).some((e) => e.snapshot === candidate.path);
  if (fault.class === "missing-file" && restoredInVain) {
    const sentence = `${nameOf(candidate.path)} lacked a file when Flink restored from it`;
    return { ...candidate, state: "incomplete", sentence };
  }
  const old = candidate.checkedAt === null || candidate.checkedAt < fault.at;
  if (candidate.state !== "verified" || !old) return candidate;
  const sentence = `${nameOf(candidate.path)} was last verified before ${fault.exception}`;
  return { ...candidate, state: "unchecked", sentence };
}

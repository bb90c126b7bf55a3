import { formatDuration, type GuardResult, type RestorePlan } from "../../model/index.ts";
import { MOST_NAMED } from "./guards-snapshot.ts";
import type { RestoreReason } from "./reasons.ts";
import type { Weighed } from "./weigh.ts";
import { bare, nameOf } from "./wording.ts";

/** The one line that every surface shows. Every number in it is a field of the record. */
export function sentenceFor(
  reason: RestoreReason,
  w: Weighed,
  proposal: RestorePlan | null,
  vetoed: GuardResult | undefined,
): string {
  const cause = bare(w.inputs.diagnosis.sentence);
  switch (reason) {
    case "restore":
    case "restore-older":
      return `Restore from ${chosenText(w)}: ${[cause, ...passedOverTexts(w)].join("; ")}.`;
    case "restore-empty":
      return `Restore without state: ${cause}; there has never been a snapshot, and allowEmptyState is set.`;
    case "stop-loop":
      return `End the loop and keep the state in ${chosenText(w)}: ${cause}.`;
    case "disabled":
      return `Hold: recovery is switched off for this job; ${cause}.`;
    default:
      return `Hold: ${vetoed?.sentence ?? reason}.${wishText(w, proposal)}`;
  }
}

/** `chk-41 (verified 12 s ago, 38 s to replay)` */
function chosenText({ choice, subject, replay }: Weighed): string {
  const { chosen } = choice;
  if (chosen === null) return "nothing";
  const ago = formatDuration(Math.max(0, subject.at - (chosen.checkedAt ?? subject.at)));
  const again = replay === null ? "an unknown time to replay" : `${formatDuration(replay.ms)} to replay`;
  return `${nameOf(chosen.path)} (verified ${ago} ago, ${again})`;
}

function passedOverTexts({ choice }: Weighed): readonly string[] {
  const texts = choice.passedOver.slice(0, MOST_NAMED).map((c) => bare(c.sentence));
  const more = choice.passedOver.length - texts.length;
  return more > 0 ? [...texts, `and ${more} more`] : texts;
}

/** What is held back, where something would have been done. */
function wishText(w: Weighed, proposal: RestorePlan | null): string {
  if (proposal === null || w.choice.chosen === null) return "";
  const what = proposal.action === "stop" ? "end the loop, keeping" : "restore from";
  return ` Proposed: ${what} ${chosenText(w)}.`;
}

import { RESTORE_REASONS } from "../../recovery/index.ts";
import type { DecisionHistory } from "../store/port.ts";
import type { StoryLine } from "./story.ts";

/**
 * What the story says of a decision about a job's state: done, asked for, or held. Nothing of a hold that passes by
 * itself: a person who has to be told gets another event, and hears of the outcome anyway.
 */
export function restoreLine(
  { record, permits }: DecisionHistory,
  link: string,
): Pick<StoryLine, "tone" | "text" | "link"> | undefined {
  const text = record.sentence;
  if (record.effective === null) return needsPerson(record.reason) ? { tone: "hold", text } : undefined;
  const permit = permits.at(-1);
  if (permit === undefined || permit.code === "allowed") return { tone: "act", text };
  const held = `${text} Not done, ${permit.sentence}.`;
  return permit.code === "needs-approval" ? { tone: "ask", text: held, link } : { tone: "hold", text: held };
}

function needsPerson(reason: string): boolean {
  return (
    !(reason in RESTORE_REASONS) || RESTORE_REASONS[reason as keyof typeof RESTORE_REASONS].page === "now"
  );
}

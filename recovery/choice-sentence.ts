import { type Candidate, formatDuration, type Instant } from "../model/index.ts";
import { type Choice, replayOf } from "./rank.ts";

/** Passed over ones that are named. */
const MOST_NAMED = 2;

/** Which snapshot a restore would take now, and why; without a full stop. */
export function choiceSentence(choice: Choice, now: Instant): string {
  const { chosen, undecided, passedOver } = choice;
  const [first] = undecided;
  if (first !== undefined) {
    const fallback = chosen === null ? "" : `; it does not fall back to ${nameOf(chosen)} meanwhile`;
    return `a restore would wait: ${openText(first)}${fallback}`;
  }
  if (chosen === null) {
    const [newest] = passedOver;
    return newest === undefined
      ? "no snapshot is known of: a restore would have nothing to start from"
      : `no snapshot is proven: ${newest.sentence}`;
  }
  const named = passedOver.slice(0, MOST_NAMED).map((c) => c.sentence);
  const rest = passedOver.length - named.length;
  const others = rest > 0 ? [...named, `${rest} more`] : named;
  return [`a restore would take ${nameOf(chosen)}${factsText(chosen, now)}`, ...others].join("; ");
}

function factsText(chosen: Candidate, now: Instant): string {
  const replay = replayOf(chosen, now);
  const facts = [
    ...(chosen.checkedAt === null
      ? []
      : [`verified ${formatDuration(Math.max(0, now - chosen.checkedAt))} ago`]),
    ...(replay === null ? [] : [`${formatDuration(replay.ms)} to read again`]),
  ];
  return facts.length === 0 ? "" : ` (${facts.join(", ")})`;
}

function openText(candidate: Candidate): string {
  return candidate.state === "unchecked" ? `${nameOf(candidate)} is not looked at yet` : candidate.sentence;
}

const nameOf = ({ path }: Candidate): string => path.slice(path.lastIndexOf("/") + 1);

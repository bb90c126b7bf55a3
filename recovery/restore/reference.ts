import { RESTORE_REASONS, type ReasonText } from "./reasons.ts";

/** `docs/reference/restores.md`, from the table of reasons. */
export function restoresReference(): string {
  const sections = Object.entries(RESTORE_REASONS).map(([code, text]) => sectionOf(code, text));
  return `# Why a job is restored, or not

Generated from the table in \`recovery/restore/reasons.ts\`; change it there.

Every decision about a job's state has one of these reasons, the same in the command line, the HTTP API, the console and in events. Its sentence names the job's trouble, the snapshot, how long ago that was verified, and how much would be read again:

    Restore from chk-41 (verified 12 s ago, 38 s to replay): TaskManager tm-2 lost; chk-42 is incomplete: shared/ab… is missing.

Guards are asked in this order, and the first that vetoes is the reason: first whether another copy may live, then whether a restore is the answer to the cause, then whether there is a snapshot and a way. A person who asks for a restore is not held by the second group, and by all of the first and third but \`replay-too-far\`.

${sections.join("\n")}`;
}

function sectionOf(code: string, { severity, page, doc, instead }: ReasonText): string {
  return `## ${code}

${doc}

- Severity: ${severity}. A person is told: ${TOLD[page]}.
- What you can do: ${instead}
`;
}

const TOLD: Readonly<Record<ReasonText["page"], string>> = {
  never: "no",
  later: "when it lasts longer than `escalateAfter` (`high-availability-recovers`: `haGrace`)",
  now: "at once",
};

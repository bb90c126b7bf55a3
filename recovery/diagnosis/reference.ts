import { FAULT_CLASSES } from "../../model/index.ts";
import { FAULT_CLASS_NOTES } from "./fault-classes.ts";
import { FAULT_RULES, type FaultRule } from "./fault-rules.ts";

/** `docs/reference/faults.md`, from the tables of classes and rules. */
export function faultsReference(): string {
  const classes = FAULT_CLASSES.map((name) => {
    const note = FAULT_CLASS_NOTES[name];
    return `## ${name}\n\n${note.meaning}\n\n- What Outrider does with a failed job: ${lower(note.outrider)}\n- What you do: ${lower(note.remedy)}\n`;
  });
  const rules = FAULT_RULES.map(
    (rule, i) => `| ${i + 1} | ${resultOf(rule)} | ${rule.meaning} | ${patternsOf(rule)} |`,
  );
  return `# Faults

Generated from the tables in \`recovery/diagnosis\`; change it there.

When a job fails, Flink keeps the exception, with all the exceptions that it was wrapped in. Outrider takes the one that tells most, puts it into one of these classes, and names the first fault of the trouble: the oldest one since the job last got somewhere. Exceptions that only keep a loop going ("echo" below) are never named as its cause.

${classes.join("\n")}
## Rules

Tried in this order, each on the innermost cause first; the first that fits wins. "Weak" means that something happened elsewhere: named only where nothing else is known. "The stack" is all of it, without the wrappers that Flink puts around every failure.

| # | class | meaning | fits |
|---|---|---|---|
${rules.join("\n")}

## Rules of your own

They come before those above. \`match\` is a regular expression on \`class: message\` of every cause, the innermost first:

    recovery:
      faults:
        - match: "com\\\\.shop\\\\.QuotaException"
          class: connector
        - match: "license expired"
          class: resources

## Limits

- Under the adaptive scheduler Flink does not tell which task failed; the place in the program is named instead, where its own code is in the stack.
- Flink keeps the newest 16 failures (\`web.exception-history-size\`) and forgets them with the JobManager. Outrider remembers what it saw.
- Of a stack longer than 16 KiB the frames are cut before the causes.
`;
}

/** As the second half of a sentence: its first word is no name. */
const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function resultOf(rule: FaultRule): string {
  if (rule.echo === "pure") return "echo";
  return `\`${rule.class}\`${rule.echo === "weak" ? " (weak)" : ""}`;
}

function patternsOf(rule: FaultRule): string {
  const named: readonly (readonly [string, RegExp | undefined])[] = [
    ["class", rule.exception],
    ["message", rule.message],
    ["a frame", rule.frames],
    ["the first frame outside the JDK", rule.firstFrame],
    ["the stack", rule.context],
  ];
  return named
    .flatMap(([what, pattern]) => (pattern === undefined ? [] : [`${what} \`${inTable(pattern)}\``]))
    .join(", ");
}

/** A pipe would end the cell. */
const inTable = (pattern: RegExp): string => `${pattern}`.replaceAll("|", "\\|");

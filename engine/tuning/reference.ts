import { RULES } from "./rules/index.ts";

/** `docs/reference/findings.md`, from the table of rules. */
export function findingsReference(): string {
  const rows = RULES.map(
    (rule) => `| \`${rule.code}\` | ${rule.severity} | ${rule.meaning} | ${rule.remedy} |`,
  );
  return `# Findings of \`outrider doctor\`

Generated from the rules in \`engine/tuning/rules\`; change it there.

\`outrider doctor --url URL\` looks at a Flink cluster once, through its REST API, and changes nothing. Findings are ranked: critical first, then by weight. The severity here is the usual one of a finding; where a single finding can be more or less, its meaning says so. What could not be read is listed as not assessed, never as healthy.

Exit codes: 0 nothing found, 1 findings, 2 Flink could not be read.

| code | severity | meaning | what to do |
|---|---|---|---|
${rows.join("\n")}

## Always not assessed

- \`uid-missing\`: Flink's REST API does not tell whether operators have uids.

## Limits

- Busy and back-pressured shares are Flink's means over 60 s and are wrong for about 75 s after each start of a job; until then the rules that need them say "not assessed".
- Settings that were passed with a job's submission are not in the cluster's configuration; rules use what Flink says of the job itself (checkpoint settings, restart strategy) before that.
- One look is one moment: heap, slots and load may be different a minute later.
`;
}

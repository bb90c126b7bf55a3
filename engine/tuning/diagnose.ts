import { type Finding, type Findings, type NotAssessed, SEVERITIES } from "../../model/index.ts";
import type { ClusterReport } from "./report.ts";
import { RULES } from "./rules/index.ts";
import { merge } from "./rules/rule.ts";

/** What no version of Flink's REST API can tell. */
const NEVER_ASSESSED: readonly NotAssessed[] = [
  {
    what: "uid-missing",
    why: "Flink's REST API does not tell whether operators have uids; without them state cannot be matched after a change of the job",
  },
];

const WEIGHTS = new Map(RULES.map((rule) => [rule.code, rule.weight]));

/** All rules over one report; findings ranked: critical first, then by the weight of the rule. */
export function diagnose(report: ClusterReport): Findings {
  const { findings, notAssessed } = merge(RULES.map((rule) => rule.assess(report)));
  const weight = (f: Finding): number => SEVERITIES.indexOf(f.severity) * 1_000 + (WEIGHTS.get(f.code) ?? 0);
  return {
    findings: findings.toSorted((a, b) => weight(b) - weight(a)),
    notAssessed: [...notAssessed, ...NEVER_ASSESSED],
  };
}

/** What to do about a finding, in a sentence. */
export function remedyOf(code: string): string | undefined {
  return RULES.find((rule) => rule.code === code)?.remedy;
}

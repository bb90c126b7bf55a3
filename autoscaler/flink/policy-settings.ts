import { z } from "zod";
import { compileFlinkSettings, type FlinkConfig, flinkSettingsProblems } from "./settings.ts";

export const POLICIES = ["outrider", "flink"] as const;
export type PolicyName = (typeof POLICIES)[number];

type Given = Readonly<Record<string, string | number | boolean>>;

/** YAML reads `0.7` and `true` as what they are; Flink's keys are texts. */
const texts = (given: Given): Record<string, string> =>
  Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]));

const problemsOf = (given: unknown): string =>
  typeof given === "object" && given !== null ? flinkSettingsProblems(texts(given as Given)).join("; ") : "";

/** Which policy decides, and the keys of policy `flink`. */
export const policyShape = {
  policy: z
    .enum(POLICIES)
    .default("outrider")
    .describe(
      "Who decides: Outrider's own policy, or `flink`, which decides as the Apache Flink autoscaler does.",
    ),
  flink: z
    .record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean()]).describe("Value, as Flink's configuration has it."),
    )
    .refine((given) => problemsOf(given) === "", { error: (issue) => problemsOf(issue.input) })
    .default({})
    .describe(
      "Keys of the Apache Flink autoscaler (`job.autoscaler.…`, also under their old prefix and names); they count with policy `flink` only.",
    ),
};

/** The same in run-time form; `flink` is null where another policy decides. */
export interface PolicyConfig {
  readonly policy: PolicyName;
  readonly flink: FlinkConfig | null;
}

export function compilePolicy(s: { readonly policy: PolicyName; readonly flink: Given }): PolicyConfig {
  return { policy: s.policy, flink: s.policy === "flink" ? compileFlinkSettings(texts(s.flink)) : null };
}

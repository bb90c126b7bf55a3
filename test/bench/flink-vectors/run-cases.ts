import { sentenceOf } from "../../../model/index.ts";
import { Inputs, Unforeseen, type VectorCase } from "./case.ts";
import { differences } from "./compare.ts";
import { OUT_OF_SCOPE, SUITES } from "./suites.ts";

/** What became of one case. */
export type CaseResult =
  | { readonly kind: "passed" }
  | { readonly kind: "skipped"; readonly why: string }
  | { readonly kind: "failed"; readonly problems: readonly string[] };

/**
 * Runs one case against the policy. Inputs of a shape that nobody foresaw make it fail, not skip: a field that was not
 * looked at was not understood.
 */
export function runCase(c: VectorCase): CaseResult {
  const why = OUT_OF_SCOPE[c.suite];
  if (why !== undefined) return { kind: "skipped", why };
  const suite = SUITES[c.suite];
  if (suite === undefined)
    return { kind: "failed", problems: ["the suite is not known and not named as out of scope"] };
  try {
    const inputs = new Inputs(c.inputs);
    const got = suite(inputs, c.expected, c.name);
    const problems = [...differences(c.expected, got)];
    const unread = inputs.unread();
    if (unread.length > 0) problems.push(`inputs not understood: ${unread.join(", ")}`);
    return problems.length === 0 ? { kind: "passed" } : { kind: "failed", problems };
  } catch (error) {
    // A refusal may be just what the case expects.
    const expected = (c.expected as { readonly error?: unknown } | null)?.error;
    if (typeof expected === "string" && !(error instanceof Unforeseen)) return { kind: "passed" };
    return { kind: "failed", problems: [`could not be run: ${sentenceOf(error)}`] };
  }
}

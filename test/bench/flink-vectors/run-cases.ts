import { sentenceOf } from "../../../model/index.ts";
import { Inputs, isRecord, type Json, Unforeseen, type VectorCase } from "./case.ts";
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
  // A suite may be called `constructor`, which every object has.
  const own = <T>(table: Readonly<Record<string, T>>): T | undefined =>
    Object.hasOwn(table, c.suite) ? table[c.suite] : undefined;
  const why = own(OUT_OF_SCOPE);
  if (why !== undefined) return { kind: "skipped", why };
  const suite = own(SUITES);
  if (suite === undefined)
    return { kind: "failed", problems: ["the suite is not known and not named as out of scope"] };
  if (!expectsSomething(c.expected)) {
    const got = c.expected === undefined ? "nothing" : JSON.stringify(c.expected);
    return {
      kind: "failed",
      problems: [`expected: got ${got}; expected an object with at least one result`],
    };
  }
  try {
    const inputs = new Inputs(c.inputs);
    const got = suite(inputs, c.expected, c.name);
    const problems = [...differences(c.expected, got)];
    const unread = inputs.unread();
    if (unread.length > 0) problems.push(`inputs not understood: ${unread.join(", ")}`);
    return problems.length === 0 ? { kind: "passed" } : { kind: "failed", problems };
  } catch (error) {
    // A refusal may be just what the case expects.
    const expected = c.expected["error"];
    if (typeof expected === "string" && !isOwnMistake(error)) return { kind: "passed" };
    // What the language itself throws says nothing about the case.
    const why = `${isOwnMistake(error) && !(error instanceof Unforeseen) ? "inputs of an unforeseen shape: " : ""}${sentenceOf(error)}`;
    return { kind: "failed", problems: [`could not be run: ${why}`] };
  }
}

/** A case that expects nothing would pass whatever the policy does. */
function expectsSomething(expected: unknown): expected is Json {
  if (!isRecord(expected)) return false;
  const { derived, ...rest } = expected;
  const compared = isRecord(derived) ? { ...derived, ...rest } : expected;
  return Object.keys(compared).length > 0;
}

/** Not a refusal by the policy: the runner did not understand the inputs. */
const isOwnMistake = (error: unknown): boolean =>
  error instanceof Unforeseen || error instanceof TypeError || error instanceof RangeError;

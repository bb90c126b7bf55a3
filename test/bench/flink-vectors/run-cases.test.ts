import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { casesOf, isRecord, type VectorCase } from "./case.ts";
import { runCase } from "./run-cases.ts";
import { OUT_OF_SCOPE, SUITES } from "./suites.ts";

const read = (name: string): readonly VectorCase[] => {
  const cases = casesOf(JSON.parse(readFileSync(join(import.meta.dirname, "fixtures", name), "utf8")));
  if (typeof cases === "string") throw new Error(cases);
  return cases;
};
const cases = read("flink-autoscaler.json");
const inScope = cases.filter((c) => OUT_OF_SCOPE[c.suite] === undefined);

describe("the policy flink", () => {
  it.each(Object.keys(SUITES))("agrees with the Flink autoscaler in %s", (suite) => {
    const own = inScope.filter((c) => c.suite === suite);
    expect(own.length).toBeGreaterThan(0);
    const failing = own.flatMap((c) => {
      const result = runCase(c);
      return result.kind === "passed" ? [] : [[c.name, result]];
    });
    expect(failing).toEqual([]);
  });

  it("leaves out no suite without a reason", () => {
    const known = new Set([...Object.keys(SUITES), ...Object.keys(OUT_OF_SCOPE)]);
    expect(cases.filter((c) => !known.has(c.suite))).toEqual([]);
  });
});

/** Changes every number and every flag in a value, however deep. */
function spoil(value: unknown): unknown {
  if (typeof value === "number") return value + 1_234_567;
  if (typeof value === "boolean") return !value;
  if (value === "Infinity") return 1;
  if (value === null) return 1;
  if (typeof value === "string") return `${value}!`;
  if (Array.isArray(value)) return value.length === 0 ? ["x"] : value.map(spoil);
  if (isRecord(value) && Object.keys(value).length === 0) return { spoiled: 1 };
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, spoil(v)])) : "x";
}

describe("the check can fail", () => {
  it.each(Object.keys(SUITES))("in %s: a case with other results differs", (suite) => {
    const own = inScope.filter((c) => c.suite === suite);
    const passing = own.filter((c) => {
      const expected = isRecord(c.expected) ? c.expected : {};
      return runCase({ ...c, expected: spoil(expected) }).kind !== "failed";
    });
    expect(passing.map((c) => c.name)).toEqual([]);
  });

  it("each field of an expectation is compared by itself", () => {
    const unseen = inScope.flatMap((c) => {
      const expected = isRecord(c.expected) ? c.expected : {};
      return Object.keys(expected)
        .filter((field) => field !== "error")
        .filter(
          (field) =>
            runCase({ ...c, expected: { ...expected, [field]: spoil(expected[field]) } }).kind !== "failed",
        )
        .map((field) => `${c.suite} | ${c.name} | ${field}`);
    });
    expect(unseen).toEqual([]);
  });

  it.each([
    ["a suite that nobody knows", { suite: "NewTest", name: "x", inputs: {}, expected: {} }],
    [
      "inputs that are a list",
      { suite: "CalendarUtilsTest", name: "x", inputs: [], expected: { valid: true } },
    ],
    ["a suite that every object has", { suite: "constructor", name: "x", inputs: {}, expected: { a: 1 } }],
    ["a suite that no object should have", { suite: "__proto__", name: "x", inputs: {}, expected: { a: 1 } }],
    [
      "a refusal that the runner's own mistake would be",
      { suite: "CalendarUtilsTest", name: "x", inputs: { excludedPeriods: 1 }, expected: { error: "any" } },
    ],
    ["inputs that are nothing", { suite: "JobVertexScalerTest", name: "x", inputs: null, expected: {} }],
    [
      "an input that nobody looked at",
      {
        suite: "CalendarUtilsTest",
        name: "x",
        inputs: { excludedPeriods: [], moon: "full" },
        expected: { valid: true },
      },
    ],
    [
      "a result that the policy does not have",
      { suite: "CalendarUtilsTest", name: "x", inputs: { excludedPeriods: [] }, expected: { tide: "low" } },
    ],
  ])("%s counts as failed", (_, c) => {
    expect(runCase(c).kind).toBe("failed");
  });
});

describe("a case that expects nothing", () => {
  const nothing = [undefined, null, [], {}, { derived: {} }];
  it.each(Object.keys(SUITES))("counts as failed in %s, and says so", (suite) => {
    const [some] = inScope.filter((c) => c.suite === suite);
    if (some === undefined) throw new Error(`no case of ${suite}`);
    for (const expected of nothing) {
      const problems = [
        expect.stringMatching(/^expected: got .*; expected an object with at least one result$/),
      ];
      expect(runCase({ ...some, expected })).toEqual({ kind: "failed", problems });
    }
  });
});

describe("a count that nobody could count to", () => {
  it.each([
    ["newParallelism", "AlignmentModeTest", 1e308],
    ["maxParallelism", "AlignmentModeTest", 2 ** 40],
    ["samplesPerEntry", "DelayedScaleDownEndToEndTest", 1e308],
    ["samplesPerEntry", "DelayedScaleDownEndToEndTest", 2_147_483_647],
    ["samples", "BacklogBasedScalingTest", 1e9],
    ["evaluations", "ScalingExecutorTest", 1e9],
    ["vertices", "MemoryScalingTest", 1e9],
  ])("of %s in %s is refused: %d", (field, suite, value) => {
    const own = inScope.find(
      (c) => c.suite === suite && isRecord(c.inputs) && Object.hasOwn(c.inputs, field),
    );
    if (own === undefined || !isRecord(own.inputs)) throw new Error(`no case of ${suite} with ${field}`);
    const result = runCase({ ...own, inputs: { ...own.inputs, [field]: value } });
    expect(result).toEqual({
      kind: "failed",
      problems: [
        expect.stringContaining(`input ${field}: got ${JSON.stringify(value)}; expected a whole number`),
      ],
    });
  });
});

describe("inputs of an unforeseen shape", () => {
  const strange = [null, "x", -1, [], {}, [null], 1e308, 2 ** 40];
  it("never end the run and never count as skipped", () => {
    const seen = new Set<string>();
    const some = Object.keys(SUITES).flatMap((suite) => inScope.filter((c) => c.suite === suite).slice(0, 2));
    for (const c of some) {
      if (!isRecord(c.inputs)) continue;
      for (const field of Object.keys(c.inputs)) {
        for (const value of strange)
          seen.add(runCase({ ...c, inputs: { ...c.inputs, [field]: value } }).kind);
        const rest = Object.fromEntries(Object.entries(c.inputs).filter(([name]) => name !== field));
        seen.add(runCase({ ...c, inputs: rest }).kind);
      }
    }
    expect([...seen].sort()).toEqual(["failed", "passed"]);
  });
});

it.each([
  ["no list", { a: 1 }, "expected a list of cases"],
  ["no case", { cases: [] }, "expected at least one case"],
  ["an entry without a suite", [{ name: "x" }], "no suite or name"],
])("a file with %s is refused", (_, document, expected) => {
  expect(casesOf(document)).toContain(expected);
});

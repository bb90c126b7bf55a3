import { describe, expect, it } from "vitest";
import { type Ds2Operator, ds2Parallelism } from "./ds2.ts";

/** Sources → first → second, as in the tests of the published code. */
const graph = (
  sources: readonly string[],
  first: readonly [processing: number, output: number],
  second: number,
): readonly Ds2Operator[] => [
  { id: "first", inputs: sources, processing: first[0], output: first[1] },
  { id: "second", inputs: ["first"], processing: second, output: 0 },
];

describe("DS2's parallelism is that of its published tests", () => {
  it.each([
    ["one source at 100", { a: 100 }, [50, 400], 100, [2, 8]],
    ["one source at 200", { a: 200 }, [40, 700], 99, [5, 36]],
    ["one source at 200, a slow first operator", { a: 200 }, [10, 700], 201, [20, 70]],
    ["two sources at 100", { a: 100, b: 100 }, [50, 400], 100, [4, 16]],
    ["two sources at 200", { a: 200, b: 200 }, [40, 700], 99, [10, 71]],
    ["two sources at 200, a slow first operator", { a: 200, b: 200 }, [10, 700], 201, [40, 140]],
  ] as const)("%s", (_, sources, first, second, [p, q]) => {
    const operators = graph(Object.keys(sources), first, second);
    expect(ds2Parallelism(operators, sources)).toEqual({ first: p, second: q });
  });

  it("and never below one instance", () => {
    expect(ds2Parallelism(graph(["a"], [50, 400], 100), { a: 0 })).toEqual({ first: 1, second: 1 });
  });
});

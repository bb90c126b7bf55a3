import { describe, expect, it } from "vitest";
import { align } from "./align.ts";

const HASHED = { current: 4, partitions: 0, lowerLimit: 1, upperLimit: 200, inputs: ["HASH"] };

describe("alignment of what was wished far above the key groups", () => {
  it.each([129, 1e6, 1e308])("comes to an end at the key groups: %d", (wished) => {
    const aligned = align("legacy-EVENLY_SPREAD", { ...HASHED, wished, maxParallelism: 128 });
    expect(aligned).toEqual({ parallelism: 128, limited: { expected: wished, actual: 128 } });
  });
});

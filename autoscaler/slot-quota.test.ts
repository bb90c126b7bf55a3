import { describe, expect, it } from "vitest";
import { aConfig, aVertex, someInputs } from "../test/support/scale-inputs.ts";
import { draftOf } from "./amend.ts";
import { keepQuota } from "./slot-quota.ts";

/** Vertices by name: sharing group, runs now, asked, expected. */
type Row = readonly [group: string, now: number, asked: number, expected: number];

describe("the slot quota of a job", () => {
  it.each<[string, number | null, Record<string, Row>]>([
    ["is off when absent", null, { a: ["x", 1, 99, 99] }],
    ["leaves alone what fits", 10, { a: ["x", 2, 10, 10], b: ["x", 2, 9, 9] }],
    ["counts the largest of a sharing group", 8, { a: ["x", 2, 10, 8], b: ["x", 2, 6, 6] }],
    ["gives what is left to who wants more", 24, { a: ["x", 10, 20, 14], b: ["y", 10, 10, 10] }],
    ["shares what is left by what is wanted", 20, { a: ["x", 5, 15, 11], b: ["y", 5, 11, 9] }],
    ["does not leave a slot unused by rounding", 7, { a: ["x", 2, 4, 4], b: ["y", 2, 3, 3] }],
    ["takes away alike where even what runs is too much", 12, { a: ["x", 20, 20, 8], b: ["y", 10, 10, 4] }],
    ["takes what is given back first", 15, { a: ["x", 10, 4, 4], b: ["y", 5, 20, 11] }],
    ["never takes the last subtask", 1, { a: ["x", 3, 3, 1], b: ["y", 3, 3, 1] }],
  ])("%s", (_, maxSlots, rows) => {
    const entries = Object.entries(rows);
    const vertices = Object.fromEntries(
      entries.map(([name, [slotSharingGroup, parallelism]]) => [
        name,
        aVertex({ name, slotSharingGroup, parallelism }),
      ]),
    );
    const asked = Object.fromEntries(entries.map(([name, row]) => [name, row[2]]));
    const { proposal, result } = keepQuota(draftOf(someInputs(vertices), aConfig({ maxSlots })), asked);
    expect(proposal).toEqual(Object.fromEntries(entries.map(([name, row]) => [name, row[3]])));
    const fits = entries.every(([, row]) => row[2] === row[3]);
    expect(result?.numbers["maxSlots"]).toBe(fits ? undefined : maxSlots);
  });
});

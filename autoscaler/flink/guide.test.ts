import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LEGACY_PREFIX, OPTION_NAMES, type OptionName, PREFIX, specOf } from "./options.ts";

const guide = readFileSync(
  join(import.meta.dirname, "../../docs/guides/moving-from-the-flink-autoscaler.md"),
  "utf8",
);
const rows = new Map(
  guide.split("\n").flatMap((line) => {
    const [, first = "", standard = "", here = "", meaning = ""] = line.split(/\s*(?<!\\)\|\s*/);
    const key = /^`([a-z.-]+)`/.exec(first)?.[1];
    return key === undefined ? [] : [[key, { first, standard, here, meaning }] as const];
  }),
);

/** The row that the table should have for an option. */
function rowOf(name: OptionName) {
  const { standard, formerly, effect, meaning } = specOf(name);
  const names = (formerly ?? []).map((former) => `\`${former}\``).join(", ");
  return {
    first: `\`${name}\`${names === "" ? "" : ` (${names})`}`,
    standard: standard === null ? "–" : standard === "" ? "empty" : standard,
    here: effect === "no-effect" ? "no effect" : "obeyed",
    meaning,
  };
}

describe("the guide for those who move from the Flink autoscaler", () => {
  it.each(OPTION_NAMES)("has %s as the policy reads it", (name) => {
    expect(rows.get(name)).toEqual(rowOf(name));
  });

  it("names both prefixes", () => {
    expect(guide).toContain(`\`${PREFIX}\``);
    expect(guide).toContain(`\`${LEGACY_PREFIX}\``);
  });
});

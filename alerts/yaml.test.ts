import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { toYaml, type Yaml } from "./yaml.ts";

test.each<[string, Yaml, string]>([
  ["plain words", { a: "b_c", d: 1, e: true }, "a: b_c\nd: 1\ne: true\n"],
  ["words that are something else", { a: "true", b: "5m", c: "" }, 'a: "true"\nb: "5m"\nc: ""\n'],
  ["lists of maps", { a: [{ b: 1, c: [2] }] }, "a:\n  - b: 1\n    c:\n      - 2\n"],
  ["nothing", { a: [], b: {}, c: undefined }, "a: []\nb: {}\n"],
  ["quotes", { expr: 'up{a="b"} == 0' }, 'expr: |-\n  up{a="b"} == 0\n'],
])("%s", (_, value, text) => {
  expect(toYaml(value)).toBe(text);
});

test("a head becomes comments", () => {
  expect(toYaml({ a: 1 }, ["x", "y"])).toBe("# x\n# y\na: 1\n");
});

const leaf = fc.oneof(fc.string({ unit: "binary" }), fc.string(), fc.boolean(), fc.integer());
const { value: tree } = fc.letrec<{ value: Yaml }>((tie) => ({
  value: fc.oneof(
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key(), tie("value"), { maxKeys: 3 }),
  ),
}));

function key() {
  return fc.string({ minLength: 1, maxLength: 8 }).filter((k) => k !== "__proto__" && k !== "<<");
}

test("whatever is written is read again as it was", () => {
  fc.assert(
    fc.property(fc.dictionary(key(), tree, { minKeys: 1, maxKeys: 4 }), (value) => {
      expect(parse(toYaml(value))).toEqual({ ...value });
    }),
  );
});

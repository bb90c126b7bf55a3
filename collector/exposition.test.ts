import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExposition } from "./exposition.ts";

const one = (line: string) => parseExposition(line).samples[0];

describe("a page of the metric reporter", () => {
  it.each([
    ["a name alone", "up 1", { name: "up", labels: {}, value: 1 }],
    [
      "Flink's comma before the brace",
      'a_b{x="1",y="z",} 1.9464192E8',
      { name: "a_b", labels: { x: "1", y: "z" }, value: 194641920 },
    ],
    [
      "escapes",
      String.raw`a{p="C:\\d\n\"q\" \t"} 2`,
      { name: "a", labels: { p: 'C:\\d\n"q" \\t' }, value: 2 },
    ],
    ["braces and commas inside a value", 'a{p="},{",} 3', { name: "a", labels: { p: "},{" }, value: 3 }],
    ["NaN in any case", "a nAn", { name: "a", labels: {}, value: Number.NaN }],
    ["+Inf", "a +Inf", { name: "a", labels: {}, value: Number.POSITIVE_INFINITY }],
    ["-Infinity", "a{} -Infinity", { name: "a", labels: {}, value: Number.NEGATIVE_INFINITY }],
    ["a timestamp", "a 5 1795216289465", { name: "a", labels: {}, value: 5 }],
    ["a carriage return", "a 5\r", { name: "a", labels: {}, value: 5 }],
  ])("reads %s", (_, line, sample) => {
    expect(one(line)).toEqual(sample);
  });

  it.each([
    "a",
    "a{",
    'a{x="1"',
    'a{x="1} 2',
    "a{x=1} 2",
    "a b",
    "1a 2",
    'a{x="1"y="2"} 3',
    "a 0x10",
    "<html>",
    "a 1 b",
  ])("counts %j as malformed", (line) => {
    expect(parseExposition(`ok 1\n${line}\nok 2`)).toMatchObject({
      samples: [{ value: 1 }, { value: 2 }],
      malformed: 1,
    });
  });

  it("skips comments and empty lines without counting them", () => {
    expect(parseExposition("# HELP a b\n# TYPE a gauge\n\n  \na 1\n")).toMatchObject({
      samples: [{ name: "a" }],
      malformed: 0,
      truncated: false,
    });
  });

  it("stops at the limit of lines and says so", () => {
    expect(parseExposition("a 1\nb 2\nc 3", { maxLines: 2 })).toMatchObject({
      samples: [{ name: "a" }, { name: "b" }],
      truncated: true,
    });
  });

  it("does not read a line over the limit of length", () => {
    expect(parseExposition(`a{x="${"y".repeat(100)}"} 1\nb 2`, { maxLineLength: 50 })).toMatchObject({
      samples: [{ name: "b" }],
      malformed: 1,
    });
  });

  it("gives back every sample that was written", () => {
    const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,20}$/);
    const label = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,20}$/);
    const text = fc.string({ unit: "binary" });
    const sample = fc.record({ name, labels: fc.dictionary(label, text), value: fc.double({ noNaN: true }) });
    fc.assert(
      fc.property(fc.array(sample), (samples) => {
        const page = samples.map((s) => {
          const labels = Object.entries(s.labels).map(
            ([k, v]) =>
              `${k}="${v.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"')}",`,
          );
          return `${s.name}{${labels.join("")}} ${s.value}\n`;
        });
        const read = parseExposition(page.join("")).samples;
        expect(read).toEqual(
          samples.map((s) => ({ ...s, labels: { ...s.labels }, value: Number(String(s.value)) })),
        );
      }),
    );
  });

  it("never throws, whatever it is given, and is done in linear time", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 300 }),
        (text) => parseExposition(text) !== undefined,
      ),
    );
    const started = performance.now();
    parseExposition(`a{${'x="\\\\",'.repeat(2_000)}\n`.repeat(200));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

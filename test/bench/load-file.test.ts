import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Failure } from "../../model/index.ts";
import { readLoadFile } from "./load-file.ts";

const folder = mkdtempSync(join(tmpdir(), "outrider-load-"));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string | Buffer, file = "shop.csv") {
  const path = join(folder, file);
  writeFileSync(path, text);
  return readLoadFile(path);
}

describe("a load file", () => {
  it("is named by its file, without folder and extension", () => {
    expect(read("minute,rate\n0,1\n5,2\n", "shop.eu.csv").name).toBe("shop.eu");
  });

  it.each<[string, string, number, readonly (number | null)[]]>([
    ["has its own step", "minute,rate\n0,1\n15,2\n30,3\n", 15, [1, 2, 3]],
    ["may have other columns, in any order", "rate,who,minute\n1,a,0\n2,b,5\n", 5, [1, 2]],
    ["may come from a spreadsheet", '\uFEFF"Minute","Rate"\r\n"0","1"\r\n"5","2"\r\n\r\n', 5, [1, 2]],
    ["may be unsorted", "minute,rate\n10,3\n0,1\n5,2\n", 5, [1, 2, 3]],
    ["may have gaps", "minute,rate\n0,1\n5,2\n20,5\n25,6\n", 5, [1, 2, null, null, 5, 6]],
    [
      "has no value where the rate is none",
      "minute,rate\n0,1\n5,\n10,-3\n15,NaN\n20,x\n25,2\n",
      5,
      [1, null, null, null, null, 2],
    ],
    ["takes 0 for 0", "minute,rate\n0,0\n5,0\n", 5, [0, 0]],
    ["may begin at any minute", "minute,rate\n1000,1\n1005,2\n", 5, [1, 2]],
    ["averages rows of one step", "minute,rate\n0,1\n0,3\n5,2\n10,2\n", 5, [2, 2, 2]],
    ["with uneven minutes is put on five", "minute,rate\n0,1\n3,3\n7,4\n8,6\n19,9\n", 5, [2, 5, null, 9]],
    ["whose step does not divide a day is put on five", "minute,rate\n0,1\n7,2\n14,3\n", 5, [1, 2, 3]],
    ["may have one row", "minute,rate\n0,7\n", 5, [7]],
    [
      "has a step that binary fractions only come near to",
      "minute,rate\n0,1\n0.1,2\n0.2,3\n",
      0.1,
      [1, 2, 3],
    ],
    ["may have commas in quotes", 'minute,labels,rate\n0,"a,7,b",1\n5,"{job=""o"",7}",2\n', 5, [1, 2]],
    ["may have line breaks in quotes", '"minute" , "la\nbels",rate\n0,"a\r\nb",1\n5,"",2\n', 5, [1, 2]],
    ["may have quotes within bare cells", 'minute,labels,rate\n0,{job="o"},1\n5,6" pipe,2\n', 5, [1, 2]],
    ["may count minutes since 1970", "minute,rate\n29000000,1\n29000005,2\n", 5, [1, 2]],
  ])("%s", (_, text, stepMinutes, values) => {
    expect(read(text)).toMatchObject({ stepMinutes, values });
  });

  it.each<[string, string | Buffer, RegExp]>([
    ["empty", "", /line 1; got ""; expected the columns minute,rate/],
    ["without its columns", "time,load\n1,2\n", /got "time,load"; expected the columns/],
    ["no text", Buffer.from([0, 255, 1, 254, 10, 13, 0]), /expected the columns minute,rate/],
    ["JSON", '{"minute": [1]}', /expected the columns minute,rate/],
    ["without rows", "minute,rate\n", /no row with a rate/],
    ["without a usable rate", "minute,rate\n0,\n5,-1\n", /no row with a rate/],
    ["with a minute that is none", "minute,rate\n0,1\nsoon,2\n", /line 3; got "soon,2"; expected a minute/],
    ["longer than can be", "minute,rate\n0,1\n5,2\n29000000,2\n", /is minute in minutes\?/],
    [
      "in seconds since 1970",
      "minute,rate\n1700000000,1\n",
      /line 2; .* can only be seconds .* divide .* by 60$/,
    ],
    [
      "in milliseconds since 1970",
      "minute,rate\n0,1\n1795000000000,2\n",
      /line 3; .* can only be milliseconds .* divide .* by 60000$/,
    ],
    ["in nanoseconds", "minute,rate\n1795000000000000000,2\n", /expected minutes, up to 100000000/],
    [
      "with decimal commas",
      'minute,rate\n0,"1,5"\n',
      /no row with a rate, but "1,5"; expected some, as numbers/,
    ],
    [
      "with a quote that is never closed",
      'minute,rate\n0,1\n5,"2\n10,3\n',
      /line 3; got "5,\\"2"; .* closing quote/,
    ],
    ["with text behind a quote", 'minute,rate\n0,"1"2\n', /line 2; .* a comma or the end of the line/],
  ])("that is %s is refused, with its place", (_, text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(Failure);
  });

  it.each([
    ["missing.csv", "no such file"],
    [".", "a folder"],
  ])("%s is refused as %s", (name, got) => {
    expect(() => readLoadFile(join(folder, name))).toThrow(`got ${got}; expected a CSV file`);
  });

  it("that is too large is not read", () => {
    expect(() => read(Buffer.alloc(33 * 2 ** 20))).toThrow(/got 34603008 bytes; expected at most/);
  });
});

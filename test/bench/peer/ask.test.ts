import { expect, test } from "vitest";
import { askedIn } from "./ask.ts";
import { contestsOf } from "./contests.ts";
import { policiesNamed } from "./policies.ts";

test("without arguments everything has its default", () => {
  expect(askedIn([])).toMatchObject({ files: [], seed: 1, port: 0, json: false, write: false });
  expect(policiesNamed([]).map((p) => p.kind)).toEqual(["outrider", "java", "java"]);
});

test.each([
  ["an unknown option", ["--speed", "9"], "cannot run the bench"],
  ["a seed that is no number", ["--seed", "x"], "--seed; got x; expected a whole number"],
  ["a port that cannot be", ["--port", "70000"], "--port; got 70000"],
  ["a ratio below 1", ["--peak-to-mean", "0.5"], "--peak-to-mean; got 0.5"],
  ["an output that is not made", ["-o", "yaml"], "-o; got yaml"],
])("%s is refused", (_, args, sentence) => {
  expect(() => askedIn(args)).toThrow(sentence);
});

test.each([
  ["policy", () => policiesNamed(["best"]), "expected one of outrider"],
  ["world", () => contestsOf(askedIn(["--world", "moon"]), () => {}), "moon"],
  ["shape", () => contestsOf(askedIn(["--shape", "circle"]), () => {}), "got circle; expected one of step"],
  ["file", () => contestsOf(askedIn(["--load", "/nowhere.csv"]), () => {}), "/nowhere.csv"],
])("an unknown %s is refused with those that there are", (_, run, sentence) => {
  expect(run).toThrow(sentence);
});

test("shapes are run on every world that was named", () => {
  const asked = askedIn(["--shape", "step", "--shape", "ramp", "--world", "chain", "--world", "diamond"]);
  const names = contestsOf(asked, () => {}).map((c) => `${c.bench.name} ${c.load.name}`);
  expect(names).toEqual(["chain step", "chain ramp", "diamond step", "diamond ramp"]);
});

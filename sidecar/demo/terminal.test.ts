import { expect, it } from "vitest";
import { anEdge, aSource, aVertex, aWorld, EPOCH, stepLoad } from "../../test/support/worlds.ts";
import { farewellText, lineText, type Screen, welcomeText, widthOf } from "./terminal.ts";

const plain: Screen = { paint: (_style, text) => text, columns: undefined };
const marked: Screen = { ...plain, paint: (style, text) => `<${style}>${text}</>` };
const LINE = { at: EPOCH + 3_661_900, who: "orders", tone: "act", text: "work 1 → 3." } as const;

it.each([
  ["minutes and seconds, then who, then what", LINE, plain, "61:01  orders    work 1 → 3."],
  [
    "a link on its own line",
    { ...LINE, link: "http://x" },
    plain,
    `61:01  orders    work 1 → 3.\n${" ".repeat(17)}http://x`,
  ],
  ["colours by what it is about", LINE, marked, "<dim>61:01</>  <bold>orders  </>  <green>work 1 → 3.</>"],
  [
    "no colour for what is well",
    { ...LINE, tone: "calm" as const },
    marked,
    "<dim>61:01</>  <bold>orders  </>  work 1 → 3.",
  ],
  [
    "its rest below its beginning where the terminal ends",
    { ...LINE, text: "one two three four five six seven eight nine" },
    { ...marked, columns: 57 },
    `<dim>61:01</>  <bold>orders  </>  <green>one two three four five six seven eight</>\n${" ".repeat(17)}<green>nine</>`,
  ],
  [
    "no wrapping in a terminal too narrow for it",
    LINE,
    { ...plain, columns: 20 },
    "61:01  orders    work 1 → 3.",
  ],
])("a line has %s", (_, line, screen, text) => {
  expect(lineText(line, EPOCH, 8, screen)).toBe(text);
});

it("welcomes with what is real, where Flink is, the jobs and how to stop", () => {
  const world = aWorld({
    vertices: [aSource("gen", stepLoad([[0, 1]])), aVertex("work")],
    edges: [anEdge("gen>work")],
  });
  const wrapped = welcomeText({ world, flinkUrl: "http://flink", speed: 10, modeOf: () => "approve" }, plain);
  const text = wrapped.replaceAll("\n", " ");
  for (const part of ["is real", "http://flink.", "10 times", "gen > work", "asks a person", "Ctrl-C"]) {
    expect(text).toContain(part);
  }
  expect(text).toContain("your yes or no.");
  const narrow = welcomeText(
    { world, flinkUrl: "http://flink", speed: 10, modeOf: () => "act" },
    { ...plain, columns: 60 },
  );
  expect(Math.max(...narrow.split("\n").map((line) => line.length))).toBeLessThanOrEqual(60);
  expect(widthOf(world)).toBe("orders".length);
});

it("names the jobs that it would start again, where nobody has to be asked", () => {
  const world = aWorld({ vertices: [aSource("gen", stepLoad([[0, 1]]))], edges: [] });
  const about = { world, flinkUrl: "http://flink", speed: 10, startsAgain: () => true };
  expect(welcomeText({ ...about, modeOf: () => "act" }, plain)).toContain(
    "brings it back when it has failed",
  );
  expect(welcomeText({ ...about, modeOf: () => "observe" }, plain)).not.toContain("when it has failed");
});

it("says beforehand that a yes wins nothing where the limit is outside", () => {
  const world = aWorld({
    vertices: [aSource("gen", stepLoad([[0, 1]])), aVertex("work", { cap: 400 })],
    edges: [anEdge("gen>work")],
  });
  const text = welcomeText({ world, flinkUrl: "http://flink", speed: 10, modeOf: () => "approve" }, plain);
  expect(text.replaceAll("\n", " ")).toContain(
    "your yes or no: a yes wins nothing, since the limit is behind work of orders, which Outrider does not see yet.",
  );
});

it("ends with what it came to and with the command for a Flink of one's own", () => {
  const job = {
    key: "demo/default/orders",
    state: "RUNNING",
    decisions: 3,
    rescales: 1,
    restores: 0,
    lagRecords: null,
    arrivalRate: null,
  } as const;
  const parallelism = { gen: 1, work: 2 };
  const other = { ...job, key: "demo/default/invoices", rescales: 0, restores: 1, parallelism };
  const text = farewellText({ jobs: [{ ...job, parallelism }, other] }, 60_000, 600_000, plain);
  expect(text).toContain("after 1 min, which were 10 min");
  expect(text).toContain("orders: RUNNING, 1 rescale; gen 1, work 2");
  expect(text).toContain("invoices: RUNNING, 0 rescales, 1 restore; gen 1, work 2");
  expect(text.trimEnd().split("\n").at(-1)).toContain(
    "npm run -s outrider -- run --url http://your-flink:8081",
  );
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askedIn } from "./ask.ts";
import { setupOf } from "./contest-row.ts";
import { entrantNamed, entrants } from "./entrants.ts";
import { loadNamed } from "./loads.ts";
import { sizesOf } from "./oracle-row.ts";
import { tasksOf } from "./tasks.ts";
import { troubleNamed } from "./trouble.ts";
import { benchWorldNamed, benchWorlds } from "./worlds/index.ts";

const folder = mkdtempSync(join(tmpdir(), "outrider-bench-"));
const file = join(folder, "mine.csv");
const lines: string[] = [];
const tasks = (args: string) => tasksOf(askedIn(args.split(" ")), (line) => void lines.push(line));

beforeAll(() => {
  const rows = Array.from({ length: 3 * 288 }, (_, i) => `${i * 5},${100 + (i % 288)}`);
  writeFileSync(file, `minute,rate\n${rows.join("\n")}\n`);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("the contests that are asked for", () => {
  it("of a file are its last day, for the world and the policies that are named", () => {
    const [task, ...more] = tasks(
      `--load ${file} --world nexmark-q5 --policy ds2 --policy outrider --seed 4`,
    );
    expect(more).toEqual([]);
    expect(task).toMatchObject({ world: "nexmark-q5", policies: ["ds2", "outrider"], seeds: [4] });
    expect(task?.load).toMatchObject({ name: "mine", minutes: 1_440 });
    expect(lines.at(-1)).toBe("mine: the last 1440 minutes are scored, the 2.0 days before them are history");
  });

  it("of a file without a world are run on two", () => {
    expect(tasks(`--load ${file}`).map((t) => t.world)).toEqual(["chain", "nexmark-q5"]);
  });

  it("of a shape and a trouble are just that, with everybody who needs no past", () => {
    const [task] = tasks("--shape step --trouble skew --world diamond");
    expect(task).toMatchObject({ world: "diamond", load: "step", trouble: "skew", seeds: [1, 2, 3] });
    expect(task?.policies).toEqual(entrants.map((e) => e.name).filter((n) => n !== "outrider (first day)"));
  });

  it("of a world alone have that world alone", () => {
    expect(new Set(tasks("--world nexmark-q8").map((t) => t.world))).toEqual(new Set(["nexmark-q8"]));
  });

  it("of the full run have every world", () => {
    expect(new Set(tasks("--full").map((t) => t.world))).toEqual(new Set(benchWorlds.map((w) => w.name)));
  });

  it.each<[string, string]>([
    ["--world nexmark-q99", "expected one of chain"],
    ["--policy best", "policy; got best; expected one of outrider"],
    ["--shape triangle", "load; got triangle; expected one of step"],
    ["--trouble all", "trouble; got all; expected one of none"],
    ["--load /nowhere.csv", "/nowhere.csv"],
  ])("%s is refused", (args, words) => {
    expect(() => tasks(args)).toThrow(words);
  });
});

describe("a contest", () => {
  const contest = (load: string, trouble = "none") => ({
    bench: benchWorldNamed("chain"),
    load: loadNamed(load, 1),
    trouble: troubleNamed(trouble),
    seed: 1,
  });

  it("gives everybody the days before it, up to its beginning, but for who is to do without", () => {
    const { history, world } = setupOf(contest("sine"), entrantNamed("outrider"));
    expect(history?.from).toBe(world.epoch - 7 * 86_400_000);
    expect((history?.values.length ?? 0) * (history?.stepMs ?? 0)).toBe(7 * 86_400_000);
    expect(setupOf(contest("sine"), entrantNamed("outrider (first day)")).history).toBeNull();
  });

  it("begins with what carries its first minutes at 70 %", () => {
    const { world, bench } = setupOf(contest("step"), entrantNamed("outrider"));
    const rate = 0.2 * bench.fullRate;
    for (const { id, parallelism } of world.jobs[0]?.vertices ?? []) {
      const needed = ((bench.share[id] ?? 0) * rate) / 0.7;
      expect(bench.capacityOf(id, parallelism)).toBeGreaterThanOrEqual(needed * (1 - 1e-9));
      if (parallelism > 1) expect(bench.capacityOf(id, parallelism - 1)).toBeLessThan(needed);
    }
  });

  it("with an external cap at the sink never carries more than that", () => {
    const { world, bench } = setupOf(contest("step", "sink-bound"), entrantNamed("outrider"));
    const sizes = sizesOf(bench, world, bench.maxParallelism);
    expect(sizes.at(-1)?.capacity).toBeCloseTo(0.6 * bench.fullRate, 6);
  });

  it.each(benchWorlds.map((w) => [w.name, w] as const))(
    "on %s offers sizes that carry more for more slots",
    (_, bench) => {
      const world = bench.world({ rateAt: () => 0, arrivedBy: () => 0 }, { seed: 1 });
      const sizes = sizesOf(bench, world, bench.maxParallelism);
      expect(sizes.length).toBeGreaterThan(4);
      expect(sizes[0]?.slots).toBe(1);
      for (const [i, size] of sizes.slice(1).entries()) {
        expect(size.slots).toBeGreaterThan(sizes[i]?.slots ?? 0);
        expect(size.capacity).toBeGreaterThan(sizes[i]?.capacity ?? 0);
      }
    },
  );
});

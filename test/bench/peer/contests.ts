import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Contest } from "../autoscaler/contest-row.ts";
import { cutOf, type DailyLoad, dailyLoadOf } from "../autoscaler/daily-load.ts";
import { type BenchLoad, dailyLoad, loadNamed, ownLoad } from "../autoscaler/loads.ts";
import { troubleNamed } from "../autoscaler/trouble.ts";
import { benchWorldNamed } from "../autoscaler/worlds/index.ts";
import { readLoadFile } from "../load-file.ts";
import type { Asked } from "./ask.ts";

/** Recorded days lie here, beside the checkout; a contest without its file is left out, and said. */
const TRACES = join(import.meta.dirname, "../../../../shared/traces");

/** A world under a shape, or under a recorded day spread to a peak ÷ mean. */
type Planned =
  | { readonly world: string; readonly shape: string }
  | { readonly world: string; readonly trace: string; readonly peakToMean: number };

/** What is run without arguments: two steps, a spike, and three recorded days. */
const DEFAULTS: readonly Planned[] = [
  { world: "chain", shape: "step" },
  { world: "chain", trace: "taxi", peakToMean: 3 },
  { world: "nexmark-q5", shape: "step" },
  { world: "nexmark-q2", shape: "spike" },
  { world: "nexmark-q5", trace: "wiki_de", peakToMean: 3 },
  { world: "nexmark-q11", trace: "avazu", peakToMean: 3 },
];
const WORLDS_FOR_FILES = ["chain", "nexmark-q5"] as const;

/** The contests that were asked for. Throws a `Failure` that lists what there is where a name is unknown. */
export function contestsOf(asked: Asked, say: (line: string) => void): readonly Contest[] {
  const { worlds, shapes, files, seed, peakToMean } = asked;
  for (const name of worlds) benchWorldNamed(name);
  if (files.length > 0) {
    const loads = files.map((file) => dailyLoad(dailyOf(file, peakToMean, say)));
    return (worlds.length > 0 ? worlds : WORLDS_FOR_FILES).flatMap((world) =>
      loads.map((load) => contest(world, load, seed)),
    );
  }
  if (shapes.length > 0) {
    const loads = shapes.map((name) => loadNamed(name, seed));
    return (worlds.length > 0 ? worlds : ["chain"]).flatMap((world) =>
      loads.map((load) => contest(world, load, seed)),
    );
  }
  const chosen = DEFAULTS.filter((p) => worlds.length === 0 || worlds.includes(p.world));
  const rest = worlds.filter((world) => !chosen.some((p) => p.world === world));
  const planned: readonly Planned[] = [...chosen, ...rest.map((world) => ({ world, shape: "step" }))];
  return planned.flatMap((plan) => {
    const load = loadOf(plan, asked, say);
    return load === undefined ? [] : [contest(plan.world, load, seed)];
  });
}

/** A world that brings its load along is run under that, whatever else was asked for. */
function contest(world: string, load: BenchLoad, seed: number): Contest {
  const bench = benchWorldNamed(world);
  const own = bench.ownLoad === undefined ? load : ownLoad(bench.ownLoad);
  return { bench, load: own, trouble: troubleNamed("none"), seed };
}

function loadOf(
  plan: Planned,
  { seed, peakToMean }: Asked,
  say: (line: string) => void,
): BenchLoad | undefined {
  if ("shape" in plan) return loadNamed(plan.shape, seed);
  const file = join(TRACES, `${plan.trace}.csv`);
  if (!existsSync(file)) {
    say(`${plan.trace}: left out, there is no ${file}`);
    return undefined;
  }
  const ratio = peakToMean ?? plan.peakToMean;
  const daily = dailyOf(file, ratio, say);
  return dailyLoad({ ...daily, name: `${daily.name} x${ratio}` });
}

function dailyOf(file: string, peakToMean: number | undefined, say: (line: string) => void): DailyLoad {
  const daily = dailyLoadOf(readLoadFile(file), peakToMean);
  say(cutOf(daily));
  return daily;
}

import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { readLoadFile } from "../load-file.ts";
import type { Asked } from "./ask.ts";
import { cutOf, type DailyLoad, dailyLoadOf } from "./daily-load.ts";
import { entrantNamed, entrants } from "./entrants.ts";
import { loadNamed } from "./loads.ts";
import {
  DEFAULT_CONTESTS,
  DEFAULT_SEEDS,
  DEFAULT_TRACES,
  FEW_POLICIES,
  fullContests,
  PEAKS_TO_MEAN,
  type PlannedContest,
  WORLDS_FOR_FILES,
} from "./plan.ts";
import type { ContestTask } from "./run-contest.ts";
import { troubleNamed, troubles } from "./trouble.ts";
import { benchWorldNamed, benchWorlds } from "./worlds/index.ts";

/** Recorded days lie here, beside the checkout; without the folder the synthetic shapes are all there is. */
const TRACES = join(import.meta.dirname, "../../../../shared/traces");

/** The contests that were asked for. Throws a `Failure` that lists what there is where a name is unknown. */
export function tasksOf(asked: Asked, say: (line: string) => void): readonly ContestTask[] {
  for (const name of asked.policies) entrantNamed(name);
  for (const name of asked.worlds) benchWorldNamed(name);
  for (const name of asked.shapes) loadNamed(name, 1);
  for (const name of asked.troubles) troubleNamed(name);
  const seeds = asked.seeds ?? DEFAULT_SEEDS;
  const contests = contestsOf(asked, say);
  const tasks = contests.map((contest, i): ContestTask => {
    const { world, load, trouble } = contest;
    const policies = policiesOf(asked, contest);
    return { world, load, trouble, policies, seeds, curves: isPlotted(contests, i) };
  });
  // The longest first, so that no thread is left with one at the end.
  return tasks.sort((a, b) => minutesOf(b) - minutesOf(a));
}

function policiesOf(asked: Asked, { load, policies, world }: PlannedContest): readonly string[] {
  if (asked.policies.length > 0) return [...new Set(asked.policies)];
  if (policies === "few" && !asked.full) return FEW_POLICIES;
  const hasPast =
    typeof load === "string" ? world !== OWN_LOAD && loadNamed(load, 1).hasHistory : load.before.length > 0;
  // Without a past nobody can do without it.
  return entrants.filter((e) => hasPast || e.name !== "outrider (first day)").map((e) => e.name);
}

/** The world that brings its load along. */
const OWN_LOAD = "load-simulation";

/** Of every day-long load the first contest is drawn. */
function isPlotted(contests: readonly PlannedContest[], index: number): boolean {
  const { load } = contests[index] ?? { load: "" };
  return typeof load !== "string" && contests.findIndex((c) => c.load === load) === index;
}

function minutesOf({ load, world }: Pick<PlannedContest, "load" | "world">): number {
  if (world === OWN_LOAD) return 180;
  return typeof load === "string" ? loadNamed(load, 1).durationMs / 60_000 : load.minutes;
}

function contestsOf(asked: Asked, say: (line: string) => void): readonly PlannedContest[] {
  const { files, worlds, shapes, troubles: named } = asked;
  if (files.length > 0) return ofFiles(asked, say);
  if (shapes.length > 0 || named.length > 0) return ofNames(asked);
  if (asked.full)
    return [
      ...fullContests(
        worldsOf(asked),
        troubles.map((t) => t.name),
      ),
      ...allTraces(asked, say),
    ];
  const kept = (contest: PlannedContest): boolean => worlds.length === 0 || worlds.includes(contest.world);
  const chosen = [...DEFAULT_CONTESTS.filter(kept), ...chosenTraces(asked, say).filter(kept)];
  const without = worlds.filter((world) => !chosen.some((c) => c.world === world));
  return [...chosen, ...without.map((world) => ({ world, load: "step", trouble: "none" }))];
}

const worldsOf = ({ worlds }: Asked): readonly string[] =>
  worlds.length > 0 ? [...new Set(worlds)] : benchWorlds.map((w) => w.name);

/** Every shape with every trouble on every world that was named; `step` and none where only one kind was. */
function ofNames({ worlds, shapes, troubles: named }: Asked): readonly PlannedContest[] {
  const loads = shapes.length > 0 ? shapes : ["step"];
  const on = worlds.length > 0 ? worlds : ["chain"];
  const with_ = named.length > 0 ? named : ["none"];
  return on.flatMap((world) => loads.flatMap((load) => with_.map((trouble) => ({ world, load, trouble }))));
}

function ofFiles({ files, worlds, peakToMean, troubles: named }: Asked, say: (line: string) => void) {
  const on = worlds.length > 0 ? worlds : WORLDS_FOR_FILES;
  const with_ = named.length > 0 ? named : ["none"];
  return files.flatMap((file) => {
    const load = dailyOf(file, peakToMean, say);
    return on.flatMap((world) => with_.map((trouble): PlannedContest => ({ world, load, trouble })));
  });
}

function dailyOf(file: string, peakToMean: number | undefined, say: (line: string) => void): DailyLoad {
  const daily = dailyLoadOf(readLoadFile(file), peakToMean);
  say(cutOf(daily));
  return daily;
}

/** A file that was named keeps its name; of the recorded days several spreads stand side by side. */
function spreadTrace(file: string, ratio: number, say: (line: string) => void): DailyLoad {
  const daily = dailyOf(file, ratio, say);
  return { ...daily, name: `${daily.name} x${ratio}` };
}

function chosenTraces({ peakToMean }: Asked, say: (line: string) => void): readonly PlannedContest[] {
  return DEFAULT_TRACES.flatMap(({ name, peakToMean: own, worlds, policies }) => {
    const file = join(TRACES, `${name}.csv`);
    if (!existsSync(file)) {
      say(`${name}: left out, there is no ${file}`);
      return [];
    }
    const load = spreadTrace(file, peakToMean ?? own, say);
    return worlds.map((world) => ({ world, load, trouble: "none", ...(policies && { policies }) }));
  });
}

function allTraces(asked: Asked, say: (line: string) => void): readonly PlannedContest[] {
  if (!existsSync(TRACES)) return [];
  const files = readdirSync(TRACES).filter((f) => f.endsWith(".csv"));
  const worlds = worldsOf(asked).filter((w) => w !== OWN_LOAD);
  const ratios = asked.peakToMean === undefined ? PEAKS_TO_MEAN : [asked.peakToMean];
  return files
    .toSorted((a, b) => basename(a).localeCompare(basename(b)))
    .flatMap((file) => ratios.map((ratio) => spreadTrace(join(TRACES, file), ratio, say)))
    .flatMap((load) => worlds.map((world) => ({ world, load, trouble: "none" })));
}

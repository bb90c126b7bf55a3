import type { Parallelism } from "../../../model/index.ts";
import type { BenchWorld } from "../../../sidecar/whatif/contest.ts";
import type { Move } from "../../../sidecar/whatif/run.ts";
import { type Contest, type ContestRow, contestName, runOne } from "./contest-row.ts";
import { type DayCurve, dayCurveOf } from "./curves.ts";
import { entrantNamed } from "./entrants.ts";
import { type BenchLoad, dailyLoad, loadNamed, ownLoad } from "./loads.ts";
import { OracleOf } from "./oracle-row.ts";
import type { PlannedContest } from "./plan.ts";
import { troubleNamed } from "./trouble.ts";
import { benchWorldNamed } from "./worlds/index.ts";

/** A planned contest with who takes part: plain values, so that another thread can have it. */
export interface ContestTask extends Omit<PlannedContest, "policies"> {
  readonly policies: readonly string[];
  readonly seeds: readonly number[];
  /** Curves of the first seed are wanted for a plot. */
  readonly curves: boolean;
}

export interface ContestResult {
  readonly rows: readonly ContestRow[];
  readonly curves: readonly DayCurve[];
}

/** What has just been run. */
export type RunName = Pick<ContestRow, "world" | "load" | "policy" | "seed">;

/** A run has ended; its moves as lines: `908 s: 3/6/7 → 12/23/29 at 917 s`. */
export type Told = (run: RunName, moves: readonly string[]) => void;

/** Runs all policies and seeds of one contest, and the oracle with as many rescales as each of them made. */
export async function runTask(task: ContestTask, told: Told): Promise<ContestResult> {
  const rows: ContestRow[] = [];
  const curves: DayCurve[] = [];
  const bench = benchWorldNamed(task.world);
  const oracles = new Map<string, OracleOf>();
  for (const seed of task.seeds) {
    const contest: Contest = {
      bench,
      load: loadOf(task, bench, seed),
      trouble: troubleNamed(task.trouble),
      seed,
    };
    const key = contest.load.name === "random-walk" ? `${seed}` : "any";
    const oracle = oracles.get(key) ?? new OracleOf(contest);
    oracles.set(key, oracle);
    const runs = [];
    for (const name of task.policies) {
      const run = await runOne(contest, entrantNamed(name));
      told(
        { world: bench.name, load: contestName(contest), policy: name, seed },
        run.trace.moves.map(moveLine),
      );
      runs.push({ name, ...run });
    }
    oracle.prepare(
      runs.map((run) => run.setup),
      Math.max(...runs.map((run) => run.trace.moves.length)),
    );
    for (const { name, trace, score } of runs) {
      const row: ContestRow = {
        world: bench.name,
        load: contestName(contest),
        policy: name,
        seed,
        minutes: Math.round(contest.load.durationMs / 60_000),
        ...score,
        ...oracle.given(trace.moves.length),
        failures: trace.failures,
      };
      rows.push(row);
      if (task.curves && seed === task.seeds[0]) curves.push(dayCurveOf(row, trace));
    }
    if (task.curves && seed === task.seeds[0]) curves.push(...oracle.curve());
  }
  return { rows, curves };
}

function loadOf({ load }: Pick<PlannedContest, "load">, bench: BenchWorld, seed: number): BenchLoad {
  if (bench.ownLoad !== undefined) return ownLoad(bench.ownLoad);
  return typeof load === "string" ? loadNamed(load, seed) : dailyLoad(load);
}

function moveLine({ askedMs, atMs, from, to }: Move): string {
  const sizes = (p: Parallelism): string => Object.values(p).join("/");
  return `${Math.round(askedMs / 1_000)} s: ${sizes(from)} → ${sizes(to)} at ${Math.round(atMs / 1_000)} s`;
}

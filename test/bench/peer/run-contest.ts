import type { Milliseconds, Parallelism } from "../../../model/index.ts";
import { score } from "../../../sidecar/whatif/score.ts";
import { type Contest, type ContestRow, contestName, setupOf } from "../autoscaler/contest-row.ts";
import { entrantNamed } from "../autoscaler/entrants.ts";
import { OracleOf } from "../autoscaler/oracle-row.ts";
import type { PeerPolicy } from "./policies.ts";
import { type Ride, ride } from "./ride.ts";
import { type Shadow, summaryOf, textOf } from "./shadow.ts";
import { scoredPart, WARM_UP_MS } from "./warm-up.ts";

/** Policy `flink` beside the Java autoscaler in one ride. */
export interface Agreement {
  readonly world: string;
  readonly load: string;
  readonly policy: string;
  readonly passes: number;
  readonly decisions: number;
  readonly same: number;
  /** Passes that differ, as lines; the first few. */
  readonly different: readonly string[];
}

export interface PeerResult {
  readonly rows: readonly ContestRow[];
  readonly agreements: readonly Agreement[];
  /** The Java library's options in force, by policy. */
  readonly options: Readonly<Record<string, readonly string[]>>;
}

export interface PeerRun {
  readonly port: number;
  readonly moves: boolean;
  readonly say: (line: string) => void;
}

const MOST_DIFFERENT = 12;

/** All policies through one contest, and the oracle with as many rescales as each of them made. */
export async function runPeerContest(
  contest: Contest,
  policies: readonly PeerPolicy[],
  { port, moves, say }: PeerRun,
): Promise<PeerResult> {
  const setup = setupOf(contest, entrantNamed("outrider"));
  const { stepsMs, upMs } = contest.load;
  const names = { world: contest.bench.name, load: contestName(contest) };
  const rides: { readonly policy: string; readonly ride: Ride }[] = [];
  for (const policy of policies) {
    const began = performance.now();
    const one = await ride(contest, policy, port);
    const seconds = ((performance.now() - began) / 1_000).toFixed(0);
    say(`${names.world}, ${names.load}, ${policy.name}, seed ${contest.seed}: ${seconds} s`);
    if (moves) for (const line of moveLines(one)) say(`  ${line}`);
    if (one.shadow !== undefined) {
      say(`  policy flink beside it: ${summaryOf(one.shadow)}`);
      if (moves) for (const line of differencesOf(one.shadow)) say(`  ${line}`);
    }
    rides.push({ policy: policy.name, ride: one });
  }
  const oracle = new OracleOf(contest);
  const parts = rides.map(({ policy, ride: { trace } }) => ({ policy, trace: scoredPart(trace) }));
  oracle.prepare([setup], Math.max(0, ...parts.map(({ trace }) => trace.moves.length)));
  return {
    rows: parts.map(({ policy, trace }) => ({
      ...names,
      policy,
      seed: contest.seed,
      minutes: Math.round(contest.load.durationMs / 60_000),
      ...score(trace, setup, { allMs: stepsMs, upMs }),
      ...oracle.given(trace.moves.length),
      failures: trace.failures,
    })),
    agreements: rides.flatMap(({ policy, ride: { shadow } }) => {
      if (shadow === undefined) return [];
      const { passes, compared } = shadow;
      const different = differencesOf(shadow);
      return [
        {
          ...names,
          policy,
          passes,
          decisions: compared.length,
          same: compared.length - different.length,
          different: different.slice(0, MOST_DIFFERENT),
        },
      ];
    }),
    options: Object.fromEntries(
      rides.flatMap(({ policy, ride: r }) => (r.options.length === 0 ? [] : [[policy, r.options]])),
    ),
  };
}

const differencesOf = ({ compared }: Shadow): readonly string[] =>
  compared
    .filter((c) => !c.same)
    .map(
      (c) => `${scoredS(c.atMs)} s: java ${textOf(c.java)}, policy flink ${textOf(c.ours)} (${c.outcome})`,
    );

/** Seconds since the scored time began; below 0 in the warm-up. */
const scoredS = (ms: Milliseconds): number => Math.round((ms - WARM_UP_MS) / 1_000);

function moveLines({ trace }: Ride): readonly string[] {
  const sizes = (p: Parallelism): string => Object.values(p).join("/");
  return trace.moves.map(
    ({ askedMs, atMs, from, to }) =>
      `${scoredS(askedMs)} s: ${sizes(from)} → ${sizes(to)} at ${scoredS(atMs)} s`,
  );
}

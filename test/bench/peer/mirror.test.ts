import { expect, test } from "vitest";
import type { JobReadout } from "../../../model/index.ts";
import type { ContestSetup, Hand } from "../../../sidecar/whatif/contest.ts";
import { createOutrider } from "../../../sidecar/whatif/outrider.ts";
import { createSimulatedReader } from "../../../sidecar/whatif/readout.ts";
import { runContest, theJob } from "../../../sidecar/whatif/run.ts";
import { setupOf } from "../autoscaler/contest-row.ts";
import { loadNamed } from "../autoscaler/loads.ts";
import { troubleNamed } from "../autoscaler/trouble.ts";
import { benchWorldNamed } from "../autoscaler/worlds/index.ts";
import { javaContestant, type SteppedPeer } from "./java-contestant.ts";
import { createMirror, type Mirror } from "./mirror.ts";
import { createShadow } from "./shadow.ts";

const PASS_MS = 60_000;

function shortSetup(): ContestSetup {
  const contest = {
    bench: benchWorldNamed("chain"),
    load: { ...loadNamed("step", 1), durationMs: 8 * PASS_MS },
    trouble: troubleNamed("none"),
    seed: 1,
  };
  return { ...setupOf(contest, { name: "any", create: createOutrider }), passMs: PASS_MS };
}

/** Doubles every vertex in its third pass, over HTTP as the Java autoscaler does. */
function doubling({ restUrl, simulation }: Mirror): SteppedPeer {
  let passes = 0;
  return {
    async pass(at) {
      passes += 1;
      const job = theJob(simulation);
      if (passes !== 3) return { at, jobs: 1, puts: [], events: [], errors: [] };
      const parallelism = Object.fromEntries(job.vertices.map((v) => [v.id, 2 * v.parallelism]));
      const bounds = Object.entries(parallelism).map(([id, upperBound]) => [
        id,
        { parallelism: { lowerBound: 1, upperBound } },
      ]);
      const reply = await fetch(`${restUrl}/jobs/${job.id}/resource-requirements`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(Object.fromEntries(bounds)),
      });
      expect(reply.status).toBe(200);
      return {
        at,
        jobs: 1,
        puts: [{ type: "put", at, job: job.id, parallelism }],
        events: [],
        errors: [],
      };
    },
  };
}

test("the copy that the Java autoscaler rescales over HTTP stays what the scored simulation is", async () => {
  const setup = shortSetup();
  const mirror = await createMirror(setup.world, PASS_MS, 0);
  const reader = createSimulatedReader(mirror.simulation);
  const shadow = createShadow({}, setup.world.epoch);
  let compared = 0;
  try {
    const parts = { name: "java", peer: doubling(mirror), mirror, shadow };
    const trace = await runContest(setup, (s, hand: Hand) => {
      const contestant = javaContestant(parts, s, hand);
      return {
        ...contestant,
        async pass(readout, cpu, now) {
          mirror.advanceTo(now);
          expect(lifeOf(await reader.readJob(readout.flinkJobId))).toEqual(lifeOf(readout));
          compared += 1;
          return contestant.pass(readout, cpu, now);
        },
      };
    });
    expect(trace.failures).toBe(0);
    expect(compared).toBe(8);
    expect(trace.moves).toHaveLength(1);
    expect(trace.moves[0]).toMatchObject({ askedMs: 3 * PASS_MS, to: doubled(trace.start) });
    // Nothing was to be decided in that time: the wish was the peer's alone.
    expect(shadow.compared).toEqual([
      { atMs: 3 * PASS_MS, java: doubled(trace.start), ours: null, same: false, outcome: "stabilizing" },
    ]);
  } finally {
    await mirror.close();
  }
});

/** All but the counters, whose age hangs on who asked before. */
const lifeOf = ({ state, runningSince, graph, requirements, checkpoints }: JobReadout) => ({
  state,
  runningSince,
  graph,
  requirements,
  checkpoints,
});

const doubled = (sizes: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(sizes).map(([id, p]) => [id, 2 * p]));

test("a pass in which the library failed counts as one", async () => {
  const setup = shortSetup();
  const mirror = await createMirror(setup.world, PASS_MS, 0);
  const shadow = createShadow({}, setup.world.epoch);
  const error = { type: "error", at: 0, reason: "PassFailed", message: "no" } as const;
  const peer: SteppedPeer = {
    pass: async (at) => ({ at, jobs: 0, puts: [], events: [], errors: [error] }),
  };
  try {
    const parts = { name: "java", peer, mirror, shadow };
    const trace = await runContest(setup, (s, hand) => javaContestant(parts, s, hand));
    expect(trace.failures).toBe(8);
    expect(trace.moves).toEqual([]);
  } finally {
    await mirror.close();
  }
});

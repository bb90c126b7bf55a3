import { describe, expect, it } from "vitest";
import type { Parallelism } from "../../model/index.ts";
import { flinkPolicy } from "./policy.ts";
import type { FlinkReadout, FlinkVertexReading } from "./sample-of.ts";
import { compileFlinkSettings } from "./settings.ts";
import { NEW_FLINK_STATE } from "./state.ts";
import { topologyOf } from "./topology.ts";

/** The job of the operator's example: a constant stream through stages whose load swings, whatever the rate. */
const LOADS: Readonly<Record<string, number>> = { one: 1, two: 2, four: 4, eight: 8, sixteen: 16 };
const PERIOD_S = 3_600;
const LOOP_S = 10;
const PAUSE_S = 5;
const RATE = 10;

const LEGACY = "kubernetes.operator.job.autoscaler.";
const { options } = compileFlinkSettings({
  [`${LEGACY}enabled`]: "true",
  [`${LEGACY}target.utilization`]: "0.5",
  [`${LEGACY}target.utilization.boundary`]: "0.2",
  [`${LEGACY}metrics.window`]: "1m",
  [`${LEGACY}stabilization.interval`]: "1m",
  [`${LEGACY}restart.time`]: "1m",
  [`${LEGACY}catch-up.duration`]: "5m",
  [`${LEGACY}scale-down.interval`]: "0s",
});

function topologyWith(parallelism: Parallelism) {
  const ids = ["src", ...Object.keys(LOADS)];
  return topologyOf(
    {
      vertices: ids.map((id) => ({
        id,
        name: id,
        parallelism: parallelism[id] ?? 1,
        maxParallelism: 128,
        slotSharingGroup: "default",
      })),
      edges: ids.slice(1).map((to, i) => ({ from: ids[i] ?? "src", to, ship: "REBALANCE" })),
    },
    {},
  );
}

/** Half at the start, full at a quarter, nothing at three quarters. */
const amplitude = (seconds: number): number => 0.5 + 0.5 * Math.sin((2 * Math.PI * seconds) / PERIOD_S);

function readout(seconds: number, since: number, parallelism: Parallelism): FlinkReadout {
  const read = RATE * (seconds - since);
  const of = (busy: number): FlinkVertexReading => ({
    recordsIn: read,
    recordsOut: read,
    busyMs: null,
    backPressuredMs: 0,
    pending: 0,
    busyGauge: { min: busy, max: busy, avg: busy },
    inPerSecond: null,
    backPressuredPerSecond: null,
  });
  const stages = Object.entries(LOADS).map(([id, load]) => {
    const share = Math.min(1, (load / (parallelism[id] ?? 1)) * amplitude(seconds));
    return [id, of(share * 1_000)] as const;
  });
  return {
    at: seconds * 1_000,
    runningSince: since * 1_000,
    running: true,
    adaptive: true,
    topology: topologyWith(parallelism),
    vertices: { src: of(1), ...Object.fromEntries(stages) },
    global: {},
    requirements: null,
  };
}

/** Every parallelism that a vertex had, in two periods. */
function ride(): Readonly<Record<string, readonly number[]>> {
  const policy = flinkPolicy(options);
  const seen: Record<string, number[]> = Object.fromEntries(Object.keys(LOADS).map((id) => [id, []]));
  let parallelism: Parallelism = Object.fromEntries(Object.keys(LOADS).map((id) => [id, 1]));
  let state = NEW_FLINK_STATE;
  let since = 0;
  for (let t = 0; t <= 2 * PERIOD_S; t += LOOP_S) {
    const stepped = policy.step(state, readout(t, since, parallelism), t * 1_000);
    state = stepped.state;
    if (stepped.decision.target !== null) {
      parallelism = stepped.decision.target;
      since = t + PAUSE_S;
    }
    for (const id of Object.keys(LOADS)) seen[id]?.push(parallelism[id] ?? 1);
  }
  return seen;
}

describe("the operator's example of a swinging load, with the example's own keys", () => {
  const seen = ride();
  it.each(Object.entries(LOADS))("stage %s of %s subtasks' worth of work grows and shrinks", (id, load) => {
    const levels = seen[id] ?? [];
    const most = Math.max(...levels);
    // At the peak target 0.5 means twice the load; what a restart adds is 60 s in 5 min of the rate.
    expect(most).toBeGreaterThanOrEqual(load * 2 * 0.9);
    expect(most).toBeLessThanOrEqual(Math.ceil(load * 2.2) + 1);
    const quarter = levels.length / 8;
    const atTrough = levels.slice(Math.floor(3 * quarter), Math.floor(4 * quarter) + 1);
    expect(Math.min(...atTrough)).toBeLessThanOrEqual(Math.max(1, Math.ceil(load * 0.6)));
    const again = Math.max(...levels.slice(Math.floor(4 * quarter)));
    expect(again).toBeGreaterThanOrEqual(load * 2 * 0.9);
  });
});

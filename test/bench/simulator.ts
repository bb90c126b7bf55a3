import { parseArgs } from "node:util";
import { Simulation, TICK_MS, TICKS_MS } from "../../engine/simulated/index.ts";
import { anEdge, aSource, aVertex, aWorld, EPOCH, stepLoad } from "../support/worlds.ts";

/**
 * How much faster than real time the simulated Flink runs, and how its cost grows with the number of subtasks:
 * gen → work → count → sink, checkpointed every 5 s, at 70 % of what it could do.
 */
interface Row {
  readonly subtasks: number;
  readonly tickMs: number;
  readonly timesRealTime: number;
  readonly nsPerSubtaskTick: number;
}

function run(parallelism: number, virtualMs: number, tickMs = TICK_MS): Row {
  const p = { parallelism, noise: 0.05, subtaskNoise: 0.05 };
  const simulation = new Simulation(
    aWorld({
      tickMs,
      vertices: [
        aSource("gen", stepLoad([[0, parallelism * 300]]), p, parallelism * 2),
        aVertex("work", { ...p, cpuMs: 0.5, waitMs: 1.5 }),
        aVertex("count", { ...p, waitMs: 1, stateBytes: 1e9 }),
        aVertex("sink", p),
      ],
      edges: [anEdge("gen>work"), anEdge("work>count", "HASH"), anEdge("count>sink", "FORWARD")],
      cluster: { taskManagers: Math.ceil(parallelism / 8), slotsPerTaskManager: 8 },
    }),
  );
  simulation.advanceTo(EPOCH + 60_000);
  const started = performance.now();
  simulation.advanceTo(EPOCH + virtualMs);
  const tookMs = performance.now() - started;
  const subtasks = parallelism * 4;
  const ran = virtualMs - 60_000;
  return {
    subtasks,
    tickMs,
    timesRealTime: Math.round(ran / tookMs),
    nsPerSubtaskTick: Math.round((tookMs * 1e6) / ((ran / tickMs) * subtasks)),
  };
}

const { values } = parseArgs({ options: { output: { type: "string", short: "o", default: "text" } } });
run(25, 300_000);
const rows = [
  ...[1, 5, 25, 50, 250].map((p) => run(p, 60_000 + Math.min(3_600_000, 60_000_000 / p))),
  // A day of 60 subtasks, on coarser grids.
  ...TICKS_MS.filter((tickMs) => tickMs >= 250).map((tickMs) => run(15, 86_460_000, tickMs)),
];
if (values.output === "json") process.stdout.write(`${JSON.stringify({ rows }, null, 2)}\n`);
else {
  for (const { subtasks, tickMs, timesRealTime, nsPerSubtaskTick } of rows) {
    process.stdout.write(
      `${String(subtasks).padStart(5)} subtasks  ${String(tickMs).padStart(5)} ms grid  ${String(timesRealTime).padStart(7)} x real time  ${nsPerSubtaskTick} ns per subtask and tick\n`,
    );
  }
}

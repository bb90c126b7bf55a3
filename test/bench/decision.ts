import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { autoscalerSettings, compileAutoscalerSettings, scale } from "../../autoscaler/index.ts";
import { largeJob } from "./autoscaler/large-job.ts";
import { median } from "./autoscaler/report.ts";

/**
 * `npm run -s bench:decision [-- -o json]`: how long one decision takes, from window and history to the record, and how
 * that grows with the job. Goal: 200 vertices with parallelism 1,000 in 20 ms. A missed goal is printed, no exit code.
 */
const SIZES = [
  [4, 10],
  [4, 100],
  [4, 1_000],
  [20, 100],
  [50, 1_000],
  [100, 1_000],
  [200, 10],
  [200, 100],
  [200, 1_000],
] as const;
const GOAL_MS = 20;
/** The first decisions compile the code. */
const WARM_UP = 10;
const TIMES = 40;

const { values } = parseArgs({ options: { output: { type: "string", short: "o" } } });
const config = { ...compileAutoscalerSettings(autoscalerSettings.parse({})), maxParallelism: 2_000 };

const rows = SIZES.map(([vertices, parallelism]) => {
  const { window, history, now } = largeJob(vertices, parallelism);
  const subject = { job: "bench/default/large", flinkJobId: "f".repeat(32) };
  const times: number[] = [];
  let reason = "";
  for (let i = 0; i < WARM_UP + TIMES; i++) {
    const began = performance.now();
    reason = scale(subject, window, history, config, now).reason;
    if (i >= WARM_UP) times.push(performance.now() - began);
  }
  return {
    vertices,
    parallelism,
    ms: median(times),
    fastestMs: Math.min(...times),
    slowestMs: Math.max(...times),
    reason,
  };
});

if (values.output === "json") process.stdout.write(`${JSON.stringify({ rows }, null, 1)}\n`);
else {
  const line = (cells: readonly string[]): string => cells.map((c) => c.padStart(12)).join("");
  const table = [
    line(["vertices", "parallelism", "median ms", "fastest ms", "slowest ms"]).concat("  decides"),
    ...rows.map((r) =>
      line([
        `${r.vertices}`,
        `${r.parallelism}`,
        r.ms.toFixed(2),
        r.fastestMs.toFixed(2),
        r.slowestMs.toFixed(2),
      ]).concat(`  ${r.reason}`),
    ),
  ];
  const largest = rows.at(-1)?.ms ?? Number.NaN;
  const met = largest <= GOAL_MS ? "met" : "not met";
  process.stdout.write(`${table.join("\n")}\n\n`);
  process.stdout.write(
    `Goal: ${GOAL_MS} ms for the last line; ${met} (${largest.toFixed(1)} ms, ${cpus().length} cores)\n`,
  );
}

import process from "node:process";
import { flinkPolicy } from "../../autoscaler/flink/policy.ts";
import { parseFlinkOptions } from "../../autoscaler/flink/read-options.ts";
import { flinkReadout } from "../../autoscaler/flink/readings.ts";
import { NEW_FLINK_STATE } from "../../autoscaler/flink/state.ts";
import { createFlinkRest, createJobReader } from "../../engine/index.ts";
import type { Parallelism } from "../../model/index.ts";
import { startSimulatedTarget } from "../real/java/on-simulator.ts";
import { startPeer } from "../real/java/peer.ts";

/**
 * Policy `flink` as a shadow of the published Java autoscaler 1.10.0: both look at the same simulated Flink at the same
 * moments, the Java one acts. Prints every pass in which either wanted something, and how many agreed.
 *
 *     npm exec -c 'node test/bench/flink-shadow.ts [minutes] [key=value…]'
 */
const LOOP_MS = 10_000;
const GIVEN: Readonly<Record<string, string>> = {
  "job.autoscaler.metrics.window": "3min",
  "job.autoscaler.stabilization.interval": "90s",
  "job.autoscaler.catch-up.duration": "5min",
  "job.autoscaler.restart.time": "10s",
  "job.autoscaler.scale-down.interval": "5min",
  "job.autoscaler.target.utilization.boundary": "0.2",
};
/** Release 1.10.0 searches downwards too where nothing divides. */
const OF_THE_RELEASE = { "job.autoscaler.scaling.key-group.partitions.adjust.mode": "EVENLY_SPREAD" };

/** Records/s of the load by the minute: up, up, down, slowly up and down. */
function rateAt(minute: number): number {
  if (minute < 8) return 250;
  if (minute < 25) return 900;
  if (minute < 45) return 400;
  return 700 + 500 * Math.sin((minute - 45) / 12);
}

/** Upper bounds of every vertex, in the order in which the target names them; `-` where nothing is wanted. */
function show(target: Target, wanted: Parallelism | null | undefined): string {
  if (wanted === null || wanted === undefined) return "-";
  return Object.values(target.vertices)
    .map((id) => wanted[id])
    .join("/");
}

type Target = Awaited<ReturnType<typeof startSimulatedTarget>>;

function compared(java: string, ours: string): "same" | "onlyJava" | "onlyOurs" | "other" {
  if (java === ours) return "same";
  return java === "-" ? "onlyOurs" : ours === "-" ? "onlyJava" : "other";
}

async function main(args: readonly string[]): Promise<void> {
  const minutes = Number(args[0] ?? 90);
  const own = Object.fromEntries(args.slice(1).map((a) => a.split("=") as [string, string]));
  const options = { ...GIVEN, ...own };
  const target = await startSimulatedTarget("load-job-1.20", 0);
  const peer = await startPeer({ url: target.restUrl, options, mode: "stepped" });
  const reader = createJobReader(createFlinkRest({ url: target.restUrl }), { now: () => target.now() });
  const policy = flinkPolicy({
    ...parseFlinkOptions({ ...OF_THE_RELEASE, ...options }).options,
    enabled: true,
  });
  let state = NEW_FLINK_STATE;
  const counts = { passes: 0, same: 0, onlyJava: 0, onlyOurs: 0, other: 0 };
  try {
    const job = (await reader.listJobs())[0];
    for (const end = target.now() + minutes * 60_000; job !== undefined && target.now() < end; ) {
      await target.setRate(rateAt(counts.passes / 6));
      await target.advance(LOOP_MS);
      const readout = flinkReadout(await reader.readJob(job.flinkJobId));
      const stepped = policy.step(state, readout, target.now());
      state = stepped.state;
      const java = show(target, (await peer.pass(target.now())).puts[0]?.parallelism);
      const ours = show(target, stepped.decision.target);
      counts.passes++;
      counts[compared(java, ours)]++;
      if (java === "-" && ours === "-") continue;
      process.stdout.write(`${(counts.passes / 6).toFixed(1)} min: java ${java}, ours ${ours}\n`);
    }
  } finally {
    await peer.stop();
    await target.stop();
  }
  process.stdout.write(`${JSON.stringify(counts)}\n`);
}

await main(process.argv.slice(2));

import { setTimeout as sleep } from "node:timers/promises";
import { startCluster } from "./flink/cluster.ts";
import type { FlinkVersion } from "./flink/fetch.ts";
import { startLoadJob } from "./flink/load.ts";
import { allDecided, type Decided } from "./support/decided.ts";
import { startOutrider } from "./support/outrider.ts";

/** What became of a job whose sink is bounded by the outside, beside a twin that is not. */
export interface SinkCapResult {
  readonly version: FlinkVersion;
  readonly mode: string;
  /** Upper bounds by short vertex name, each time they were seen to differ, with seconds since the load rose. */
  readonly bounds: readonly { readonly atS: number; readonly of: Readonly<Record<string, number>> }[];
  /** Reasons that guards gave for a veto, with the newest sentence of each. */
  readonly vetoes: Readonly<Record<string, string>>;
  readonly story: readonly string[];
}

export interface SinkCapOptions {
  readonly version: FlinkVersion;
  readonly mode: "observe" | "act";
  /** Flink takes this and the next four ports, Outrider the one 50 above. */
  readonly portBase: number;
  readonly seconds: number;
}

const LOW = 250;
const HIGH = 1_500;
/** The twin alone takes 500/s with one subtask, so it is the bottleneck until it has two; then the cap is. */
const JOB = { "work-ms": 0.5, "count-ms": 0.3, "sink-cap": 800, "twin-ms": 2 };

/** Starts Flink, the load job with cap and twin, and Outrider with default settings; raises the load and watches. */
export async function rideSinkCap(options: SinkCapOptions): Promise<SinkCapResult> {
  const { version, mode, portBase, seconds } = options;
  const cluster = await startCluster({ version, portBase, slotsPerTaskManager: 24 });
  try {
    const job = await startLoadJob(cluster, { rate: LOW, args: JOB });
    const outrider = await startOutrider({
      flinkUrl: cluster.restUrl,
      mode,
      port: portBase + 50,
      workDir: cluster.workDir,
    });
    try {
      const boundsNow = async () => {
        type Reply = Record<string, { parallelism: { upperBound: number } }>;
        const reply = await cluster.request<Reply>("GET", `/jobs/${job.jobId}/resource-requirements`);
        const named = Object.entries(job.vertices).map(([name, id]) => [
          name,
          reply[id]?.parallelism.upperBound ?? 0,
        ]);
        return Object.fromEntries(named) as Record<string, number>;
      };
      await sleep(35_000);
      job.load.setRate(HIGH);
      const startMs = Date.now();
      const bounds: { atS: number; of: Record<string, number> }[] = [];
      while (Date.now() - startMs < seconds * 1_000) {
        const of = await boundsNow().catch(() => undefined);
        const differs = of !== undefined && JSON.stringify(of) !== JSON.stringify(bounds.at(-1)?.of);
        if (differs) bounds.push({ atS: (Date.now() - startMs) / 1_000, of });
        await sleep(500);
      }
      return { version, mode, bounds, ...toldBy(await allDecided(outrider), startMs) };
    } finally {
      await outrider.stop();
    }
  } finally {
    await cluster.stop();
  }
}

function toldBy(decided: readonly Decided[], startMs: number): Pick<SinkCapResult, "vetoes" | "story"> {
  const atS = (d: Decided) => ((d.record.at - startMs) / 1_000).toFixed(0);
  const vetoes = decided.flatMap((d) => (d.record.guards ?? []).filter((g) => g.verdict === "veto"));
  return {
    vetoes: Object.fromEntries(vetoes.map((guard) => [guard.name, guard.sentence])),
    story: decided.map(
      (d) => `${atS(d)} s ${d.attempts.length > 0 ? "acted" : d.record.reason}: ${d.record.sentence}`,
    ),
  };
}

/** How many times the bound of a vertex was raised. */
export function raisesOf(result: SinkCapResult, vertex: string): number {
  return result.bounds.filter(({ of }, i) => (of[vertex] ?? 0) > (result.bounds[i - 1]?.of[vertex] ?? 1))
    .length;
}

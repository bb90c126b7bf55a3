import type { Instant } from "../../../../model/index.ts";
import type { Entrant } from "../../../../sidecar/whatif/contest.ts";
import { everyVertex, largestOf, uniformStart } from "./every-vertex.ts";

/** Since when the CPU is high or low without a break. */
export interface CpuSince {
  readonly high: Instant | null;
  readonly low: Instant | null;
}

/** What the rule makes of a look: the new parallelism, which is the old one where nothing is due. */
export function msfParallelism(
  since: CpuSince,
  parallelism: number,
  bounds: { readonly configured: number; readonly max: number },
  cpu: number,
  now: Instant,
): { readonly since: CpuSince; readonly parallelism: number } {
  const high = cpu > HIGH ? (since.high ?? now) : null;
  const low = cpu < LOW ? (since.low ?? now) : null;
  if (high !== null && now - high >= HIGH_FOR_MS) return changed(Math.min(bounds.max, parallelism * 2));
  if (low !== null && now - low >= LOW_FOR_MS) {
    return changed(Math.max(bounds.configured, Math.ceil(parallelism / 2)));
  }
  return { since: { high, low }, parallelism };
}

// The application restarts, and its metrics begin anew.
const changed = (parallelism: number) => ({ since: { high: null, low: null }, parallelism });

/**
 * Amazon Managed Service for Apache Flink, automatic scaling: the parallelism doubles after CPU was above 75 % for 15
 * minutes, and halves, but never below what was configured, after it was below 10 % for 6 hours. Source: its developer
 * guide, "Implement application scaling". What is configured is the size that it starts with.
 */
export const awsMsf: Entrant = {
  name: "aws-msf",
  withoutHistory: true,
  start: uniformStart,
  create: ({ passMs, maxParallelism }) => {
    let since: CpuSince = { high: null, low: null };
    let configured: number | undefined;
    return {
      name: "aws-msf",
      passMs,
      pass(readout, cpu, now) {
        if (readout.state !== "RUNNING") return undefined;
        const parallelism = largestOf(readout.graph);
        configured ??= parallelism;
        const bounds = { configured, max: maxParallelism };
        const next = msfParallelism(since, parallelism, bounds, cpu.jobShare, now);
        since = next.since;
        return next.parallelism === parallelism ? undefined : everyVertex(readout.graph, next.parallelism);
      },
    };
  },
};

const HIGH = 0.75;
const HIGH_FOR_MS = 15 * 60_000;
const LOW = 0.1;
const LOW_FOR_MS = 6 * 3_600_000;

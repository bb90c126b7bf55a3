import { Failure, type FlinkJobId } from "../../model/index.ts";
import type { Bounds, FlinkRest } from "./client.ts";

/** What this Flink can do for this job; the only place that knows how versions and schedulers differ. */
export interface Capabilities {
  readonly flinkVersion: string;
  /** The requirements of the running job can be set. */
  readonly adaptive: boolean;
  /** `read-records` of a source in `/jobs/:id` is true; before 2.0 it is 0 forever. */
  readonly countsSourceRecords: boolean;
}

export interface CapabilityProbe {
  /** Asked once per Flink job id. `schedulerType` as `/jobs/:id` says it (2.3 and later). */
  of(id: FlinkJobId, schedulerType: string | undefined): Promise<Capabilities>;
}

const REMEMBERED_JOBS = 1_000;

/** Probes by asking, not by version, wherever Flink can be asked. */
export function createCapabilityProbe(rest: Pick<FlinkRest, "config" | "getRequirements">): CapabilityProbe {
  const known = new Map<FlinkJobId, Capabilities>();
  return {
    async of(id, schedulerType) {
      const remembered = known.get(id);
      if (remembered !== undefined) return remembered;
      const config = await rest.config();
      const flinkVersion = config["flink-version"];
      const canRescale = config.features["web-rescale"] !== false && !isFixed(schedulerType);
      const found: Capabilities = {
        flinkVersion,
        adaptive: canRescale && (await requirementsOf(rest, id)) !== undefined,
        countsSourceRecords: majorOf(flinkVersion) >= 2,
      };
      known.set(id, found);
      for (const oldest of known.keys()) {
        if (known.size <= REMEMBERED_JOBS) break;
        known.delete(oldest);
      }
      return found;
    },
  };
}

const isFixed = (schedulerType: string | undefined): boolean =>
  schedulerType !== undefined && schedulerType !== "Adaptive";

/** `1.20.5` → 1. A version we cannot read is taken for a new one. */
function majorOf(version: string): number {
  const major = Number.parseInt(version, 10);
  return Number.isNaN(major) ? Number.POSITIVE_INFINITY : major;
}

/** `undefined` where the scheduler has no requirements (Flink says so with a 500). */
async function requirementsOf(
  rest: Pick<FlinkRest, "getRequirements">,
  id: FlinkJobId,
): Promise<Readonly<Record<string, Bounds>> | undefined> {
  try {
    return await rest.getRequirements(id);
  } catch (error) {
    if (error instanceof Failure && error.code === "not-supported") return undefined;
    throw error;
  }
}

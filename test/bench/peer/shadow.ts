import {
  type FlinkOutcome,
  type FlinkState,
  flinkPolicy,
  flinkReadout,
  NEW_FLINK_STATE,
  parseFlinkOptions,
} from "../../../autoscaler/flink/index.ts";
import {
  ABSENT,
  type Instant,
  type JobReadout,
  type Milliseconds,
  type Parallelism,
} from "../../../model/index.ts";

/** A pass in which the Java autoscaler or our policy `flink` asked for something. */
export interface Compared {
  readonly atMs: Milliseconds;
  /** What either asked for; null: nothing. */
  readonly java: Parallelism | null;
  readonly ours: Parallelism | null;
  readonly same: boolean;
  /** What policy `flink` said of the pass. */
  readonly outcome: FlinkOutcome;
}

/** Our policy `flink` beside the Java autoscaler, which alone acts: both see the same job at the same moments. */
export interface Shadow {
  note(readout: JobReadout, java: Parallelism | undefined, now: Instant): void;
  readonly passes: number;
  readonly compared: readonly Compared[];
}

/** Release 1.10.0 also looks for a smaller divisor where no larger one is near. */
const OF_THE_RELEASE = { "job.autoscaler.scaling.key-group.partitions.adjust.mode": "EVENLY_SPREAD" };

/** `options`: the keys that the Java autoscaler is given; `epoch`: what `atMs` counts from. */
export function createShadow(options: Readonly<Record<string, string>>, epoch: Instant): Shadow {
  const { options: read } = parseFlinkOptions({ ...OF_THE_RELEASE, ...options });
  const policy = flinkPolicy({ ...read, enabled: true });
  const compared: Compared[] = [];
  let state: FlinkState = NEW_FLINK_STATE;
  let passes = 0;
  return {
    get passes() {
      return passes;
    },
    compared,
    note(readout, put, now) {
      const { state: next, decision } = policy.step(state, flinkReadout(asJavaSees(readout)), now);
      state = next;
      passes += 1;
      const present = readout.requirements ?? {};
      const java = put === undefined ? null : changedFrom(present, put);
      const ours = decision.target === null ? null : changedFrom(present, decision.target);
      if (java === null && ours === null) return;
      compared.push({
        atMs: now - epoch,
        java,
        ours,
        same: textOf(java) === textOf(ours),
        outcome: decision.outcome,
      });
    },
  };
}

/**
 * Without the number of partitions. Release 1.10.0 counts them by the metrics of the Kafka and Pulsar connectors, and
 * the simulated source is neither; Outrider's reader counts the splits that Flink 2 names.
 */
function asJavaSees(readout: JobReadout): JobReadout {
  const vertices = Object.entries(readout.vertices).map(([id, vertex]) => [
    id,
    { ...vertex, sourcePartitions: ABSENT },
  ]);
  return { ...readout, vertices: Object.fromEntries(vertices) };
}

/** The whole wish, unnamed vertices as they are; null where it is what Flink was asked for already. */
function changedFrom(present: Parallelism, wish: Parallelism): Parallelism | null {
  const ids = Object.keys(present);
  const whole = Object.fromEntries(ids.map((id) => [id, wish[id] ?? present[id] ?? 1]));
  return ids.every((id) => whole[id] === present[id]) ? null : whole;
}

/** Parallelism by vertex in the job's order: `3/6/7`; `-` for nothing. */
export const textOf = (wish: Parallelism | null): string =>
  wish === null ? "-" : Object.values(wish).join("/");

/** One line: in how many of the passes with a decision both wanted the same. */
export function summaryOf({ passes, compared }: Shadow): string {
  const same = compared.filter((c) => c.same).length;
  const onlyJava = compared.filter((c) => c.ours === null).length;
  const onlyOurs = compared.filter((c) => c.java === null).length;
  const other = compared.length - same - onlyJava - onlyOurs;
  return `${passes} passes, ${compared.length} with a decision: ${same} the same, ${other} other sizes, ${onlyJava} of Java alone, ${onlyOurs} of policy flink alone`;
}

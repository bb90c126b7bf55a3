import type { Instant, Milliseconds } from "../../../model/index.ts";
import type { Broker } from "./source-run.ts";
import type { Thrown } from "./state-fault.ts";

/** Code of a job that throws. */
export interface UserFault extends Thrown {
  /** Name or id of the vertex that throws. */
  readonly vertex: string;
}

/** A record that a job cannot take: its code throws each time that a source reads past it. */
export interface PoisonRecord extends UserFault {
  /** Id of the source. */
  readonly source: string;
  /** Records of all partitions together that come before it. */
  readonly position: number;
}

/** Code that throws again and again, however often the job is started. */
export interface FaultLoop extends UserFault {
  /** After each start. */
  readonly everyMs: Milliseconds;
  readonly until: Instant;
}

/** What is wrong with the jobs of one name. It outlives them, as bad records and bad code do. */
export interface BadLuck {
  readonly poison: PoisonRecord[];
  loop: FaultLoop | undefined;
}

/** How far an attempt of a job has come. */
export interface Attempted {
  readonly now: Instant;
  /** Since its tasks began to read. */
  readonly ranMs: Milliseconds;
  /** Where it began to read, by source. */
  readonly beganAt: ReadonlyMap<string, number>;
  readonly brokers: ReadonlyMap<string, Broker>;
}

/** What the job's code throws now: at a record that it cannot take, or because it always does. */
export function thrownNow({ poison, loop }: BadLuck, attempt: Attempted): UserFault | undefined {
  const bad = poison.find(({ source, position }) => {
    const read = attempt.brokers.get(source)?.position ?? 0;
    return (attempt.beganAt.get(source) ?? 0) <= position && read > position;
  });
  if (bad !== undefined) return bad;
  return loop !== undefined && attempt.now < loop.until && attempt.ranMs >= loop.everyMs ? loop : undefined;
}

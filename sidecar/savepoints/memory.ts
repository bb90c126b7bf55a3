import type {
  FlinkJobId,
  Instant,
  JobKey,
  Milliseconds,
  SavepointFormat,
  SnapshotState,
} from "../../model/index.ts";
import type { OwnSavepoint } from "../../recovery/index.ts";
import type { Store } from "../store/port.ts";

/** A removal that is under way or was refused. */
export interface Removal {
  readonly askedAt: Instant;
  /** Flink's id of the disposal; null: the process ended before it had one. */
  readonly requestId: string | null;
  /** When Flink refused; it is asked again later. */
  readonly refusedAt: Instant | null;
}

/** A savepoint that Outrider took: only such ones are ever removed. */
export interface TakenSavepoint {
  /** Normalised directory. */
  readonly path: string;
  readonly decision: string;
  readonly flinkJobId: FlinkJobId;
  readonly format: SavepointFormat;
  /** When it was asked for. */
  readonly takenAt: Instant;
  readonly state: SnapshotState | "unchecked";
  readonly checkedAt: Instant | null;
  readonly removal: Removal | null;
}

/** What is kept of a job's savepoints; records of decisions are deleted when they are old, this is not. */
export interface SavepointMemory {
  /** The calendar that this is about, and the instant up to which it is done. */
  readonly calendar: { readonly name: string; readonly since: Instant } | null;
  readonly lastTookMs: Milliseconds | null;
  /** Oldest first. */
  readonly taken: readonly TakenSavepoint[];
}

const NAME = "savepoints";
const EMPTY: SavepointMemory = { calendar: null, lastTookMs: null, taken: [] };

export function recallSavepoints(store: Pick<Store, "recall">, job: JobKey): SavepointMemory {
  const kept = store.recall(job, NAME) as Partial<SavepointMemory> | undefined;
  return { ...EMPTY, ...kept };
}

export function keepSavepoints(store: Pick<Store, "remember">, job: JobKey, memory: SavepointMemory): void {
  store.remember(job, NAME, memory);
}

/** Changes one savepoint that is kept; undefined drops it. */
export function changeSavepoint(
  store: Pick<Store, "recall" | "remember">,
  job: JobKey,
  path: string,
  change: (before: TakenSavepoint) => TakenSavepoint | undefined,
): void {
  const memory = recallSavepoints(store, job);
  const taken = memory.taken.flatMap((s) => (s.path === path ? (change(s) ?? []) : s));
  keepSavepoints(store, job, { ...memory, taken });
}

/** As retention judges it. */
export function ownSavepoint({ path, takenAt, state }: TakenSavepoint): OwnSavepoint {
  const verified = state === "verified" ? true : state === "unchecked" || state === "unknown" ? null : false;
  return { path, takenAt, verified };
}

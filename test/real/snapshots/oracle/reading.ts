/** A number that Flink loaded; its digits as text where a double would round it. */
export type Whole = number | string;

/**
 * One state handle, or the container of the handles after it. `role` says what it is for: `managed-keyed`, and inside
 * containers `managed-keyed/shared:000012.sst`, `…/meta`, `…/materialized`, `…/later/at:0`.
 */
export type HandleRow = { readonly role: string } & (
  | { readonly kind: "file"; readonly path: string; readonly size: Whole }
  | { readonly kind: "relative"; readonly path: string; readonly size: Whole }
  | {
      readonly kind: "segment";
      readonly path: string;
      readonly start: Whole;
      readonly size: Whole;
      readonly scope: "EXCLUSIVE" | "SHARED";
    }
  | { readonly kind: "empty-segment" }
  | { readonly kind: "inline"; readonly name: string; readonly bytes: number }
  | {
      readonly kind: "operator";
      readonly names: readonly {
        readonly name: string;
        readonly mode: "SPLIT_DISTRIBUTE" | "UNION" | "BROADCAST";
        readonly offsets: number;
      }[];
      readonly taskOwned?: string;
      readonly shared?: string;
    }
  | {
      readonly kind: "key-groups" | "savepoint-key-groups";
      readonly from: number;
      readonly count: number;
    }
  | {
      readonly kind: "incremental";
      readonly from: number;
      readonly count: number;
      readonly checkpointId: Whole;
      readonly backend: string;
    }
  | {
      readonly kind: "changelog";
      readonly from: number;
      readonly count: number;
      readonly materialization: Whole;
    }
  | {
      readonly kind: "changes-inline";
      readonly from: number;
      readonly count: number;
      readonly first: Whole;
      readonly end: Whole;
      readonly changes: number;
      readonly bytes: number;
    }
  | {
      readonly kind: "changes-in-files";
      readonly from: number;
      readonly count: number;
      readonly storage: string;
    }
  | {
      readonly kind: "channel";
      readonly subtask: number;
      /** Gate and channel, or partition and subpartition: `0/1`. */
      readonly channel: string;
      readonly stateSize: Whole;
      readonly offsets: number;
    }
  | {
      readonly kind: "merged-channels";
      readonly subtask: number;
      readonly stateSize: Whole;
      readonly offsetBytes: number;
    }
);

/** One operator as Flink loaded it; subtasks by index. */
export interface LoadedOperator {
  readonly id: string;
  readonly name: string | null;
  readonly uid: string | null;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly finished: boolean;
  readonly coordinator: readonly HandleRow[];
  readonly subtasks: readonly {
    readonly index: number;
    readonly finished: boolean;
    readonly handles: readonly HandleRow[];
  }[];
}

/** Everything Flink loaded of one `_metadata` file. */
export interface LoadedSnapshot {
  readonly checkpointId: Whole;
  readonly masters: readonly { readonly name: string; readonly version: number; readonly bytes: number }[];
  readonly operators: readonly LoadedOperator[];
  /** null: the version has none. */
  readonly properties: {
    readonly savepoint: boolean;
    readonly unclaimed: boolean;
    readonly type: string;
    readonly format: "CANONICAL" | "NATIVE" | null;
  } | null;
}

/** What Flink made of a file: loaded, and how many bytes it left unread; or what it threw. */
export type FlinkReading = { readonly pointer: string } & (
  | ({ readonly ok: true; readonly unread: number } & LoadedSnapshot)
  | { readonly ok: false; readonly error: string; readonly message: string }
);

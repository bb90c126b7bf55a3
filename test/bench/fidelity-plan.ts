import { STAGE_PLANS } from "./fidelity-stages.ts";

/** What is done to the load job, when, and what is looked at in between; the same for every target. */

/** Vertices of the load job by short name, in the order of its edges. */
export const VERTICES = ["gen", "work", "count", "drop"] as const;
export type VertexName = (typeof VERTICES)[number];

export type Parallelisms = Readonly<Record<VertexName, number>>;

/** Something that is done while a plan is ridden. */
export interface Act {
  readonly name: string;
  /** Seconds after the start of the plan. */
  readonly atS: number;
  /** From now on this many records/s arrive. */
  readonly rate?: number;
  /** Upper bounds of a `PUT resource-requirements`, every vertex named. */
  readonly put?: Parallelisms;
  /** The TaskManager that hosts the first subtask of this vertex dies. */
  readonly lose?: VertexName;
  /** Wait (5 s at most) until a checkpoint was triggered `CHECKPOINT_PHASE_S` ago. */
  readonly alignToCheckpoint?: boolean;
}

/** What a phase can be asked for. */
export type Measure =
  | "throughput"
  | "cost"
  | "back-pressure"
  | "pending"
  | "growth"
  | "in-flight"
  | "checkpoint"
  | "emitted";

/** A stretch of time between two acts (or `start`, `end`) over which figures are taken. */
export interface Phase {
  readonly name: string;
  readonly from: string;
  /** Seconds after `from`; what comes before is a transient. */
  readonly fromS: number;
  readonly to: string;
  readonly measures: readonly Measure[];
}

export interface FidelityPlan {
  readonly name: string;
  /** One line for the reader of the table. */
  readonly title: string;
  /** Arguments of the load job in place of `LOAD_JOB`'s, and beside them. */
  readonly args?: Readonly<Record<string, number>>;
  /** The same for the simulated side: what to change in the files of `test/bench/worlds`. */
  readonly world?: WorldChange;
  /** One TaskManager with 24 slots unless given. */
  readonly machines?: { readonly taskManagers: number; readonly slots: number };
  /** All TaskManagers together may use this one core of the machine. */
  readonly core?: number;
  /** Records/s that arrive before the first act; the job starts with it. */
  readonly startRate: number;
  readonly acts: readonly Act[];
  readonly endS: number;
  readonly phases: readonly Phase[];
  /** The act that makes a backlog which is drained later: peak pending and drain count from here. */
  readonly step?: string;
}

/** Values to put over those of a world: of the cluster, of checkpoints, of vertices by name. */
export interface WorldChange {
  readonly cluster?: Fields;
  readonly checkpoints?: Fields;
  readonly vertices?: Readonly<Partial<Record<VertexName, Fields>>>;
}
export interface Fields {
  readonly [key: string]: string | number | Fields;
}

/** Arguments of the load job. */
export const LOAD_JOB = { "work-ms": 2, "count-ms": 1, partitions: 24 } as const;
export const LOW = 250;
export const HIGH = 1_500;
/** Below this many pending records (1.5 s of load) the backlog counts as gone. */
export const GONE_RECORDS = HIGH * 1.5;
/**
 * Time between two looks. The metric store is refreshed with the first look more than 2 s after the last refresh:
 * with this step that is always the fifth, on a busy machine too, so that runs see the same moments.
 */
export const LOOK_MS = 450;
export const CHECKPOINT_INTERVAL_S = 5;
/**
 * How long after a checkpoint's trigger a plan starts. All fixed acts lie a multiple of the interval later, so that
 * no run is luckier than another with what a restart replays.
 */
export const CHECKPOINT_PHASE_S = 2.5;

/** The sink's parallelism follows count: a FORWARD edge keeps equal parallelism. */
const ONE = { gen: 1, work: 1, count: 1, drop: 1 } as const;
const ENOUGH = { gen: 1, work: 5, count: 3, drop: 3 } as const;

const STEADY: readonly Measure[] = [
  "throughput",
  "cost",
  "back-pressure",
  "pending",
  "in-flight",
  "checkpoint",
];

export const FIDELITY_PLANS: readonly FidelityPlan[] = [
  {
    name: "overload",
    title: "250/s steady, 1,500/s at parallelism 1 for 25 s, PUT 5/3, drained, steady, back to 250/s at 1/1",
    startRate: LOW,
    acts: [
      { name: "step", atS: 30, rate: HIGH },
      { name: "up", atS: 55, put: ENOUGH },
      { name: "back", atS: 115, rate: LOW },
      { name: "down", atS: 115.5, put: ONE, alignToCheckpoint: true },
    ],
    endS: 140,
    phases: [
      { name: "steady at 250/s, 1/1", from: "start", fromS: 5, to: "step", measures: STEADY },
      { name: "overload at 1/1", from: "step", fromS: 5, to: "up", measures: [...STEADY, "growth"] },
      {
        name: "drain at 5/3",
        from: "up",
        fromS: 6,
        to: "gone",
        measures: ["throughput", "cost", "back-pressure", "in-flight", "checkpoint"],
      },
      { name: "steady at 1,500/s, 5/3", from: "gone", fromS: 3, to: "back", measures: STEADY },
      { name: "back at 250/s, 1/1", from: "down", fromS: 6, to: "end", measures: STEADY },
    ],
    step: "step",
  },
  {
    name: "quick",
    title: "250/s steady, 1,500/s, PUT 5/3 eight seconds after the step",
    startRate: LOW,
    acts: [
      { name: "step", atS: 17, rate: HIGH },
      { name: "up", atS: 25, put: ENOUGH },
    ],
    endS: 50,
    phases: [],
    step: "step",
  },
  ...STAGE_PLANS,
];

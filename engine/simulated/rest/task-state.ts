import type { JobState } from "../../../model/index.ts";

/** States of a task (`ExecutionState`), in the order of Flink's replies. */
export const TASK_STATES = [
  "CREATED",
  "SCHEDULED",
  "DEPLOYING",
  "INITIALIZING",
  "RUNNING",
  "FINISHED",
  "CANCELING",
  "CANCELED",
  "FAILED",
  "RECONCILING",
] as const;
export type TaskState = (typeof TASK_STATES)[number];

const OF_JOB: Readonly<Record<JobState, TaskState>> = {
  INITIALIZING: "CREATED",
  CREATED: "CREATED",
  RUNNING: "RUNNING",
  FAILING: "CANCELING",
  FAILED: "FAILED",
  CANCELLING: "CANCELING",
  CANCELED: "CANCELED",
  FINISHED: "FINISHED",
  RESTARTING: "CANCELING",
  SUSPENDED: "CANCELED",
  RECONCILING: "RECONCILING",
};

/** The tasks of a simulated job all share one state. */
export const taskStateOf = (state: JobState): TaskState => OF_JOB[state];

/** `n` tasks in the given state, 0 in all others. */
export const countsOf = (state: TaskState, n: number): Record<TaskState, number> => ({
  CREATED: 0,
  SCHEDULED: 0,
  DEPLOYING: 0,
  INITIALIZING: 0,
  RUNNING: 0,
  FINISHED: 0,
  CANCELING: 0,
  CANCELED: 0,
  FAILED: 0,
  RECONCILING: 0,
  [state]: n,
});

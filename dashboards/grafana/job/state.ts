import { type FlinkMetricName, type Promql, promql } from "../../../model/index.ts";
import type { RowSpec, ValueText } from "../panel.ts";
import { CLUSTER, flinkOfJob, JOB, ofItsJobManager, ownOfJob } from "../selectors.ts";

/** The states as numbers, because a series holds nothing else. */
export const STATES: readonly (ValueText & { readonly state: string; readonly since?: FlinkMetricName })[] = [
  { state: "RUNNING", value: 1, text: "running", color: "green", since: "flink_jobmanager_job_runningTime" },
  { state: "CREATED", value: 2, text: "created", color: "yellow", since: "flink_jobmanager_job_createdTime" },
  {
    state: "INITIALIZING",
    value: 3,
    text: "initializing",
    color: "yellow",
    since: "flink_jobmanager_job_initializingTime",
  },
  {
    state: "RESTARTING",
    value: 4,
    text: "restarting",
    color: "yellow",
    since: "flink_jobmanager_job_restartingTime",
  },
  {
    state: "CANCELLING",
    value: 5,
    text: "cancelling",
    color: "yellow",
    since: "flink_jobmanager_job_cancellingTime",
  },
  { state: "FAILING", value: 6, text: "failing", color: "red", since: "flink_jobmanager_job_failingTime" },
  { state: "FAILED", value: 7, text: "failed", color: "red" },
  { state: "FINISHED", value: 8, text: "finished", color: "blue" },
  { state: "CANCELED", value: 9, text: "canceled", color: "blue" },
  { state: "SUSPENDED", value: 10, text: "suspended", color: "yellow" },
  { state: "RECONCILING", value: 11, text: "reconciling", color: "yellow" },
  { state: "UNREACHABLE", value: 12, text: "unreachable", color: "gray" },
  { state: "GONE", value: 13, text: "gone", color: "gray" },
];

/** What Outrider saw, by REST: it knows failed and finished jobs, for which Flink has no series. */
const SEEN = either(
  STATES.map(({ state, value }) => promql`${value} * ${ownOfJob("outrider_job_state", { state })}`),
);
/** What Flink's own pages say: every state's clock stands at 0 except that of the state of now. */
const TOLD = either(
  STATES.flatMap(({ since, value }) =>
    since === undefined ? [] : [promql`0 * (max by (${JOB}) (${flinkOfJob(since)}) > 0) + ${value}`],
  ),
);

const runningFor = flinkOfJob("flink_jobmanager_job_runningTime");
const restarts = flinkOfJob("flink_jobmanager_job_numRestarts");
const rescales = flinkOfJob("flink_jobmanager_job_numRescales");
const lastPass = ownOfJob("outrider_last_pass_timestamp_seconds");
const NO_RESCALES = "Flink 1.20 does not count rescales apart from restarts";

/** Does the job run, and for how long? */
export const STATE: RowSpec = {
  id: 100,
  title: "State",
  panels: [
    {
      id: 101,
      kind: "stat",
      title: "State",
      description:
        "The job's state as Outrider last saw it; unreachable means that Flink did not answer, gone that it no longer lists the job.",
      unit: "short",
      width: 4,
      height: 4,
      texts: STATES,
      noValue: "unknown",
      queries: [{ expr: promql`max by (${JOB}) (${SEEN})`, legend: "{{job_name}}" }],
      runbooks: ["FlinkJobFailed", "FlinkJobNotRunning"],
    },
    {
      id: 102,
      kind: "stat",
      title: "Running for",
      description: "Time since the job last came to RUNNING. Every restart and every rescale begins it anew.",
      unit: "ms",
      width: 4,
      height: 4,
      noValue: "not running",
      steps: [
        { from: null, color: "red" },
        { from: 1, color: "yellow" },
        { from: 300_000, color: "green" },
      ],
      queries: [{ expr: promql`max by (${JOB}) (${runningFor})`, legend: "{{job_name}}" }],
    },
    {
      id: 103,
      kind: "stat",
      title: "Restarts",
      description:
        "Restarts in the time range of the dashboard. Rescales are taken off where Flink counts them; Flink 1.20 does not, so there a rescale is a restart too.",
      unit: "short",
      decimals: 0,
      width: 4,
      height: 4,
      steps: [
        { from: null, color: "green" },
        { from: 1, color: "yellow" },
        { from: 3, color: "red" },
      ],
      queries: [
        {
          expr: promql`round(sum by (${JOB}) (increase(${restarts}[$__range])) - (sum by (${JOB}) (increase(${rescales}[$__range])) or 0 * sum by (${JOB}) (increase(${restarts}[$__range]))))`,
          legend: "{{job_name}}",
        },
      ],
      runbooks: ["FlinkJobFailed"],
    },
    {
      id: 104,
      kind: "stat",
      title: "Outrider's last look",
      description: "Time since Outrider last read the job. Above a few intervals its other numbers are old.",
      unit: "s",
      decimals: 0,
      width: 4,
      height: 4,
      noValue: "not watched",
      steps: [
        { from: null, color: "green" },
        { from: 60, color: "yellow" },
        { from: 300, color: "red" },
      ],
      queries: [{ expr: promql`time() - max by (${JOB}) (${lastPass})`, legend: "{{job_name}}" }],
      runbooks: ["OutriderPassesStale", "OutriderDown"],
    },
    {
      id: 105,
      kind: "stat",
      title: "TaskManagers",
      description: "TaskManagers that are registered at the job's JobManager. Without any nothing runs.",
      unit: "short",
      width: 4,
      height: 4,
      noValue: "no JobManager",
      steps: [
        { from: null, color: "red" },
        { from: 1, color: "green" },
      ],
      queries: [
        {
          expr: promql`max by (${CLUSTER}) (${ofItsJobManager("flink_jobmanager_numRegisteredTaskManagers")})`,
          legend: "TaskManagers",
        },
      ],
      runbooks: ["FlinkNoTaskManagers", "FlinkJobManagerDown"],
    },
    {
      id: 106,
      kind: "stat",
      title: "Free slots",
      description:
        "Slots that no job uses. None is normal for a cluster of one job; a job that must grow then needs another TaskManager first.",
      unit: "short",
      width: 4,
      height: 4,
      noValue: "no JobManager",
      steps: [{ from: null, color: "text" }],
      queries: [
        {
          expr: promql`max by (${CLUSTER}) (${ofItsJobManager("flink_jobmanager_taskSlotsAvailable")})`,
          legend: "free slots",
        },
      ],
    },
    {
      id: 107,
      kind: "state-timeline",
      title: "State over time",
      description:
        "Above what Outrider saw, below what Flink's own metrics say. Flink has no series for a job that failed, finished or was canceled: there the lower line ends.",
      unit: "short",
      width: 16,
      height: 6,
      texts: STATES,
      queries: [
        { expr: promql`max by (${JOB}) (${SEEN})`, legend: "seen by Outrider" },
        { expr: TOLD, legend: "told by Flink's metrics" },
      ],
      runbooks: ["FlinkJobFailed"],
    },
    {
      id: 108,
      kind: "bars",
      title: "Restarts and rescales",
      description: "Restarts per bar, rescales included, and the rescales among them.",
      unit: "short",
      min: 0,
      width: 8,
      height: 6,
      queries: [
        { expr: promql`sum by (${JOB}) (increase(${restarts}[$__rate_interval]))`, legend: "restarts" },
        {
          expr: promql`sum by (${JOB}) (increase(${rescales}[$__rate_interval]))`,
          legend: "rescales",
          mayBeEmpty: NO_RESCALES,
        },
      ],
      runbooks: ["FlinkJobFailed", "FlinkScalingEvent"],
    },
  ],
};

/** The first of the expressions that has a value. */
function either(choices: readonly Promql[]): Promql {
  const [first, ...rest] = choices;
  if (first === undefined) return promql`vector(0)`;
  return rest.reduce((left, right) => promql`${left} or ${right}`, first);
}

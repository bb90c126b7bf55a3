import type { FlinkJobId, Instant } from "../../model/index.ts";
import type { JobNames } from "./job-names.ts";
import { JobRun } from "./physics/job-run.ts";
import type { JobHost, JobOrigin } from "./physics/job-start.ts";
import { createRandom } from "./physics/random.ts";
import { originOf } from "./physics/restore-mapping.ts";
import { StateFault, type Thrown } from "./physics/state-fault.ts";
import { missing } from "./savepoints.ts";
import { Refused, type RunRequest } from "./view.ts";
import type { JobPlan, World } from "./world.ts";

/** What a submission needs of the cluster. */
export interface LaunchPad extends JobHost<JobRun> {
  readonly world: World;
  readonly names: JobNames;
  /** Those that this JobManager knows. */
  readonly jobs: readonly JobRun[];
  now(): Instant;
}

/**
 * Starts the job of the world that a jar stands for, from a snapshot where one is named. What Flink finds out only
 * after it accepted the job becomes a job that has failed (adaptive scheduler); the rest throws `Refused`.
 */
export function launch(cluster: LaunchPad, request: RunRequest): JobRun {
  const named = planOf(cluster.world.jobs, request);
  const number = cluster.names.submissions.get(named.name) ?? 0;
  const id = request.jobId ?? idOf(cluster.seed, named.name, number);
  const plan = withParallelism({ ...named, id }, request.parallelism);
  if (cluster.jobs.some((job) => job.id === id)) {
    throw notExecuted(plan.name, [
      {
        name: "org.apache.flink.runtime.client.DuplicateJobSubmissionException",
        message: "Job has already been submitted.",
      },
    ]);
  }
  const origin = originFor(cluster, plan, request);
  const fault = origin instanceof StateFault ? origin : undefined;
  if (fault !== undefined && cluster.plan.scheduler !== "adaptive") {
    const init = "org.apache.flink.runtime.client.JobInitializationException";
    throw notExecuted(plan.name, [
      { name: init, message: "Could not start the JobMaster." },
      fault.thrown,
      ...fault.causes,
    ]);
  }
  const job = new JobRun(plan, cluster, cluster.now(), {
    outside: cluster.names.outsideOf(plan, cluster.now()),
    cold: true,
    badLuck: cluster.names.luckOf(plan.name),
    from: origin instanceof StateFault ? undefined : origin,
  });
  if (fault !== undefined) {
    const { thrown, causes } = fault;
    const at = cluster.now();
    job.fail(at, { ...thrown, causes, taskName: undefined, taskManager: undefined }, true);
  }
  return job;
}

/** By entry class, by the name of the jar, or the only job of the world. */
function planOf(jobs: readonly JobPlan[], { entryClass, jar }: RunRequest): JobPlan {
  const name = jar.replace(/\.jar$/, "");
  const found =
    jobs.find(
      (plan) => entryClass !== undefined && (plan.entryClass === entryClass || plan.name === entryClass),
    ) ??
    jobs.find((plan) => plan.name === name) ??
    (jobs.length === 1 ? jobs[0] : undefined);
  if (found !== undefined) return found;
  throw new Refused(
    400,
    `org.apache.flink.runtime.rest.handler.RestHandlerException: The simulated Flink runs the jobs of its world, and cannot tell which one ${jar} with the entry class ${entryClass ?? "of its manifest"} is: name it by entryClass, or call the jar as the job.`,
  );
}

function withParallelism(plan: JobPlan, parallelism: number | undefined): JobPlan {
  if (parallelism === undefined) return plan;
  const vertices = plan.vertices.map((v) => ({ ...v, parallelism: Math.min(parallelism, v.maxParallelism) }));
  return { ...plan, vertices };
}

function originFor(
  cluster: LaunchPad,
  plan: JobPlan,
  { savepointPath: path, allowNonRestoredState, claim }: RunRequest,
): JobOrigin | StateFault | undefined {
  if (path === undefined) return undefined;
  const { keeper } = cluster;
  if (keeper === undefined) return missing(path);
  try {
    const { kept, operators } = keeper.read(path);
    const point = originOf(plan, operators, { path: kept.path, allowNonRestoredState });
    return { point, kept, path: kept.path, claimed: claim };
  } catch (error) {
    if (error instanceof StateFault) return error;
    throw error;
  }
}

/** What `/jars/:id/run` answers where the program did not get its job submitted. */
function notExecuted(job: string, thrown: readonly Thrown[]): Refused {
  const lines = [
    "org.apache.flink.runtime.rest.handler.RestHandlerException: Could not execute application.",
    "Caused by: java.util.concurrent.CompletionException: org.apache.flink.util.FlinkRuntimeException: Could not execute application.",
    `Caused by: org.apache.flink.client.program.ProgramInvocationException: The main method caused an error: Failed to execute job '${job}'.`,
    `Caused by: org.apache.flink.util.FlinkException: Failed to execute job '${job}'.`,
    ...thrown.map(({ name, message }) => `Caused by: ${name}: ${message}`),
  ];
  return new Refused(400, lines.join("\n"));
}

function idOf(seed: number, name: string, number: number): FlinkJobId {
  const random = createRandom(seed, `${name}/submission/${number}`);
  return Array.from({ length: 32 }, () => Math.floor(random.next() * 16).toString(16)).join("");
}

import { useCallback } from "preact/hooks";
import { type JobKey, parseJobKey } from "../../../model/index.ts";
import { type ApiProblem, api } from "../api/client.ts";
import type { Job } from "../api/replies.ts";
import { DecisionList } from "../decision/decision-list.tsx";
import { useDecisions } from "../decision/use-decisions.ts";
import { standingOf } from "../fleet/rank.ts";
import { useNow } from "../live/now.ts";
import { usePolled } from "../live/polled.ts";
import { Link } from "../routing/link.tsx";
import { Empty, Notice, Staleness } from "../ui/notice.tsx";
import { Age } from "../ui/time.tsx";
import { Charts } from "./charts.tsx";
import { JobGraph } from "./graph.tsx";
import { JobHeader } from "./job-header.tsx";
import { RestorePointsCard } from "./restore-points.tsx";
import { WaitingDecision } from "./waiting-decision.tsx";
import { WhyNot } from "./why-not.tsx";

/** Everything about one job: where it stands, its graph, its history, what was decided and why. */
export function JobPage({ job: key }: { readonly job: JobKey }) {
  const job = usePolled(
    `job ${key}`,
    useCallback(() => api.job(key), [key]),
  );
  const decisions = useDecisions(key);
  if (job.data === undefined) return <NoJob job={key} problem={job.problem} />;
  const reload = () => {
    job.reload();
    decisions.reload();
  };
  return (
    <>
      <Crumbs job={key} />
      <Staleness of={job} what="This job" />
      <JobHeader job={job.data} standing={standingOf(job.data)} onDone={reload} />
      <WaitingDecision decision={decisions.find(waitingId(job.data))} onDone={reload} />
      <GraphCard job={job.data} />
      <Charts job={key} decisions={decisions.items} />
      <RestorePointsCard job={key} />
      <div class="columns">
        <DecisionList decisions={decisions} waiting={waitingId(job.data)} />
        <WhyNot job={key} />
      </div>
    </>
  );
}

const waitingId = (job: Job): string | undefined =>
  standingOf(job) === "needs-approval" ? job.newest?.id : undefined;

function GraphCard({ job }: { readonly job: Job }) {
  const topology = usePolled(
    `topology ${job.key}`,
    useCallback(() => api.topology(job.key), [job.key]),
  );
  // Not known yet is a normal state of a job that was never read, and no failure.
  const unknown = topology.problem?.code === "conflict" && topology.data === undefined;
  return (
    <section class="card" aria-labelledby="graph-title">
      <div class="card-head">
        <h2 id="graph-title">Graph</h2>
      </div>
      {unknown ? <Empty>The graph is not known yet: Flink has not described this job so far.</Empty> : null}
      {unknown ? null : <Staleness of={topology} what="The graph" />}
      <OldNumbers at={topology.data?.at ?? null} />
      {topology.data === undefined ? null : topology.data.vertices.length === 0 ? (
        <Empty>The job has no vertices.</Empty>
      ) : (
        <JobGraph topology={topology.data} wanted={job.wanted} />
      )}
    </section>
  );
}

/** Numbers of a job that is not read any more stay on the screen, and say so. */
function OldNumbers({ at }: { readonly at: number | null }) {
  const now = useNow();
  if (at === null || now - at < OLD_MS) return null;
  return (
    <Notice tone="warn">
      These numbers are old: the job was read <Age at={at} /> for the last time.
    </Notice>
  );
}
const OLD_MS = 45_000;

export function Crumbs({ job, end }: { readonly job: JobKey; readonly end?: string }) {
  const name = parseJobKey(job);
  return (
    <nav class="crumbs" aria-label="Where you are">
      <Link to={{ view: "fleet" }}>Fleet</Link>
      <span aria-hidden="true">/</span>
      <span class="crumb">{name === undefined ? job : `${name.cluster} / ${name.namespace}`}</span>
      {end === undefined ? null : (
        <>
          <span aria-hidden="true">/</span>
          <Link to={{ view: "job", key: job }} class="crumb">
            {name?.name ?? job}
          </Link>
          <span aria-hidden="true">/</span>
          <span>{end}</span>
        </>
      )}
    </nav>
  );
}

function NoJob({ job, problem }: { readonly job: JobKey; readonly problem: ApiProblem | undefined }) {
  if (problem === undefined) return <Empty>Reading …</Empty>;
  return (
    <>
      <Crumbs job={job} />
      <h1 class="wrap">
        {problem.code === "not-found" ? "Not a job that Outrider knows" : "The job cannot be read"}
      </h1>
      <p class="wrap">{problem.message}.</p>
      <p>
        <Link to={{ view: "fleet" }}>To the fleet</Link>
      </p>
    </>
  );
}

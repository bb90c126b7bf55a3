import { useState } from "preact/hooks";
import { api } from "../api/client.ts";
import type { Cluster, Page } from "../api/replies.ts";
import { type Polled, usePolled } from "../live/polled.ts";
import { Empty, Staleness } from "../ui/notice.tsx";
import { ClusterStrip } from "./cluster-strip.tsx";
import { JobRow } from "./job-row.tsx";
import { matches, rankJobs, STANDING_WORDS, STANDINGS, type Standing } from "./rank.ts";

/** All jobs, those who need a human first. */
export function FleetPage({ clusters }: { readonly clusters: Polled<Page<Cluster>> }) {
  const jobs = usePolled("jobs", api.jobs);
  const [filter, setFilter] = useState("");
  const ranked = rankJobs(jobs.data?.items ?? []);
  const shown = ranked.filter((job) => matches(job, filter));
  return (
    <>
      <div class="page-head">
        <h1>Fleet</h1>
        <Summary standings={ranked.map((j) => j.standing)} />
        <input
          type="search"
          class="filter"
          placeholder="Filter jobs"
          aria-label="Filter jobs"
          value={filter}
          onInput={(e) => setFilter(e.currentTarget.value)}
        />
      </div>
      <ClusterStrip clusters={clusters.data?.items ?? []} />
      <Staleness of={jobs} what="Jobs" />
      {shown.length > 0 ? (
        <div class="card table-card">
          <table class="fleet">
            <caption class="hidden">Jobs, those who need a person first</caption>
            <thead>
              <tr>
                <th scope="col">Standing</th>
                <th scope="col">Job</th>
                <th scope="col">What Outrider says</th>
                <th scope="col">Mode</th>
                <th scope="col" class="number">
                  Backlog
                </th>
                <th scope="col">Parallelism</th>
                <th scope="col">Since</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((job) => (
                <JobRow key={`${job.key} ${job.flinkJobId}`} job={job} standing={job.standing} />
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <Nothing read={jobs.data !== undefined} known={ranked.length} failed={jobs.problem !== undefined} />
      )}
      {jobs.data?.next === null || jobs.data === undefined ? null : (
        <p class="hint">Only the first 1,000 jobs by key are shown.</p>
      )}
    </>
  );
}

/** `1 Needs approval · 2 Well`. */
function Summary({ standings }: { readonly standings: readonly Standing[] }) {
  const counts = STANDINGS.map((s) => ({ s, n: standings.filter((x) => x === s).length })).filter(
    (c) => c.n > 0,
  );
  return (
    <ul class="summary" aria-label="Jobs by standing">
      {counts.map(({ s, n }) => (
        <li key={s} class={`tone-${STANDING_WORDS[s].tone}`}>
          <b>{n}</b> {STANDING_WORDS[s].counted}
        </li>
      ))}
    </ul>
  );
}

function Nothing(props: { readonly read: boolean; readonly known: number; readonly failed: boolean }) {
  if (props.known > 0) return <Empty>No job matches the filter.</Empty>;
  if (props.read) {
    return <Empty>No jobs yet. Outrider shows every job that its clusters list, as soon as they do.</Empty>;
  }
  return props.failed ? null : <Empty>Reading …</Empty>;
}

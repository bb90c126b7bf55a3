import { parseJobKey } from "../../../model/index.ts";
import type { Job } from "../api/replies.ts";
import { formatCount } from "../format/number.ts";
import { Link } from "../routing/link.tsx";
import { StandingBadge } from "../ui/badge.tsx";
import { Age } from "../ui/time.tsx";
import { changesOf, type Standing } from "./rank.ts";

/** One job in one row. */
export function JobRow({ job, standing }: { readonly job: Job; readonly standing: Standing }) {
  const name = parseJobKey(job.key);
  return (
    <tr>
      <td>
        <StandingBadge standing={standing} />
        <span class="state">{job.state}</span>
      </td>
      <th scope="row" class="job-name">
        <Link to={{ view: "job", key: job.key }} title={job.key} class="row-link">
          {name?.name ?? job.key}
        </Link>
        <span class="muted small">{name === undefined ? "" : `${name.cluster} / ${name.namespace}`}</span>
      </th>
      <td class="verdict">
        <span class="clamped" title={job.sentence}>
          {job.sentence}
        </span>
      </td>
      <td>
        <span class={`mode mode-${job.mode}`}>{job.mode}</span>
      </td>
      <td class="number" data-label="Backlog">
        {formatCount(job.lagRecords)}
      </td>
      <td data-label="Parallelism">
        <ParallelismCell job={job} />
      </td>
      <td class="small nowrap" data-label="Since">
        <Age at={job.newest?.since ?? null} />
      </td>
    </tr>
  );
}

const MOST_CHANGES = 2;
const MOST_VERTICES = 6;

/** What would change, if anything; else what runs. */
function ParallelismCell({ job }: { readonly job: Job }) {
  const changes = changesOf(job.parallelism, job.wanted);
  const all = Object.entries(job.parallelism);
  const title = all.map(([n, p]) => `${n}: ${p}`).join("\n");
  if (changes.length === 0) {
    const numbers = all.slice(0, MOST_VERTICES).map(([, p]) => p);
    const more = all.length > MOST_VERTICES ? " …" : "";
    return (
      <span title={title} class="tabular">
        {all.length === 0 ? "–" : `${numbers.join(" · ")}${more}`}
      </span>
    );
  }
  return (
    <ul class="changes" title={title}>
      {changes.slice(0, MOST_CHANGES).map((c) => (
        <li key={c.name}>
          <span class="change-name">{c.name}</span>{" "}
          <span class="tabular nowrap">
            {c.from} <span aria-hidden="true">→</span>
            <span class="hidden">to</span> <b>{c.to}</b>
          </span>
        </li>
      ))}
      {changes.length > MOST_CHANGES ? <li class="muted">and {changes.length - MOST_CHANGES} more</li> : null}
    </ul>
  );
}

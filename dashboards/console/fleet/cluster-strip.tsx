import type { Cluster } from "../api/replies.ts";
import { Age } from "../ui/time.tsx";

/** Beyond this many only those that do not answer, and the first others, are shown. */
const MOST = 8;

const rank = ({ said }: Cluster): number => (said === null ? 1 : said.ok ? 2 : 0);

/** What each cluster said last, in one line a cluster; those that do not answer first. */
export function ClusterStrip({ clusters }: { readonly clusters: readonly Cluster[] }) {
  const sorted = clusters.toSorted((a, b) => rank(a) - rank(b));
  const shown = sorted.filter((c, i) => i < MOST || c.said?.ok === false);
  return (
    <ul class="cluster-strip" aria-label="Clusters">
      {shown.map((c) => (
        <li key={c.name} class={c.said === null ? "unasked" : c.said.ok ? "answers" : "silent"}>
          <span class="badge-dot" aria-hidden="true" />
          <b>{c.name}</b>
          <span class="muted">
            {c.flinkVersion === null ? "Flink version unknown" : `Flink ${c.flinkVersion}`}
          </span>
          {c.said === null ? (
            <span>not asked yet</span>
          ) : (
            <span class="said" title={c.said.sentence}>
              {c.said.sentence}, <Age at={c.said.at} />
            </span>
          )}
        </li>
      ))}
      {sorted.length > shown.length ? <li class="muted">and {sorted.length - shown.length} more</li> : null}
    </ul>
  );
}
